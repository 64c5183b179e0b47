"""Which entries were told as which meal: the log keeps no meals, the messages may still say 'for lunch'."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from agent.demo.clauses import clauses, is_question
from agent.demo.context import Context
from agent.demo.logbook import Entry
from agent.demo.logpicks import describe
from agent.demo.memory import Memory, stems
from agent.demo.talk import listing
from agent.demo.words import show, tidy

SAME = {"supper": "dinner", "brekkie": "breakfast", "brekky": "breakfast", "pudding": "dessert"}
MEAL = re.compile(r"\b(breakfast|brekkie|brekky|brunch|lunch|dinner|supper|snack|dessert|pudding)s?\b")
SPLIT = re.compile(
    r"(?:(?<=breakfast)|(?<=brunch)|(?<=lunch)|(?<=dinner)|(?<=supper)|(?<=snack)|(?<=dessert))(?:,| and| then|, and|, then|;|\.) "
    r"|, (?=(?:for )?(?:breakfast|brunch|lunch|dinner|supper|a snack|dessert)\b)"
)
"""Between the meals of 'oats for breakfast and a wrap for lunch'."""


def of_meal(topic: str, entries: Sequence[Entry], memory: Memory) -> list[Entry]:
    """The entries that somebody said were this meal; none where no message that is still seen says so."""
    wanted = SAME.get(topic, topic)
    named = [words for line in memory.lines for meal, words in _meals_in(line.text) if meal == wanted]
    return [entry for entry in entries if any(stems(entry.name) & words for words in named)]


def meal_entries(said: str, entries: Sequence[Entry], context: Context) -> list[Entry]:
    """The entries of the meal that a message names, by what was told of it; none where it names none.

    Args:
        said: the message, in lower case.
        entries: those to choose from.
        context: the request.
    """
    named = MEAL.search(said)
    return of_meal(named.group(1), [entry for entry in entries if entry.kind == "food"], Memory(context)) if named else []


def as_meal(meal: str, entries: Sequence[Entry], when: str) -> str:
    """The entries of a meal, said to be it by what was told."""
    total = f", {show(sum(entry.amount for entry in entries))} kcal in all" if len(entries) > 1 else ""
    return f"For {meal} your log {when} shows {listing([describe(entry) for entry in entries])}{total}, going by what you told me."


@lru_cache(maxsize=2048)
def _meals_in(text: str) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple(_read(text)) if MEAL.search(text.lower()) else ()


def _read(text: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Each meal a message names, with the words said of it. 'Breakfast: eggs. Lunch: soup' are two."""
    for clause in clauses(text):
        if is_question(clause):
            continue
        for part in SPLIT.split(tidy(clause)):
            if part and (meal := MEAL.search(part)):
                yield SAME.get(meal.group(1), meal.group(1)), stems(part) - stems(meal.group(1))
