"""Attempts, tickets and sessions as they are kept."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import logins, users
from storage.database import Store
from storage.records import User
from tests.fakes import FakeClock

LOCK = timedelta(minutes=5)
Attempt = Callable[[str], datetime | None]


@pytest.fixture
def attempt(store: Store, clock: FakeClock) -> Attempt:
    """Begin an attempt under a key that bears three."""

    def begin(key: str) -> datetime | None:
        now = clock.now()
        return store.write(lambda db: logins.begin_attempt(db, key, now, limit=3, lock_for=LOCK))

    return begin


@pytest.fixture
def dora(store: Store, clock: FakeClock) -> User:
    now = clock.now()
    return store.write(lambda db: users.add(db, "dora", "Dora", "learner", now, password_hash=None))


def test_the_attempt_that_reaches_the_limit_goes_on_and_locks_behind_it(attempt: Attempt, clock: FakeClock) -> None:
    ends = clock.now() + LOCK
    assert [attempt("dora") for _ in range(5)] == [None, None, None, ends, ends]
    assert attempt("DORA") == ends
    assert attempt("emil") is None


def test_being_refused_does_not_make_the_lock_longer(attempt: Attempt, clock: FakeClock) -> None:
    ends = clock.now() + LOCK
    for _ in range(3):
        attempt("dora")
    clock.advance(299)
    assert attempt("dora") == ends
    clock.advance(1)
    assert [attempt("dora") for _ in range(4)] == [None, None, None, clock.now() + LOCK]


def test_a_success_lifts_the_lock_its_own_attempt_set(attempt: Attempt, store: Store) -> None:
    for _ in range(3):
        attempt("dora")
    store.write(lambda db: logins.clear_attempts(db, "Dora"))
    assert attempt("dora") is None


def test_an_attempt_taken_back_was_never_made(attempt: Attempt, store: Store) -> None:
    for _ in range(10):
        assert attempt("dora") is None
        store.write(lambda db: logins.take_back_attempt(db, "dora"))
    assert store.read(lambda db: db.execute("SELECT count(*) FROM login_failures").fetchone()[0]) == 0


def test_many_at_once_are_counted_one_by_one(attempt: Attempt) -> None:
    with ThreadPoolExecutor(32) as threads:
        assert list(threads.map(attempt, ["dora"] * 32)).count(None) == 3


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pauses=st.lists(st.integers(0, 400), min_size=1, max_size=25))
def test_no_five_minutes_ever_see_more_than_twice_the_limit(attempt: Attempt, clock: FakeClock, store: Store, pauses: list[int]) -> None:
    """However attempts are spread, a window as long as the lock holds fewer than two limits of judged ones."""
    store.write(lambda db: logins.clear_attempts(db, "dora"))
    judged = []
    for pause in pauses:
        clock.advance(pause)
        if attempt("dora") is None:
            judged.append(clock.now())
    assert all(sum(start <= at < start + LOCK for at in judged) < 6 for start in judged)


def test_a_ticket_is_taken_once_and_not_after_its_time(store: Store, clock: FakeClock, dora: User) -> None:
    now = clock.now()
    ends = now + timedelta(seconds=60)
    store.write(lambda db: logins.add_ticket(db, "one", dora.id, ends))
    store.write(lambda db: logins.add_ticket(db, "two", dora.id, ends))
    assert [store.write(lambda db: logins.take_ticket(db, "one", now)) for _ in range(2)] == [dora.id, None]
    assert store.write(lambda db: logins.take_ticket(db, "two", ends)) is None
    assert store.write(lambda db: logins.take_ticket(db, "two", now)) is None


def test_a_session_is_found_until_it_ends(store: Store, clock: FakeClock, dora: User) -> None:
    now = clock.now()
    ends = now + timedelta(days=1)
    store.write(lambda db: logins.add_session(db, "hash", dora.id, "dora", now, ends))
    assert store.read(lambda db: logins.find_session(db, "hash", now)) == logins.Session(dora, now, ends)
    assert store.read(lambda db: logins.find_session(db, "hash", ends)) is None
    assert store.read(lambda db: logins.find_session(db, "other", now)) is None
    store.write(lambda db: logins.revoke_session(db, "hash", now))
    assert store.read(lambda db: logins.find_session(db, "hash", now)) is None


def test_being_seen_never_goes_back(store: Store, clock: FakeClock, dora: User) -> None:
    now = clock.now()
    later = now + timedelta(minutes=5)
    store.write(lambda db: logins.add_session(db, "hash", dora.id, "dora", now, now + timedelta(days=1)))
    for moment in (later, now):
        store.write(partial(logins.touch_session, id_hash="hash", now=moment))
    session = store.read(lambda db: logins.find_session(db, "hash", now))
    assert session is not None
    assert session.last_seen_at == later


def test_a_person_who_is_deleted_takes_logins_and_tickets_along(store: Store, clock: FakeClock, dora: User) -> None:
    now = clock.now()
    store.write(lambda db: logins.add_session(db, "hash", dora.id, "dora", now, now + timedelta(days=1)))
    store.write(lambda db: logins.add_ticket(db, "ticket", dora.id, now + timedelta(seconds=60)))
    store.write(lambda db: db.execute("DELETE FROM users WHERE id = ?", (dora.id,)).rowcount)
    assert store.read(lambda db: logins.find_session(db, "hash", now)) is None
    assert store.write(lambda db: logins.take_ticket(db, "ticket", now)) is None


def test_sweeping_keeps_what_still_matters(attempt: Attempt, store: Store, clock: FakeClock, dora: User) -> None:
    now = clock.now()
    for _ in range(4):
        attempt("dora")
    store.write(lambda db: logins.add_session(db, "hash", dora.id, "dora", now, now + timedelta(days=1)))
    store.write(lambda db: logins.add_ticket(db, "ticket", dora.id, now + timedelta(seconds=60)))
    soon = clock.advance(30)
    store.write(lambda db: logins.sweep(db, soon, LOCK))
    assert attempt("dora") is not None
    assert store.read(lambda db: logins.find_session(db, "hash", soon)) is not None
    assert store.write(lambda db: logins.take_ticket(db, "ticket", soon)) == dora.id
