"""A chat's messages as planning sees them: places counted from the chat's beginning, weights from running sums.

A history may begin in the middle of a chat; `before` then says how many messages, and how many tokens, came before what is here. All
places are absolute, so that a rule gives the same answer however little of the chat was read.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import Protocol


class Entry(Protocol):
    """What planning needs to know of a message."""

    @property
    def id(self) -> int:
        """The message's id."""

    @property
    def role(self) -> str:
        """`user`, `assistant` or `tool`."""

    @property
    def tokens(self) -> int:
        """The tokens it was counted at when it was stored."""


class History:
    """Messages, oldest first, the newest last."""

    def __init__(self, entries: Sequence[Entry], before: int = 0, tokens_before: int = 0) -> None:
        self.entries = entries
        self.before = before
        self._tokens_before = tokens_before
        self._sums = list(accumulate((entry.tokens for entry in entries), initial=0))
        self._users = [before + place for place, entry in enumerate(entries) if entry.role == "user"]
        self._places: dict[int, int] | None = None

    @property
    def end(self) -> int:
        """The place after the last message."""
        return self.before + len(self.entries)

    def weight(self, start: int, end: int) -> int:
        """Return the tokens of the messages from `start` up to `end`; those before what is here count as all of the same weight."""
        if start >= self.before:
            return self._sums[end - self.before] - self._sums[start - self.before]
        unread = min(end, self.before) - start
        return self._tokens_before * unread // self.before + self._sums[max(end - self.before, 0)]

    def first_user_from(self, place: int, end: int) -> int:
        """Return the place of the first user message at or after `place` and before `end`, the last one's when there is none after it."""
        if place <= 0 < self.before:
            return 0
        found = bisect_left(self._users, place)
        if found < len(self._users) and self._users[found] < end:
            return self._users[found]
        return self.last_user(end)

    def last_user(self, end: int) -> int:
        """Return the place of the last user message before `end`, or `end` when there is none."""
        found = bisect_left(self._users, end)
        return self._users[found - 1] if found else end

    def lightest_start(self, start: int, end: int, room: int) -> int:
        """Return the first place from `start` on where an exchange begins and all up to `end` weighs at most `room`.

        When even the last exchange is too heavy, its place is returned.
        """
        if self.weight(start, end) <= room:
            return start
        last = self.last_user(end)
        low, high = bisect_left(self._users, start), bisect_left(self._users, last)
        while low < high:
            middle = (low + high) // 2
            if self.weight(self._users[middle], end) <= room:
                high = middle
            else:
                low = middle + 1
        return self._users[low] if low < len(self._users) else last

    def ids(self, start: int, end: int) -> tuple[int, ...]:
        """Return the ids of the messages from `start` up to `end` that are here."""
        return tuple(entry.id for entry in self.entries[max(start - self.before, 0) : max(end - self.before, 0)])

    def place_of(self, message_id: int) -> int | None:
        """Return the place of a message, None when it is not here."""
        if self._places is None:
            self._places = {entry.id: place for place, entry in enumerate(self.entries, self.before)}
        return self._places.get(message_id)
