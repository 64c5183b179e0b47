"""Turns of a process that is gone: found, closed once, and what they had spent not forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest

from agent.recovery import INTERRUPTED, abandoned, close, lost_call
from storage import messages, model_calls, turns
from storage.database import Store
from storage.records import ModelCall, Turn
from tests.storage.makers import LEASE, NOW, World, ask, model_call, settle, world

FLASH = ("google", "gemini-2.5-flash")
LATER = NOW + timedelta(seconds=60)


@pytest.fixture
def dora(store: Store) -> World:
    return world(store)


def lost(turn: Turn) -> ModelCall:
    return lost_call(turn, 1000, FLASH, LATER)


def under_way(store: Store, turn: Turn) -> None:
    store.write(lambda db: turns.begin_call(db, turn.seq, 1000))


def shut(store: Store, turn: Turn, owner: str = LEASE.owner) -> Turn | None:
    lease = turns.Lease(owner, LEASE.until)
    return store.write(lambda db: close(db, turn, lease, FLASH, LATER))


def calls(dora: World, turn: Turn) -> list[ModelCall]:
    return dora.store.read(lambda db: model_calls.for_turn(db, dora.user.id, turn.id))


def test_a_turn_is_abandoned_when_its_lease_is_over_or_its_process_gone(dora: World) -> None:
    turn = ask(dora.store, dora.chat).turn
    found = [(turn, LEASE)]
    assert abandoned(found, LEASE.until - timedelta(microseconds=1), lambda _: False) == []
    assert abandoned(found, LEASE.until, lambda _: False) == found
    assert abandoned(found, NOW, lambda owner: owner == LEASE.owner) == found


def test_a_lost_call_is_an_estimate_of_the_input_that_was_sent(dora: World) -> None:
    turn = ask(dora.store, dora.chat).turn
    call = lost(turn)
    assert (call.tokens_in, call.tokens_cached, call.tokens_out, call.source, call.outcome) == (1000, 0, 0, "estimate", "interrupted")
    assert (call.cost, call.price, call.priced_as) == (Decimal("0.0003"), "0.3/0.03/2.5", "google:gemini-2.5-flash")
    assert (call.started_at, call.duration_ms, call.turn_id, call.user_id) == (NOW, 60_000, turn.id, dora.user.id)


def test_a_lost_call_of_an_unknown_model_has_no_price(dora: World) -> None:
    call = lost_call(ask(dora.store, dora.chat).turn, 1000, ("", "x"), NOW - timedelta(seconds=9))
    assert (call.cost, call.price, call.priced_as, call.duration_ms) == (None, None, "x", 0)


def test_an_abandoned_turn_is_closed_with_its_question_and_its_cost_kept(dora: World) -> None:
    turn = ask(dora.store, dora.chat).turn
    dora.store.write(lambda db: model_calls.add(db, turn.seq, model_call(turn, "0.001")))
    under_way(dora.store, turn)
    closed = shut(dora.store, turn)
    assert closed is not None
    assert (closed.status, closed.error, closed.cost, closed.estimated) == ("interrupted", INTERRUPTED, Decimal("0.0013"), True)
    assert dora.store.read(lambda db: turns.get(db, dora.user.id, turn.id)) == closed
    assert [m.text for m in dora.store.read(lambda db: messages.of_turn(db, dora.user.id, turn.id))] == ["What did I eat?"]


def test_a_turn_without_a_call_under_way_costs_what_its_calls_cost(dora: World) -> None:
    turn = ask(dora.store, dora.chat).turn
    under_way(dora.store, turn)
    dora.store.write(lambda db: model_calls.add(db, turn.seq, model_call(turn, "0.001")))
    closed = shut(dora.store, turn)
    assert closed is not None
    assert (closed.cost, closed.estimated) == (Decimal("0.001"), False)


def test_of_two_processes_that_close_it_one_does_and_the_estimate_counts_once(dora: World) -> None:
    turn = ask(dora.store, dora.chat).turn
    under_way(dora.store, turn)
    other = Store.open(dora.store.path)
    with ThreadPoolExecutor(2) as pool:
        closed = list(pool.map(lambda store: shut(store, turn), (dora.store, other)))
    other.close()
    assert sum(each is not None for each in closed) == 1
    assert [call.source for call in calls(dora, turn)] == ["estimate"]


def test_a_turn_that_ended_after_all_is_left_as_it_is(dora: World) -> None:
    turn = ask(dora.store, dora.chat).turn
    done = settle(dora.store, turn)
    assert shut(dora.store, turn) is None
    assert dora.store.read(lambda db: turns.get(db, dora.user.id, turn.id)) == done
    assert len(calls(dora, turn)) == 1


def test_a_turn_that_another_process_took_over_is_left_to_it(dora: World) -> None:
    turn = ask(dora.store, dora.chat).turn
    assert shut(dora.store, turn, "another") is None
    assert calls(dora, turn) == []
    assert dora.store.read(lambda db: turns.get(db, dora.user.id, turn.id)).status == "running"
