"""Finding old messages by what they mean: the vectors that an embedding model made of them, kept in SQLite, compared with NumPy.

Off unless TIDELINE_EMBEDDINGS names a model; then this stands beside `storage.search`. A vector is float32, little-endian and of length
one, so that one product with a question's vector ranks all of a person's messages. Which messages those are is asked of the database in
every search; the `Shelf` only saves reading their vectors again, which takes 70 ms for 10,000 messages.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from storage import messages
from storage.records import Message

_FLOAT = np.dtype("<f4")
_MINE = "FROM chats c JOIN messages m ON m.chat_id = c.id"
_WHERE = "WHERE c.user_id = ? AND c.deleted_at IS NULL AND (? OR c.id = ?)"
_SCOPE = f"{_MINE} JOIN message_vectors v INDEXED BY message_vectors_model ON v.message_id = m.id AND v.model = ? {_WHERE} AND m.turn < ?"
"""By an index that holds all of it: beside the vectors themselves, 10,000 rows would be 10,000 pages of the file."""
_KEPT_BYTES = 128_000_000
_FIRST_ROWS = 256

Key = tuple[int, int]
"""A message's id and its turn's number: turns' numbers are never used again, so neither is this."""


def pack(values: Iterable[float]) -> bytes:
    """Return a vector as it is kept, brought to length one. Raises ValueError when it holds no numbers or not only numbers."""
    vector = np.fromiter(values, np.float64)
    if not vector.size or not np.isfinite(vector).all():
        raise ValueError("not a vector")
    length = np.linalg.norm(vector)
    return (vector / length if length else vector).astype(_FLOAT).tobytes()


def missing(db: Database, user_id: str, chat_id: str, model: str, limit: int, *, across_chats: bool = False) -> list[Message]:
    """Return the newest messages of `user_id` that `model` has made no vector of: of this chat, or of all chats not deleted."""
    rows = db.execute(
        f"WITH few AS MATERIALIZED (SELECT m.id, m.turn {_MINE} {_WHERE} AND NOT EXISTS "
        "(SELECT 1 FROM message_vectors v INDEXED BY message_vectors_model WHERE v.message_id = m.id AND v.model = ?)) "
        f"SELECT {messages.COLUMNS} FROM few JOIN messages m ON m.id = few.id JOIN turns t ON t.seq = m.turn "
        "WHERE m.role <> 'tool' AND trim(m.text, char(9, 10, 13, 32)) <> '' ORDER BY few.turn DESC, few.id DESC LIMIT ?",
        (user_id, across_chats, chat_id, model, limit),
    )
    return [messages.message_of(row) for row in rows]


def add(db: Database, user_id: str, model: str, vectors: Iterable[tuple[int, bytes]]) -> int:
    """Keep vectors of messages of `user_id`, in place of another model's; return of how many, for some may be deleted by now."""
    kept = 0
    for message_id, vector in vectors:
        kept += db.execute(
            f"INSERT INTO message_vectors(message_id, model, vector) SELECT m.id, ?, ? {_MINE} "
            "WHERE c.user_id = ? AND c.deleted_at IS NULL AND m.id = ? "
            "ON CONFLICT(message_id) DO UPDATE SET model = excluded.model, vector = excluded.vector",
            (model, vector, user_id, message_id),
        ).rowcount
    return kept


def of_message(db: Database, user_id: str, message_id: int, model: str) -> bytes | None:
    """Return the vector that `model` made of a message of `user_id`; None where there is none."""
    row = db.execute(
        f"SELECT v.vector {_MINE} JOIN message_vectors v ON v.message_id = m.id "
        "WHERE m.id = ? AND c.user_id = ? AND c.deleted_at IS NULL AND v.model = ?",
        (message_id, user_id, model),
    ).fetchone()
    return None if row is None else bytes(row[0])


def known(db: Database, user_id: str, chat_id: str, model: str, *, across_chats: bool = False, before_turn: int | None = None) -> bool:
    """Say whether there is any vector that a search with the same arguments would look at."""
    return db.execute(f"SELECT 1 {_SCOPE} LIMIT 1", _scope(user_id, chat_id, model, across_chats, before_turn)).fetchone() is not None


