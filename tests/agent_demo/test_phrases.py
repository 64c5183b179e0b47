"""The phrases that were written before the rules: intent, items and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agent.demo.acts import Act
from agent.demo.changes import requested
from agent.demo.understand import understand
from agent.demo.words import MARK

PHRASES = Path(__file__).parent / "phrases.txt"
NUMBER = re.compile(r"(\d+(?:\.\d+)?)(kcal|min|km|kg|lb|g|ml|l|h)?")
MUST_REACH = 0.95


@dataclass(frozen=True)
class Phrase:
    text: str
    intents: frozenset[str]
    items: tuple[tuple[str, str], ...]


def phrases() -> list[Phrase]:
    found = []
    for line in PHRASES.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        text, intents, items = (part.strip() for part in line.split("|"))
        pairs = [item.strip().partition("=") for item in items.split(";") if item.strip()]
        wanted = tuple((name, number) for name, _, number in pairs)
        found.append(Phrase(text, frozenset(part.strip() for part in intents.split("+")), wanted))
    return found


def understood(act: Act) -> Iterator[tuple[str, set[str]]]:
    """Each thing an act names, with its numbers."""
    for item in act.foods:
        counts = {f"{item.count:g}", f"{item.count:g}{item.unit or ''}"} if item.count is not None else {"1"}
        yield item.name, counts | ({f"{item.kcal:g}kcal"} if item.kcal is not None else set())
    for move in act.moves:
        minutes = {f"{move.minutes:g}min"} if move.minutes is not None else set()
        yield move.name, minutes | ({f"{move.km:g}km"} if move.km else set())
    for fact in act.facts:
        yield f"{fact.kind} {fact.key} {fact.value}", set()
    if act.measure:
        number = f"{act.measure.number:g}" if act.measure.number is not None else ""
        yield f"{act.measure.word} {number}{act.measure.unit}", {number}
    yield f"{act.topic} {act.day}", set()
    if act.intent in {"correct", "remove"}:
        change = requested(act)
        yield f"{change.target} {change.new}", {f"{float(number):g}{unit}" for number, unit in MARK.findall(change.new)}
        yield act.text, set()
    if act.intent.startswith("ask"):
        yield act.text, set()


def right(phrase: Phrase) -> bool:
    acts = understand(phrase.text)
    if frozenset(act.intent for act in acts) != phrase.intents:
        return False
    things = [thing for act in acts for thing in understood(act)]
    return all(named(name.lower(), number, things) for name, number in phrase.items)


def named(name: str, number: str, things: list[tuple[str, set[str]]]) -> bool:
    """Whether a thing of this name, or this bare amount, was understood with this number."""
    if number:
        return any(name in thing.lower() and number in numbers for thing, numbers in things)
    if NUMBER.fullmatch(name):
        return any(name in numbers or name in thing.lower().replace(" ", "") for thing, numbers in things)
    return any(name in thing.lower() for thing, _ in things)


def test_there_are_more_than_300_phrases() -> None:
    assert len(phrases()) > 300


def test_at_least_95_percent_of_the_phrases_are_understood() -> None:
    wrong = [phrase.text for phrase in phrases() if not right(phrase)]
    assert len(wrong) <= (1 - MUST_REACH) * len(phrases()), wrong
