"""Planning a context: which messages of a chat are sent to the model, and what each part of the context weighs.

Pure: messages come with the tokens they were counted at, nothing is tokenised, fetched or deleted here. Rules that hold for every
strategy: the context starts on a user message, a tool call is never parted from its results, the newest question is always sent, and
the whole never exceeds the model's own context window while there is an older exchange to leave out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from agent.memory.policy import MemoryPolicy, Strategy

Placement = Literal["sent", "summarised", "retrieved", "left_out"]


class Entry(Protocol):
    """What planning needs to know of a message."""

    @property
    def id(self) -> int:
        """The message's id, unique in its chat."""

    @property
    def role(self) -> str:
        """`user`, `assistant` or `tool`."""

    @property
    def tokens(self) -> int:
        """The tokens it was counted at when it was stored."""


class Summary(Protocol):
    """A running summary, standing for the messages up to the one it was written at."""

    @property
    def message_id(self) -> int:
        """The last message that is folded into it."""

    @property
    def tokens(self) -> int:
        """What it weighs in the context."""


@dataclass(frozen=True, slots=True)
class Overhead:
    """Tokens that every call carries beside the messages."""

    system: int = 0
    tools: int = 0


@dataclass(frozen=True, slots=True)
class ContextPlan:
    """What the next call sends, message by message and part by part (all parts in tokens)."""

    placements: Mapping[int, Placement]
    sent: tuple[int, ...]
    system: int
    tools: int
    summary: int
    retrieved: int
    window: int
    model_window: int | None

    @property
    def total(self) -> int:
        """Tokens of the whole context."""
        return self.system + self.tools + self.summary + self.retrieved + self.window

    @property
    def room_left(self) -> int | None:
        """Tokens still free in the model's context window; None when its size is not known."""
        return None if self.model_window is None else self.model_window - self.total


def plan(
    history: Sequence[Entry],
    policy: MemoryPolicy,
    *,
    summary: Summary | None = None,
    hits: Sequence[int] = (),
    pins: Sequence[int] = (),
    overhead: Overhead | None = None,
    model_window: int | None = None,
) -> ContextPlan:
    """Return what is sent of `history` (oldest first, the new question last) under `policy`.

    `summary`, `hits` (ids found by retrieval) and `pins` (ids always sent) are fetched by the caller for the strategies that use
    them; `overhead` is the system prompt and tool schemas; `model_window` is the model's context window in tokens.
    """
    fixed = overhead or Overhead()
    start = _STRATEGIES[policy.strategy](history, policy)
    start = _fit(history, start, fixed, model_window)
    sent = tuple(entry.id for entry in history[start:])
    placements: dict[int, Placement] = {entry.id: "sent" if place >= start else "left_out" for place, entry in enumerate(history)}
    weight = sum(entry.tokens for entry in history[start:])
    return ContextPlan(placements, sent, fixed.system, fixed.tools, 0, 0, weight, model_window)


def first_user_from(history: Sequence[Entry], start: int) -> int:
    """Return the place of the first user message at or after `start`; the last one's when there is none after it."""
    for place in range(max(start, 0), len(history)):
        if history[place].role == "user":
            return place
    for place in range(min(start, len(history)) - 1, -1, -1):
        if history[place].role == "user":
            return place
    return len(history)


def _full(history: Sequence[Entry], policy: MemoryPolicy) -> int:
    return first_user_from(history, 0)


def _window(history: Sequence[Entry], policy: MemoryPolicy) -> int:
    return first_user_from(history, len(history) - policy.max_messages_per_user)


def _fit(history: Sequence[Entry], start: int, fixed: Overhead, model_window: int | None) -> int:
    """Return a later start where the messages from `start` would not fit; the last exchange always stays."""
    if model_window is None:
        return start
    room = model_window - fixed.system - fixed.tools
    weight = sum(entry.tokens for entry in history[start:])
    while weight > room:
        following = first_user_from(history, start + 1)
        if following <= start or following >= len(history):
            break
        weight -= sum(entry.tokens for entry in history[start:following])
        start = following
    return start


_STRATEGIES: Mapping[Strategy, Callable[[Sequence[Entry], MemoryPolicy], int]] = {"full": _full, "window": _window}
