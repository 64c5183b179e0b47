"""Pins: messages that a person wants sent with every question of the chat."""

from datetime import datetime

from sqlite_utils import Database

from storage import messages
from storage.clock import to_us
from storage.records import Message, NotFound

MAX_PINS = 20
"""Pinned messages in one chat."""


class TooManyPins(Exception):
    """The chat has `limit` pinned messages already."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} pinned")
        self.limit = limit


def pin(db: Database, user_id: str, message_id: int, now: datetime) -> None:
    """Pin a message of a person or of the agent; a second time changes nothing.

    Raises NotFound when it is unknown, empty, a tool's, or in a chat that is deleted or somebody else's; TooManyPins when the chat is full.
    """
    chat_id = _chat_of(db, user_id, message_id)
    pinned = {row[0] for row in db.execute("SELECT message_id FROM pins WHERE chat_id = ?", (chat_id,))}
    if message_id in pinned:
        return
    if len(pinned) >= MAX_PINS:
        raise TooManyPins(MAX_PINS)
    db.execute("INSERT INTO pins(message_id, chat_id, created_at) VALUES (?, ?, ?)", (message_id, chat_id, to_us(now)))


def unpin(db: Database, user_id: str, message_id: int) -> None:
    """Take a pin back; one that is not there stays away. Raises NotFound as `pin` does."""
    _chat_of(db, user_id, message_id)
    db.execute("DELETE FROM pins WHERE message_id = ?", (message_id,))


def of_chat(db: Database, user_id: str, chat_id: str) -> list[Message]:
    """Return the pinned messages of a chat of `user_id`, in the order they were said."""
    ids = [row[0] for row in db.execute("SELECT message_id FROM pins WHERE chat_id = ?", (chat_id,))]
    return sorted(messages.by_ids(db, user_id, chat_id, ids), key=lambda message: message.id) if ids else []


def _chat_of(db: Database, user_id: str, message_id: int) -> str:
    row = db.execute(
        "SELECT c.id FROM messages m JOIN chats c ON c.id = m.chat_id "
        "WHERE m.id = ? AND c.user_id = ? AND c.deleted_at IS NULL AND m.role <> 'tool' AND m.text <> ''",
        (message_id, user_id),
    ).fetchone()
    if row is None:
        raise NotFound("message")
    chat_id: str = row[0]
    return chat_id
