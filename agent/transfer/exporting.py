"""Writing one's own chat to a file, in the form that `form` describes.

What is still being answered is left out. So is the provider's own form of a message, which only the provider that wrote it reads; its
text and its tool calls go along. Tool calls are numbered through, so that no id of this database leaves it.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

from sqlite_utils import Database

from agent.transfer.form import FORMAT, MAX_DEPTH, MAX_WHOLE, VERSION
from storage import transfer
from storage.records import Message, ModelCall, Turn
from storage.transfer import PastTurn, Transcript

_NAME = 40


def export(db: Database, user_id: str, chat_id: str, now: datetime) -> bytes:
    """Return a chat of `user_id` as a file. Raises NotFound when it is deleted, unknown or somebody else's."""
    content = _file(transfer.read(db, user_id, chat_id), now)
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1).encode()


def file_name(title: str, now: datetime) -> str:
    """Return a name for the file that every system takes: `tideline-lunch-plans-2026-11-21.json`."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower())[:_NAME].strip("-")
    return f"tideline-{words or 'chat'}-{now.date().isoformat()}.json"


def _file(transcript: Transcript, now: datetime) -> dict[str, Any]:
    numbers = count(1)
    past = transcript.turns
    return {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": now.isoformat(),
        "title": transcript.chat.title,
        "timezone": past[-1].turn.timezone if past else "UTC",
        "policy": None if transcript.policy is None else json.loads(transcript.policy),
        "turns": [_turn(each, numbers) for each in past],
    }


def _turn(past: PastTurn, numbers: Iterator[int]) -> dict[str, Any]:
    turn = past.turn
    return {
        **_times(turn),
        "status": turn.status,
        "error": turn.error,
        "model": turn.model,
        "timezone": turn.timezone,
        "policy": json.loads(turn.policy),
        "sent_messages": turn.sent_messages,
        "first_token_ms": turn.first_token_ms,
        "duration_ms": turn.duration_ms,
        "cost": _dollars(turn.cost),
        "imported": turn.imported,
        "messages": list(_messages(past.messages, numbers)),
        "calls": [_call(call) for call in past.calls],
    }


def _times(turn: Turn) -> dict[str, str | None]:
    """Return the turn's times, each at or after the one before, also where the clock was set back in between."""
    started = None if turn.started_at is None else max(turn.created_at, turn.started_at)
    finished = max(started or turn.created_at, turn.finished_at or turn.created_at)
    return {
        "created_at": turn.created_at.isoformat(),
        "started_at": None if started is None else started.isoformat(),
        "finished_at": finished.isoformat(),
    }


def _messages(said: Iterable[Message], numbers: Iterator[int]) -> Iterator[dict[str, Any]]:
    names: dict[str, str] = {}
    for message in said:
        content: dict[str, Any] = {"role": message.role, "text": message.text, "tokens": message.tokens}
        if message.tool_calls:
            names = {call.id: f"call-{next(numbers)}" for call in message.tool_calls}
            content["tool_calls"] = [{"id": names[call.id], "name": call.name, "args": fitting(call.args)} for call in message.tool_calls]
        if message.role == "tool":
            content |= {"tool_call_id": names.get(message.tool_call_id or "", ""), "tool_name": message.tool_name}
        yield content


def _call(call: ModelCall) -> dict[str, Any]:
    return {
        "purpose": call.purpose,
        "model": call.model,
        "priced_as": call.priced_as,
        "price": call.price,
        "tokens_in": call.tokens_in,
        "tokens_cached": call.tokens_cached,
        "tokens_out": call.tokens_out,
        "tokens_reasoning": call.tokens_reasoning,
        "cost": _dollars(call.cost),
        "source": call.source,
        "outcome": call.outcome,
        "attempt": call.attempt,
        "first_token_ms": call.first_token_ms,
        "duration_ms": call.duration_ms,
        "started_at": call.started_at.isoformat(),
    }


def fitting(value: Any, depth: int = 0) -> Any:
    """Return a tool's argument as the form can hold it: what a model made up that JSON has no word for becomes null, or text."""
    match value:
        case dict() | list() if depth >= MAX_DEPTH:
            return None
        case dict():
            return {key: fitting(each, depth + 1) for key, each in value.items()}
        case list():
            return [fitting(each, depth + 1) for each in value]
        case float() if not math.isfinite(value):
            return None
        case int() if abs(value) > MAX_WHOLE:
            return str(value)
    return value


def _dollars(cost: Decimal | None) -> str | None:
    return None if cost is None else format(cost, "f")
