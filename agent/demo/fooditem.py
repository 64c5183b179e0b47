"""One thing eaten or drunk: its name, how much of it, and what it comes to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.demo.foods import Food

MOST_GUESSED = 6
"""Of an unknown thing no more are guessed at; the person is asked."""

SIZES = frozenset({"small", "medium", "large", "double"})
"""Units that stand before a name without an 'of'."""
SPOONS = frozenset({"tbsp", "tsp"})
SERVED_IN = re.compile(r"^(?:glass(?:es)?|cups?|bottles?|cans?|pints?) of (?=\w+ )")


@dataclass(frozen=True, slots=True)
class FoodItem:
    """One thing eaten or drunk."""

    name: str
    count: float | None = None
    unit: str | None = None
    kcal: float | None = None
    """What the person stated; None leaves it to the table."""
    size: float = 1.0
    food: Food | None = None
    sized: str = ""
    """The word for its size, to stand before its name: 'large'."""
    extra: float = 0.0
    """Kilocalories of what is in it or on it besides: the sugar in a tea."""

    @property
    def energy(self) -> float | None:
        """Stated or estimated kilocalories; None for a food that is not in the table."""
        if self.kcal is not None:
            return self.kcal
        unsure = self.food is None or (self.food.guessed and self.unit is None and (self.count or 0) > MOST_GUESSED)
        return None if unsure or self.food is None else self.food.energy(self.count, self.unit, self.size) + self.extra

    @property
    def label(self) -> str:
        """The name with its amount, as it goes into the log: '2 eggs', '3 slices of pizza', 'small salad'."""
        said = f"{self.sized} " if self.sized and self.sized not in self.name.split() else ""
        if self.unit in {"g", "ml"} and self.count is not None:
            return f"{self.count:.0f} {self.unit} {SERVED_IN.sub('', self.name)}"
        if self.unit == "whole":
            return f"whole {said}{self.name}"
        if self.count in {None, 1}:
            return f"{said}{_one(self.name, self.unit)}"
        number, several = f"{self.count:g} {said}", (self.count or 0) > 1
        if self.unit is None or self.unit in SIZES:
            return f"{number}{f'{self.unit} ' if self.unit else ''}{plural(self.name) if several else self.name}"
        unit = plural(self.unit) if several and self.unit not in SPOONS else self.unit
        name = self.name.removeprefix(f"{self.unit} of ")
        return f"{number}{unit} {name}" if self.unit in SPOONS else f"{number}{unit} of {name}"


def _one(name: str, unit: str | None) -> str:
    """A single one of a measure: 'bowl of soup', 'large fries', '1 tbsp honey'."""
    if unit in {None, "piece", "portion"}:
        return name
    if unit in SPOONS:
        return f"1 {unit} {name}"
    return f"{unit} {name}" if unit in SIZES else f"{unit} of {name}"


def plural(noun: str) -> str:
    """A rough plural: eggs, slices, glasses, sandwiches, berries, 'burritos with beans'; a plural stays."""
    dish, joint, added = noun.partition(" with ")
    if added:
        return f"{plural(dish)}{joint}{added}"
    if not noun.isascii():
        return noun
    if re.search(r"[a-rt-z]s (?:al|de|in|with|on|and|of|a la) ", noun):
        return noun
    if noun.endswith(("s", "sh", "ch", "x")):
        return noun if noun.endswith("s") and not noun.endswith("ss") else f"{noun}es"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}s"
