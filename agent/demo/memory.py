"""What the person told, as far as the request shows it: facts with the line each came from.

Only the person's own words count, never the coach's: an answer that repeats a fact must not outlive the fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from agent.demo.acts import Measure
from agent.demo.clauses import clauses, is_question
from agent.demo.context import Context, Line, spoken_day
from agent.demo.facts import Fact, told
from agent.demo.measures import measure
from agent.demo.words import load, singular, tidy

LABELS = {
    "name": "Name",
    "age": "Age",
    "height": "Height",
    "allergy": "Allergic to",
    "diet": "Diet",
    "injury": "Health",
    "goal": "Goals",
    "plan": "Plans",
    "like": "Likes",
    "dislike": "Dislikes",
    "place": "Places",
    "job": "Job",
    "habit": "Habits",
    "person": "People",
    "attr": "Also",
    "note": "Notes",
    "promise": "Promised",
}
LABELLED = re.compile(rf"^({'|'.join(map(re.escape, LABELS.values()))}): (.+)$")
KIND_OF = {label: kind for kind, label in LABELS.items()}
ONE_ONLY = frozenset({"name", "age", "height"})
MAY_END = frozenset({"diet", "like", "dislike", "injury", "goal", "habit", "plan", "job"})
"""Kinds that 'not vegetarian any more' or 'my ankle is healed' may bring to an end."""


@dataclass(frozen=True, slots=True)
class Told:
    """A fact and where it was said."""

    fact: Fact
    line: Line


class Memory:
    """The facts of one request."""

    def __init__(self, context: Context) -> None:
        self.today = context.today
        self.lines = context.said_by("user")
        self.coach_lines = context.said_by("coach")
        self.question = Line("user", context.question, "message", context.today)

    @cached_property
    def told(self) -> list[Told]:
        """Every fact still standing, oldest first; worked out when first asked for."""
        return _standing(Told(fact, line) for line in self.lines for fact in facts_of(line))

    def of(self, *kinds: str) -> list[Told]:
        """The facts of these kinds, oldest first; of a name or an age only the latest."""
        found = [one for one in self.told if one.fact.kind in kinds]
        return found[-1:] if ONE_ONLY.issuperset(kinds) else found

    def with_question(self) -> list[Told]:
        """All facts, those of the question itself included: 'I'm vegan, what can I eat?'."""
        return _standing([*self.told, *(Told(fact, self.question) for fact in facts_of(self.question))])

    def measures(self, kind: str) -> list[tuple[Measure, Line, str]]:
        """Told water, sleep, weight or mood, oldest first, each with its line and clause."""
        return [
            (found, line, clause)
            for line in (*self.lines, self.question)
            for clause in clauses(line.text)
            if not is_question(clause) and (found := measure(clause)) and found.kind == kind
        ]

    def name(self) -> str:
        """The person's name, or ''."""
        names = self.of("name")
        return names[0].fact.value if names else ""

    def source(self, line: Line) -> str:
        """How a line is known: 'you told me on Monday', 'you told me earlier'."""
        if line.source == "summary":
            return "from the summary of our earlier conversation, you told me"
        day = spoken_day(line.day, self.today)
        return f"you told me {day}" if day else "you told me"


def facts_of(line: Line) -> tuple[Fact, ...]:
    """The facts of one line; a summary's labelled lines are read back as they were written."""
    if line.source == "summary" and (match := LABELLED.match(line.text)):
        return _labelled(KIND_OF[match.group(1)], match.group(2))
    return told(line.text)


@lru_cache(maxsize=512)
def _labelled(kind: str, values: str) -> tuple[Fact, ...]:
    facts = []
    for value in filter(None, (part.strip(" .") for part in values.split(";"))):
        key, sign, rest = value.partition(" = ")
        said = f"{key} is {rest}" if sign else value
        facts.append(Fact(kind, rest if sign else value, said, key if sign else ""))
    return tuple(facts)


def _standing(found: Iterable[Told]) -> list[Told]:
    """The facts still true: a taken-back allergy is gone, and what is told twice counts once, as told last."""
    kept: list[Told] = []
    for one in found:
        value = one.fact.value.lower()
        if one.fact.kind == "allergy_end":
            kept = [old for old in kept if not (old.fact.kind == "allergy" and ("any" in value or stems(old.fact.value) & stems(value)))]
            continue
        if one.fact.kind == "ended":
            kept = [old for old in kept if not (old.fact.kind in MAY_END and stems(f"{old.fact.key} {old.fact.value}") & stems(value))]
            continue
        if one.fact.kind == "goal" and (subject := _subject(value)):
            kept = [old for old in kept if old.fact.kind != "goal" or _subject(old.fact.value.lower()) != subject]
        kept = [
            old for old in kept if not (old.fact.kind == one.fact.kind and old.fact.value.lower() == value and old.fact.key == one.fact.key)
        ]
        kept.append(one)
    return kept


NUMBER = re.compile(r"\d[\d.,]*")


@lru_cache(maxsize=1024)
def _subject(value: str) -> frozenset[str]:
    """What a goal with a number is of: the newer of two with the same words and other numbers counts."""
    return stems(NUMBER.sub(" ", value)) - GOAL_WORDS if NUMBER.search(value) else frozenset()


SAME = {
    "mum": "mom",
    "mother": "mom",
    "dad": "father",
    "colour": "color",
    "favourite": "favorite",
    "fave": "favorite",
    "weigh": "weight",
    "allergic": "allergy",
    "feet": "foot",
    "teeth": "tooth",
    "kid": "child",
    "children": "child",
    "job": "work",
    "moved": "live",
    "based": "live",
    "relocated": "live",
    "race": "race",
    "car": "car",
    "bike": "bicycle",
    "born": "birthday",
    "trip": "trip",
    "holiday": "trip",
    "vacation": "trip",
    "flying": "trip",
    "fly": "trip",
    "travelling": "trip",
    "traveling": "trip",
    "hurt": "injury",
    "injured": "injury",
    "injure": "injury",
    "doctor": "doctor",
    "ate": "eat",
    "eaten": "eat",
    "drank": "drink",
    "drunk": "drink",
    "ran": "run",
    "bought": "buy",
    "met": "meet",
    "began": "start",
    "went": "go",
    "slept": "sleep",
    "spend": "budget",
    "medication": "medicine",
    "meds": "medicine",
    "pill": "medicine",
    "tablet": "medicine",
    "husband": "husband",
    "promised": "promise",
    "appointment": "appointment",
}


@lru_cache(maxsize=1)
def _untelling() -> frozenset[str]:
    return frozenset(load("lexicon.json")["untelling"])


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A rough stem, the same for 'lives', 'live' and 'living'."""
    word = singular(word.removesuffix("'s"))
    word = SAME.get(word, word)
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            word = word.removesuffix(ending)
            word = word[:-1] if word[-1:] == word[-2:-1] else word
            break
    return SAME.get(word, word).removesuffix("e")


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    """The stems of a text's telling words."""
    return frozenset(stem(word) for word in re.findall(r"[^\W_]+(?:'[^\W_]+)?", tidy(text)) if word not in _untelling())


def days_since(line: Line, today: date | None) -> int | None:
    """Days between a line and today, where both are known."""
    return (today - line.day).days if line.day and today else None


GOAL_WORDS = stems("goal target limit aim new now daily day instead is per each every")
