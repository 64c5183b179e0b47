"""What other strategies would have used: kept by turn, added up by chat and class, drawn as curves beside what was spent."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage import counterfactuals, model_calls, turns, users
from storage.counterfactuals import Compared, Counterfactual, Sum
from storage.database import Store
from storage.migrations import migrations
from storage.records import ModelCall, Turn
from tests.storage.makers import NOW, World, answered, ask, ending, model_call, settle, what_if, world


@pytest.fixture
def dora(store: Store) -> World:
    return world(store)


def compared(dora: World, *items: Counterfactual, cost: str | None = "0.001", hours: int = 0) -> Turn:
    """Answer a question with one call of `cost` and these counterfactuals, `hours` after NOW."""
    at = NOW + timedelta(hours=hours)
    turn = ask(dora.store, dora.chat, now=at).turn
    call = replace(model_call(turn, cost), started_at=at)
    settled = settle(dora.store, turn, replace(ending("A salad.", "done", call), counterfactuals=items))
    assert settled is not None
    return settled


def sums(dora: World) -> dict[str, Sum]:
    return dora.store.read(lambda db: counterfactuals.chat_sums(db, dora.user.id, dora.chat.id))


def test_what_was_settled_is_read_again(dora: World) -> None:
    items = [what_if("full"), Counterfactual("summary", 9, 0, 1, None, True, "No summary was written.", 17)]
    turn = compared(dora, *items)
    assert dora.store.read(lambda db: counterfactuals.for_turn(db, dora.user.id, turn.id)) == items


def test_a_turn_settles_with_its_summary_and_its_quotes(dora: World) -> None:
    turn = ask(dora.store, dora.chat).turn
    settled = settle(dora.store, turn, replace(ending(), summary_id=4, quoted=[7, 3]))
    assert settled is not None
    assert (settled.summary_id, settled.quoted) == (4, (7, 3))
    assert dora.store.read(lambda db: turns.get(db, dora.user.id, turn.id)) == settled
    plain = answered(dora.store, dora.chat)
    assert (plain.summary_id, plain.quoted) == (None, ())


def test_sums_of_a_chat_count_what_is_unpriced_and_what_is_guessed(dora: World) -> None:
    compared(dora, what_if("full", "0.002"), what_if("window", "0.001"))
    compared(dora, what_if("full", None), what_if("window", "0.001", estimated=True))
    answered(dora.store, dora.chat)
    assert sums(dora) == {
        "full": Sum(600, 200, 40, Decimal("0.002"), 1, 0, 2),
        "window": Sum(600, 200, 40, Decimal("0.002"), 0, 1, 2),
    }
    spent = dora.store.read(lambda db: counterfactuals.spent(db, dora.user.id, dora.chat.id))
    assert (spent.turns, spent.cost, spent.tokens_in) == (2, Decimal("0.002"), 200)


def test_a_strategy_counts_once_a_turn(dora: World) -> None:
    turn = compared(dora, what_if("full"))
    dora.store.write(lambda db: counterfactuals.add(db, turn.seq, [what_if("full", "9")]))
    assert sums(dora)["full"].cost == Decimal("0.002")
    assert len(dora.store.read(lambda db: counterfactuals.for_turn(db, dora.user.id, turn.id))) == 1


def test_a_turn_that_is_not_settled_by_its_owner_leaves_none(dora: World) -> None:
    turn = ask(dora.store, dora.chat).turn
    assert settle(dora.store, turn, replace(ending(), counterfactuals=[what_if()]), owner="somebody") is None
    assert sums(dora) == {}


def test_the_state_of_a_strategy_is_that_of_its_last_turn_before(dora: World) -> None:
    first = compared(dora, what_if("chunked_window", state=11), what_if("window"))
    answered(dora.store, dora.chat)
    third = compared(dora, what_if("chunked_window", state=33))

    def state(before: int, strategy: str = "chunked_window") -> int | None:
        return dora.store.read(lambda db: counterfactuals.previous_state(db, dora.chat.id, dora.user.id, strategy, before))

    assert [state(first.seq), state(third.seq), state(third.seq + 1)] == [None, 11, 33]
    assert state(third.seq, "window") is None
    assert state(third.seq, "unheard of") is None


def test_curves_have_a_point_a_turn_with_the_summarys_call_in_what_was_spent(dora: World) -> None:
    first = compared(dora, what_if("full", "0.002", estimated=True))
    summary: ModelCall = replace(model_call(first, "0.004"), purpose="summary")
    dora.store.write(lambda db: model_calls.add(db, first.seq, summary))
    answered(dora.store, dora.chat)
    compared(dora, what_if("full", None), cost=None, hours=2)
    curve = dora.store.read(lambda db: counterfactuals.chat_curve(db, dora.user.id, dora.chat.id))
    assert [(point.spent, point.uncapped) for point in curve] == [(Decimal("0.005"), Decimal("0.002")), (None, None)]
    assert [(point.spent_tokens, point.uncapped_tokens, point.estimated) for point in curve] == [(240, 320, True), (120, 320, False)]
    assert [point.at for point in curve] == [NOW, NOW + timedelta(hours=2)]


def test_a_persons_curve_begins_where_asked_and_keeps_the_newest(dora: World) -> None:
    for hours in range(4):
        compared(dora, what_if("full"), hours=hours)

    def hours_of(hours: int, limit: int) -> list[float]:
        since = NOW + timedelta(hours=hours)
        points = dora.store.read(lambda db: counterfactuals.user_by_turn(db, dora.user.id, since, limit))
        return [(point.at - NOW).total_seconds() / 3600 for point in points]

    assert hours_of(0, 9) == [0, 1, 2, 3]
    assert hours_of(1, 2) == [2, 3]
    assert hours_of(4, 9) == []


def test_a_summary_written_after_the_periods_start_does_not_bring_its_turn_in(dora: World) -> None:
    turn = compared(dora, what_if("full"))
    summary = replace(model_call(turn, "0.004"), purpose="summary", started_at=NOW + timedelta(seconds=9))
    dora.store.write(lambda db: model_calls.add(db, turn.seq, summary))
    since = NOW + timedelta(seconds=5)
    assert dora.store.read(lambda db: counterfactuals.user_by_turn(db, dora.user.id, since)) == []


def test_the_class_is_added_up_for_instructors_only(dora: World) -> None:
    emil = world(dora.store, "emil")
    compared(dora, what_if("full", "0.002"))
    compared(emil, what_if("full", "0.003"))
    prof = dora.store.write(lambda db: users.add(db, "prof", "Prof", "instructor", NOW, password_hash=None)).id
    asked = {who: dora.store.read(partial(counterfactuals.class_sums, instructor_id=who)) for who in (prof, dora.user.id, "nobody")}
    assert asked == {prof: {"full": Sum(600, 200, 40, Decimal("0.005"), 0, 0, 2)}, dora.user.id: {}, "nobody": {}}


def test_the_class_is_compared_over_the_same_turns(dora: World) -> None:
    emil = world(dora.store, "emil")
    answered(dora.store, dora.chat)
    turn = compared(dora, what_if("full"), what_if("window"), cost="0.003")
    compared(dora, what_if("window"), cost="0.5")
    compared(emil, what_if("full"), cost=None)
    summary = replace(model_call(turn, "0.004"), purpose="summary")
    dora.store.write(lambda db: model_calls.add(db, turn.seq, summary))
    prof = dora.store.write(lambda db: users.add(db, "prof", "Prof", "instructor", NOW, password_hash=None)).id
    asked = [dora.store.read(partial(counterfactuals.class_compared, instructor_id=who)) for who in (prof, dora.user.id)]
    assert asked == [Compared(2, Decimal("0.007"), 1), Compared(0, Decimal(0), 0)]


def test_what_was_compared_before_it_was_added_up_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    old = Database(sqlite3.connect(path), execute_plugins=False)
    migrations.apply(old, stop_before="m007_compared_totals")
    old.execute("INSERT INTO users VALUES ('p', 'prof', 'Prof', 'instructor', NULL, 0, 0, NULL)")
    old.execute("INSERT INTO policies VALUES (1, '{}')")
    old.execute("INSERT INTO chats(id, user_id, title, created_at, updated_at) VALUES ('c', 'p', 'Lunch', 0, 0)")
    for seq in (1, 2):
        old.execute(
            "INSERT INTO turns(seq, id, chat_id, user_id, status, model, policy, timezone, created_at) "
            "VALUES (?, ?, 'c', 'p', 'done', 'demo', 1, 'UTC', 0)",
            (seq, f"t{seq}"),
        )
        old.execute(
            "INSERT INTO model_calls(turn, chat_id, user_id, purpose, model, tokens_in, tokens_cached, tokens_out, tokens_reasoning, "
            "cost_nano, source, outcome, attempt, duration_ms, started_at) "
            "VALUES (?, 'c', 'p', 'answer', 'demo', 100, 10, 10, 0, 3000000, 'provider', 'ok', 1, 5, 0)",
            (seq,),
        )
    counterfactuals.add(old, 2, [what_if("full"), what_if("window")])
    old.conn.commit()
    old.conn.close()
    store = Store.open(path)
    found = store.read(lambda db: counterfactuals.class_compared(db, "p"))
    store.close()
    assert found == Compared(1, Decimal("0.003"), 0)
