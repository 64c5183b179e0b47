"""Quiz answers: every attempt is kept, a double click is one, a person sees their own, an instructor sees counts and nobody's answers."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from storage import quiz, users
from storage.clock import to_us
from storage.database import Store
from storage.migrations import migrations
from storage.quiz import MAX_ATTEMPTS, MAX_TYPED, SAME_CLICK, ClassCount, NewAnswer
from storage.records import User
from tests.storage.makers import NOW, person

LATER = SAME_CLICK * 2


def answer(store: Store, user: User, typed: str, *, right: bool = False, question: str = "gap", at: datetime = NOW) -> quiz.Answer:
    new = NewAnswer(question, typed, 1.5, right)
    return store.write(lambda db: quiz.add(db, user.id, new, at))


def typed_by(store: Store, user: User, question: str = "gap") -> list[str]:
    return [each.typed for each in store.read(lambda db: quiz.attempts(db, user.id, question))]


def instructor(store: Store) -> User:
    return store.write(lambda db: users.add(db, "prof", "Prof", "instructor", NOW, password_hash=None))


def test_an_answer_comes_back_as_stored(store: Store) -> None:
    dora = person(store)
    stored = answer(store, dora, "$19,860", right=True)
    assert (stored.question, stored.typed, stored.value, stored.right, stored.at) == ("gap", "$19,860", 1.5, True, NOW)
    assert store.read(lambda db: quiz.attempts(db, dora.id, "gap")) == [stored]


def test_a_question_without_a_number_has_no_value(store: Store) -> None:
    dora = person(store)
    store.write(lambda db: quiz.add(db, dora.id, NewAnswer("why", "sum", None, right=True), NOW))
    assert store.read(lambda db: quiz.progress(db, dora.id))["why"].latest.value is None


def test_every_attempt_is_kept_and_the_latest_and_the_best_are_told(store: Store) -> None:
    dora = person(store)
    made = [answer(store, dora, typed, right=right, at=NOW + LATER * n) for n, (typed, right) in enumerate(ATTEMPTS)]
    assert typed_by(store, dora) == [typed for typed, _ in ATTEMPTS]
    found = store.read(lambda db: quiz.progress(db, dora.id))
    assert found == {"gap": quiz.Progress(4, made[3], made[1])}


ATTEMPTS = (("1", False), ("2", True), ("3", True), ("1", False))


def test_while_nothing_is_right_the_best_is_the_latest(store: Store) -> None:
    dora = person(store)
    answer(store, dora, "1")
    second = answer(store, dora, "2")
    assert store.read(lambda db: quiz.progress(db, dora.id))["gap"] == quiz.Progress(2, second, second)


def test_nobody_has_made_progress_at_first(store: Store) -> None:
    dora = person(store)
    assert store.read(lambda db: quiz.progress(db, dora.id)) == {}
    assert store.read(lambda db: quiz.class_counts(db, instructor(store).id)) == {}


def test_the_same_answer_in_the_same_instant_is_one_attempt(store: Store) -> None:
    dora = person(store)
    first = answer(store, dora, "20")
    assert answer(store, dora, "20", at=NOW + SAME_CLICK) == first
    assert typed_by(store, dora) == ["20"]


def test_a_double_click_from_many_threads_is_one_attempt(store: Store) -> None:
    dora = person(store)
    with ThreadPoolExecutor(8) as pool:
        ids = {each.id for each in pool.map(lambda _: answer(store, dora, "20"), range(40))}
    assert len(ids) == 1
    assert typed_by(store, dora) == ["20"]


def test_what_differs_is_another_attempt(store: Store) -> None:
    dora, emil = person(store), person(store, "emil")
    answer(store, dora, "20")
    answer(store, dora, "21")
    answer(store, dora, "20")
    answer(store, dora, "20", at=NOW + LATER)
    answer(store, dora, "20", question="other")
    answer(store, emil, "20")
    assert typed_by(store, dora) == ["20", "21", "20", "20"]
    assert typed_by(store, dora, "other") == ["20"]
    assert typed_by(store, emil) == ["20"]


def test_a_person_sees_only_their_own(store: Store) -> None:
    dora, emil = person(store), person(store, "emil")
    answer(store, dora, "20", right=True)
    assert store.read(lambda db: quiz.progress(db, emil.id)) == {}
    assert typed_by(store, emil) == []


def test_the_number_of_attempts_is_limited(store: Store) -> None:
    dora, emil = person(store), person(store, "emil")
    for n in range(MAX_ATTEMPTS):
        answer(store, dora, str(n))
    with pytest.raises(quiz.TooManyAttempts) as refused:
        answer(store, dora, "one more")
    assert refused.value.limit == MAX_ATTEMPTS
    assert len(typed_by(store, dora)) == MAX_ATTEMPTS
    answer(store, dora, "one more", question="other")
    answer(store, emil, "one more")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=3 * MAX_TYPED))
def test_whatever_is_typed_is_kept_in_bounds(store: Store, typed: str) -> None:
    found = store.read(lambda db: users.by_name(db, "dora")) or person(store)
    stored = answer(store, found, typed, question=f"q{hash(typed)}")
    assert len(stored.typed) <= MAX_TYPED
    assert store.read(lambda db: quiz.attempts(db, found.id, stored.question)) == [stored]


def test_the_instructor_sees_how_many_answered_and_how_many_were_right(store: Store) -> None:
    prof, dora, emil = instructor(store), person(store), person(store, "emil")
    answer(store, dora, "1")
    answer(store, dora, "2", right=True)
    answer(store, dora, "3", right=True)
    answer(store, emil, "1")
    answer(store, emil, "1", question="other")
    counts = store.read(lambda db: quiz.class_counts(db, prof.id))
    assert counts == {"gap": ClassCount(answered=2, right=1), "other": ClassCount(answered=1, right=0)}


def test_an_instructors_own_tries_are_not_the_classs(store: Store) -> None:
    prof = instructor(store)
    answer(store, prof, "2", right=True)
    assert store.read(lambda db: quiz.class_counts(db, prof.id)) == {}


@pytest.mark.parametrize("asker", ["dora", "nobody", ""])
def test_nobody_else_sees_the_class(store: Store, asker: str) -> None:
    dora = person(store)
    answer(store, dora, "2", right=True)
    who = dora.id if asker == "dora" else asker
    assert store.read(lambda db: quiz.class_counts(db, who)) == {}


def test_answers_go_with_the_person(store: Store) -> None:
    dora, emil = person(store), person(store, "emil")
    answer(store, dora, "20")
    answer(store, emil, "20")
    assert store.write(lambda db: db.execute("DELETE FROM users WHERE id = ?", (dora.id,)).rowcount) == 1
    assert typed_by(store, dora) == []
    assert typed_by(store, emil) == ["20"]


def test_somebody_who_does_not_exist_answers_nothing(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        store.write(lambda db: quiz.add(db, "nobody", NewAnswer("gap", "1", 1.0, right=False), NOW))


def test_a_whole_class_is_counted_from_the_index_alone(store: Store) -> None:
    prof, dora = instructor(store), person(store)
    answer(store, dora, "2", right=True)

    def plan(db: Database) -> list[str]:
        """Ask SQLite how it does what `class_counts` asks of it."""
        asked: list[str] = []
        db.conn.set_trace_callback(asked.append)
        quiz.class_counts(db, prof.id)
        db.conn.set_trace_callback(None)
        return [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {asked[0]}")]

    assert any("COVERING INDEX quiz_answers_user" in step for step in store.read(plan))


def test_a_populated_file_of_the_schema_before_gets_the_table_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "seven.db"
    db = Database(sqlite3.connect(path, isolation_level=None), execute_plugins=False)
    later = [each.name for each in migrations.pending(db) if each.name >= "m008"]
    migrations.apply(db, stop_before=later)
    db.execute("PRAGMA user_version = 7")
    db.execute("INSERT INTO users VALUES ('u', 'dora', 'Dora', 'learner', 'hash', 0, ?, NULL)", (to_us(NOW),))
    db.execute("INSERT INTO class_settings VALUES ('join_code', 'abc', ?)", (to_us(NOW),))
    assert "quiz_answers" not in db.table_names()
    db.conn.close()
    store = Store.open(path)
    dora = store.read(lambda db: users.get(db, "u"))
    assert dora.username == "dora"
    assert store.read(lambda db: db.execute("SELECT value FROM class_settings").fetchone()) == ("abc",)
    answer(store, dora, "20", at=NOW + timedelta(days=1))
    assert typed_by(store, dora) == ["20"]
    store.close()
