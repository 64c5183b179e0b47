"""A whole chat as it leaves in a file and as it comes in from one.

What comes in becomes a new chat of whoever brings it. Its turns ran and were billed elsewhere, so the model calls behind them are kept on
the turn's own row, in `turns.imported`, and are no rows of `model_calls`: no bill and no total counts them.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlite_utils import Database

from storage import chats, messages, model_calls, policies, turns
from storage.clock import to_us
from storage.policies import PolicyLocked
from storage.records import Chat, Message, ModelCall, NewMessage, Turn, TurnStatus, nano_dollars, new_id

_ALL = 1 << 60
_IN_CHAT = "t.seq IN (SELECT m.turn FROM messages m WHERE m.chat_id = ?) AND t.user_id = ?"
_AT_ONCE = 500
"""Turns that are named in one statement."""


@dataclass(frozen=True, slots=True)
class PastTurn:
    """A turn that is over, with what was said in it and the model calls behind it."""

    turn: Turn
    messages: Sequence[Message]
    calls: Sequence[ModelCall]


@dataclass(frozen=True, slots=True)
class Transcript:
    """A chat with everything in it but what is still being answered."""

    chat: Chat
    policy: str | None
    """The policy of its own, None when it has none."""
    turns: Sequence[PastTurn]


@dataclass(frozen=True, slots=True)
class NewTurn:
    """A turn that ran elsewhere, before it is stored. Whose its calls are, and of which turn, is not looked at."""

    status: TurnStatus
    model: str
    policy: str
    timezone: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime
    error: str | None
    sent_messages: int | None
    first_token_ms: int | None
    duration_ms: int | None
    messages: Sequence[NewMessage]
    calls: Sequence[ModelCall]


def read(db: Database, user_id: str, chat_id: str) -> Transcript:
    """Return a chat of `user_id` with all turns that are over. Raises NotFound when it is deleted, unknown or somebody else's."""
    chat = chats.get(db, user_id, chat_id)
    said: dict[str, list[Message]] = {}
    for message in messages.latest(db, user_id, chat_id, _ALL):
        said.setdefault(message.turn_id, []).append(message)
    names = list(said)
    found: dict[str, Turn] = {}
    for start in range(0, len(names), _AT_ONCE):
        found |= turns.for_messages(db, user_id, chat_id, names[start : start + _AT_ONCE])
    calls = model_calls.of_chat(db, user_id, chat_id) | _calls_elsewhere(db, _IN_CHAT, (chat_id, user_id))
    past = [PastTurn(found[name], said[name], calls.get(name, ())) for name in names if found[name].status not in ("queued", "running")]
    return Transcript(chat, policies.own(db, user_id, chat_id).chat, past)


def calls_elsewhere(db: Database, user_id: str, turn_id: str) -> list[ModelCall]:
    """Return the calls behind an imported turn of `user_id`; none for a turn that ran here, which has them in `model_calls`."""
    return _calls_elsewhere(db, "t.id = ? AND t.user_id = ?", (turn_id, user_id)).get(turn_id, [])


def add(db: Database, user_id: str, title: str, policy: str | None, past: Sequence[NewTurn], now: datetime) -> Chat:
    """Store a new chat of `user_id` with these turns, and return it.

    `policy` becomes the chat's own where the instructor allows that; where not, the class's holds, as in any new chat.
    """
    chat = chats.create(db, user_id, title, now)
    if policy is not None:
        with suppress(PolicyLocked):
            policies.set_for_chat(db, user_id, chat.id, policy)
    for turn in past:
        seq = _insert(db, chat, turn)
        messages.add(db, chat.id, seq, turn.messages[:1], turn.created_at)
        messages.add(db, chat.id, seq, turn.messages[1:], turn.finished_at)
    return chat


def _insert(db: Database, chat: Chat, turn: NewTurn) -> int:
    costs = [call.cost for call in turn.calls if call.cost is not None]
    cost = sum(costs, Decimal(0)) if len(costs) == len(turn.calls) else None
    cursor = db.execute(
        "INSERT INTO turns(id, chat_id, user_id, status, model, policy, timezone, created_at, started_at, finished_at, error, "
        "sent_messages, first_token_ms, duration_ms, tokens_in, tokens_cached, tokens_out, cost_nano, estimated, imported) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(new_id(), chat.id, chat.user_id, turn.status, turn.model, policies.keep(db, turn.policy), turn.timezone),
            *(to_us(turn.created_at), None if turn.started_at is None else to_us(turn.started_at), to_us(turn.finished_at), turn.error),
            *(turn.sent_messages, turn.first_token_ms, turn.duration_ms, sum(call.tokens_in for call in turn.calls)),
            *(sum(call.tokens_cached for call in turn.calls), sum(call.tokens_out for call in turn.calls), nano_dollars(cost)),
            any(call.source == "estimate" for call in turn.calls),
            json.dumps([model_calls.values_of(call) for call in turn.calls]),
        ),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _calls_elsewhere(db: Database, where: str, values: tuple[str, str]) -> dict[str, list[ModelCall]]:
    rows = db.execute(f"SELECT t.id, t.chat_id, t.user_id, t.imported FROM turns t WHERE {where} AND t.imported IS NOT NULL", values)
    return {turn: [model_calls.call_of([turn, chat, user, *kept]) for kept in json.loads(packed)] for turn, chat, user, packed in rows}
