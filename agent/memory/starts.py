"""Where each strategy begins: one small module each in `agent.memory.strategies` says at which message the part that is sent begins.

Each has `start(history, end, policy, folded)`: `end` is the place after the new question, `folded` how many messages of the chat the
running summary already holds. All give a place where an exchange begins, so that no tool call is parted from its results.
"""

from collections.abc import Mapping
from typing import Protocol

from agent.memory.history import History
from agent.memory.policy import MemoryPolicy, Strategy
from agent.memory.strategies import chunked_window, full, retrieval, summary, window


class Start(Protocol):
    """Where the messages that are sent begin."""

    def __call__(self, history: History, end: int, policy: MemoryPolicy, folded: int) -> int:
        """Return the place."""


STARTS: Mapping[Strategy, Start] = {
    "full": full.start,
    "window": window.start,
    "chunked_window": chunked_window.start,
    "summary": summary.start,
    "retrieval": retrieval.start,
}
