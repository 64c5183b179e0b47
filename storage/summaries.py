"""Summaries: checkpoints on a message, each standing for everything up to it. The messages themselves stay.

A summary is begun before its model call and finished or failed after it, so that a crash leaves a row that says what was under way. At
most one of a chat is written at a time. The text of a failure is kept apart and never becomes memory.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.clock import from_us, to_us
from storage.records import NotFound, storable

_COLUMNS = "s.id, s.chat_id, s.turn, s.message_id, s.text, s.tokens, s.created_at"
_MINE = "FROM summaries s JOIN chats c ON c.id = s.chat_id AND c.user_id = ?"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A summary that may be sent."""

    id: int
    chat_id: str
    turn_seq: int
    """The turn after which it was written; only later turns use it."""
    message_id: int
    """The last message that is folded into it."""
    text: str
    tokens: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the last summary of a chat was not written."""

    error: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A summary that some process is writing, or was when it died."""

    id: int
    chat_id: str
    user_id: str
    turn_seq: int
    turn_id: str
    message_id: int
    owner: str
    estimated_in: int
    created_at: datetime


def latest(db: Database, user_id: str, chat_id: str, before_turn: int | None = None) -> Checkpoint | None:
    """Return the newest good checkpoint of a chat of `user_id` that was written after a turn before `before_turn`."""
    row = db.execute(
        f"SELECT {_COLUMNS} {_MINE} WHERE s.chat_id = ? AND s.status = 'done' AND s.turn < ? ORDER BY s.turn DESC, s.id DESC LIMIT 1",
        (user_id, chat_id, 1 << 62 if before_turn is None else before_turn),
    ).fetchone()
    return None if row is None else _checkpoint(row)


def get(db: Database, user_id: str, checkpoint_id: int) -> Checkpoint:
    """Return one good checkpoint. Raises NotFound when it is unknown, not good or somebody else's."""
    row = db.execute(f"SELECT {_COLUMNS} {_MINE} WHERE s.id = ? AND s.status = 'done'", (user_id, checkpoint_id)).fetchone()
    if row is None:
        raise NotFound("summary")
    return _checkpoint(row)


def begin(
    db: Database, user_id: str, chat_id: str, turn_seq: int, message_id: int, owner: str, estimated_in: int, now: datetime
) -> int | None:
    """Note that a summary up to a message is being written by `owner`; return its id, None when one of the chat is already.

    Raises NotFound unless chat, turn and message belong together and to `user_id`.
    """
    belongs = db.execute(
        "SELECT 1 FROM chats c JOIN turns t ON t.chat_id = c.id JOIN messages m ON m.chat_id = c.id "
        "WHERE c.id = ? AND c.user_id = ? AND t.seq = ? AND m.id = ?",
        (chat_id, user_id, turn_seq, message_id),
    ).fetchone()
    if belongs is None:
        raise NotFound("chat")
    cursor = db.execute(
        "INSERT INTO summaries(chat_id, turn, message_id, status, owner, estimated_in, created_at) VALUES (?, ?, ?, 'running', ?, ?, ?) "
        "ON CONFLICT DO NOTHING",
        (chat_id, turn_seq, message_id, owner, estimated_in, to_us(now)),
    )
    return cursor.lastrowid if cursor.rowcount else None


def finish(db: Database, summary_id: int, text: str, tokens: int, now: datetime) -> bool:
    """Keep a summary that was begun; False when it is not being written any more."""
    sql = "UPDATE summaries SET status = 'done', text = ?, tokens = ?, finished_at = ? WHERE id = ? AND status = 'running'"
    return db.execute(sql, (storable(text), tokens, to_us(now), summary_id)).rowcount == 1


def fail(db: Database, summary_id: int, error: str, now: datetime) -> bool:
    """Close a summary that was begun and could not be written; False when it is not being written any more."""
    sql = "UPDATE summaries SET status = 'failed', error = ?, finished_at = ? WHERE id = ? AND status = 'running'"
    return db.execute(sql, (storable(error), to_us(now), summary_id)).rowcount == 1


def last_failure(db: Database, user_id: str, chat_id: str) -> Failure | None:
    """Return why the last summary of a chat of `user_id` failed; None when it did not, or none was tried."""
    row = db.execute(
        f"SELECT s.status, s.error, s.finished_at {_MINE} WHERE s.chat_id = ? AND s.status <> 'running' "
        "ORDER BY s.turn DESC, s.id DESC LIMIT 1",
        (user_id, chat_id),
    ).fetchone()
    return Failure(row[1], from_us(row[2])) if row is not None and row[0] == "failed" else None


def running(db: Database) -> list[Unfinished]:
    """Return every summary that is being written, for the process that looks after crashed ones."""
    rows = db.execute(
        "SELECT s.id, s.chat_id, c.user_id, s.turn, t.id, s.message_id, s.owner, s.estimated_in, s.created_at FROM summaries s "
        "JOIN chats c ON c.id = s.chat_id JOIN turns t ON t.seq = s.turn WHERE s.status = 'running' ORDER BY s.id"
    )
    return [Unfinished(*_timed(row, 8)) for row in rows]


def _checkpoint(row: Any) -> Checkpoint:
    return Checkpoint(*_timed(row, 6))


def _timed(row: Any, place: int) -> list[Any]:
    """Return the fields of a row with the instant at `place` as one."""
    return [*row[:place], from_us(row[place]), *row[place + 1 :]]
