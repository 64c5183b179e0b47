"""The person's own log as the tools see it: bound to one person and one turn, so that no model can name another."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite
from typing import Literal, TypeVar

from sqlite_utils import Database

from storage import wellness
from storage.clock import Clock
from storage.database import Store
from storage.records import NotFound, WellnessEntry

T = TypeVar("T")

MAX_NAME = 100
MAX_AMOUNT = {"food": 20_000.0, "workout": 24 * 60.0}
"""Kilocalories of one food entry, minutes of one workout: more is a slip of the model."""
MAX_DAYS_BACK = 366


class BadEntry(ValueError):
    """What a tool was given cannot be logged; the text says why, for the model to mend it."""


@dataclass(frozen=True, slots=True)
class WellnessLog:
    """The log of one person, written during one turn."""

    store: Store
    clock: Clock
    user_id: str
    turn_seq: int
    today: date

    async def add(self, kind: Literal["food", "workout"], name: str, amount: float, day: str = "today") -> str:
        """Write an entry and return the sentence that says so. Raises BadEntry.

        Args:
            kind: food or workout.
            name: what was eaten or done.
            amount: kcal of food, minutes of a workout.
            day: today, yesterday or YYYY-MM-DD, at most 366 days back and not in the future.
        """
        tidy, size, when, now = _name(name), _amount(kind, amount), self._past_day(day), self.clock.now()
        entry = await self._write(lambda db: wellness.add(db, self.user_id, self.turn_seq, kind, tidy, size, when, now))
        return f"Logged {_line(entry)} on {entry.day}."

    async def read(self, day: str) -> str:
        """Return the entries of a day (today, yesterday or YYYY-MM-DD) line by line, with totals. Raises BadEntry."""
        wanted = self._day(day)
        entries = await asyncio.to_thread(self.store.read, lambda db: wellness.list_day(db, self.user_id, wanted))
        if not entries:
            return f"Log for {wanted}: nothing logged yet."
        eaten = sum(e.amount for e in entries if e.kind == "food")
        moved = sum(e.amount for e in entries if e.kind == "workout")
        lines = [f"Log for {wanted}", *map(_line, entries), f"Total: {eaten:g} kcal eaten, {moved:g} min exercised"]
        return "\n".join(lines)

    async def change(self, entry_id: int, name: str | None, amount: float | None) -> str:
        """Change an entry and return the sentence that says so. Raises BadEntry."""
        tidy = None if name is None else _name(name)

        def change(db: Database) -> WellnessEntry:
            kind = wellness.get(db, self.user_id, entry_id).kind
            return wellness.update(db, self.user_id, entry_id, tidy, None if amount is None else _amount(kind, amount))

        return f"Changed #{entry_id} to {_line(await self._mine(change, entry_id)).split(' ', 1)[1]}."

    async def remove(self, entry_id: int) -> str:
        """Remove an entry and return the sentence that says so. Raises BadEntry."""
        now = self.clock.now()
        entry = await self._mine(lambda db: wellness.delete(db, self.user_id, entry_id, now), entry_id)
        return f"Removed {_line(entry)}."

    async def _mine(self, fn: Callable[[Database], T], entry_id: int) -> T:
        try:
            return await self._write(fn)
        except (NotFound, OverflowError):
            raise BadEntry(f"there is no entry #{entry_id}; use read_log to see the numbers") from None

    async def _write(self, fn: Callable[[Database], T]) -> T:
        return await asyncio.wrap_future(self.store.write_soon(fn))

    def _past_day(self, day: str) -> str:
        wanted = self._day(day)
        ago = (self.today - date.fromisoformat(wanted)).days
        if ago < 0:
            raise BadEntry(f"{wanted} is in the future; today is {self.today.isoformat()}")
        if ago > MAX_DAYS_BACK:
            raise BadEntry(f"{wanted} is more than {MAX_DAYS_BACK} days back")
        return wanted

    def _day(self, day: str) -> str:
        word = day.strip().lower()
        if word in {"", "today"}:
            return self.today.isoformat()
        if word == "yesterday":
            return (self.today - timedelta(days=1)).isoformat()
        try:
            return date.fromisoformat(word).isoformat()
        except ValueError:
            raise BadEntry(f"{day[:40]!r} is not a day; give today, yesterday or a date such as 2026-11-20") from None


def _name(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy:
        raise BadEntry("the name is empty")
    return tidy[:MAX_NAME]


def _amount(kind: Literal["food", "workout"], amount: float) -> float:
    unit = "calories" if kind == "food" else "minutes"
    if not isfinite(amount) or not 0 <= amount <= MAX_AMOUNT[kind]:
        raise BadEntry(f"{unit} must be between 0 and {MAX_AMOUNT[kind]:g}")
    return round(amount, 1)


def _line(entry: WellnessEntry) -> str:
    return f"#{entry.id} {entry.kind}: {entry.name}, {entry.amount:g} {entry.unit}"
