"""The turns that live in this process, by id: those under way, and the last few that are over."""

import threading
from collections import OrderedDict

from agent.handles import LiveTurn
from storage.records import Turn

_KEPT = 256
"""Finished turns whose events stay in memory, for pages that re-attach; older ones are told from the database."""


class LiveTurns:
    """Thread-safe; a turn has one LiveTurn, whoever asks for it first."""

    def __init__(self) -> None:
        self._turns: OrderedDict[str, LiveTurn] = OrderedDict()
        self._over: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def adopt(self, turn: Turn) -> LiveTurn:
        """Return the LiveTurn of a turn, made now if it is new here; its record is the newer one."""
        with self._lock:
            live = self._turns.get(turn.id)
            if live is None:
                live = self._turns[turn.id] = LiveTurn(turn)
            elif live.turn.status == "queued":
                live.turn = turn
            return live

    def get(self, turn_id: str) -> LiveTurn | None:
        """Return the LiveTurn of this id, or None when this process has none."""
        with self._lock:
            return self._turns.get(turn_id)

    def waiting(self) -> list[LiveTurn]:
        """Return the turns that wait, as far as this process knows."""
        with self._lock:
            return [live for live in self._turns.values() if live.status == "queued"]

    def over(self, turn_id: str) -> None:
        """Note that a turn is finished, so that it may be forgotten when newer ones are."""
        with self._lock:
            self._over[turn_id] = None
            while len(self._over) > _KEPT:
                oldest, _ = self._over.popitem(last=False)
                self._turns.pop(oldest, None)
