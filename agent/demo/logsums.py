"""Sums over the log that a question brings its own numbers or days for: what is left of 2,000, more than 1,000, today or yesterday."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from agent.demo.acts import Act
from agent.demo.logbook import Day, Entry
from agent.demo.logpicks import UNITS
from agent.demo.memory import Memory, stems
from agent.demo.words import amount, marked, numbered, show

SPLIT = "|"
"""Stands between the days of a question that compares two."""
LEFT = re.compile(
    r"\b(?:how (?:many|much) more|left|remain\w*|to go|missing|short|allowed|spare|still (?:have|need|got|eat)|more do i need"
    r"|need to do|can i (?:still )?(?:eat|have)|more calories|until|till)\b"
)
LIMIT = re.compile(
    r"\b(?:of|out of|allowed|allowance|limit|target|goal|budget|max(?:imum)?|aim"
    r"|until|till|up to|reach|hit|go over|get to|(?:stay|keep|be) (?:under|below|within))\b(?: \w+){0,3}? (?:is |of |was |at "
    r"|about )*«?(\d{2,5})(?:kcal»|min»)?"
    r"|«?(\d{3,5})(?:kcal»)? (?:\w+ )?(?:limit|goal|target|budget|allowance|allowed)\b"
)
BEYOND = re.compile(
    r"\b(?:past|over|above|more than|exceed(?:ed)?|beyond|reach(?:ed)?|hit|under|below|less than|within|at least)\b (?:my "
    r"|the )?«?(\d[\d.]*)"
)
LOWER = re.compile(r"\b(?:under|below|less than|within)\b")
COMPARES = re.compile(r"\b(?:more|less|fewer|better|worse|than|most|least|compare\w*|higher|lower|longer|shorter|or)\b")
OF_GOALS = re.compile(r"\b(?:goal|limit|target|budget|allowance|max\w*|aim|calor\w*|kcal|intake|tdee|maintenance|plan|diet)\b")
"""What a number of kilocalories may be told of, to be a goal: of breakfast it is none."""
DAILY = re.compile(r"\b([1-9]\d?[.,]?\d{3}|[89]\d\d)\b(?=.*\b(?:day|daily)\b)")
OF_ENERGY = re.compile(r"\b(?:calories?|kcals?|energy)\b\D{0,30}?\b([1-9]\d?[.,]?\d{3}|[89]\d\d)\b")
WITHIN = re.compile(
    r"\b(?:am|have|did|was|were|are) (?:i|we)\b.{0,20}\b(?:over|under|above|below|within|past|exceed\w*|on track|beyond"
    r"|too (?:much|many|high))\b"
)
"""'Am I over?', 'have I gone over my limit?'"""
HOW_MANY = re.compile(r"\bhow many\b(?! (?:minutes|min\b|hours|calories|kcal|kilometres|km|miles|steps|days|times|are left))")
LEADING = re.compile(r"^(\d+(?:\.\d+)?) ")


def limit_in(low: str) -> float | None:
    """The limit that a question itself names."""
    found = LIMIT.search(marked(low))
    return float(next(part for part in found.groups() if part)) if found else None


def left_of(low: str, total: float, unit: str, goal: float | None) -> str:
    """What is left of a limit or goal, or how far beyond it one is; '' without one."""
    if goal is None:
        return ""
    rest = goal - total
    return f" Of {show(goal)} {unit}, {show(rest)} are left." if rest >= 0 else f" That's {show(-rest)} above the {show(goal)} {unit}."


def _sets_limit(kind: str, key: str, said: str) -> bool:
    """Whether a fact may name a limit of energy: a goal, 'my limit', 'my doctor says I should stay under 1500 kcal', and no meal."""
    return kind == "goal" or (kind == "attr" and bool(OF_GOALS.search(key))) or (kind == "note" and bool(STAY_UNDER.search(said.lower())))


STAY_UNDER = re.compile(r"\b(?:under|below|limit|max\w*|at most|no more than|within|about|around)\b.{0,20}\bk?cal")


BARE_GOAL = re.compile(r"(?:(?:goal|target|limit)(?: is|:)? )?([1-4]\d{3})")
"""'My goal is 1700': kilocalories, for nothing else is counted so."""


def calorie_goal(memory: Memory) -> float | None:
    """The kilocalories a day that were told as a goal or a limit."""
    for one in reversed([one for one in memory.with_question() if _sets_limit(one.fact.kind, one.fact.key, one.fact.said)]):
        said = marked(f"{one.fact.key} {one.fact.value}")
        if goal := amount(said, "kcal"):
            return goal
        if one.fact.kind == "goal" and (bare := BARE_GOAL.fullmatch(one.fact.value.strip())):
            return float(bare.group(1))
        if one.fact.kind == "goal" and (bare := DAILY.search(said) or OF_ENERGY.search(said)):
            return float(re.sub(r"[.,]", "", bare.group(1)))
    return None


def within(low: str, total: float, goal: float | None) -> str:
    """Yes or no to 'am I over my calories?', by the goal that was told; '' without one."""
    if goal is None or not WITHIN.search(low):
        return ""
    rest = goal - total
    over = re.search(r"\b(?:over|above|past|exceed\w*|beyond|too (?:much|many|high))\b", low)
    yes = "Yes" if (rest < 0) == bool(over) else "No"
    left = f"{show(rest)} are left" if rest >= 0 else f"that is {show(-rest)} over"
    return f"{yes}: your log shows {show(total)} of the {show(goal)} kcal a day you told me, {left}."


def minutes_goal(memory: Memory) -> float | None:
    """A goal of minutes a day that was told."""
    for one in reversed(memory.with_question()):
        if one.fact.kind in {"goal", "attr", "plan"} and (goal := amount(marked(f"{one.fact.key} {one.fact.value}"), "min")):
            return goal
    return None


def beyond(low: str, total: float, unit: str) -> str:
    """Yes or no to 'did I get past 1000?'; '' for any other question."""
    asked = BEYOND.search(marked(low))
    if not asked or not re.match(r"^(?:and |so )?(?:did|have|am|was|do|is) ", low):
        return ""
    limit = float(asked.group(1).strip("."))
    fits = total < limit if LOWER.search(low) else total >= limit if "least" in low or "reach" in low or "hit" in low else total > limit
    exactly = f", exactly {show(limit)}" if total == limit else ""
    return f"{'Yes' if fits else 'No'}, your log shows {show(total)} {unit}{exactly or f', against {show(limit)}'}."


MORE_THEN = re.compile(
    r"\b(?:another|extra|add(?:ed|ing)?|have|had|eat|ate|log|take|with|plus) (?:[a-z]+ ){0,3}?«?(?P<more>\d{2,4})(?:kcal»)?(?! ?(?:g|ml"
    r"|min)\b)"
    r"|«?\b(?P<so>\d{2,4})(?:kcal»)? (?:kcal |calories )?more\b"
)
BOUND = re.compile(r"\b(?P<how>under|below|within|over|past|above|beyond|exceed) (?:my |the |of )*«?(?P<limit>\d{3,5})")
SUPPOSES = re.compile(r"^(?:so |and |ok |okay |but |then |what )*(?:can|could|may|might|would|will|if|is|am)\b")


def with_more(low: str, total: float) -> str:
    """Yes or no to 'can I have another 700 and stay under 1500?', or what 'if I have 200 more' comes to; '' for any other question."""
    said = marked(low.replace(",", ""))
    bound = BOUND.search(said) if SUPPOSES.match(said) else None
    more = MORE_THEN.search(said[: bound.start()] + said[bound.end() :] if bound else said) if bound or " if i " in f" {said}" else None
    if not more:
        return ""
    extra = float(more["more"] or more["so"])
    comes = f"{show(total)} kcal in your log and {show(extra)} more are {show(total + extra)} kcal"
    if not bound:
        return f"{comes}."
    limit = float(bound["limit"])
    fits, over = total + extra <= limit, bound["how"] not in {"under", "below", "within"}
    gap = f"{show(abs(limit - total - extra))} {'below' if fits else 'above'} {show(limit)}"
    return f"{'No' if fits == over else 'Yes'}: {comes}, {gap}."


def counted(low: str, entries: Sequence[Entry], when: str) -> str:
    """How many of a thing the entries hold together: '2 coffees' and 'coffee' are 3; '' where none is asked for."""
    if not HOW_MANY.search(numbered(low)):
        return ""
    asked = stems(HOW_MANY.split(low, maxsplit=1)[1])
    named = [entry for entry in entries if asked & stems(entry.name)]
    if not named:
        return ""
    count = sum(float(found.group(1)) if (found := LEADING.match(entry.name)) else 1.0 for entry in named)
    return f"Your log {when} shows {show(count)} in all: {', '.join(entry.name for entry in named)}."


def compared(act: Act, days: Sequence[Day], name: Callable[[Day], str]) -> str:
    """Two days side by side."""
    kind = "workout" if re.search(r"\b(?:exercis|train|work|run|ran|walk|mov|activ|minutes)\w*", act.text.lower()) else "food"
    unit = UNITS[kind]
    totals = [(day.total(kind), name(day)) for day in days[:2]]
    if re.search(r"\b(?:average|avg|mean|per day|a day)\b", act.text.lower()):
        parts = " and ".join(f"{show(total)} {when}" for total, when in totals)
        return f"On average {show(sum(total for total, _ in totals) / len(totals))} {unit} a day, by your log: {parts}."
    if not COMPARES.search(act.text.lower()):
        parts = " and ".join(f"{show(total)} {when}" for total, when in totals)
        return f"Your log shows {show(sum(total for total, _ in totals))} {unit} for both days together: {parts}."
    shown = " and ".join(f"{show(total)} {unit} {when}" for total, when in totals)
    if totals[0][0] == totals[1][0]:
        return f"Your log shows the same for both: {shown}."
    return f"Your log shows {shown}: more {max(totals)[1]}."
