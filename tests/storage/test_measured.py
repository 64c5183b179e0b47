"""What turns really took: to the token, one's own for a learner, everybody's for an instructor, and never a word of what was said."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from storage import chats, measured, model_calls, transfer, turns, users
from storage.database import Store
from storage.measured import MeasuredTurn, Used
from storage.records import Chat, ModelCall, Turn, TurnStatus, User
from storage.turns import Settlement
from tests.storage.makers import LEASE, NOW, World, admission, ask, chat_of, ending, model_call, past_turn, settle, with_tools, world


@pytest.fixture
def dora(store: Store) -> World:
    return world(store)


@pytest.fixture
def prof(store: Store) -> User:
    return store.write(lambda db: users.add(db, "prof", "Prof", "instructor", NOW, password_hash=None))


def found(store: Store, viewer: User, since: datetime | None = None, limit: int = 100) -> list[MeasuredTurn]:
    return store.read(lambda db: measured.turns(db, viewer.id, since=since, limit=limit))


def took(store: Store, chat: Chat, seconds: float = 0, how: Settlement | None = None, status: TurnStatus = "done") -> None:
    """Have a turn, so many seconds after NOW, with one call of $0.001."""
    turn = ask(store, chat, now=NOW + timedelta(seconds=seconds)).turn
    settle(store, turn, replace(how or ending(), status=status, calls=how.calls if how and how.calls else [model_call(turn)]))


def test_a_turn_is_measured_to_the_token(dora: World) -> None:
    turn = ask(dora.store, dora.chat).turn
    said = with_tools()
    calls = [model_call(turn), replace(model_call(turn, "0.5"), tokens_in=700), replace(model_call(turn, "0.25"), purpose="summary")]
    settle(dora.store, turn, replace(said, calls=calls, sent_messages=3))
    assert found(dora.store, dora.user) == [
        MeasuredTurn(
            person=0,
            chat=0,
            number=1,
            at=NOW,
            gap_s=None,
            status="done",
            model="demo",
            policy="{}",
            sent=3,
            summarised=False,
            quoted=0,
            asked=7,
            replied=5,
            called=9,
            results=12,
            replies=1,
            rounds=1,
            answers=1,
            answer=Used(2, 800, 80, 40),
            summary=Used(1, 100, 40, 20),
            cost=Decimal("0.751"),
            estimated=False,
            priced_as="google:gemini-2.5-flash",
        )
    ]


def test_turns_are_numbered_in_their_chat_and_timed_against_the_one_before(dora: World) -> None:
    other = chat_of(dora.store, dora.user)
    for chat, seconds in ((dora.chat, 0), (other, 10), (dora.chat, 30.5), (dora.chat, 400)):
        took(dora.store, chat, seconds)
    assert [(turn.chat, turn.number, turn.gap_s) for turn in found(dora.store, dora.user)] == [
        (0, 1, None),
        (1, 1, None),
        (0, 2, 30.5),
        (0, 3, 369.5),
    ]


def test_a_period_and_a_limit_leave_the_numbering_as_it_is(dora: World) -> None:
    for seconds in range(6):
        took(dora.store, dora.chat, seconds)
    since = found(dora.store, dora.user, NOW + timedelta(seconds=2))
    assert [(turn.number, turn.gap_s) for turn in since] == [(3, 1), (4, 1), (5, 1), (6, 1)]
    assert [turn.number for turn in found(dora.store, dora.user, limit=2)] == [5, 6]
    assert [turn.number for turn in found(dora.store, dora.user, NOW + timedelta(seconds=2), 3)] == [4, 5, 6]
    assert found(dora.store, dora.user, NOW + timedelta(seconds=6)) == []


def test_a_learner_gets_their_own_an_instructor_everybodys_a_stranger_nothing(dora: World, prof: User) -> None:
    emil = world(dora.store, "emil")
    took(dora.store, dora.chat)
    took(emil.store, emil.chat)
    took(emil.store, emil.chat)
    assert [(turn.person, turn.chat, turn.number) for turn in found(dora.store, dora.user)] == [(0, 0, 1)]
    assert [(turn.person, turn.chat, turn.number) for turn in found(dora.store, emil.user)] == [(0, 0, 1), (0, 0, 2)]
    assert [(turn.person, turn.chat) for turn in found(dora.store, prof)] == [(0, 0), (1, 1), (1, 1)]
    for nobody in ("nobody", "", "instructor", "%", "' OR 1=1 --"):
        assert found(dora.store, replace(dora.user, id=nobody)) == []


def test_no_text_is_read_and_nobodys_name(dora: World, prof: User) -> None:
    """Asked of SQLite itself: which columns the statements look at."""
    took(dora.store, dora.chat)
    read: set[str] = set()

    def note(action: int, table: str | None, column: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_READ:
            read.add(f"{table}.{column}")
        return sqlite3.SQLITE_OK

    def watched(db: Database) -> None:
        db.conn.set_authorizer(note)
        measured.turns(db, prof.id)
        db.conn.set_authorizer(None)

    dora.store.read(watched)
    assert {"messages.tokens", "messages.role", "turns.policy", "model_calls.cost_nano"} < read
    assert read.isdisjoint({"messages.text", "messages.raw", "messages.tool_name", "chats.title", "turns.error"})
    assert {name for name in read if name.startswith("users.")} == {"users.id", "users.role"}
    assert not any(name.startswith(("summaries.", "wellness_entries.", "login_")) for name in read)


@pytest.mark.parametrize("status", ["done", "failed", "stopped", "interrupted"])
def test_however_a_turn_ended_it_counts(dora: World, status: TurnStatus) -> None:
    took(dora.store, dora.chat, how=replace(ending(), messages=()), status=status)
    (turn,) = found(dora.store, dora.user)
    assert (turn.status, turn.asked, turn.replied, turn.replies, turn.answer.calls) == (status, 7, 0, 0, 1)


def test_turns_that_are_still_open_are_left_out_and_counted_with(dora: World) -> None:
    took(dora.store, dora.chat)
    running = ask(dora.store, dora.chat).turn
    ask(dora.store, dora.chat)
    assert [turn.number for turn in found(dora.store, dora.user)] == [1]
    settle(dora.store, running)
    assert [turn.number for turn in found(dora.store, dora.user)] == [1, 2]


def test_turns_that_came_in_a_file_are_left_out_and_counted_with(dora: World) -> None:
    call = model_call(ask(dora.store, dora.chat).turn)
    brought = dora.store.write(lambda db: transfer.add(db, dora.user.id, "Old", None, [past_turn(call), past_turn()], NOW))
    took(dora.store, brought, 60)
    assert [(turn.number, turn.gap_s) for turn in found(dora.store, dora.user)] == [(3, 60)]


def test_a_deleted_chat_was_still_paid_for(dora: World) -> None:
    took(dora.store, dora.chat)
    dora.store.write(lambda db: chats.delete(db, dora.user.id, dora.chat.id, NOW))
    assert [turn.cost for turn in found(dora.store, dora.user)] == [Decimal("0.001")]


def test_a_turn_withdrawn_before_its_first_call_has_cost_nothing(dora: World) -> None:
    ask(dora.store, dora.chat)
    waiting = ask(dora.store, dora.chat).turn
    dora.store.write(lambda db: turns.withdraw(db, dora.user.id, waiting.id, NOW))
    (turn,) = found(dora.store, dora.user)
    assert turn.status == "stopped"
    assert (turn.answer, turn.summary, turn.cost, turn.priced_as) == (Used(0, 0, 0, 0), Used(0, 0, 0, 0), Decimal(0), None)


@pytest.mark.parametrize(
    ("costs", "cost"), [((None,), None), (("1", None), None), (("0",), Decimal(0)), (("0.000000001", "1"), Decimal("1.000000001"))]
)
def test_a_turn_with_an_unpriced_call_has_no_cost(dora: World, costs: Sequence[str | None], cost: Decimal | None) -> None:
    turn = ask(dora.store, dora.chat).turn
    settle(dora.store, turn, ending("", "done", *(model_call(turn, each) for each in costs)))
    assert [each.cost for each in found(dora.store, dora.user)] == [cost]


def test_an_estimate_and_what_stood_in_front_are_said(dora: World) -> None:
    turn = ask(dora.store, dora.chat).turn
    settle(dora.store, turn, replace(ending("", "done", model_call(turn), model_call(turn, estimate=True)), quoted=[1, 5]))
    took(dora.store, dora.chat, how=replace(ending(), summary_id=4))
    took(dora.store, dora.chat)
    assert [(each.estimated, each.summarised, each.quoted) for each in found(dora.store, dora.user)] == [
        (True, False, 2),
        (False, True, 0),
        (False, False, 0),
    ]


def test_each_turn_says_the_policy_it_ran_under(dora: World) -> None:
    for body in ('{"strategy":"full"}', "{}"):
        admit = partial(turns.admit, admission=admission(dora.chat, policy=body), lease=LEASE, now=NOW)
        settle(dora.store, dora.store.write(admit).turn)
    assert [turn.policy for turn in found(dora.store, dora.user)] == ['{"strategy":"full"}', "{}"]


def test_every_table_that_grows_is_searched_by_an_index(dora: World, prof: User) -> None:
    took(dora.store, dora.chat)
    asked: list[str] = []

    def plans(db: Database) -> list[str]:
        db.conn.set_trace_callback(asked.append)
        measured.turns(db, prof.id)
        db.conn.set_trace_callback(None)
        return [row[3] for sql in asked for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")]

    found = [plan.split() for plan in dora.store.read(plans)]
    assert len(asked) == 2
    grown = [plan for plan in found if plan[1] in ("h", "m", "t", "c")]
    assert sorted({plan[1] for plan in grown}) == ["c", "h", "m", "t"]
    assert [plan for plan in grown if plan[0] != "SEARCH"] == []


@st.composite
def drawn_calls(draw: st.DrawFn) -> list[Callable[[Turn], ModelCall]]:
    """Draw what makes up to three calls of a turn."""
    amounts = st.one_of(st.none(), st.integers(0, 10**9).map(lambda nano: Decimal(nano) / 10**9))
    sizes, purposes = st.tuples(*[st.integers(0, 10**6)] * 3), st.sampled_from(["answer", "summary"])

    def make(turn: Turn, size: tuple[int, ...], cost: Decimal | None, purpose: str) -> ModelCall:
        tokens_in, cached, out = size
        return replace(model_call(turn), tokens_in=tokens_in, tokens_cached=cached, tokens_out=out, cost=cost, purpose=purpose)

    drawn = draw(st.lists(st.tuples(sizes, amounts, purposes), max_size=3))
    return [partial(make, size=size, cost=cost, purpose=purpose) for size, cost, purpose in drawn]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=st.lists(drawn_calls(), min_size=1, max_size=4))
def test_the_sums_are_what_the_calls_add_up_to(dora: World, calls: list[list[Callable[[Turn], ModelCall]]]) -> None:
    chat = chat_of(dora.store, dora.user)
    kept: list[list[ModelCall]] = []
    for makers in calls:
        turn = ask(dora.store, chat).turn
        settle(dora.store, turn, ending("", "done", *(make(turn) for make in makers)))
        kept.append(dora.store.read(partial(model_calls.for_turn, user_id=dora.user.id, turn_id=turn.id)))
    for measure, stored in zip(found(dora.store, dora.user)[-len(kept) :], kept, strict=True):
        for purpose, used in (("answer", measure.answer), ("summary", measure.summary)):
            mine = [call for call in stored if call.purpose == purpose]
            assert used.calls == len(mine)
            assert used.tokens_in == sum(call.tokens_in for call in mine)
            assert used.tokens_cached == sum(call.tokens_cached for call in mine)
            assert used.tokens_out == sum(call.tokens_out for call in mine)
        costs = [call.cost for call in stored if call.cost is not None]
        assert measure.cost == (sum(costs, Decimal(0)) if len(costs) == len(stored) else None)
