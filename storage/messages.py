"""Messages: what was said in a chat, in the order of the turns it was said in. History is only ever added to."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.clock import from_us, to_us
from storage.records import Message, MessageOutline, NewMessage, Position, ToolCall, TurnOutline, storable

COLUMNS = "m.id, m.chat_id, t.id, m.role, m.text, m.tokens, m.created_at, m.tool_calls, m.tool_call_id, m.tool_name, m.raw, m.turn"
"""What `message_of` reads, over `messages m` and `turns t`."""
_MINE = (
    "FROM messages m JOIN turns t ON t.seq = m.turn "
    "JOIN chats c ON c.id = m.chat_id AND c.user_id = ? AND c.deleted_at IS NULL WHERE m.chat_id = ?"
)
_OWN = _MINE.replace(" AND c.deleted_at IS NULL", "")
"""As `_MINE`, for a turn that goes on while its chat is deleted, which can be undone."""


def add(db: Database, chat_id: str, turn_seq: int, items: Iterable[NewMessage], now: datetime) -> list[int]:
    """Append messages to a turn that the caller has checked to be the person's; return their ids, in order."""
    return [_insert(db, chat_id, turn_seq, item, to_us(now)) for item in items]


def latest(db: Database, user_id: str, chat_id: str, limit: int = 30, before_turn: int | None = None) -> list[Message]:
    """Return about the last `limit` messages of a chat of `user_id`, oldest first, only whole turns.

    `before_turn` is a turn's seq: only earlier turns are returned. The list is empty for a chat that is not the person's.
    """
    ceiling = before_turn if before_turn is not None else 1 << 62
    rows = db.execute(
        f"SELECT {COLUMNS} {_MINE} AND m.turn < ? ORDER BY m.turn DESC, m.id DESC LIMIT ?",
        (user_id, chat_id, ceiling, limit),
    ).fetchall()
    if len(rows) == limit:
        rest = db.execute(
            f"SELECT {COLUMNS} {_MINE} AND m.turn = ? AND m.id < ? ORDER BY m.id DESC",
            (user_id, chat_id, rows[-1][11], rows[-1][0]),
        )
        rows.extend(rest)
    return [message_of(row) for row in reversed(rows)]


def outline(db: Database, user_id: str, chat_id: str, turn_seq: int, limit: int) -> list[MessageOutline]:
    """Return the outlines of a chat's messages up to a turn's question, oldest first: about the last `limit`, then the question."""
    rows = db.execute(
        "SELECT m.id, m.role, m.tokens FROM messages m WHERE m.chat_id = ? AND (m.turn < ? OR (m.turn = ? AND m.role = 'user')) "
        "AND EXISTS (SELECT 1 FROM chats c WHERE c.id = m.chat_id AND c.user_id = ?) ORDER BY m.turn DESC, m.id DESC LIMIT ?",
        (chat_id, turn_seq, turn_seq, user_id, limit + 1),
    ).fetchall()
    return [MessageOutline(*row) for row in reversed(rows)]


def by_ids(db: Database, user_id: str, chat_id: str, ids: Sequence[int]) -> list[Message]:
    """Return those of the named messages that are in a chat of `user_id`, deleted or not, in no particular order."""
    marks = ",".join("?" * len(ids))
    return [message_of(row) for row in db.execute(f"SELECT {COLUMNS} {_OWN} AND m.id IN ({marks})", (user_id, chat_id, *ids))]


def following(db: Database, user_id: str, chat_id: str, after: int | None, upto_turn: int, limit: int) -> list[Message]:
    """Return the first `limit` messages of a chat of `user_id` behind the message `after` (None: all), up to a turn, oldest first."""
    rows = db.execute(
        f"SELECT {COLUMNS} {_OWN} AND m.turn <= ? AND (m.turn, m.id) > "
        "(coalesce((SELECT a.turn FROM messages a WHERE a.id = ?), 0), coalesce(?, 0)) ORDER BY m.turn, m.id LIMIT ?",
        (user_id, chat_id, upto_turn, after, after, limit),
    )
    return [message_of(row) for row in rows]


def of_turn(db: Database, user_id: str, turn_id: str) -> list[Message]:
    """Return the messages of one turn of `user_id`, in order; empty for a turn that is not the person's."""
    sql = f"SELECT {COLUMNS} FROM messages m JOIN turns t ON t.seq = m.turn WHERE t.id = ? AND t.user_id = ? ORDER BY m.id"
    return [message_of(row) for row in db.execute(sql, (turn_id, user_id))]


