"""What was drunk of water, added up over all messages that tell of it: the log keeps none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from agent.demo.clauses import clauses, is_question
from agent.demo.context import Line
from agent.demo.foods import mentions
from agent.demo.measures import measure
from agent.demo.memory import Memory
from agent.demo.talk import capital, listing
from agent.demo.vessels import poured
from agent.demo.words import numbered, show, tidy

SOME = re.compile(
    r"(?P<n>\d+(?:\.\d+)?|half an?|an?|another|one more|a couple of|a few)(?: (?:and a half))? ?"
    r"(?:more |other |big |small |large |full |little |half |good |nice |cold |quick )*"
    r"(?P<u>ml|millilit(?:re|er)s?|cl|dl|l|lit(?:re|er)s?|fl\.? ?oz|oz|(?:fluid )?ounces?|glass(?:es)?|cups?|bottles?|pints?"
    r"|jugs?|cans?|mugs?)\b"
)
UNITS = {"ml": 1.0, "cl": 10.0, "dl": 100.0, "l": 1000.0, "oz": 29.57, "glass": 250.0, "cup": 240.0, "bottle": 500.0, "pint": 568.0,
         "jug": 1000.0, "can": 330.0, "mug": 300.0}  # fmt: skip
"""Millilitres."""
VESSELS = frozenset({"glass", "cup", "bottle", "pint", "jug", "can", "mug"})
WORDS = {"half": 0.5, "a": 1.0, "an": 1.0, "another": 1.0, "one more": 1.0, "a couple of": 2.0, "a few": 3.0}
GOES_ON = re.compile(
    r"^(?:and|plus|then|later|also|now|just|i|i've|had|have|drank|another|more|about|around|after that|again|with|at \w+|ok|okay|oh|,|\s)*"
    r"(?:\d|half an?\b|an?\b|another\b|one more\b)"
)
HABITUAL = re.compile(
    r"\b(?:usually|normally|always|never|every ?day|a day|per day|each day|daily|want|goal|target|aim|limit|should|try|need|left)\b"
)
YESTERDAY = re.compile(r"\b(?:yesterday|last night)\b")
ASKS_SUM = re.compile(r"\b(?:how much|how many|total|all in all|altogether|so far|in all|sum|add up|overall)\b|^(?:my )?water\b")
DRUNK = re.compile(r"\b(?:drunk|drank|drink|drinking|water|hydrat\w*|fluids?|liquids?|glasses)\b")
NOT_WATER = re.compile(
    r"\b(?:calories|kcal|coffees?|teas?|beers?|wine|alcohol|milk|juice|drinks|should|can|need|must|supposed|left|allowed)\b"
)


def asks_sum(low: str) -> bool:
    """Whether a question wants to know how much was drunk in all."""
    return bool(ASKS_SUM.search(low) and DRUNK.search(low)) and not NOT_WATER.search(low) and not HABITUAL.search(low)


def water_total(low: str, memory: Memory) -> str:
    """How much water was told of on the day a question asks for; '' where fewer than two amounts were told."""
    if HABITUAL.search(low):
        return ""
    past = bool(YESTERDAY.search(low))
    found = [one for one in amounts(memory) if one[3] == past]
    if len(found) < 2:
        return ""
    lead = capital(memory.source(found[-1][0]))
    parts = [f"{show(number)} {in_vessels(unit, number)}" for _, number, unit, _ in found]
    units = {unit for _, _, unit, _ in found}
    ml = sum(number * UNITS[unit] for _, number, unit, _ in found)
    if len(units) == 1 and not units <= {"ml", "l", "cl", "dl"}:
        total = sum(number for _, number, _, _ in found)
        return f"{lead} {listing(parts)} of water, {show(round(total, 2))} {in_vessels(found[0][2], total)} in all."
    guess = ", if a glass holds 250 ml and a bottle 500" if units & VESSELS else ""
    return f"{lead} {listing(parts)} of water, {volume(ml)} in all{guess}."


def volume(ml: float) -> str:
    """Millilitres as one says them: '1.5 l (1,500 ml)'."""
    return f"{show(round(ml / 1000, 2))} l ({show(round(ml))} ml)" if ml >= 1000 else f"{show(round(ml))} ml"


def in_vessels(unit: str, number: float) -> str:
    """A unit with its plural where there are several."""
    if unit not in VESSELS or number <= 1:
        return unit
    return "glasses" if unit == "glass" else f"{unit}s"


def amounts(memory: Memory) -> Iterator[tuple[Line, float, str, bool]]:
    """Each amount of water told, with its line, its unit, and whether it was yesterday's."""
    watery = ""
    for line in (*memory.lines, memory.question):
        if line.day is not None and memory.today is not None and line.day != memory.today:
            watery = ""
            continue
        said = _in_line(line.text, watery)
        watery = said[-1][1] if said else ""
        for number, unit, past in said:
            yield line, number, unit, past


