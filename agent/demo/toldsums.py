"""Sums over nights and water that were told: the average of two nights, the longer one, what is left to drink until the goal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from agent.demo.clauses import clauses, is_question
from agent.demo.context import Line
from agent.demo.measures import measure
from agent.demo.memory import Memory
from agent.demo.talk import capital, listing
from agent.demo.watertold import UNITS, VESSELS, amounts, in_vessels, volume
from agent.demo.words import numbered, show, tidy

OF_NIGHTS = re.compile(r"\b(?:sleep|slept|nights?|rest(?:ed)?)\b")
ASKS_NIGHTS = re.compile(
    r"\b(?P<mean>average|mean|on avg)\b|\b(?P<gap>difference|how much (?:more|less|longer|shorter)|how many (?:hours )?(?:more|less|fewer)"
    r"|how many more hours)\b|\b(?P<most>longer|longest|more|most|better|best)\b|\b(?P<least>shorter|shortest|less|least|fewer"
    r"|worse|worst)\b"
    r"|\b(?P<sum>total|in all|together|altogether|add up|sum|combined|both nights|two nights|these nights)\b"
)
_DAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|tues|wed|thu|thurs|fri|sat|sun)"
DAY_NAME = re.compile(rf"\b{_DAY}\b")
_WHEN = (
    r"(?:on )?(?:the night before(?: last| that)?|the day before(?: yesterday)?|night before(?: last)?|last night|yesterday"
    rf"|today|tonight|{_DAY})"
)
NIGHT = re.compile(
    rf"(?:(?P<before>\b{_WHEN})(?: (?:night|i|it was|was|slept|only|just|about|got|but|and))*[,:]? )?"
    rf"(?<![\d.:])(?P<n>\d{{1,2}}(?:\.\d+)?)(?: ?(?:h|hrs?|hours?))?\b(?![:.]\d|\d| ?(?:am|pm|kg|kcal|min|ml|l|times|km|g"
    rf"|%)\b)(?: (?:of )?sleep)?"
    rf"(?: ?(?P<after>(?:of sleep )?{_WHEN}\b))?"
)
SUM_ALONE = re.compile(
    r"^(?:so |and )*what(?:'s| is| was) (?:the|my) (?:average|mean|total|sum|difference)(?: of (?:that|these|those|them|both|all))?$"
)
LEAST_SLEEP, MOST_SLEEP = 1.0, 16.0
LEFT_TO_DRINK = re.compile(
    r"\b(?:how (?:much|many)|what)\b.*\b(?:left|more|still|remain\w*|missing|to go|short|until|away|need)\b|\b(?:left|still"
    r"|more) to drink\b"
)
OF_DRINK = re.compile(r"\b(?:water|drink|drunk|drank|glass(?:es)?|lit(?:re|er)s?|ml|hydrat\w*|bottles?|cups?)\b")
OTHER_THINGS = re.compile(r"\b(?:calories|kcal|eat|kg|kilos?|pounds|steps|minutes|hours|protein|weigh\w*|lose|should)\b")
DRINK_GOAL = re.compile(
    r"\b(?:goal|target|aim|limit|want|need|supposed|should|plan|minimum|quota)\b[^.;]*?\b(?P<n>\d+(?:\.\d+)?) ?(?P<u>ml|cl|l"
    r"|lit(?:re|er)s?|glass(?:es)?"
    r"|cups?|bottles?|pints?)\b|\b(?P<n2>\d+(?:\.\d+)?) ?(?P<u2>ml|cl|l|lit(?:re|er)s?|glass(?:es)?|cups?|bottles?"
    r"|pints?)\b[^.;]*?\b(?:goal|target"
    r"|a day|per day|daily|every day)\b"
)


@dataclass(frozen=True, slots=True)
class Night:
    """Hours slept in one night, and which it was as far as that was told."""

    hours: float
    when: str
    line: Line


def told_sum(low: str, memory: Memory) -> str:
    """What a question wants summed, compared or subtracted of nights or water that were told; '' for any other."""
    return _of_nights(low, memory) or _left_to_drink(low, memory)


def _of_nights(low: str, memory: Memory) -> str:
    named = OF_NIGHTS.search(low) or (SUM_ALONE.match(low) and memory.lines and OF_NIGHTS.search(memory.lines[-1].text.lower()))
    asked = ASKS_NIGHTS.search(low) if named and "should" not in low else None
    nights = list(_nights(memory)) if asked else []
    if asked is None or len(nights) < 2:
        return ""
    lead, hours = capital(memory.source(nights[-1].line)), [night.hours for night in nights]
    if asked["most"] or asked["least"]:
        chosen = max(nights, key=lambda night: night.hours) if asked["most"] else min(nights, key=lambda night: night.hours)
        others = listing([_said(night) for night in nights if night is not chosen])
        which = chosen.when or f"{show(chosen.hours)} hours"
        return f"{lead} {_said(chosen)} and {others}: {which} was the {'longer' if asked['most'] else 'shorter'} night."
    parts = listing([_said(night) for night in nights])
    if asked["gap"]:
        return f"{lead} {parts}: a difference of {show(round(max(hours) - min(hours), 2))} hours."
    if asked["mean"]:
        return f"{lead} {parts}: {show(round(sum(hours) / len(hours), 2))} hours on average."
    return f"{lead} {parts}: {show(round(sum(hours), 2))} hours in all."


def _said(night: Night) -> str:
    return f"{show(night.hours)} hour{'' if night.hours == 1 else 's'}{f' {night.when}' if night.when else ''}"


def _named(when: str) -> str:
    """'on Monday' for 'on monday'."""
    return DAY_NAME.sub(lambda found: found.group().capitalize(), when)


def _nights(memory: Memory) -> Iterator[Night]:
    """Each night told with its hours, in order."""
    for line in (*memory.lines, memory.question):
        for hours, when in _in_text(line.text):
            yield Night(hours, when, line)


@lru_cache(maxsize=1024)
def _in_text(text: str) -> tuple[tuple[float, str], ...]:
    if not OF_NIGHTS.search(text.lower()):
        return ()
    said = [clause for clause in clauses(text) if not is_question(clause)]
    told = [slept for clause in said if (slept := measure(clause)) and slept.kind == "sleep"]
    low = numbered(tidy(" ; ".join(said)))
    found = (
        [(float(one["n"]), _named((one["before"] or one["after"] or "").removeprefix("of sleep "))) for one in NIGHT.finditer(low)]
        if told
        else []
    )
    hours = [one for one in found if LEAST_SLEEP <= one[0] <= MOST_SLEEP]
    if len(hours) < 2 or len(told) >= len(hours) or re.search(r"\d:\d\d|\bbed at\b|\bto bed\b|\bfrom \d+ (?:to|till|until)\b", low):
        exact = [one.number for one in told if one.number]
        return tuple((number, _day_beside(number, hours)) for number in exact)
    return tuple(hours)


def _day_beside(number: float, hours: list[tuple[float, str]]) -> str:
    return next((when for one, when in hours if one == number), "")


def _left_to_drink(low: str, memory: Memory) -> str:
    """What is left of a goal for water, by what was told to be drunk today."""
    if not LEFT_TO_DRINK.search(low) or OTHER_THINGS.search(low):
        return ""
    goal = next((one for line in reversed((*memory.lines, memory.question)) if (one := _goal_in(line.text))), None)
    drunk = [one for one in amounts(memory) if not one[3]] if goal else []
    named = OF_DRINK.search(low) or (memory.lines and OF_DRINK.search(memory.lines[-1].text.lower()))
    if not goal or not drunk or not named:
        return ""
    number, unit = goal
    ml = sum(amount * UNITS[one] for _, amount, one, _ in drunk)
    left = number * UNITS[unit] - ml
    lead = f"{capital(memory.source(drunk[-1][0]))} {_amount(number, unit, number * UNITS[unit])} as your goal for water"
    so_far = _amount(ml / UNITS[unit], unit, ml)
    if left <= 0:
        return f"{lead} and {so_far} so far: you have reached it."
    return f"{lead} and {so_far} so far: {_amount(left / UNITS[unit], unit, left)} to go."


def _amount(number: float, unit: str, ml: float) -> str:
    return f"{show(round(number, 1))} {in_vessels(unit, number)}" if unit in VESSELS else volume(ml)


@lru_cache(maxsize=1024)
def _goal_in(text: str) -> tuple[float, str] | None:
    """The goal for water in a message, as a number and its unit."""
    low = numbered(tidy(text))
    if not OF_DRINK.search(low):
        return None
    found = DRINK_GOAL.search(" ; ".join(clause for clause in clauses(low) if not is_question(clause)))
    if found is None:
        return None
    unit = found["u"] or found["u2"]
    plain = (
        "l" if unit.startswith("lit") else "glass" if unit.startswith("glass") else unit if unit in {"ml", "cl", "l"} else unit.rstrip("s")
    )
    return float(found["n"] or found["n2"]), plain
