"""Model calls come back as they ended, and add up exactly."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import chats, model_calls
from storage.database import Store
from storage.records import ModelCall, Totals, Turn
from tests.storage.makers import NOW, World, ask, chat_of, model_call, person, settle, world

COUNT = st.integers(0, 10**12)
WORD = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
MONEY = st.none() | st.integers(0, 10**15).map(lambda nano: Decimal(nano) / 10**9)


def calls_of(turn: Turn) -> st.SearchStrategy[ModelCall]:
    return st.builds(
        ModelCall,
        turn_id=st.just(turn.id),
        chat_id=st.just(turn.chat_id),
        user_id=st.just(turn.user_id),
        purpose=WORD,
        model=WORD,
        priced_as=st.none() | WORD,
        tokens_in=COUNT,
        tokens_cached=COUNT,
        tokens_out=COUNT,
        tokens_reasoning=COUNT,
        cost=MONEY,
        source=st.sampled_from(["provider", "estimate"]),
        outcome=st.sampled_from(["ok", "error", "stopped", "timeout", "interrupted"]),
        attempt=st.integers(1, 9),
        first_token_ms=st.none() | COUNT,
        duration_ms=COUNT,
        finish_reason=st.none() | WORD,
        started_at=st.integers(0, 10**9).map(lambda us: NOW + timedelta(microseconds=us)),
        price=st.none() | WORD,
    )


@pytest.fixture
def dora(store: Store) -> World:
    return world(store)


def write(store: Store, turn: Turn, *calls: ModelCall) -> None:
    for call in calls:
        store.write(partial(model_calls.add, turn_seq=turn.seq, call=call))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_calls_come_back_as_they_ended_and_add_up_to_the_turn(dora: World, data: st.DataObject) -> None:
    turn = ask(dora.store, chat_of(dora.store, dora.user)).turn
    calls = data.draw(st.lists(calls_of(turn), max_size=5))
    write(dora.store, turn, *calls)
    assert dora.store.read(lambda db: model_calls.for_turn(db, dora.user.id, turn.id)) == calls
    sums = Totals(
        turns=1 if calls else 0,
        calls=len(calls),
        tokens_in=sum(call.tokens_in for call in calls),
        tokens_cached=sum(call.tokens_cached for call in calls),
        tokens_out=sum(call.tokens_out for call in calls),
        cost=sum((call.cost or Decimal(0) for call in calls), Decimal(0)),
        unpriced_calls=sum(call.cost is None for call in calls),
        estimated_calls=sum(call.source == "estimate" for call in calls),
    )
    assert dora.store.read(lambda db: model_calls.turn_totals(db, turn.seq)) == sums
    assert dora.store.read(lambda db: model_calls.chat_totals(db, dora.user.id, turn.chat_id)) == sums


def test_a_chats_totals_are_those_of_its_turns_alone(dora: World) -> None:
    other = chat_of(dora.store, dora.user)
    for chat, costs in ((dora.chat, ("0.000000001", None)), (other, ("5",))):
        turn = ask(dora.store, chat).turn
        write(dora.store, turn, *(model_call(turn, cost) for cost in costs))
        settle(dora.store, turn)
    totals = dora.store.read(lambda db: model_calls.chat_totals(db, dora.user.id, dora.chat.id))
    assert totals == Totals(1, 3, 300, 120, 60, Decimal("0.001000001"), 1, 0)


def test_a_deleted_chat_has_still_cost_what_it_cost(dora: World) -> None:
    turn = ask(dora.store, dora.chat).turn
    settle(dora.store, turn)
    dora.store.write(lambda db: chats.delete(db, dora.user.id, dora.chat.id, NOW))
    assert dora.store.read(lambda db: model_calls.chat_totals(db, dora.user.id, dora.chat.id)).cost == Decimal("0.001")


def test_a_call_filed_under_another_person_is_not_shown(dora: World) -> None:
    """The rows name their person themselves; where turn and call disagree, nothing is shown."""
    emil, turn = person(dora.store, "emil"), ask(dora.store, dora.chat).turn
    write(dora.store, turn, replace(model_call(turn), user_id=emil.id))
    for asker in (dora.user.id, emil.id):
        assert dora.store.read(partial(model_calls.for_turn, user_id=asker, turn_id=turn.id)) == []
