"""Usage added up, for oneself and for the class, and who may see it."""

import sqlite3
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from storage import chats, model_calls, usage, users
from storage.clock import to_us
from storage.database import Store
from storage.migrations import migrations
from storage.records import ModelCall, Role, Totals, User, new_id
from tests.fakes import FakeClock

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOTHING = Totals(0, 0, 0, 0, 0, Decimal(0), 0, 0)


@dataclass
class Class:
    """Two learners, an instructor, and a way to let them use something."""

    store: Store
    dora: User
    emil: User
    prof: User

    def chat(self, user: User, title: str = "Lunch") -> str:
        return self.store.write(lambda db: chats.create(db, user.id, title, START)).id

    def turn(self, user: User, chat_id: str, *calls: ModelCall) -> None:
        """Store one turn with its calls."""

        def write(db: Database) -> int:
            db.execute("INSERT OR IGNORE INTO policies VALUES (1, '{}')")
            seq = db.execute(
                "INSERT INTO turns(id, chat_id, user_id, status, model, policy, timezone, created_at) "
                "VALUES (?, ?, ?, 'done', 'demo', 1, 'UTC', 0)",
                (new_id(), chat_id, user.id),
            ).lastrowid
            assert seq is not None
            for call in calls:
                model_calls.add(db, seq, replace(call, user_id=user.id, chat_id=chat_id))
            return seq

        self.store.write(write)


def call(minutes: float = 0, cost: str | None = "0.001", tokens: int = 100, estimate: bool = False) -> ModelCall:
    """A model call begun `minutes` after START, of `tokens` in, a tenth of them cached, and 10 out."""
    return ModelCall(
        turn_id="",
        chat_id="",
        user_id="",
        purpose="answer",
        model="demo",
        priced_as=None,
        tokens_in=tokens,
        tokens_cached=tokens // 10,
        tokens_out=10,
        tokens_reasoning=0,
        cost=None if cost is None else Decimal(cost),
        source="estimate" if estimate else "provider",
        outcome="ok",
        attempt=1,
        first_token_ms=1,
        duration_ms=2,
        finish_reason="stop",
        started_at=START + timedelta(minutes=minutes),
    )


@pytest.fixture
def room(store: Store, clock: FakeClock) -> Class:
    def add(username: str, role: Role) -> User:
        now = clock.now()
        return store.write(lambda db: users.add(db, username, username.title(), role, now, password_hash=None))

    return Class(store, add("dora", "learner"), add("emil", "learner"), add("prof", "instructor"))


def test_ones_own_usage_is_ones_own(room: Class) -> None:
    room.turn(room.dora, room.chat(room.dora), call(), call(1, cost=None, estimate=True))
    room.turn(room.emil, room.chat(room.emil), call(tokens=7_000))
    assert room.store.read(lambda db: usage.mine(db, room.dora.id)) == Totals(1, 2, 200, 20, 20, Decimal("0.001"), 1, 1)
    assert room.store.read(lambda db: usage.mine(db, room.prof.id)) == NOTHING
    assert room.store.read(lambda db: usage.mine(db, "nobody")) == NOTHING


def test_since_counts_from_its_instant_on(room: Class) -> None:
    room.turn(room.dora, room.chat(room.dora), call(0), call(1), call(2))
    since = START + timedelta(minutes=1)
    assert room.store.read(lambda db: usage.mine(db, room.dora.id, since=since)).calls == 2
    assert [day.totals.calls for day in room.store.read(lambda db: usage.by_day(db, room.dora.id, since=since))] == [2]
    assert [chat.totals.calls for chat in room.store.read(lambda db: usage.by_chat(db, room.dora.id, since=since))] == [2]


@pytest.mark.parametrize(
    ("offset", "days"),
    [
        (0, [("2026-03-02", 2), ("2026-03-03", 1)]),
        (120, [("2026-03-02", 1), ("2026-03-03", 2)]),
        (-600, [("2026-03-01", 1), ("2026-03-02", 2)]),
        (825, [("2026-03-02", 1), ("2026-03-03", 2)]),
    ],
)
def test_days_are_those_of_the_persons_own_calendar(room: Class, offset: int, days: list[tuple[str, int]]) -> None:
    """Calls at 09:00 and 22:30 on 2 March and at 00:30 on 3 March, all UTC."""
    room.turn(room.dora, room.chat(room.dora), call(0), call(13.5 * 60), call(15.5 * 60))
    found = room.store.read(lambda db: usage.by_day(db, room.dora.id, utc_offset_minutes=offset))
    assert [(day.day, day.totals.calls) for day in found] == days


def test_chats_come_last_used_first_and_stay_when_deleted(room: Class) -> None:
    lunch, run = room.chat(room.dora, "Lunch"), room.chat(room.dora, "Run")
    room.turn(room.dora, lunch, call(0))
    room.turn(room.dora, run, call(1))
    room.turn(room.dora, lunch, call(2))
    room.turn(room.emil, room.chat(room.emil), call(3))
    room.store.write(lambda db: chats.delete(db, room.dora.id, run, START))
    found = room.store.read(lambda db: usage.by_chat(db, room.dora.id))
    assert [(chat.title, chat.deleted, chat.totals.turns) for chat in found] == [("Lunch", False, 2), ("Run", True, 1)]
    assert found[0].last_at == START + timedelta(minutes=2)
    assert sum(chat.totals.cost for chat in found) == room.store.read(lambda db: usage.mine(db, room.dora.id)).cost