@lru_cache(maxsize=2048)
def _in_line(text: str, after_water: str) -> tuple[tuple[float, str, bool], ...]:
    found: list[tuple[float, str, bool]] = []
    for clause in clauses(text):
        low = BESIDE_GOAL.sub("", tidy(clause))
        if is_question(clause) or HABITUAL.search(low):
            continue
        told = measure(low)
        more = after_water and GOES_ON.match(numbered(low)) and not mentions(low)
        if not more and not (told and told.kind == "water"):
            continue
        past = bool(YESTERDAY.search(low))
        here = tuple(_some(low, after_water))
        found.extend((number, unit, past) for number, unit in here)
        after_water = here[-1][1] if here else after_water
    return tuple(found)


BESIDE_GOAL = re.compile(
    r"(?<=\w),? (?:and |but )?(?:my )?(?:goal|target|aim)(?: is| of|:)? \d[\d.]* ?(?:ml|cl|l|lit(?:re|er)s?|glasses|bottles|cups)\b"
)
"""The goal of 'water 1 l, goal 2 l' stands beside what was drunk."""
MORE_OF_IT = re.compile(
    r"^(?:and |then |plus |also |another |i had |had )*(?P<n>\d{1,2}) (?:more|others?)\b(?! ?(?:big |small |large )?[a-z]*(?:glass"
    r"|cup|bottle|pint|ml|l\b|lit))"
)
AND_MORE = re.compile(
    r"(?P<head>\d (?:big |small |large )?(?P<u>glass(?:es)?|bottles?|cups?|mugs?|pints?)\b[^.;\d]*?(?:and|,|then"
    r"|plus) (?:another |then |later )*)(?P<n>\d{1,2})"
    r"(?:(?: more)?(?= (?:in|at|after|before|with|during|for|later|now|this|tonight)\b)| more(?=$|[,.]))"
)
"""'Two glasses in the morning and three in the afternoon', '3 more at lunch': the unit is told once."""


def _some(low: str, unit: str) -> Iterator[tuple[float, str]]:
    plain = numbered(re.sub(r"\b(\d+) and a half\b", r"\1.5", numbered(poured(low))))
    if unit and (more := MORE_OF_IT.match(plain)):
        yield float(more["n"]), unit
        return
    for one in SOME.finditer(AND_MORE.sub(r"\g<head>\g<n> \g<u>", plain)):
        word = one["n"]
        number = float(word) if word[0].isdigit() else WORDS.get(word, WORDS.get(word.split()[0], 1.0))
        yield number, _unit(one["u"])


def _unit(word: str) -> str:
    if word in {"ml", "cl", "dl", "l"}:
        return word
    if word.startswith("milli"):
        return "ml"
    if word.startswith("lit"):
        return "l"
    return "oz" if "oz" in word or "ounce" in word else "glass" if word.startswith("glass") else word.rstrip("s")
