"""Finding old messages by what a question is about: SQLite's own full-text index, no model and no download.

The index is kept by triggers (see the migration `m004_memory`). A question is never handed to MATCH as it is: its words are quoted, its
stop words dropped, the rest joined by OR. Every search names the person inside MATCH, so that it walks through nobody else's messages,
and again in the WHERE, which is what decides.
"""

import re
from collections.abc import Collection
from typing import Any

from sqlite_utils import Database

from storage import messages
from storage.records import Message

MAX_WORDS = 40
"""Words of a question that are looked for; a long text says what it is about in fewer."""
_STOP_WORDS = """
a about after all am an and any are as at be been before but by can could did do does doing for from had has have he her him his how
i if in into is it its just me more most my no not of on or our she should so some than that the their them then there these they
this those to too up us was we were what when where which who whom why will with would you your yours mine again ever tell told say
said know remember mention mentioned don doesn didn isn wasn s t re ve ll d m
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
_WORD = re.compile(r"[^\W_]+")


def match_query(question: str) -> str | None:
    """Return a question as an FTS5 query over the columns of what was said; None when nothing in it can be looked for."""
    words = list(dict.fromkeys(word for word in _WORD.findall(question.lower()) if word not in STOP_WORDS))[:MAX_WORDS]
    return " OR ".join(f'"{word}"' for word in words) or None


def find(
    db: Database,
    user_id: str,
    chat_id: str,
    question: str,
    limit: int,
    *,
    across_chats: bool = False,
    before_turn: int | None = None,
    exclude: Collection[int] = (),
) -> list[Message]:
    """Return the messages of `user_id` that a question is most likely about, the most relevant first.

    Only of this chat, or of all of the person's chats that are not deleted; only of turns before `before_turn`; none of `exclude`.
    """
    words = match_query(question)
    if words is None or limit < 1:
        return []
    owner = "u" + user_id.encode().hex() if across_chats else "c" + chat_id.encode().hex()
    rows = db.execute(
        f"SELECT {messages.COLUMNS} FROM message_search s JOIN messages m ON m.id = s.rowid JOIN turns t ON t.seq = m.turn "
        "JOIN chats c ON c.id = m.chat_id WHERE s.message_search MATCH ? AND c.user_id = ? AND c.deleted_at IS NULL "
        "AND (? OR m.chat_id = ?) AND m.turn < ? ORDER BY bm25(s.message_search, 1.0, 0.4, 0.5, 0.0) LIMIT ?",
        _values(owner, words, user_id, across_chats, chat_id, before_turn, limit + len(exclude)),
    )
    return [message for message in map(messages.message_of, rows) if message.id not in exclude][:limit]


def _values(owner: str, words: str, user_id: str, across_chats: bool, chat_id: str, before_turn: int | None, limit: int) -> tuple[Any, ...]:
    query = f'(owner : "{owner}") AND ({{text context days}} : ({words}))'
    return (query, user_id, across_chats, chat_id, 1 << 62 if before_turn is None else before_turn, limit)
