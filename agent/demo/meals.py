"""What was eaten, how much of it: from a clause in ordinary words to items that can be logged."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from agent.demo.dishes import FILLING_TAGS, PARTS, WITH, whole_of, within
from agent.demo.fooditem import FoodItem
from agent.demo.foods import dried, table, tokens
from agent.demo.lexicon import lexicon, unit_of
from agent.demo.pieces import Piece, pieces_of
from agent.demo.servings import MOST_CAN, bracketed, hot_chips, plain_amounts, several
from agent.demo.typos import mended
from agent.demo.words import singular

TIME = re.compile(
    r"\b(?:\d+|a) (?:days?|nights?|weeks?) ago\b|"
    r"\b(?:at|@) \d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\b\.?| o'?clock)?(?![\w«.])"
    r"|(?:\bfor )?[$€£] ?\d+(?:\.\d+)?|(?:\bfor )?\b\d+(?:\.\d+)? ?(?:euros?|dollars?|bucks|quid|cents|[€$£])(?! worth)"
    r"|\b(?:(?:around|about|by) )?\d{1,2}(?::\d\d ?(?:[ap]m)?| ?[ap]m| o'?clock)\b"
)
REQUEST = re.compile(r"^(?:please |hey |ok |okay )*(?:can|could|would|will) (?:you|u)(?: please)? ")
TOTAL = re.compile(
    r"\b(?:total|altogether|in all|all together|together|combined)\b|\b(?:all in|in sum|for everything|for the lot)$"
    r"|\bwith\b.*, ?(?:about |around |roughly |maybe |like )?«[\d.]+kcal»$"
)
ONE_OF_IT = re.compile(r"(?<=[a-z]), (?:it was |they were )?(?:the |a )?(?:[a-z]+ )?[a-z]+(?: (?:and|&|n) [a-z]+)? (?:ones?|1)$")
"""'A sandwich, chicken and bacon one': what it was with, and no more to eat."""
NOTED_ONE = re.compile(r"\d.*, [^,]* 1$")
FILLED_BEHIND = re.compile(
    r"\b(?P<dish>sandwich|toastie|panini|baguette|wrap|omelette|omelet|pizza|sub|bagel|quesadilla), (?=[a-z]+ (?:and|&|n) [a-z]+$)"
)
"""'A toastie, cheese and tomato': what it was with."""
FLAVOUR = re.compile(r",? (?:in )?(?:[a-z]+ (?:and|&|n) )?[a-z]+ flavou?r(?:ed)?$|\(?\b[a-z]+ flavou?r(?:ed)?\)?")
"""'Crisps, cheese and onion flavour' has neither in it."""
TWO_FILLINGS = frozenset(
    {"sandwich", "toastie", "wrap", "roll", "baguette", "panini", "sub", "bagel", "omelette", "omelet", "quiche", "smoothie", "toast"}
)
TWO_INSIDE = frozenset(
    {"pizza", "pie", "pasty", "quesadilla", "risotto", "paella", "tart", "burrito", "taco", "pasta", "casserole", "ravioli", "cannelloni"}
)
"""Dishes named after two things of which the first is a word: 'a ham and pineapple pizza'."""
BLENDED = frozenset({"smoothie", "milkshake"})
STATED_BEHIND = re.compile(r" ?[,:=-]? ?«([\d.]+)kcal»")
PER_PORTION = re.compile(r"(?<![«\d.])(\d{2,4}) (?:per|a) (?:portion|serving|slice|piece|bar|pack|packet|can|bottle|bowl)\b")
SAYS = re.compile(r"\b(?:says?|said|shows?|lists?|listed (?:at|as)|comes? to|came to|works out at) (?:it's |about )?(\d{2,4})(?![\d.]| ?%)")
"""'The pack says 480' speaks of energy."""
STANDS_FOR = {"pint": "beer", "rasher": "bacon"}
"""Units that name their food: 'two rashers', 'a pint'."""
MOST_AT_ONCE = 4_000
"""Kilocalories that nobody eats of one thing."""
HALF_OF_IT = re.compile(r"\b(?:shared|split)\b|\bonly (?:managed|ate|had|finished|got through|eat) (?:about )?half\b")
WAYS = re.compile(
    r"\b([2-9]) ways\b|\b(?:between|among|amongst) (?:the )?([2-9]) of us\b|\b(?:between|among|amongst) ([2-9])(?: people| friends)?$"
)
"""'Split a pizza 3 ways': a third of it."""
WHOLE_PIZZA_INCHES = 12
USUAL_SUB_INCHES = 6
MADE_FROM = re.compile(
    r" (?:made )?from («\d+(?:\.\d+)?g» (?:of )?[a-z ]+?(?:(?:,| and) «\d+(?:\.\d+)?(?:g|ml)» (?:of )?[a-z ]+?)*)(?=$|[,;.])"
)
"""'Porridge from 50 g of oats' comes to what the oats do."""
LEAD = re.compile(
    r"^(?:and |so |then |well |ok |okay )*(?:right |just |straight )?(?:after|before|during|following"
    r"|while|when)\b[^,]*?(?:, ?| (?=(?:i|we|had|ate)\b))"
    r"|^(?:at|in|around|on) [^,«]{1,25}?(?:, ?| (?=(?:i|we|had|ate)\b))"
)


@lru_cache(maxsize=512)
def items(clause: str, eager: bool = False) -> tuple[FoodItem, ...]:
    """The foods in a marked clause.

    Args:
        clause: one clause, as `marked` leaves it.
        eager: whether words that are no known food are items too, as after 'I ate'.
    """
    clause = bracketed(clause) if "(" in clause else clause
    said = TIME.sub(" ", LEAD.sub("", REQUEST.sub("", WAYS.sub("", clause))))
    said = plain_amounts(PER_PORTION.sub(r"«\1kcal»", SAYS.sub(r"«\1kcal»", said)))
    said = MADE_FROM.sub(r" (\1)", said) if " from " in said else said
    if (inside := PARTS.search(said)) and _sums_up(parts := items(inside.group(1))) and (whole := _summed(said, inside, parts, eager)):
        return whole
    said = FILLED_BEHIND.sub(r"\g<dish> with ", _without_kind(FLAVOUR.sub("", said)))
    listed = [mended(word) for word in tokens(said)]
    pieces = pieces_of(listed)
    found: list[FoodItem] = []
    stated = any(piece.kcal is not None for piece in pieces)
    meal, dish = next((piece.meal for piece in pieces if piece.meal), None), 0
    for piece in pieces:
        piece.meal, own = piece.meal or meal, bool(piece.meal)
        known = len(found)
        if own and piece.kcal is not None and not piece.food and not piece.name and found and found[-1].name in lexicon("meals"):
            found.append(FoodItem(piece.meal or "meal", kcal=piece.kcal))
            continue
        _take(piece, found, dish, eager, stated)
        dish = len(found) - 1 if len(found) > known and not piece.chained else min(dish, max(0, len(found) - 1))
    if (ways := WAYS.search(clause)) or HALF_OF_IT.search(clause):
        among = float(next(filter(None, ways.groups()))) if ways else 2.0
        found = [replace(item, size=item.size / among) for item in found]
    return tuple(_totalled(hot_chips(found), clause))


def _sums_up(parts: tuple[FoodItem, ...]) -> bool:
    """Whether what is in a dish tells what it comes to: several things, or one that was weighed."""
    return len(parts) > 1 or (len(parts) == 1 and parts[0].unit == "g")


def _without_kind(said: str) -> str:
    """A dish without the kind told behind it; in 'soup 1 bowl, bread roll 1' the roll is no kind of soup."""
    return said if NOTED_ONE.search(said) else ONE_OF_IT.sub("", said)


def _totalled(found: list[FoodItem], clause: str) -> list[FoodItem]:
    """'eggs and toast, 400 calories in total' is one entry of 400, 'lunch was 700 kcal, a curry' a curry of 700.

    A place is no food where the foods are named: 'a cheeky nandos, half a chicken and chips'.
    """
    found = [item for item in found if item.name not in lexicon("places")] or found
    stated = [item.kcal for item in found if item.kcal is not None]
    meal = next((item for item in found if item.food is None and item.kcal is not None and item.name in lexicon("meals")), None)
    if meal and len(stated) == 1 and len(found) == 2:
        return [replace(item, kcal=meal.kcal) for item in found if item is not meal]
    if len(found) < 2 or len(stated) != 1 or not TOTAL.search(clause):
        return found
    names = [item.label for item in found]
    return [FoodItem(f"{', '.join(names[:-1])} and {names[-1]}", kcal=stated[0], food=found[0].food)]


def _summed(said: str, inside: re.Match[str], parts: tuple[FoodItem, ...], eager: bool) -> tuple[FoodItem, ...]:
    """'A shake (2 scoops of whey, a banana), an apple': the shake is what is in it."""
    before, behind = items(said[: inside.start()], eager), items(said[inside.end() :], eager)
    if not before or before[-1].kcal is not None or not all(part.food for part in parts):
        return ()
    whole = whole_of(before[-1], parts)
    told = STATED_BEHIND.match(said[inside.end() :])
    return (*before[:-1], replace(whole, kcal=float(told.group(1))) if told else whole, *behind)


def _take(piece: Piece, found: list[FoodItem], dish: int, eager: bool, stated: bool) -> None:
    """Turn a piece into an item, or into more about the item before it."""
    if (
        piece.food is None
        and not piece.name
        and piece.unit in STANDS_FOR
        and (piece.after or piece.unit == "rasher")
        and not _again(piece, found)
    ):
        name = STANDS_FOR[piece.unit]
        piece.food, piece.name = table()[(name,)], [name]
    if piece.food is None and not piece.name and found and piece.tells_more:
        place = dish if found[dish].count is None and piece.after != "(" else -1
        found[place] = _more_of(found[place], piece)
        return
    _weighed_dry(piece)
    piece.kcal = piece.priced if stated and piece.kcal is None and piece.food else piece.kcal
    if stated and piece.kcal is None and piece.food and piece.bare and piece.bare >= 40:
        piece.kcal, piece.bare = piece.bare, None
    _as_energy(piece)
    _in_its_size(piece)
    _of_each(piece, piece.count)
    if piece.negated or _is_inside(piece, found, dish):
        return
    _measure_across(piece)
    name = " ".join(_without_giver(piece.name))
    count = piece.count if piece.count is not None else piece.bare
    if _fills(piece, found):
        name = f"{found.pop().name} and {name}"
    if piece.food and found and piece.after == "," and count and found[-1].food is piece.food and found[-1].count in {None, count}:
        name = " ".join(dict.fromkeys([*found.pop().name.split(), *piece.name]))
    if piece.food:
        found.append(FoodItem(name, count, piece.unit, piece.kcal, piece.size, piece.food, piece.size_word))
    elif (
        name
        and name not in unit_of()
        and (not name.endswith("water") or piece.kcal is not None)
        and (eager or piece.kcal is not None)
        and piece.after not in {"with", "on", "in", "w"} | lexicon("others")
    ):
        found.append(FoodItem(name, count, piece.unit, piece.kcal, piece.size, sized=piece.size_word))
    elif piece.meal and piece.kcal is not None:
        found.append(FoodItem(piece.meal, None, None, piece.kcal))


def _weighed_dry(piece: Piece) -> None:
    """'Rice 60 g dry' has the energy of dry rice."""
    if piece.dry and piece.food and piece.unit in {"g", "cup"} and (dry := dried(piece.food)):
        piece.food, piece.name = dry, piece.name if "dry" in piece.name else ["dry", *piece.name]


def _in_its_size(piece: Piece) -> None:
    """Large fries and large eggs have grams of their own in the table."""
    if piece.food and piece.unit is None and piece.sized in piece.food.units:
        piece.count, piece.unit, piece.size, piece.size_word = piece.count or 1.0, piece.sized, 1.0, ""


def _as_energy(piece: Piece) -> None:
    """A number without a unit that can only be kilocalories, for nobody eats 720 burritos."""
    count = piece.count or piece.bare
    if piece.kcal is not None or piece.unit is not None or piece.food is None or not count:
        return
    if count <= MOST_AT_ONCE < (piece.food.energy(count, None, 1.0) or 0.0):
        piece.kcal, piece.count, piece.bare = count, None, None


def _again(piece: Piece, found: list[FoodItem]) -> bool:
    """'Two beers, three pints': a unit that says more of what is named already."""
    return piece.after == "," and bool(found) and (piece.unit == "pint" or (found[-1].food is table()[("bacon",)]))


def _of_each(piece: Piece, count: float | None) -> None:
    """'Two bars, 200 kcal each', 'two glasses, 250 ml each'."""
    if piece.held and piece.count and (piece.each or (piece.unit == "ml" and piece.count <= MOST_CAN)):
        piece.count, piece.held, piece.each = piece.count * piece.held, None, False
    if not piece.each or not count or count <= 1:
        return
    if piece.kcal is not None:
        piece.kcal *= count
    elif piece.unit in {"g", "ml"} and piece.count and piece.count > count:
        piece.count *= count
    piece.each = False


def _without_giver(name: list[str]) -> list[str]:
    """'Donuts' of 'boss donuts': who brought them is no part of the name."""
    giver = max((place for place, word in enumerate(name[:-1]) if singular(word) in lexicon("others")), default=-1)
    return name[giver + 1 :]


def _more_of(last: FoodItem, piece: Piece) -> FoodItem:
    """The item before with the amount or the energy that stands alone behind it."""
    each = piece.each
    _of_each(piece, last.count)
    if piece.count is None and piece.kcal is None and piece.unit:
        piece.count = 1.0
    if piece.count and last.food and piece.unit is None and piece.count <= MOST_AT_ONCE < last.food.energy(piece.count, None):
        piece.kcal = piece.count
    counted = piece.count is not None and piece.kcal is None
    if counted and not each and (whole := several(last, piece.count, piece.unit)):
        return replace(last, count=whole[0], unit=whole[1])
    dry = dried(last.food) if piece.dry and last.food and piece.unit == "g" else None
    return replace(
        last,
        name=f"dry {last.name}" if dry else last.name,
        food=dry or last.food,
        kcal=piece.kcal if piece.kcal is not None else last.kcal,
        count=piece.count if counted else last.count,
        unit=piece.unit if counted else last.unit,
        size=1.0 if counted and piece.unit in {"g", "ml"} else piece.size if piece.size != 1.0 else last.size,
    )


def _fills(piece: Piece, found: list[FoodItem]) -> bool:
    """Whether the item before is the other half of a filling: 'chicken and bacon sandwich' is one sandwich."""
    if not found or piece.after not in {"and", "&", "n"} or len(piece.name) < 2:
        return False
    last, dish = found[-1], singular(piece.name[-1])
    if dish not in TWO_FILLINGS and (dish not in TWO_INSIDE or " " in last.name):
        return False
    alone = last.count is None and last.unit is None and last.kcal is None and piece.count is None and last.food is not None
    return alone and last.food is not None and bool(last.food.tags & FILLING_TAGS or last.food.name in lexicon("fillings"))


def _is_inside(piece: Piece, found: list[FoodItem], dish: int) -> bool:
    """Whether the piece goes into the dish before, and the dish with it: 'an omelette with mushrooms', 'filled with cheese'."""
    if not found or piece.food is None or piece.kcal is not None:
        return False
    last = found[-1].food
    blended = last is not None and last.name in BLENDED and piece.after in WITH | {"and", ","} and piece.count is None
    if not (piece.made or blended or piece.chained or _its_milk(piece, found[-1])):
        return False
    place = dish if piece.chained else -1
    added = FoodItem(" ".join(piece.name), piece.count, piece.unit, None, piece.size, piece.food)
    filled = within(found[place], added, made=piece.made or blended)
    if filled is not None:
        found[place] = filled
    return filled is not None


def _its_milk(piece: Piece, drink: FoodItem) -> bool:
    """'A latte, oat milk': which milk is in the coffee before."""
    alone = piece.after == "," and piece.count is None and piece.unit is None and piece.name[-1] == "milk"
    return alone and bool({singular(drink.name.split()[-1]), drink.food.name if drink.food else ""} & lexicon("milky"))


def _measure_across(piece: Piece) -> None:
    """A 10 inch pizza is a whole one of that width, a 12 inch sub twice the usual length."""
    if piece.inches is None or piece.food is None:
        return
    if "whole" in piece.food.units:
        piece.unit = piece.unit or "whole"
        piece.size *= (piece.inches / WHOLE_PIZZA_INCHES) ** 2 if piece.unit == "whole" else 1.0
        piece.count = piece.count or 1.0
    else:
        piece.size *= piece.inches / USUAL_SUB_INCHES
