"""Phrases written without knowing the coach's rules: what it did to the log, and what it answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from storage.database import Store
from storage.records import WellnessEntry
from tests.agent_demo.reallog import TODAY, Done, Person
from tests.storage.makers import world

ORDINALS = (
    *("third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth"),
    *(
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
        "twentyfirst",
        "twentysecond",
        "twentythird",
        "twentyfourth",
        "twentyfifth",
        "twentysixth",
    ),
)
SIBLINGS = (
    "siblings.txt",
    "siblings_two.txt",
    "siblings_dishes.txt",
    "siblings_amounts.txt",
    "siblings_corrections.txt",
    "siblings_told.txt",
    "siblings_questions.txt",
    "siblings_notes.txt",
    "siblings_facts.txt",
    "siblings_stories.txt",
    "siblings_chats.txt",
    "siblings_followups.txt",
    "siblings_unmeant.txt",
)
"""Written while rules were made: they hold what was won rather than measure it."""
BY_OTHERS = ("unseen.txt", *(f"{ordinal}.txt" for ordinal in ORDINALS))
SETS = (*BY_OTHERS, *SIBLINGS)
MUST_REACH = 0.95
TOOL_OF = {"food": "log_food", "workout": "log_workout", "change": "change_entry", "remove": "remove_entry"}
ON = {"@today": TODAY, "@yesterday": TODAY - timedelta(days=1)}


@dataclass(frozen=True)
class Phrase:
    before: tuple[str, ...]
    text: str
    wanted: tuple[str, ...]

    @property
    def calls(self) -> list[str]:
        return [one for one in self.wanted if one.split()[0] in TOOL_OF]


def phrases(name: str) -> list[Phrase]:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found = []
    for line in lines:
        said, *wanted = line.split(" | ")
        *before, text = (part.strip() for part in said.split(" // "))
        found.append(Phrase(tuple(before), text, tuple(one.strip() for one in wanted)))
    return found


def fits(wanted: str, done: Done) -> bool:
    """Whether a call is what 'food pizza 200-1200 @yesterday' asks for."""
    kind, *words = wanted.split()
    day = ON[words.pop()] if words[-1].startswith("@") else None
    ends = None if kind == "remove" else [float(end) for end in words.pop().split("-")]
    if done.tool != TOOL_OF[kind] or not any(name in done.entry.name.lower() for name in " ".join(words).split("/")):
        return False
    return in_range(done.entry, ends) and done.entry.day == (day or TODAY).isoformat()


def in_range(entry: WellnessEntry, ends: list[float] | None) -> bool:
    return ends is None or ends[0] <= entry.amount <= ends[1]


def did(phrase: Phrase, done: list[Done]) -> bool:
    """Whether exactly the calls that were asked for changed the log."""
    left = list(done)
    for wanted in phrase.calls:
        hit = next((one for one in left if fits(wanted, one)), None)
        if hit is None:
            return False
        left.remove(hit)
    return not left


def said(phrase: Phrase, answer: str) -> bool:
    low = answer.lower()
    for demand in phrase.wanted:
        verb, _, rest = demand.partition(" ")
        if verb in {"says", "never"} and any(word in low for word in rest.split("/")) != (verb == "says"):
            return False
    return True


async def problem(phrase: Phrase, store: Store, number: int) -> str:
    """What went wrong, or ''."""
    who = Person(world(store, f"p{number}"))
    for earlier in phrase.before:
        await who.say(earlier)
    answer = await who.say(phrase.text)
    if did(phrase, who.done) and said(phrase, answer):
        return ""
    did_what = ", ".join(f"{one.tool} {one.entry.name} {one.entry.amount:g} {one.entry.day}" for one in who.done)
    return f"{' // '.join([*phrase.before, phrase.text])} | wanted {phrase.wanted} | did [{did_what}] | said {answer!r}"


@pytest.mark.parametrize("name", SETS)
def test_each_set_has_a_hundred_phrases_or_more(name: str) -> None:
    assert len(phrases(name)) >= 100


@pytest.mark.parametrize(
    "names", [BY_OTHERS[:13], BY_OTHERS[13:], SIBLINGS], ids=["the first by others", "the later by others", "siblings"]
)
async def test_at_least_95_percent_of_the_phrases_are_answered_well(store: Store, names: tuple[str, ...]) -> None:
    said = [phrase for name in names for phrase in phrases(name)]
    wrong = [found for number, phrase in enumerate(said) if (found := await problem(phrase, store, number))]
    assert len(wrong) <= (1 - MUST_REACH) * len(said), "\n".join(wrong)
