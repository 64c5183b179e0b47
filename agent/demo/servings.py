"""How people put amounts of food into words, brought into one shape before the words are read.

'2-3 biscuits' are 2.5 of them, 'a 3 egg omelette' is an omelette half as large again, '2 x 330 ml' are 660 ml.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from agent.demo.fooditem import FoodItem
from agent.demo.foods import Food, table

USUAL_EGGS = 2
RANGE = re.compile(r"(?<![\w.:/«-])(\d{1,2})(?: ?- ?| to | or )(\d{1,2})(?= (?!to\b|past\b|years?\b|of us\b|x\b)[a-z])")
MARK_RANGE = re.compile(r"(?<![\w.:/«-])«?(\d+(?:\.\d+)?)(?:(?P<u>kcal|g|ml)»)?(?: ?- ?| to | or | and )«(\d+(?:\.\d+)?)(kcal|g|ml)»")
SIZE = re.compile(r"\b(king|fun|bite|snack|family|party|sharing|share|mini|medium|full|half|good|decent|super)[ -]?sized?\b")
SAME_SIZE = {"share": "sharing", "grab": "sharing", "decent": "good"}
SHARED_BAG = re.compile(r"\b(family|party|sharing|share|grab) (?=bags?\b|packs?\b|packets?\b|bars?\b)")
PACK = re.compile(r"\b(\d{1,2})[- ]?packs? (?:of )?(?=[a-z])")
"""A six-pack of beer is six of them."""
EGGS = re.compile(r"\b(\d)[- ]eggs? (?=(?:\w+ ){0,2}(?:omelette|omelet|frittata|scramble)\b)")
WITH_EGGS = re.compile(
    r"\b(?:an |1 )?(?P<dish>omelette|omelet|frittata) (?:made |cooked )?(?:with|from|of|out of|using) (?P<eggs>[1-9]) eggs?\b"
)
"""'An omelette with three eggs' holds them."""
OF_EGGS = re.compile(r"^([1-9])-egg$")
BY_PIECE = re.compile(r"\b(\d+)[- ]?(?:pieces?|pcs?|count|ct)(?: of)? (?=[a-z])")
TIMES = re.compile(r"\b(\d+) ?x ?(?=«|\d)")
HALF = re.compile(
    r"(?<![\w-])half (?=[a-z])(?!an?\b|the\b|my\b|and\b|fat\b|chicken|caf|decaf|term\b|time\b|marathon|way\b|hour|as\b)"
    r"(?!of\b|it\b|that\b|ago\b|past\b)"
)
"""'Half avocado', as 'half an avocado'."""
PER_ONE = re.compile(
    r"(?<=kcal») (?:per|a|for each|for one) "
    r"(?:piece|slice|can|bottle|glass|bar|biscuit|cookie|cup|portion|serving|pop|one|egg|pint|bowl)\b"
)
SEVERAL = re.compile(r"\b(\d{1,2}) «(\d+(?:\.\d+)?)(g|ml)»(?=[a-z -]*[a-z]|$|[,;.)])")


WORTH_A_LOOK = re.compile(r"\d|size|half|several|few|extra|x-large|bag|pack|bar")
"""Most clauses say no amount at all."""
PERCENT = re.compile(r"[(]?\b\d+(?:\.\d+)? ?%(?! milk)(?: ?(?:abv|alcohol|vol|fat|proof|cocoa))?[)]?")
"""How strong or how fat it is says nothing of how much: 'a beer (5%)', '70% dark chocolate'."""
SEVERAL_OF = re.compile(r"\bseveral (?!times|days|hours|weeks|months|years|minutes|miles|people)(?=[a-z]+s\b)|\bfew (?=[a-z]+s of\b)")
TIMES_BEHIND = re.compile(r"«(\d+(?:\.\d+)?)(g|ml)»,? ?x ?(\d{1,2})\b(?! ?[«\d])")
"""'Beer 500 ml x 2'."""
OF_SIZE = re.compile(
    r"\b(\d{1,2}) (?:glass(?:es)?|cans?|bottles?|cups?|mugs?|tins?|pots?|slices?|pieces?|cartons?) (?:of|at|x|a|à) "
    r"«(\d+(?:\.\d+)?)(g|ml)»(?! ?(?:of )?[a-z])"
)
"""'Wine, 2 glasses of 150 ml'."""
WEIGHED = re.compile(r"\b(?:\d+(?:\.\d+)?|an?) [a-z]+ \((«[\d.]+(?:g|ml)»)\)(?: of)? (?=[a-z])")
"""'1 scoop (30 g) whey' weighs 30 g."""
MOST_TIMES = 12
CANS = frozenset({None, "can", "bottle", "tin", "pint"})
GLASSES = frozenset({"glass", "cup", "mug"})
MOST_CAN, MOST_GLASS = 600.0, 350.0
"""Millilitres: more than that is what all the cans or glasses held."""


def plain_amounts(text: str) -> str:
    """The marked text with every way of saying an amount of food in the one that is read."""
    if not WORTH_A_LOOK.search(text):
        return text
    text = MARK_RANGE.sub(_between, text)
    text = SEVERAL_OF.sub("3 ", RANGE.sub(_mean, PERCENT.sub("", text)))
    text = SIZE.sub(lambda said: f"{SAME_SIZE.get(said.group(1), said.group(1))}-size", text)
    text = PACK.sub(r"\1 ", SHARED_BAG.sub(lambda said: f"{SAME_SIZE.get(said.group(1), said.group(1))}-size ", text))
    text = WITH_EGGS.sub(r"\g<eggs>-egg \g<dish>", text) if "omelet" in text or "frittata" in text else text
    text = EGGS.sub(r"\1-egg ", BY_PIECE.sub(r"\1 pieces of ", text)).replace("extra large", "extra-large").replace("x-large", "xl")
    text = SEVERAL.sub(_in_all, TIMES.sub(r"\1 ", text))
    if "g»" in text or "ml»" in text:
        text = OF_SIZE.sub(_in_all, TIMES_BEHIND.sub(_times_behind, WEIGHED.sub(r"\1 ", text)))
    return PER_ONE.sub(" each", HALF.sub("0.5 ", text))


def _mean(said: re.Match[str]) -> str:
    low, high = int(said.group(1)), int(said.group(2))
    return f"{(low + high) / 2:g}" if low < high <= 3 * low else said.group()


def _between(said: re.Match[str]) -> str:
    """300 to 400 kcal: 350. An amount and an energy beside it are two things."""
    low, high = float(said.group(1)), float(said.group(3))
    if said.group("u") not in {None, said.group(4)} or not low < high <= 3 * low:
        return said.group()
    return f"«{(low + high) / 2:g}{said.group(4)}»"


def _in_all(said: re.Match[str]) -> str:
    """Three 50 g sausages: 150 g."""
    return f"«{float(said.group(1)) * float(said.group(2)):g}{said.group(3)}»"


def _times_behind(said: re.Match[str]) -> str:
    return f"«{float(said.group(1)) * float(said.group(3)):g}{said.group(2)}»"


def several(before: FoodItem, count: float | None, unit: str | None) -> tuple[float, str] | None:
    """'0.5 l, two' and 'two cans, 330 ml': so much in all; None where what stands behind is no multiple."""
    if not count or not before.count:
        return None
    if unit is None and before.unit in {"g", "ml"} and count <= MOST_TIMES:
        return before.count * count, before.unit
    one = MOST_CAN if before.unit in CANS else MOST_GLASS if before.unit in GLASSES else 0.0
    return (before.count * count, "ml") if unit == "ml" and before.count >= 2 and count <= one else None


BRACKETED = re.compile(r"\((\d{1,4})\)")
"""'Bagel (290), coffee (5)': what each came to."""
MOST_PIECES = 12


def bracketed(clause: str) -> str:
    """'Bagel (290), coffee (5)' are energies, 'eggs (3), toast (1)' so many of them."""
    numbers = BRACKETED.findall(clause)
    if numbers and max(map(int, numbers)) <= MOST_PIECES:
        return BRACKETED.sub(r" \1", clause)
    return BRACKETED.sub(r"«\1kcal»", clause) if len(numbers) > 1 else clause


def eggs_of(word: str) -> float | None:
    """How large an omelette of so many eggs is against the usual one."""
    found = OF_EGGS.match(word)
    return int(found.group(1)) / USUAL_EGGS if found else None


HOT_WITH = frozenset({"fish", "meat"})
FEW_CRISPS = 60.0
"""Grams: who weighs out more than two bags of 'chips' has them hot."""
CRISPS = frozenset({"chips", "chip"})
COLD = re.compile(
    r"sandwich|wrap|sub|roll|baguette|panini|bagel|toastie|salad|taco|nacho|burrito|salsa|guac|dip|jerky|hummus|sushi|hot dog"
)
SERVED = frozenset({"portion", "plate", "large", "medium", "small", "side", "bowl"})


@lru_cache(maxsize=1)
def _kinds() -> tuple[Food, Food]:
    return table()[("potato", "chip")], table()[("fry",)]


def hot_chips(found: list[FoodItem]) -> list[FoodItem]:
    """'Cod and chips' are fries, 'a sandwich and chips' crisps, and so is a bag of them."""
    if not any(item.name in CRISPS for item in found):
        return found
    crisps, fries = _kinds()
    hot = any(item.food and item.food.tags & HOT_WITH and not COLD.search(item.name) for item in found)
    return [
        replace(item, food=fries) if item.name in CRISPS and item.food is crisps and (hot or _much(item)) and not _bagged(item) else item
        for item in found
    ]


def _bagged(item: FoodItem) -> bool:
    return item.unit in {"bag", "packet", "handful", "tube"}


def _much(item: FoodItem) -> bool:
    return item.unit in SERVED or (item.unit == "g" and (item.count or 0) > FEW_CRISPS)
