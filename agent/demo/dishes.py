"""What a dish is made with and what comes beside it: a burrito with beans is a burrito, eggs with toast are two things."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.demo.fooditem import FoodItem
from agent.demo.foods import Food
from agent.demo.lexicon import lexicon
from agent.demo.talk import listing
from agent.demo.words import singular

WITH = frozenset({"with", "w"})
FILLING_TAGS = frozenset({"meat", "fish", "shellfish", "egg", "dairy", "soy"})
SAUCES = frozenset({"sauce", "pesto", "ragu"})
STEWED_TAGS = frozenset({"meat", "fish", "shellfish"})
SPLASH = 30.0
"""Grams of milk or cream in a cup of coffee."""


def within(dish: FoodItem, added: FoodItem, *, made: bool) -> FoodItem | None:
    """The dish with what was added to it, as one entry; None where the two are two entries.

    Args:
        dish: what stands before 'with'.
        added: what stands after it.
        made: whether it is said to be inside: 'made with', 'filled with'.
    """
    if dish.food is None or added.food is None or added.kcal is not None:
        return None
    if made or added.count is not None:
        return dish if made else None
    kinds = {_last(dish.name.partition(" with ")[0]), dish.food.name}
    if kinds & lexicon("milky") and _last(added.name) == "milk":
        return _named(dish, added)
    if kinds & (lexicon("milky") | lexicon("hot_drinks")):
        return _sweetened(dish, added)
    if _on_top(kinds, added):
        return _topped(dish, added, added.food.energy(None, None))
    return _named(dish, added) if _goes_in(kinds, added.food, added.name) else None


def _on_top(kinds: set[str], added: FoodItem) -> bool:
    """Whether it is spread or poured on the dish, and adds to it: butter on toast, a sauce on pasta."""
    if kinds & lexicon("noodles"):
        return _last(added.name) in SAUCES
    return bool(kinds & lexicon("bases")) and _last(added.name) in lexicon("spreads")


def _goes_in(kinds: set[str], food: Food, name: str) -> bool:
    """Whether a dish of these kinds usually holds the food, so that it is counted with it."""
    if kinds & lexicon("full_dishes"):
        return _fills(food, name)
    return bool(kinds & lexicon("stewed")) and bool(food.tags & STEWED_TAGS or food.name in lexicon("fillings"))


def _last(name: str) -> str:
    return singular(name.rsplit(maxsplit=1)[-1])


def _fills(food: Food, name: str) -> bool:
    words = {food.name, *map(singular, name.split())}
    if _last(name) in lexicon("drinks"):
        return False
    if _last(name) in SAUCES:
        return True
    listed = bool(words & (lexicon("fillings") | lexicon("filled_by")))
    return listed or (bool(food.tags & FILLING_TAGS) and "gluten" not in food.tags)


def _sweetened(dish: FoodItem, added: FoodItem) -> FoodItem | None:
    """Sugar, honey or a splash of milk in a hot drink."""
    if added.food is None or _last(added.name) not in lexicon("sweetened"):
        return None
    liquid = _last(added.name) in {"milk", "cream", "creamer"}
    cups = dish.count or 1.0 if dish.unit is None else 1.0
    return _topped(dish, added, max(1.0, cups) * (added.food.energy(SPLASH, "g") if liquid else added.food.energy(None, None)))


def _topped(dish: FoodItem, added: FoodItem, energy: float) -> FoodItem:
    return replace(_named(dish, added), extra=dish.extra + energy)


def _named(dish: FoodItem, added: FoodItem) -> FoodItem:
    joint = "and" if " with " in dish.name else "with"
    return replace(dish, name=f"{dish.name} {joint} {added.name}")


PARTS = re.compile(r"\(([^()]*)\)")


def whole_of(head: FoodItem, parts: Sequence[FoodItem]) -> FoodItem:
    """'A shake (2 scoops of whey, a banana)' is one entry that comes to what is in it."""
    if head.food and {_last(head.name), head.food.name} & lexicon("full_dishes") and all(part.count is None for part in parts):
        return replace(head, name=f"{head.name} with {listing([part.name for part in parts])}")
    energy = sum(part.energy or 0.0 for part in parts)
    tags = frozenset(tag for part in parts if part.food for tag in part.food.tags)
    may = frozenset(tag for part in parts if part.food for tag in part.food.may)
    return replace(head, count=None, unit=None, size=1.0, food=Food(head.name, energy, 100.0, {}, tags, may))