def recent(db: Database, user_id: str, chat_id: str, turn_seq: int, since: datetime | None = None, limit: int = 50) -> list[TurnOutline]:
    """Return the last `limit` turns of a chat before a turn, oldest first, begun at or after `since`; none for somebody else's chat.

    A turn that never began (withdrawn while it waited) counts from when it was asked; one that came in a file began elsewhere, so that
    with `since` it is left out.
    """
    begun = None if since is None else to_us(since)
    rows = db.execute(
        "SELECT t.seq, t.id, coalesce(t.started_at, t.created_at) AS began, p.body, t.model, t.summary, t.quoted "
        "FROM (SELECT DISTINCT m.turn FROM messages m WHERE m.chat_id = ? AND m.turn < ? "
        "AND EXISTS (SELECT 1 FROM chats c WHERE c.id = m.chat_id AND c.user_id = ?) ORDER BY m.turn DESC LIMIT ?) AS few "
        "JOIN turns t ON t.seq = few.turn JOIN policies p ON p.id = t.policy "
        "WHERE ? IS NULL OR (began >= ? AND t.imported IS NULL) ORDER BY t.seq",
        (chat_id, turn_seq, user_id, limit, begun, begun),
    ).fetchall()
    said = _outlines(db, chat_id, rows[0][0], turn_seq) if rows else {}
    return [
        TurnOutline(row[0], row[1], from_us(row[2]), row[3], tuple(said.get(row[0], ())), row[4], row[5], ids_of(row[6])) for row in rows
    ]


def position(db: Database, user_id: str, chat_id: str, turn_seq: int) -> Position:
    """Return how many messages, and tokens, of a chat of `user_id` lie before a turn; the work grows with later messages only."""
    row = db.execute(
        "SELECT c.message_count - count(m.id), c.token_count - coalesce(sum(m.tokens), 0) FROM chats c "
        "LEFT JOIN messages m ON m.chat_id = c.id AND m.turn >= ? WHERE c.id = ? AND c.user_id = ? GROUP BY c.id",
        (turn_seq, chat_id, user_id),
    ).fetchone()
    return Position(0, 0) if row is None else Position(*row)


def size(db: Database, user_id: str, chat_id: str) -> tuple[int, int]:
    """Return how many messages a chat of `user_id` holds, and their tokens, as a trigger has counted them."""
    sql = "SELECT message_count, token_count FROM chats WHERE id = ? AND user_id = ? AND deleted_at IS NULL"
    row = db.execute(sql, (chat_id, user_id)).fetchone()
    return (0, 0) if row is None else (row[0], row[1])


def ids_of(packed: str | None) -> tuple[int, ...]:
    """Return message ids that stand in a column as JSON."""
    return tuple(json.loads(packed)) if packed else ()


def _outlines(db: Database, chat_id: str, from_turn: int, before_turn: int) -> dict[int, list[MessageOutline]]:
    """Return the outlines of the messages of some turns of a chat that the caller has checked, by turn."""
    sql = "SELECT turn, id, role, tokens FROM messages WHERE chat_id = ? AND turn >= ? AND turn < ? ORDER BY turn, id"
    found: dict[int, list[MessageOutline]] = {}
    for turn, *rest in db.execute(sql, (chat_id, from_turn, before_turn)):
        found.setdefault(turn, []).append(MessageOutline(*rest))
    return found


def _insert(db: Database, chat_id: str, turn_seq: int, item: NewMessage, now_us: int) -> int:
    calls = json.dumps([[c.id, c.name, c.args] for c in item.tool_calls]) if item.tool_calls else None
    cursor = db.execute(
        "INSERT INTO messages(chat_id, turn, role, text, tokens, created_at, tool_calls, tool_call_id, tool_name, raw) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            chat_id,
            turn_seq,
            item.role,
            storable(item.text),
            item.tokens,
            now_us,
            calls,
            item.tool_call_id,
            item.tool_name,
            None if item.raw is None else storable(item.raw),
        ),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def message_of(row: Any) -> Message:
    """Return the Message of a row that begins with COLUMNS."""
    calls = tuple(ToolCall(*call) for call in json.loads(row[7])) if row[7] else ()
    return Message(row[0], row[1], row[2], row[3], row[4], row[5], from_us(row[6]), calls, row[8], row[9], row[10])
