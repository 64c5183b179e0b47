"""Questions of the log by a kind of food: 'how many fruits today?', 'any vegetables?', 'which meat did I have?'."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from agent.demo.acts import Act
from agent.demo.days import named_day
from agent.demo.foods import lookup
from agent.demo.logbook import Day, Entry
from agent.demo.logpicks import describe
from agent.demo.logsums import LEADING
from agent.demo.talk import listing
from agent.demo.words import load, show, singular

WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
TWO_WORDS = re.compile(r"\b(?:red meat|fast food|junk food|take away|take out)\b")
PAST = re.compile(
    r"\b(?:did|have|had|has|'ve) (?:i|we)\b|\bi(?:'ve| have)? (?:had|ate|eaten|drank|drunk|logged)\b|\bwas there\b|\bwere there\b"
    r"|\bin my (?:log|diary|day|meals?|food|dinner|lunch|breakfast)\b|\b(?:my|today's|yesterday's) log\b"
    r"|^(?:and |so |ok |but )*(?:any|no|how (?:much|many)|enough|which|what) (?:[a-z]+ ){1,4}(?:today|yesterday|so far|this week"
    r"|this morning|on \w+day|tonight)\b"
)
"""Asks what was eaten; 'any fruit today?' does without the verb."""
NOT_ASKED = re.compile(
    r"\b(?:should|could|can|may|would|ideas?|suggest\w*|recommend\w*|recipes?|tell|told|said|say|like|love|hate|allerg\w*|need"
    r"|goal|want|give up|quit|stop\w*|calories|kcal|tomorrow|why|how long|plan\w*|grams?|last time|when|water|burn\w*|since)\b"
)
HOW_MUCH = re.compile(r"\bhow (?:much|many (?:grams?|g))\b")
NUTRIENTS = frozenset({"protein", "carbs", "carb", "carbohydrates", "fat", "fibre", "fiber", "sugar", "salt"})
COUNTS = re.compile(r"\bhow many\b")
YES_NO = re.compile(r"^(?:and |so |ok |but )*(?:did|have|had|has|was|were|is|are|any|no|enough)\b")
MANY_SHOWN = 6
KIND = "kind:"
"""Before the topic of a question that asks for a kind of food."""


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    tags: frozenset[str]
    has: frozenset[str]
    never: frozenset[str]


@lru_cache(maxsize=1)
def _kinds() -> dict[str, _Kind]:
    """Each word a question may use, to the kind it asks for."""
    found: dict[str, _Kind] = {}
    for name, data in load("kinds.json")["kinds"].items():
        kind = _Kind(name, frozenset(data.get("tags", "").split()), _singular(data["has"]), _singular(data["not"]))
        for word in data["asked"].split():
            found.setdefault(singular(word.replace("-", " ")) if "-" not in word else word.replace("-", " "), kind)
    return found


def _singular(words: str) -> frozenset[str]:
    return frozenset(singular(word) for word in words.split())


@lru_cache(maxsize=1024)
def kind_asked(low: str) -> str:
    """The word for the kind of food that a question of the log asks for; '' where it asks for none."""
    if not PAST.search(low) or NOT_ASKED.search(low):
        return ""
    kinds = _kinds()
    if (two := TWO_WORDS.search(low)) and two.group() in kinds:
        return two.group()
    found = [word for word in WORD.findall(low) if word != "drink" and singular(word) in kinds]
    return found[-1] if found else ""


def kind_act(clause: str, text: str) -> Act | None:
    """'Any vegetables today?', 'which meat did I have?': a question of the log by a kind of food."""
    word = kind_asked(text)
    return Act("ask_food", clause, topic=f"{KIND}{word}", day=named_day(text)) if word else None


def of_kind(word: str, entries: Sequence[Entry]) -> list[Entry]:
    """The entries that are of the kind of food the word names."""
    kind = _kinds().get(word) or _kinds().get(singular(word))
    return [] if kind is None else [entry for entry in entries if entry.kind == "food" and _is_of(kind, entry.name.lower())]


@lru_cache(maxsize=2048)
def _is_of(kind: _Kind, name: str) -> bool:
    words = {singular(word) for word in WORD.findall(name)}
    if words & kind.never:
        return False
    food = lookup(name)
    return bool(words & kind.has) or bool(food and food.tags & kind.tags)


def answer_kind(low: str, word: str, days: Sequence[Day], name: Callable[[Day], str]) -> str:
    """What the days hold of a kind of food: yes or no, how many, or which."""
    found = [(entry, day) for day in days for entry in of_kind(word, day.of("food"))]
    span = name(days[0]) if len(days) == 1 else f"for the last {len(days)} days"
    if not found:
        others = [describe(entry) for day in days for entry in day.of("food")]
        rest = f" It shows {listing(others[:MANY_SHOWN])}." if others else ""
        return f"{'No, ' if YES_NO.match(low) else ''}I don't see any {word} in your log {span}.{rest}"
    shown = [describe(entry) if len(days) == 1 else f"{describe(entry)} {name(day)}" for entry, day in found]
    total = f", {show(sum(entry.amount for entry, _ in found))} kcal in all" if len(found) > 1 else ""
    if COUNTS.search(low):
        return f"I count {show(sum(_count(entry) for entry, _ in found))} in your log {span}: {listing(shown)}{total}."
    yes = "Yes, your" if YES_NO.match(low) else "Your"
    if HOW_MUCH.search(low) and word in NUTRIENTS:
        return f"I count calories only, so I can't say how much {word} that was. Your log {span} shows {listing(shown)}, which have some."
    return f"{yes} log {span} shows {listing(shown)}{total}."


def _count(entry: Entry) -> float:
    """The number in front of a name: 2 of '2 apples', 1 of '200 g grapes' and of 'banana'."""
    found = LEADING.match(entry.name)
    return float(found.group(1)) if found and not re.match(r"^[\d.]+ (?:g|ml|kg|oz|l|tbsp|tsp)\b", entry.name) else 1.0
