"""What was eaten, how much of it: from a clause in ordinary words to items that can be logged."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from agent.demo.fooditem import FoodItem
from agent.demo.foods import Food, compound, match_at, table, tokens
from agent.demo.lexicon import lexicon, unit_of
from agent.demo.typos import mended
from agent.demo.words import MARK, load, singular

TIME = re.compile(
    r"\b(?:at|@) \d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\b\.?| o'?clock)?(?![\w«.])"
    r"|\b(?:(?:around|about|by) )?\d{1,2}(?::\d\d ?(?:[ap]m)?| ?[ap]m| o'?clock)\b"
)
REQUEST = re.compile(r"^(?:please |hey |ok |okay )*(?:can|could|would|will) (?:you|u)(?: please)? ")
TOTAL = re.compile(
    r"\b(?:total|altogether|in all|all together|combined)\b|\bwith\b.*, ?(?:about |around |roughly |maybe |like )?«[\d.]+kcal»$"
)
ONE_OF_IT = re.compile(r"(?<=[a-z]), (?:the |a )?(?:[a-z]+ )?[a-z]+(?: (?:and|&|n) [a-z]+)? (?:ones?|1)$")
"""'A sandwich, chicken and bacon one': what it was with, and no more to eat."""
FLAVOUR = re.compile(r",? (?:in )?(?:[a-z]+ (?:and|&|n) )?[a-z]+ flavou?r(?:ed)?$|\(?\b[a-z]+ flavou?r(?:ed)?\)?")
"""'Crisps, cheese and onion flavour' has neither in it."""
LEFT_OUT_AFTER = frozenset({",", "and", "with", "w"})
TWO_FILLINGS = frozenset(
    {"sandwich", "toastie", "wrap", "roll", "baguette", "panini", "sub", "bagel", "omelette", "omelet", "quiche", "smoothie", "toast"}
)
HOLDS_FILLING = frozenset(
    {"omelette", "omelet", "quiche", "sandwich", "quesadilla", "arepa", "empanada", "pizza", "toastie", "panini", "frittata"}
)
BLENDED = frozenset({"smoothie", "milkshake"})
FILLED_BY = frozenset({"cheese", "ham", "mushroom", "onion", "tomato", "spinach", "pepper", "bacon"})
FILLING_TAGS = frozenset({"meat", "fish", "egg", "dairy"})
MOST_AT_ONCE = 4_000
"""Kilocalories that nobody eats of one thing."""
NUMBERED = re.compile(r"\d{1,2}(?:\.\d+)?")
HALF_OF_IT = re.compile(r"\b(?:shared|split)\b|\bonly (?:managed|ate|had|finished|got through|eat) (?:about )?half\b")
WAYS = re.compile(
    r"\b([2-9]) ways\b|\b(?:between|among|amongst) (?:the )?([2-9]) of us\b|\b(?:between|among|amongst) ([2-9])(?: people| friends)?$"
)
"""'Split a pizza 3 ways': a third of it."""
WHOLE_PIZZA_INCHES = 12
USUAL_SUB_INCHES = 6
LEAD = re.compile(
    r"^(?:and |so |then |well |ok |okay )*(?:right |just |straight )?(?:after|before|during|following"
    r"|while|when)\b[^,]*?(?:, ?| (?=(?:i|we|had|ate)\b))"
    r"|^(?:at|in|around|on) [^,«]{1,25}?(?:, ?| (?=(?:i|we|had|ate)\b))"
)


@dataclass(slots=True)
class _Piece:
    """What one stretch between two separators says."""

    count: float | None = None
    unit: str | None = None
    kcal: float | None = None
    size: float = 1.0
    food: Food | None = None
    name: list[str] = field(default_factory=list)
    meal: str | None = None
    after: str = ""
    """The separator the piece came after."""
    bare: float | None = None
    """A number after the food that no unit explains."""
    inches: float | None = None
    made: bool = False
    """'made with two eggs', 'with cheese inside': what is in the dish before."""
    negated: bool = False
    """'no sugar': named only to say that it was left out."""


@lru_cache(maxsize=512)
def items(clause: str, eager: bool = False) -> tuple[FoodItem, ...]:
    """The foods in a marked clause.

    Args:
        clause: one clause, as `marked` leaves it.
        eager: whether words that are no known food are items too, as after 'I ate'.
    """
    said = TIME.sub(" ", LEAD.sub("", REQUEST.sub("", WAYS.sub("", clause))))
    listed = [mended(word) for word in tokens(ONE_OF_IT.sub("", FLAVOUR.sub("", said)))]
    pieces = _pieces(listed)
    found: list[FoodItem] = []
    stated = any(piece.kcal is not None for piece in pieces)
    meal = next((piece.meal for piece in pieces if piece.meal), None)
    for piece in pieces:
        piece.meal = piece.meal or meal
        _take(piece, found, eager, stated)
    if (parts := WAYS.search(clause)) or HALF_OF_IT.search(clause):
        among = float(next(filter(None, parts.groups()))) if parts else 2.0
        found = [replace(item, size=item.size / among) for item in found]
    return tuple(_totalled(found, clause))


def _totalled(found: list[FoodItem], clause: str) -> list[FoodItem]:
    """'eggs and toast, 400 calories in total' is one entry of 400, 'lunch was 700 kcal, a curry' a curry of 700."""
    stated = [item.kcal for item in found if item.kcal is not None]
    meal = next((item for item in found if item.food is None and item.kcal is not None and item.name in lexicon("meals")), None)
    if meal and len(stated) == 1 and len(found) == 2:
        return [replace(item, kcal=meal.kcal) for item in found if item is not meal]
    if len(found) < 2 or len(stated) != 1 or not TOTAL.search(clause):
        return found
    names = [item.label for item in found]
    return [FoodItem(f"{', '.join(names[:-1])} and {names[-1]}", kcal=stated[0], food=found[0].food)]


def _take(piece: _Piece, found: list[FoodItem], eager: bool, stated: bool) -> None:
    """Turn a piece into an item, or into more about the item before it."""
    if piece.food is None and not piece.name and piece.unit == "pint" and piece.after not in {"", ","}:
        piece.food, piece.name = table()[("beer",)], ["beer"]
    if piece.food is None and not piece.name and found and (piece.kcal or piece.count or piece.bare):
        found[-1] = _more_of(found[-1], piece)
        return
    if stated and piece.kcal is None and piece.food and piece.bare and piece.bare >= 40:
        piece.kcal, piece.bare = piece.bare, None
    _as_energy(piece)
    if piece.negated or _is_inside(piece, found):
        return
    _measure_across(piece)
    name = " ".join(piece.name)
    count = piece.count if piece.count is not None else piece.bare
    if _fills(piece, found):
        name = f"{found.pop().name} and {name}"
    if piece.food and found and piece.after == "," and count and found[-1].food is piece.food and found[-1].count is None:
        name = " ".join(dict.fromkeys([*found.pop().name.split(), *piece.name]))
    if piece.food:
        found.append(FoodItem(name, count, piece.unit, piece.kcal, piece.size, piece.food))
    elif name and (eager or piece.kcal is not None) and piece.after not in {"with", "on", "in", "w"} | lexicon("others"):
        found.append(FoodItem(name, count, piece.unit, piece.kcal, piece.size))
    elif piece.meal and piece.kcal is not None:
        found.append(FoodItem(piece.meal, None, None, piece.kcal))


def _as_energy(piece: _Piece) -> None:
    """A number without a unit that can only be kilocalories, for nobody eats 720 burritos."""
    count = piece.count or piece.bare
    if piece.kcal is not None or piece.unit is not None or piece.food is None or not count:
        return
    if count <= MOST_AT_ONCE < (piece.food.energy(count, None, 1.0) or 0.0):
        piece.kcal, piece.count, piece.bare = count, None, None


def _more_of(last: FoodItem, piece: _Piece) -> FoodItem:
    """The item before with the amount or the energy that stands alone behind it."""
    counted = piece.count is not None and piece.kcal is None
    return replace(
        last,
        kcal=piece.kcal if piece.kcal is not None else last.kcal,
        count=piece.count if counted else last.count,
        unit=piece.unit if counted else last.unit,
    )


def _fills(piece: _Piece, found: list[FoodItem]) -> bool:
    """Whether the item before is the other half of a filling: 'chicken and bacon sandwich' is one sandwich."""
    if not found or piece.after != "and" or len(piece.name) < 2 or singular(piece.name[-1]) not in TWO_FILLINGS:
        return False
    last = found[-1]
    alone = last.count is None and last.unit is None and last.kcal is None and piece.count is None and last.food is not None
    return alone and last.food is not None and bool(last.food.tags & FILLING_TAGS or last.food.name in lexicon("fillings"))


def _is_inside(piece: _Piece, found: list[FoodItem]) -> bool:
    """Whether the piece is what the dish before was made with: 'an omelette with mushrooms', 'an arepa with cheese inside'."""
    if not found or found[-1].food is None or piece.food is None or piece.kcal is not None:
        return False
    if piece.made or (found[-1].food.name in BLENDED and piece.after in {"with", "w", "and", ","} and piece.count is None):
        return True
    dish = singular(found[-1].name.split()[-1])
    return (
        piece.after in {"with", "w"}
        and dish in HOLDS_FILLING
        and piece.count is None
        and piece.food.name in lexicon("fillings") | FILLED_BY
    )


def _measure_across(piece: _Piece) -> None:
    """A 10 inch pizza is a whole one of that width, a 12 inch sub twice the usual length."""
    if piece.inches is None or piece.food is None:
        return
    if "whole" in piece.food.units:
        piece.unit = piece.unit or "whole"
        piece.size *= (piece.inches / WHOLE_PIZZA_INCHES) ** 2 if piece.unit == "whole" else 1.0
        piece.count = piece.count or 1.0
    else:
        piece.size *= piece.inches / USUAL_SUB_INCHES


def _pieces(listed: list[str]) -> list[_Piece]:
    singulars = [singular(word) for word in listed]
    pieces, place, piece, closed = [_Piece()], 0, _Piece(), False
    pieces[0] = piece
    while place < len(listed):
        hit = None if closed else match_at(singulars, place)
        word = listed[place]
        if hit and not (word in lexicon("meals") and _is_meal(listed, place)):
            _eat(piece, hit[0], listed[place : hit[1]])
            place = hit[1]
            continue
        if word in lexicon("separators") or not (word[0].isalnum() or word[0] == "«"):
            piece, closed = (
                _Piece(after=word, made=word == "with" and place > 0 and listed[place - 1] in {"made", "filled", "stuffed"}),
                False,
            )
            pieces.append(piece)
        elif not closed and piece.food and NUMBERED.fullmatch(word) and _eaten_next(singulars, place + 1):
            piece = _Piece(count=float(word), after=",")
            pieces.append(piece)
        elif word in lexicon("stops") and (piece.food or piece.name or (piece.meal and word != "for")):
            closed = True
        elif not closed:
            _read(piece, listed, place)
        place += 1
    return pieces


def _eaten_next(singulars: list[str], place: int) -> bool:
    """Whether a food begins here: '2 eggs 1 toast' are two things."""
    return place < len(singulars) and match_at(singulars, place) is not None


def _is_meal(listed: list[str], place: int) -> bool:
    """Whether 'tea' or 'pudding' here names the meal, not the food."""
    before = listed[place - 1] if place else ""
    after = listed[place + 1] if place + 1 < len(listed) else ""
    return before in {"for", "at", "my"} or after in {"was", ":", "is"}


def _eat(piece: _Piece, food: Food, said: list[str]) -> None:
    """A known food joins the piece; a second one is what the first only describes: 'salmon salad' is a salad."""
    if piece.food and piece.bare is not None and piece.count is None:
        piece.count, piece.bare = piece.bare, None
    piece.food = food
    piece.name.extend(said)


def _read(piece: _Piece, listed: list[str], place: int) -> None:
    """One word that is no food: an amount, a unit, a size, a meal, or part of a name."""
    word = listed[place]
    if mark := MARK.fullmatch(word):
        _read_mark(piece, float(mark.group(1)), mark.group(2))
    elif re.fullmatch(r"x?\d+(?:\.\d+)?x?", word):
        _read_number(piece, float(word.strip("x")))
    elif word in unit_of() and not piece.name and _measures(piece, listed, place):
        piece.unit = unit_of()[word] if piece.unit in {None, "whole"} else piece.unit
    elif word in unit_of() and piece.bare is not None:
        piece.count, piece.unit, piece.bare = piece.bare, unit_of()[word], None
    elif word in load("units.json")["sizes"]:
        piece.size = load("units.json")["sizes"][word]
    elif word in lexicon("meals"):
        piece.meal = word
    else:
        _read_word(piece, word)


def _measures(piece: _Piece, listed: list[str], place: int) -> bool:
    """Whether a unit's word measures something here: 'two cans', 'can of', not 'can I eat'."""
    after = listed[place + 1] if place + 1 < len(listed) else ""
    return piece.count is not None or after == "of" or piece.size != 1.0


def _read_mark(piece: _Piece, value: float, unit: str) -> None:
    if unit == "kcal":
        piece.kcal = value
    elif unit in {"g", "ml"}:
        piece.count, piece.unit = value, unit
    elif unit == "inch":
        piece.inches = value


def _read_number(piece: _Piece, value: float) -> None:
    if piece.unit in {"g", "ml"}:
        return
    if piece.food or piece.name:
        piece.bare = value
    elif piece.unit and piece.count in {None, 1.0}:
        piece.count, piece.unit = value, None
    else:
        piece.count = value


def _read_word(piece: _Piece, word: str) -> None:
    if word in {"no", "without", "minus"} and piece.after in LEFT_OUT_AFTER and not piece.food and not piece.name:
        piece.negated = True
        return
    piece.made = piece.made or word == "inside" or (word == "in" and piece.after == "made")
    if word in {"a", "an"}:
        if piece.count is None and not piece.name:
            piece.count = 1.0
        return
    skipped = word in lexicon("noise") or word in lexicon("articles") or word in lexicon("fillers") or word in lexicon("eat_verbs")
    if not skipped and piece.food is None and word not in lexicon("stops"):
        piece.name.append(word)
        piece.food = compound(word)
