"""Answers to the simulator's quiz: every attempt of a person, what came of it, and for the instructor how many got what right.

What a question asks, and whether an answer is right, is decided elsewhere; here a question is a name. The class is counted, never listed:
an instructor sees how many learners answered and how many were right, not who.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from storage.clock import from_us, to_us
from storage.records import storable

MAX_TYPED = 100
"""Characters of an answer that are kept."""
MAX_ATTEMPTS = 200
"""Attempts of one person at one question."""
SAME_CLICK = timedelta(seconds=3)
"""The same answer to the same question this soon again is the same attempt: a double click, or two tabs."""
_COLUMNS = "id, question, typed, value, is_right, created_at"


class TooManyAttempts(Exception):
    """The person has answered this question `limit` times."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} attempts")
        self.limit = limit


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """An answer before it is stored."""

    question: str
    typed: str
    value: float | None
    """The number that was meant; None where the question has no number."""
    right: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """One attempt at one question, as it is stored."""

    id: int
    question: str
    typed: str
    value: float | None
    right: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How a person stands with one question."""

    attempts: int
    latest: Answer
    best: Answer
    """The first right one; the latest while none is right."""


@dataclass(frozen=True, slots=True)
class ClassCount:
    """How the learners of a class stand with one question."""

    answered: int
    """Learners who have tried it."""
    right: int
    """Learners who have had it right at least once."""


def add(db: Database, user_id: str, answer: NewAnswer, now: datetime) -> Answer:
    """Store an attempt of `user_id` and return it; the same answer within SAME_CLICK is the attempt that is there already.

    Raises TooManyAttempts when MAX_ATTEMPTS at this question are stored.
    """
    typed = storable(answer.typed)[:MAX_TYPED]
    last = _last(db, user_id, answer.question)
    if last is not None and last.typed == typed and abs(now - last.at) <= SAME_CLICK:
        return last
    (attempts,) = db.execute("SELECT count(*) FROM quiz_answers WHERE user_id = ? AND question = ?", (user_id, answer.question)).fetchone()
    if attempts >= MAX_ATTEMPTS:
        raise TooManyAttempts(MAX_ATTEMPTS)
    cursor = db.execute(
        "INSERT INTO quiz_answers(user_id, question, typed, value, is_right, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        (user_id, answer.question, typed, answer.value, answer.right, to_us(now)),
    )
    assert cursor.lastrowid is not None
    return Answer(cursor.lastrowid, answer.question, typed, answer.value, answer.right, now)


def attempts(db: Database, user_id: str, question: str) -> list[Answer]:
    """Return the attempts of `user_id` at one question, oldest first."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM quiz_answers WHERE user_id = ? AND question = ? ORDER BY id", (user_id, question))
    return [_answer(row) for row in rows]


def progress(db: Database, user_id: str) -> Mapping[str, Progress]:
    """Return how `user_id` stands with each question that they have answered, by the question's name."""
    rows = db.execute(
        "SELECT question, count(*), max(id), min(CASE WHEN is_right THEN id END) FROM quiz_answers WHERE user_id = ? GROUP BY question",
        (user_id,),
    ).fetchall()
    ids = [number for row in rows for number in row[2:] if number is not None]
    marks = ", ".join("?" * len(ids))
    found = db.execute(f"SELECT {_COLUMNS} FROM quiz_answers WHERE user_id = ? AND id IN ({marks})", (user_id, *ids))
    answers = {row[0]: _answer(row) for row in found}
    return {row[0]: Progress(row[1], answers[row[2]], answers[row[2] if row[3] is None else row[3]]) for row in rows}


def class_counts(db: Database, instructor_id: str) -> Mapping[str, ClassCount]:
    """Return how many learners have answered each question and had it right, by its name; {} unless an instructor asks."""
    rows = db.execute(
        "SELECT a.question, count(DISTINCT a.user_id), count(DISTINCT CASE WHEN a.is_right THEN a.user_id END) "
        "FROM quiz_answers a JOIN users u ON u.id = a.user_id AND u.role = 'learner' "
        "WHERE EXISTS (SELECT 1 FROM users WHERE id = ? AND role = 'instructor') GROUP BY a.question",
        (instructor_id,),
    )
    return {row[0]: ClassCount(row[1], row[2]) for row in rows}


def _last(db: Database, user_id: str, question: str) -> Answer | None:
    sql = f"SELECT {_COLUMNS} FROM quiz_answers WHERE user_id = ? AND question = ? ORDER BY id DESC LIMIT 1"
    row = db.execute(sql, (user_id, question)).fetchone()
    return None if row is None else _answer(row)


def _answer(row: Any) -> Answer:
    return Answer(row[0], row[1], row[2], row[3], bool(row[4]), from_us(row[5]))
