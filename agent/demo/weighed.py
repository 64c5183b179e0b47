"""Weights that were told, also two in one breath: which is the latest, which the first, and what lies between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from agent.demo.context import Line
from agent.demo.memory import Memory, stems
from agent.demo.talk import capital
from agent.demo.words import numbered, show, tidy

MASS = r"(?:kgs?|kilos?|kilograms?|pounds?|lbs?|stone|weight)"
SURE = (
    r"\b(?:weigh|weighed|started at|scales?|body ?weight|weight:?) (?:says |said |was |about |is |of )*(\d{2,3}(?:\.\d+)?)\b"
    rf"|\b(\d{{2,3}}(?:\.\d+)?)(?: ?{MASS}\b| (?:\w+ ){{0,5}}scales?\b)"
)
SURE_WEIGHT = re.compile(SURE)
WEIGHTS = re.compile(
    rf"{SURE}|\b(?:was|now|i'm|i'm now|down to|up to|at) (?:about )?(\d{{2,3}}(?:\.\d+)?)\b(?! ?(?:[a-jl-z%]|years|:))"
    rf"|(\d{{2,3}}(?:\.\d+)?) last (?:week|month)"
)
"""A weight by its unit or verb; a bare number only beside such a one."""
BARE = re.compile(
    r"^(?:and |but |it was |it is |it's |i was |i am |i'm |now |then |today |down to |this morning |the scales? says? |says |last \w+ )*"
    r"(\d{2,3}(?:\.\d+)?)(?= |$)(?! ?(?!in\b|last\b|this\b|today\b|on\b|now\b|kg|kilo|lb|pound|stone)[a-z%]|:)"
)
UNIT = re.compile(r"\d ?(kg|kilo|lb|pound|stone)")
TARGETS = re.compile(r"\b(?:goal|target|aim|want|would like|hope|reach|get to|get down|lose|gain|drop)\b")
NOW_WEIGHED = re.compile(r"\b(?:now|today|currently|this morning|these days|at the moment|down to|up to)\b")
ONCE_WEIGHED = re.compile(
    r"\b(?:was|were|used to|started|ago|last (?:week|month|year|summer|winter|spring|autumn)|back in|before"
    r"|in (?:the )?(?:january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn"
    r"|winter|\d{4}))\b"
)
ONCE_IT_WAS = re.compile(
    r"^(?:and |but )?(?:(?:back )?in \w+|last \w+|\w+ (?:weeks|months|years) ago|a (?:week|month|year) ago),? (?:it was"
    r"|i was|it's been|i had|i weighed) "
    r"(?:about )?(?P<n>\d{2,3}(?:\.\d+)?)(?: ?(?:kgs?|kilos?|lbs?|pounds))?$"
)
"""'In July it was 95', after a weight."""
LOST = re.compile(
    r"\b(?:how (?:much|many)\b.*\b)?(?:have i|did i|i've|i have|i|is that|was that)\b.*\b(?:lost|lose|dropped|gained|gain|shed"
    r"|put on|put back on"
    r"|taken off|took off|go down|gone down|gone up|change[ds]?|less|lighter|heavier|down|up|difference)\b"
    r"|\bwhat(?:'s| is| was) the (?:difference|change|loss|gain)\b(?! in my sleep)"
)
OF_OTHERS = re.compile(
    r"\b(?:calories|kcal|minutes|sleep|slept|hours?|water|steps|km|age|older|money|cost|want|plan|have to|need to|must|should|goal|target"
    r"|wake|woke|get up|got up|end up|give up|gave up|sign up|signed up)\b"
)
NOW_ONLY = re.compile(
    r"^(?:and |but |so )*(?:now|today|currently|this morning|down to|these days)(?: i'm| i am| it's| it is)?(?: now)?(?: down to"
    r"| up to| at)? "
    r"(?P<n>\d{2,3}(?:\.\d+)?)$"
)
"""'Now I'm 77', after a weight."""
ASKS_WEIGHT = re.compile(r"\b(?:weight|weigh|weighed|scales?)\b")
AT_FIRST = re.compile(r"\b(?:start\w*|first|initial\w*|original\w*|begin\w*|beginning|previous\w*|before|old|earlier|used to)\b")
AT_LAST = re.compile(r"\b(?:current\w*|latest|last|now|newest|today|most recent|do i weigh|present)\b")
NO_TIME = stems("weight weigh kg kilo pound current currently latest last now newest today recent present much far told tell remember")
PARTS = re.compile(r"[,;?] (?:and |but )?| and | but | then |\. ", re.IGNORECASE)
ASKS = re.compile(r"^(?:how|what|which|when did|can you) ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Weight:
    """One weight, the words it was told in, and whether it is of the past (0), of today (2) or of any day (1)."""

    number: float
    rank: int
    part: str
    line: Line


def weight_lost(low: str, memory: Memory) -> str:
    """The change from the first weight told to the last; '' for another question or where fewer than two were told."""
    if not LOST.search(low) or OF_OTHERS.search(low):
        return ""
    weights = _weights(memory)
    if len(weights) < 2:
        return ""
    first, last = sorted(weights, key=lambda one: one.rank)[:: len(weights) - 1]
    unit = next((found.group(1) for one in weights if (found := UNIT.search(one.part))), "kg")
    less = f"{show(round(abs(first.number - last.number), 1))} {unit}{'s' if unit in {'lb', 'kilo', 'pound'} else ''}"
    lead = capital(memory.source(last.line))
    return f"{lead} {show(first.number)} first and {show(last.number)} last: {less} {'less' if last.number < first.number else 'more'}."


def weight_then(low: str, memory: Memory) -> str:
    """Which of several weights a question means: the latest, the first, or the one of the time it names; '' with fewer than two."""
    if not ASKS_WEIGHT.search(low) or re.search(r"\b(?:goal|target|ideal|lose|lost|lift\w*|want|should)\b", low):
        return ""
    weights = _weights(memory)
    if len(weights) < 2:
        return ""
    telling = stems(low) - NO_TIME
    named = [one for one in weights if telling & stems(one.part)]
    ranked = sorted(weights, key=lambda one: one.rank)
    if named and not AT_LAST.search(low):
        chosen = named[-1]
    elif AT_FIRST.search(low):
        chosen = ranked[0]
    elif AT_LAST.search(low) or not telling:
        chosen = ranked[-1]
    else:
        return ""
    return f'{capital(memory.source(chosen.line))}: "{chosen.part}".'


def _weights(memory: Memory) -> list[Weight]:
    found: list[Weight] = []
    for line in (*memory.lines, memory.question):
        here = [Weight(number, rank, part, line) for number, rank, part in _in_text(line.text)]
        if not here and found and (now := NOW_ONLY.match(tidy(line.text).strip(" .!"))):
            here = [Weight(float(now.group("n")), 2, line.text.strip(" .!"), line)]
        found.extend(here)
    return found


def _rank(low: str) -> int:
    return 2 if NOW_WEIGHED.search(low) else 0 if ONCE_WEIGHED.search(low) else 1


@lru_cache(maxsize=4096)
def _in_text(text: str) -> tuple[tuple[float, int, str], ...]:
    """The weights of a message, each with whether it is of the past or of today, and its words."""
    low = numbered(tidy(text))
    if once := ONCE_IT_WAS.search(low):
        return ((float(once.group("n")), 0, low),)
    if not SURE_WEIGHT.search(low):
        return ()
    parts = [part.strip(" .!") for part in PARTS.split(text) if not ASKS.match(part) and not TARGETS.search(part.lower())]
    found = [(number, part) for part in parts if (number := _first_in(numbered(tidy(part))))]
    if len(found) == 1:
        return ((found[0][0], _rank(low), text.strip(" .!")),)
    return tuple((number, _rank(tidy(part)), part) for number, part in found)


def _first_in(part: str) -> float:
    numbers = [*(next(filter(None, one)) for one in WEIGHTS.findall(part)), *BARE.findall(part)]
    return float(numbers[0]) if numbers else 0.0
