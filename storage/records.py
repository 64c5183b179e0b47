"""What storage hands out: plain, frozen values that know nothing of SQL."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

Role = Literal["learner", "instructor"]
Speaker = Literal["user", "assistant", "tool"]
TurnStatus = Literal["queued", "running", "done", "failed", "stopped", "interrupted"]
Outcome = Literal["ok", "error", "stopped", "timeout", "interrupted"]
Source = Literal["provider", "estimate"]

NANO = Decimal(10) ** 9


class NotFound(LookupError):
    """The thing does not exist, is deleted, or belongs to somebody else: callers cannot tell which."""


def new_id() -> str:
    """Return a random id of 22 url-safe characters (128 bits)."""
    return secrets.token_urlsafe(16)


def storable(text: str) -> str:
    """Return `text` with half characters (lone surrogates, which SQLite cannot keep) as question marks."""
    return text.encode("utf-8", "replace").decode()


def dollars(nano: int | None) -> Decimal | None:
    """Return nano-dollars, as SQLite keeps money, as dollars; None stays None (unpriced)."""
    return None if nano is None else Decimal(nano) / NANO


def nano_dollars(amount: Decimal | None) -> int | None:
    """Return dollars as whole nano-dollars; None stays None. `amount` has been rounded by agent.pricing."""
    return None if amount is None else int(amount * NANO)


@dataclass(frozen=True, slots=True)
class User:
    """A person who can log in."""

    id: str
    username: str
    display_name: str
    role: Role
    is_demo: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation of one person."""

    id: str
    user_id: str
    title: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool call that the model asked for."""

    id: str
    name: str
    args: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat, with the tokens it was counted at when it was written."""

    id: int
    chat_id: str
    turn_id: str
    role: Speaker
    text: str
    tokens: int
    created_at: datetime
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None
    tool_name: str | None = None
    raw: str | None = None
    """The provider's own form of the message as JSON, kept only where `text` and `tool_calls` would lose something."""


@dataclass(frozen=True, slots=True)
class MessageOutline:
    """What planning a context needs to know of a message."""

    id: int
    role: Speaker
    tokens: int


@dataclass(frozen=True, slots=True)
class TurnOutline:
    """What replaying a turn needs to know of it."""

    seq: int
    id: str
    started_at: datetime
    policy: str
    messages: tuple[MessageOutline, ...]
    model: str = ""
    summary_id: int | None = None
    quoted: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Position:
    """What of a chat lies before a turn."""

    messages: int
    tokens: int


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message before it is stored."""

    role: Speaker
    text: str
    tokens: int
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None
    tool_name: str | None = None
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and everything that was done to answer it."""

    seq: int
    id: str
    chat_id: str
    user_id: str
    status: TurnStatus
    model: str
    policy: str
    timezone: str
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error: str | None = None
    """What went wrong, or what else there is to say about the answer."""
    sent_messages: int | None = None
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    cost: Decimal | None = None
    """None while the turn runs, and when a call of it has no known price."""
    estimated: bool = False
    first_token_ms: int | None = None
    duration_ms: int | None = None
    login_id: str | None = None
    """Which login asked, so that a key of that login's own can be used; it is not the key."""
    summary_id: int | None = None
    """The summary that was sent."""
    quoted: tuple[int, ...] = ()
    """The messages that were quoted beside the window: pinned or looked up."""
    imported: bool = False
    """Whether it came in a file: then it ran, and was billed, elsewhere."""


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One request to a model, as it ended."""

    turn_id: str
    chat_id: str
    user_id: str
    purpose: str
    model: str
    priced_as: str | None
    tokens_in: int
    tokens_cached: int
    tokens_out: int
    tokens_reasoning: int
    cost: Decimal | None
    source: Source
    outcome: Outcome
    attempt: int
    first_token_ms: int | None
    duration_ms: int
    finish_reason: str | None
    started_at: datetime
    price: str | None = None
    """The rates applied, in dollars a million tokens: input/cached/output."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Model calls added up."""

    turns: int
    calls: int
    tokens_in: int
    tokens_cached: int
    tokens_out: int
    cost: Decimal
    unpriced_calls: int
    estimated_calls: int


@dataclass(frozen=True, slots=True)
class WellnessEntry:
    """One meal or workout in a person's log."""

    id: int
    kind: Literal["food", "workout"]
    name: str
    amount: float
    unit: Literal["kcal", "min"]
    day: str
    created_at: datetime
