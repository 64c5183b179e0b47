"""Chats: a person's conversations. Deleting hides a chat and can be undone; nothing here reads messages."""

from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.clock import from_us, to_us
from storage.records import Chat, NotFound, new_id, storable

MAX_TITLE = 80
NEW_TITLE = "New chat"
_COLUMNS = "id, user_id, title, created_at, updated_at"


def create(db: Database, user_id: str, title: str, now: datetime) -> Chat:
    """Store a new chat of `user_id` and return it."""
    row = (new_id(), user_id, tidy_title(title), to_us(now), to_us(now))
    db.execute(f"INSERT INTO chats({_COLUMNS}) VALUES (?, ?, ?, ?, ?)", row)
    return _chat(row)


def list_chats(db: Database, user_id: str, limit: int = 50) -> list[Chat]:
    """Return the newest `limit` chats of `user_id`, last used first."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM chats WHERE user_id = ? AND deleted_at IS NULL ORDER BY updated_at DESC, id LIMIT ?",
        (user_id, limit),
    )
    return [_chat(row) for row in rows]


def get(db: Database, user_id: str, chat_id: str) -> Chat:
    """Return one chat. Raises NotFound when it is deleted, unknown or somebody else's."""
    row = db.execute(f"SELECT {_COLUMNS} FROM chats WHERE id = ? AND user_id = ? AND deleted_at IS NULL", (chat_id, user_id)).fetchone()
    return _chat(_found(row))


def rename(db: Database, user_id: str, chat_id: str, title: str, now: datetime) -> Chat:
    """Give a chat another title (cut to 80 characters) and return it. Raises NotFound as `get` does."""
    get(db, user_id, chat_id)
    db.execute("UPDATE chats SET title = ? WHERE id = ? AND user_id = ?", (tidy_title(title), chat_id, user_id))
    return get(db, user_id, chat_id)


def delete(db: Database, user_id: str, chat_id: str, now: datetime) -> None:
    """Hide a chat; `restore` brings it back. Raises NotFound as `get` does."""
    get(db, user_id, chat_id)
    db.execute("UPDATE chats SET deleted_at = ? WHERE id = ? AND user_id = ?", (to_us(now), chat_id, user_id))


def restore(db: Database, user_id: str, chat_id: str) -> Chat:
    """Bring a deleted chat back and return it. Raises NotFound when it never was this person's."""
    db.execute("UPDATE chats SET deleted_at = NULL WHERE id = ? AND user_id = ?", (chat_id, user_id))
    return get(db, user_id, chat_id)


def tidy_title(title: str) -> str:
    """Return `title` on one line, cut to 80 characters; the title of a new chat when nothing is left."""
    line = storable(" ".join(title.split()))
    return (line if len(line) <= MAX_TITLE else line[: MAX_TITLE - 1].rstrip() + "…") or NEW_TITLE


def _chat(row: Any) -> Chat:
    return Chat(row[0], row[1], row[2], from_us(row[3]), from_us(row[4]))


def _found(row: Any) -> Any:
    if row is None:
        raise NotFound("chat")
    return row