def test_the_instructor_sees_everybody_the_most_expensive_first(room: Class) -> None:
    room.turn(room.dora, room.chat(room.dora), call(cost=None))
    room.turn(room.emil, room.chat(room.emil), call(0), call(1))
    found = room.store.read(lambda db: usage.class_by_user(db, room.prof.id))
    assert [(user.username, user.role, user.totals.calls, user.totals.unpriced_calls) for user in found] == [
        ("emil", "learner", 2, 0),
        ("dora", "learner", 1, 1),
        ("prof", "instructor", 0, 0),
    ]
    assert [user.last_at for user in found] == [START + timedelta(minutes=1), START, None]
    assert found[0].totals == room.store.read(lambda db: usage.mine(db, room.emil.id))


def test_nobody_else_sees_the_class(room: Class) -> None:
    room.turn(room.dora, room.chat(room.dora), call())
    for asker in (room.dora.id, room.emil.id, "nobody", ""):
        curve = partial(usage.class_curve, instructor_id=asker, since=START, bucket_seconds=60)
        assert room.store.read(partial(usage.class_by_user, instructor_id=asker)) == []
        assert room.store.read(partial(usage.class_totals, instructor_id=asker)) == NOTHING
        assert room.store.read(curve) == []


def test_the_class_total_is_exact_to_the_nano_dollar(room: Class) -> None:
    for user in (room.dora, room.emil):
        room.turn(user, room.chat(user), *(call(cost="0.000000001") for _ in range(3)))
    total = room.store.read(lambda db: usage.class_totals(db, room.prof.id))
    assert (total.turns, total.calls, total.cost) == (2, 6, Decimal("0.000000006"))


def test_the_curve_adds_up_from_where_it_begins(room: Class) -> None:
    room.turn(room.dora, room.chat(room.dora), call(-1), call(0), call(0.5), call(2, cost=None))
    room.turn(room.emil, room.chat(room.emil), call(2.9, cost="0.5"))
    points = room.store.read(lambda db: usage.class_curve(db, room.prof.id, since=START, bucket_seconds=60))
    assert [(point.at - START, point.cost, point.tokens) for point in points] == [
        (timedelta(minutes=1), Decimal("0.002"), 220),
        (timedelta(minutes=3), Decimal("0.502"), 440),
    ]


CALLS = st.builds(
    call,
    minutes=st.integers(0, 5000),
    cost=st.one_of(st.none(), st.integers(0, 10**7).map(lambda nano: str(Decimal(nano) / 10**9))),
    tokens=st.integers(0, 10**6),
    estimate=st.booleans(),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=st.lists(st.lists(CALLS, max_size=4), max_size=6))
def test_the_kept_totals_are_what_the_calls_add_up_to(room: Class, turns: list[list[ModelCall]]) -> None:
    chat_id = room.chat(room.dora)
    for calls in turns:
        room.turn(room.dora, chat_id, *calls)
    by_call = room.store.read(lambda db: usage.mine(db, room.dora.id))
    kept = room.store.read(lambda db: usage.class_totals(db, room.prof.id))
    days = room.store.read(lambda db: usage.by_day(db, room.dora.id, utc_offset_minutes=-300))
    assert kept == by_call
    assert sum(day.totals.tokens_in for day in days) == by_call.tokens_in


def test_a_call_whose_storing_is_undone_is_not_in_the_totals(room: Class) -> None:
    chat_id = room.chat(room.dora)
    room.turn(room.dora, chat_id, call())

    def fail(db: Database) -> None:
        model_calls.add(db, 1, replace(call(), user_id=room.dora.id, chat_id=chat_id))
        raise LookupError

    with pytest.raises(LookupError):
        room.store.write(fail)
    assert room.store.read(lambda db: usage.class_totals(db, room.prof.id)).calls == 1


def test_totals_of_a_database_of_the_first_schema_are_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    old = Database(sqlite3.connect(path), execute_plugins=False)
    migrations.apply(old, stop_before="m002_usage_totals")
    old.execute("INSERT INTO users VALUES ('p', 'prof', 'Prof', 'instructor', NULL, 0, 0)")
    old.execute("INSERT INTO policies VALUES (1, '{}')")
    old.execute("INSERT INTO chats VALUES ('c', 'p', 'Lunch', 0, 0, NULL)")
    old.execute(
        "INSERT INTO turns(id, chat_id, user_id, status, model, policy, timezone, created_at) "
        "VALUES ('t', 'c', 'p', 'done', 'demo', 1, 'UTC', 0)"
    )
    for at in (START, START + timedelta(minutes=1)):
        old.execute(
            "INSERT INTO model_calls(turn, chat_id, user_id, purpose, model, tokens_in, tokens_cached, tokens_out, tokens_reasoning, "
            "cost_nano, source, outcome, attempt, duration_ms, started_at) "
            "VALUES (1, 'c', 'p', 'answer', 'demo', 100, 10, 10, 0, NULL, 'estimate', 'ok', 1, 5, ?)",
            (to_us(at),),
        )
    old.conn.commit()
    old.conn.close()
    store = Store.open(path)
    found = store.read(lambda db: usage.class_by_user(db, "p"))
    store.close()
    assert [(user.totals, user.last_at) for user in found] == [(Totals(1, 2, 200, 20, 20, Decimal(0), 2, 2), START + timedelta(minutes=1))]