def find(
    db: Database,
    user_id: str,
    chat_id: str,
    question: bytes,
    limit: int,
    *,
    shelf: "Shelf",
    across_chats: bool = False,
    before_turn: int | None = None,
    exclude: Collection[int] = (),
) -> list[Message]:
    """Return the messages of `user_id` that mean most nearly what a question does, the nearest first.

    Only of this chat, or of all of the person's chats that are not deleted; only of turns before `before_turn`; none of `exclude`; none
    that has nothing in common with the question.
    """
    scope = _scope(user_id, chat_id, shelf.model, across_chats, before_turn)
    allowed: list[Key] = db.execute(f"SELECT m.id, m.turn {_SCOPE}", scope).fetchall()
    nearest = shelf.nearest(db, user_id, allowed, question, limit + len(exclude))
    ids = [each for each in nearest if each not in exclude][:limit]
    found = db.execute(
        f"SELECT {messages.COLUMNS} {_MINE} JOIN turns t ON t.seq = m.turn {_WHERE} AND m.id IN ({', '.join('?' * len(ids))})",
        (user_id, across_chats, chat_id, *ids),
    )
    return sorted(map(messages.message_of, found), key=lambda message: ids.index(message.id))


class Shelf:
    """One model's vectors as they were read lately, so that the next search need not read them again. Safe to share between threads.

    Nothing is found here that the database did not just say is the asker's. The person who searched longest ago is dropped first.
    """

    def __init__(self, model: str, kept_bytes: int = _KEPT_BYTES) -> None:
        self.model = model
        self._kept_bytes = kept_bytes
        self._people: OrderedDict[tuple[str, int], _Rows] = OrderedDict()
        self._lock = threading.Lock()

    def nearest(self, db: Database, user_id: str, allowed: Sequence[Key], question: bytes, limit: int) -> list[int]:
        """Return the ids of those of the `allowed` messages that are nearest to a question, the nearest first."""
        asked = np.frombuffer(question, _FLOAT)
        with self._lock:
            rows = self._people.setdefault((user_id, asked.size), _Rows(asked.size))
            self._people.move_to_end((user_id, asked.size))
            places = rows.places(db, user_id, self.model, allowed)
            self._drop()
            scores = rows.scores(asked)[places]
        best = np.argsort(-scores, kind="stable")[:limit]
        return [allowed[place][0] for place in best if scores[place] > 0]

    def _drop(self) -> None:
        while len(self._people) > 1 and sum(rows.size for rows in self._people.values()) > self._kept_bytes:
            self._people.popitem(last=False)


class _Rows:
    """One person's vectors under each other."""

    def __init__(self, width: int) -> None:
        self._places: dict[Key, int] = {}
        """Where each message's vector is; -1 for one of another width, which a model of the same name made."""
        self._matrix: NDArray[np.float32] = np.empty((0, width), _FLOAT)
        self._used = 0

    @property
    def size(self) -> int:
        """Bytes held."""
        return self._matrix.nbytes

    def places(self, db: Database, user_id: str, model: str, wanted: Sequence[Key]) -> NDArray[np.int64]:
        """Return where the vectors of these messages are, having read those that were not here yet."""
        found = [self._places.get(key) for key in wanted]
        if None in found:
            self._read(db, user_id, model, [key[0] for key, place in zip(wanted, found, strict=True) if place is None])
            found = [self._places.get(key, -1) for key in wanted]
        return np.array(found, np.int64)

    def scores(self, asked: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how near each is to a question, by place, and 0 at the place -1."""
        return np.append(self._matrix[: self._used] @ asked, np.float32(0))

    def _read(self, db: Database, user_id: str, model: str, ids: Sequence[int]) -> None:
        rows = db.execute(
            "SELECT m.id, m.turn, v.vector FROM json_each(?) AS j JOIN messages m ON m.id = j.value JOIN chats c ON c.id = m.chat_id "
            "JOIN message_vectors v ON v.message_id = m.id WHERE c.user_id = ? AND v.model = ?",
            (json.dumps(ids), user_id, model),
        )
        self._append([((row[0], row[1]), row[2]) for row in rows])

    def _append(self, found: Sequence[tuple[Key, bytes]]) -> None:
        width = self._matrix.shape[1]
        fitting = [(key, vector) for key, vector in found if len(vector) == width * _FLOAT.itemsize]
        self._places.update((key, -1) for key, _ in found)
        self._places.update((key, place) for place, (key, _) in enumerate(fitting, self._used))
        end = self._used + len(fitting)
        if end > len(self._matrix):
            grown = np.empty((max(end, 2 * self._used, _FIRST_ROWS), width), _FLOAT)
            grown[: self._used] = self._matrix[: self._used]
            self._matrix = grown
        self._matrix[self._used : end] = np.frombuffer(b"".join(vector for _, vector in fitting), _FLOAT).reshape(len(fitting), width)
        self._used = end


def _scope(user_id: str, chat_id: str, model: str, across_chats: bool, before_turn: int | None) -> tuple[Any, ...]:
    return (model, user_id, across_chats, chat_id, 1 << 62 if before_turn is None else before_turn)
