"""History: what was said comes back exactly, in order, by whole turns, and only to whose it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import messages, turns
from storage.clock import SystemClock, from_us, to_us
from storage.database import Store
from storage.records import NewMessage, Position, ToolCall, Turn, TurnOutline, dollars, nano_dollars
from tests.storage.makers import NOW, World, answered, ask, ending, settle, with_tools, world

STORABLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
"""Every text of characters that exist: emoji, NULs, right-to-left, unassigned."""
JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | STORABLE, st.lists)
CALLS = st.builds(ToolCall, STORABLE, STORABLE, st.dictionaries(STORABLE, JSON, max_size=3))
MAYBE = st.none() | STORABLE
NEW_MESSAGES = st.builds(
    NewMessage,
    st.sampled_from(["user", "assistant", "tool"]),
    STORABLE,
    st.integers(0, 10**9),
    st.lists(CALLS, max_size=3).map(tuple),
    MAYBE,
    MAYBE,
    MAYBE,
)


@pytest.fixture
def dora(store: Store) -> World:
    return world(store)


def texts(dora: World, limit: int = 30, before: int | None = None) -> list[str]:
    found = dora.store.read(lambda db: messages.latest(db, dora.user.id, dora.chat.id, limit, before))
    return [message.text for message in found]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=st.lists(NEW_MESSAGES, max_size=4))
def test_messages_come_back_as_they_were_written(dora: World, items: list[NewMessage]) -> None:
    turn = answered(dora.store, dora.chat)
    ids = dora.store.write(lambda db: messages.add(db, dora.chat.id, turn.seq, items, NOW))
    found = dora.store.read(lambda db: messages.by_ids(db, dora.user.id, dora.chat.id, ids))
    found.sort(key=lambda message: message.id)
    assert [message.id for message in found] == ids == sorted(ids)
    assert {(message.chat_id, message.turn_id, message.created_at) for message in found} <= {(dora.chat.id, turn.id, NOW)}
    back = [NewMessage(m.role, m.text, m.tokens, m.tool_calls, m.tool_call_id, m.tool_name, m.raw) for m in found]
    assert back == items


def test_a_turn_with_tools_is_kept_whole_and_in_order(dora: World) -> None:
    turn = ask(dora.store, dora.chat).turn
    settle(dora.store, turn, with_tools())
    found = dora.store.read(lambda db: messages.of_turn(db, dora.user.id, turn.id))
    assert [message.role for message in found] == ["user", "assistant", "tool", "assistant"]
    assert found[1].tool_calls == (ToolCall("c1", "log_food", {"name": "salad", "calories": 180.0}),)
    assert (found[2].tool_call_id, found[2].tool_name) == ("c1", "log_food")
    assert found == dora.store.read(lambda db: messages.latest(db, dora.user.id, dora.chat.id))


def test_the_latest_are_oldest_first_and_only_whole_turns(dora: World) -> None:
    for n in range(5):
        settle(dora.store, ask(dora.store, dora.chat, f"q{n}").turn, with_tools(f"a{n}"))
    everything = texts(dora)
    assert [text for text in everything if text[0] in "qa"] == [f"{kind}{n}" for n in range(5) for kind in "qa"]
    for limit in range(1, 22):
        some = texts(dora, limit)
        assert some == everything[-len(some) :]
        assert some[0].startswith("q")
        assert min(limit, 20) <= len(some) < limit + 4


def test_going_back_page_by_page_meets_every_message_once(dora: World) -> None:
    for n in range(7):
        settle(dora.store, ask(dora.store, dora.chat, f"q{n}").turn, with_tools(f"a{n}"))
    seen: list[str] = []
    before: int | None = None
    page = partial(messages.latest, user_id=dora.user.id, chat_id=dora.chat.id, limit=5)
    while found := dora.store.read(partial(page, before_turn=before)):
        seen = [message.text for message in found] + seen
        before = dora.store.read(partial(turns.get, user_id=dora.user.id, turn_id=found[0].turn_id)).seq
    assert seen == texts(dora, 1000)
    assert len(seen) == 28


def test_answers_stand_behind_their_questions_whatever_the_order_of_writing(dora: World) -> None:
    first, second = ask(dora.store, dora.chat, "q1").turn, ask(dora.store, dora.chat, "q2").turn
    assert texts(dora) == ["q1", "q2"]
    settle(dora.store, first, ending("a1"))
    assert texts(dora) == ["q1", "a1", "q2"]
    assert second.status == "queued"


def outline(dora: World, turn: Turn, limit: int) -> list[tuple[str, int]]:
    found = dora.store.read(lambda db: messages.outline(db, dora.user.id, dora.chat.id, turn.seq, limit))
    return [(entry.role, entry.tokens) for entry in found]


def test_the_outline_ends_with_the_question_and_knows_nothing_later(dora: World) -> None:
    settle(dora.store, ask(dora.store, dora.chat, "q1").turn, with_tools())
    running = ask(dora.store, dora.chat, "q2").turn
    waiting = ask(dora.store, dora.chat, "q3").turn
    before = [("user", 7), ("assistant", 9), ("tool", 12), ("assistant", 5), ("user", 7)]
    assert outline(dora, running, 30) == before
    assert outline(dora, running, 2) == before[-3:]
    assert outline(dora, running, 0) == before[-1:]
    assert outline(dora, waiting, 30) == [*before, ("user", 7)]
    settle(dora.store, running, with_tools())
    assert outline(dora, running, 30) == before


def test_outlines_name_the_messages_they_stand_for(dora: World) -> None:
    turn = answered(dora.store, dora.chat)
    whole = dora.store.read(lambda db: messages.latest(db, dora.user.id, dora.chat.id))
    outlines = dora.store.read(lambda db: messages.outline(db, dora.user.id, dora.chat.id, turn.seq + 1, 30))
    assert [(o.id, o.role, o.tokens) for o in outlines] == [(m.id, m.role, m.tokens) for m in whole]


def test_only_named_messages_of_the_chat_are_fetched(dora: World) -> None:
    turn = answered(dora.store, dora.chat)
    other = world(dora.store, "emil")
    theirs = answered(other.store, other.chat)
    wanted = [m.id for m in dora.store.read(lambda db: messages.of_turn(db, dora.user.id, turn.id))][:1]
    foreign = [m.id for m in dora.store.read(lambda db: messages.of_turn(db, other.user.id, theirs.id))]
    found = dora.store.read(lambda db: messages.by_ids(db, dora.user.id, dora.chat.id, [*wanted, *foreign, 999]))
    assert [message.id for message in found] == wanted
    assert dora.store.read(lambda db: messages.by_ids(db, dora.user.id, dora.chat.id, [])) == []


def test_the_size_of_a_chat_is_its_messages_and_their_tokens(dora: World) -> None:
    assert dora.store.read(lambda db: messages.size(db, dora.user.id, dora.chat.id)) == (0, 0)
    settle(dora.store, ask(dora.store, dora.chat).turn, with_tools())
    assert dora.store.read(lambda db: messages.size(db, dora.user.id, dora.chat.id)) == (4, 7 + 9 + 12 + 5)


def test_the_position_of_a_turn_is_what_lies_before_it(dora: World) -> None:
    first = settle(dora.store, ask(dora.store, dora.chat).turn, with_tools())
    assert first is not None
    second = answered(dora.store, dora.chat)
    waiting = [ask(dora.store, dora.chat, f"{n}?").turn for n in range(3)]

    def position(turn_seq: int) -> Position:
        return dora.store.read(lambda db: messages.position(db, dora.user.id, dora.chat.id, turn_seq))

    assert position(first.seq) == Position(0, 0)
    assert position(second.seq) == Position(4, 33)
    assert position(waiting[0].seq) == Position(6, 45)
    assert position(waiting[2].seq) == Position(8, 59)
    assert position(10**9) == Position(*dora.store.read(lambda db: messages.size(db, dora.user.id, dora.chat.id))) == Position(9, 66)


def test_recent_turns_come_whole_and_with_what_they_ran_under(dora: World) -> None:
    first = settle(dora.store, ask(dora.store, dora.chat).turn, replace(with_tools(), summary_id=3, quoted=[9, 8]))
    assert first is not None
    later = NOW + timedelta(minutes=6)
    second = ask(dora.store, dora.chat, now=later).turn
    settle(dora.store, second)
    answered(dora.store, world(dora.store, "emil").chat)

    def recent(since: datetime | None = None, limit: int = 50, before: int = 10**9) -> list[TurnOutline]:
        return dora.store.read(lambda db: messages.recent(db, dora.user.id, dora.chat.id, before, since, limit))

    whole = recent()
    assert [(turn.seq, turn.id, turn.started_at, turn.policy, turn.model) for turn in whole] == [
        (first.seq, first.id, NOW, "{}", "demo"),
        (second.seq, second.id, later, "{}", "demo"),
    ]
    assert [(o.role, o.tokens) for o in whole[0].messages] == [("user", 7), ("assistant", 9), ("tool", 12), ("assistant", 5)]
    assert (whole[0].summary_id, whole[0].quoted, whole[1].summary_id, whole[1].quoted) == (3, (9, 8), None, ())
    assert recent(since=later) == recent(limit=1) == whole[1:]
    assert recent(before=second.seq) == whole[:1]
    assert recent(since=later + timedelta(seconds=1)) == recent(before=first.seq) == []


EARLY, LATE = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (1900, 2200))
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(EARLY, LATE, timezones=ZONES))
def test_an_instant_survives_to_the_microsecond_in_any_zone(instant: datetime) -> None:
    back = from_us(to_us(instant))
    assert back == instant
    assert back.tzinfo is UTC
    assert to_us(back) == to_us(instant)


@given(st.datetimes(EARLY, LATE, timezones=st.just(UTC)), st.integers(1, 10**9))
def test_later_is_larger(instant: datetime, more: int) -> None:
    assert to_us(instant + timedelta(microseconds=more)) == to_us(instant) + more


def test_the_systems_clock_is_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


@given(st.integers(-(10**18), 10**18))
def test_money_survives_to_the_nano_dollar(nano: int) -> None:
    amount = dollars(nano)
    assert isinstance(amount, Decimal)
    assert nano_dollars(amount) == nano
    assert amount * 10**9 == nano


def test_an_unknown_price_stays_unknown() -> None:
    assert dollars(None) is None
    assert nano_dollars(None) is None
    assert dollars(0) == 0
