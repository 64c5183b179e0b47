"""What the tools answered: the entries of the log, as far as the request shows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

ENTRY = re.compile(r"#(\d+) (?:to )?(food|workout): (.+), (-?\d[\d,]*(?:\.\d+)?) (kcal|min)")
HEAD = re.compile(r"^Log for ([^:\n]+?):?(?:\s|$)")
ON_DAY = re.compile(r" on (\d{4}-\d\d-\d\d)\.?$")
GONE = re.compile(r"^Removed #(\d+)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log."""

    number: int
    kind: str
    """'food' or 'workout'."""
    name: str
    amount: float
    """Kilocalories of food, minutes of a workout."""


@dataclass(frozen=True, slots=True)
class Day:
    """The log of one day as read_log gave it."""

    name: str
    entries: tuple[Entry, ...]

    def of(self, kind: str) -> list[Entry]:
        """The entries of one kind."""
        return [entry for entry in self.entries if entry.kind == kind]

    def total(self, kind: str) -> float:
        """The sum of one kind's amounts."""
        return sum(entry.amount for entry in self.of(kind))


def entries_in(text: str) -> list[Entry]:
    """The entries a tool's answer names."""
    return list(_entries(text))


@lru_cache(maxsize=2048)
def _entries(text: str) -> tuple[Entry, ...]:
    """The same answers are read again with every reply, hence the cache."""
    return tuple(
        Entry(int(number), kind, name, float(amount.replace(",", "")))
        for number, kind, name, amount, _ in ENTRY.findall(text.replace(" to food:", " food:").replace(" to workout:", " workout:"))
    )


def day_in(text: str) -> Day | None:
    """The day that read_log gave; None for the answer of another tool."""
    head = HEAD.match(text)
    return Day(head.group(1).strip(), tuple(entries_in(text))) if head else None


def logged_on(text: str) -> str:
    """The date that 'Logged ... on 2026-11-20.' names; '' when it names none."""
    found = ON_DAY.search(text.strip())
    return found.group(1) if found else ""


def written_on(texts: Sequence[str], number: int) -> str:
    """The date under which an entry was last logged, as far as tool answers show it; '' otherwise."""
    return next((logged_on(text) for text in reversed(texts) if text.startswith(f"Logged #{number} ")), "")


def known_entries(texts: Iterable[str]) -> list[Entry]:
    """The entries that tool answers show to exist, the one touched last at the end."""
    found: dict[int, Entry] = {}
    for text in texts:
        if gone := GONE.match(text):
            found.pop(int(gone.group(1)), None)
            continue
        for entry in entries_in(text):
            found.pop(entry.number, None)
            found[entry.number] = entry
    return list(found.values())


def failed(text: str) -> bool:
    """Whether a tool's answer is an error or a refusal."""
    return not (text.startswith(("Log for", "Logged", "Changed", "Removed")))
