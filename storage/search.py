"""Finding old messages by what a question is about: SQLite's own full-text index, no model and no download.

The index is kept by triggers (see the migration `m004_memory`). A question is never handed to MATCH as it is. Each of its words is looked
for on its own, in what was said, in the two messages before it and, at a lower weight, by the words it may have been told in; a word
counts the more, the fewer of the person's messages have it. SQLite's bm25() is not used: it counts in how many of everybody's messages a
word is, which is slow, and a person's results would hang on what others write. Every MATCH names the person or the chat, so that it
walks through nobody else's messages, and what is returned is checked again by the WHERE, which is what decides.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from storage import messages
from storage.leaning import leaning, wish_of
from storage.records import Message
from storage.wording import DAY_WORDS, kin, words_of

BEFORE = 0.5
"""The weight of a word in the two messages before, against 1 in the message itself."""
KIN = 0.8
"""The weight of a word of the thesaurus, against 1 for the question's own."""
DAY = 0.3
"""The weight of a weekday's or month's name that fits the day on which something was said."""
SHARPNESS = 1.3
"""How much more a rare word counts than a frequent one: the power of its inverse document frequency."""
WIDENED = 4
"""How many of a question's words, the rarest, are also looked for in the messages before and by their kin."""
RELATED = 16
"""Words of the thesaurus that are looked for in place of one."""
COMMON = 0.05
"""The share of messages from which on a word is too frequent for that."""
POOL = 40
"""The fewest candidates that are looked at as a whole."""

Scores = dict[int, float]


@dataclass(frozen=True, slots=True)
class _Field:
    """Where is searched: one chat or all of a person's, and about how many messages that is."""

    db: Database
    owner: str
    size: int

    def having(self, column: str, phrases: Sequence[str]) -> list[int]:
        """Return the messages in whose `column` one of the phrases is."""
        quoted = " OR ".join(f'"{phrase}"' for phrase in phrases)
        query = f'owner : "{self.owner}" AND {column} : ({quoted})'
        return [row[0] for row in self.db.execute("SELECT rowid FROM message_search WHERE message_search MATCH ?", (query,))]

    def rarity(self, found: int) -> float:
        """Return what a word that is in `found` messages says."""
        return float(math.log(1 + (max(self.size, found) - found + 0.5) / (found + 0.5)) ** SHARPNESS)

    def is_telling(self, found: int) -> bool:
        """Say whether a word that is in `found` messages is rare enough to be looked for further."""
        return found <= COMMON * self.size + 10


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

    Only of this chat, or of all of the person's chats that are not deleted; only of turns before `before_turn`; none of `exclude`. Fewer
    than `limit` when no more have anything to do with the question; none when there is no word in it to look for.
    """
    words = words_of(question)
    if not words or limit < 1:
        return []
    scores = _scores(_field(db, user_id, chat_id, across_chats), words)
    ranked = sorted((key for key in scores if key not in exclude), reverse=True)
    ranked.sort(key=scores.__getitem__, reverse=True)
    whose = (user_id, across_chats, chat_id, 1 << 62 if before_turn is None else before_turn)
    wish = wish_of(question)
    found = [(scores[message.id] * leaning(wish, message), message) for message in _pool(db, ranked, whose, max(POOL, 2 * limit))]
    found.sort(key=lambda each: (each[0], each[1].id), reverse=True)
    return [message for _, message in found[:limit]]


def _field(db: Database, user_id: str, chat_id: str, across_chats: bool) -> _Field:
    """Return where to search; `owner` is written as the index writes it."""
    if across_chats:
        row = db.execute("SELECT coalesce(sum(message_count), 0) FROM chats WHERE user_id = ?", (user_id,)).fetchone()
        return _Field(db, "u" + user_id.encode().hex(), row[0])
    size, _ = messages.size(db, user_id, chat_id)
    return _Field(db, "c" + chat_id.encode().hex(), size)


def _scores(field: _Field, words: Sequence[str]) -> Scores:
    """Return what each message has in common with a question, over all of its words."""
    said = {word: field.having("text", [word]) for word in words}
    scores: Scores = {}
    for place, word in enumerate(sorted(words, key=lambda word: len(said[word]))):
        wide = place < WIDENED and field.is_telling(len(said[word]))
        for key, score in _of_word(field, word, said[word], wide).items():
            scores[key] = scores.get(key, 0.0) + score
    return scores


def _of_word(field: _Field, word: str, said: Sequence[int], wide: bool) -> Scores:
    """Return what each message has of one word of a question: the most that it has it by, not all of it together."""
    rarity = field.rarity(len(said))
    scores: Scores = dict.fromkeys(said, rarity)
    if wide:
        _raise(scores, field.having("context", [word]), BEFORE * rarity)
        if related := kin(word)[:RELATED]:
            _add_kin(field, related, len(said), scores)
    if word in DAY_WORDS:
        days = field.having("days", [word])
        for key in days:
            scores[key] = scores.get(key, 0.0) + DAY * field.rarity(len(days))
    return scores


def _add_kin(field: _Field, related: Sequence[str], as_often: int, scores: Scores) -> None:
    told = field.having("text", related)
    rarity = KIN * field.rarity(len(told) + as_often)
    _raise(scores, told, rarity)
    if field.is_telling(len(told)):
        _raise(scores, field.having("context", related), BEFORE * rarity)


def _raise(scores: Scores, keys: Sequence[int], score: float) -> None:
    """Give each message at least this score."""
    for key in keys:
        if scores.get(key, 0.0) < score:
            scores[key] = score


def _pool(db: Database, ranked: Sequence[int], whose: tuple[str, bool, str, int], enough: int) -> list[Message]:
    """Return the first `enough` of the ranked messages that the person may be shown here, in no order."""
    pool: list[Message] = []
    for start in range(0, len(ranked), enough):
        some = ranked[start : start + enough]
        rows = db.execute(
            f"SELECT {messages.COLUMNS} FROM messages m JOIN turns t ON t.seq = m.turn JOIN chats c ON c.id = m.chat_id "
            f"WHERE m.id IN ({','.join('?' * len(some))}) AND c.user_id = ? AND c.deleted_at IS NULL "
            "AND (? OR m.chat_id = ?) AND m.turn < ?",
            (*some, *whose),
        )
        pool.extend(messages.message_of(row) for row in rows)
        if len(pool) >= enough:
            break
    return pool
