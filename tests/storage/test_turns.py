"""The queue of a chat: who runs, who waits, how a turn ends, and that two who try at once cannot both win."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from storage import chats, messages, model_calls, turns
from storage.database import Store
from storage.records import NotFound, Turn, TurnStatus
from storage.turns import Admitted, CallsMissing, Lease, QueueIsFull
from tests.storage.makers import LEASE, NOW, World, admission, answered, ask, chat_of, ending, model_call, person, settle, with_tools, world

T = TypeVar("T")
LATER = NOW + timedelta(seconds=5)
OTHER = Lease("there|2|bb", LATER)


@pytest.fixture
def dora(store: Store) -> World:
    return world(store)


def now(dora: World, turn: Turn) -> Turn:
    return dora.store.read(lambda db: turns.get(db, dora.user.id, turn.id))


def opened(dora: World) -> list[tuple[str, TurnStatus]]:
    return [(turn.id, turn.status) for turn in dora.store.read(lambda db: turns.open_turns(db, dora.user.id, dora.chat.id))]


def claim(dora: World, lease: Lease = LEASE) -> Turn | None:
    return dora.store.write(lambda db: turns.claim_next(db, dora.chat.id, lease, LATER))


def said(dora: World) -> list[str]:
    return [message.text for message in dora.store.read(lambda db: messages.latest(db, dora.user.id, dora.chat.id, 1000))]


def stored(dora: World, turn: Turn, *costs: str | None) -> None:
    for cost in costs:
        dora.store.write(partial(model_calls.add, turn_seq=turn.seq, call=model_call(turn, cost)))


def settle_in(stores: Sequence[Store], turn: Turn, owner: str, n: int) -> Turn | None:
    return settle(stores[n], turn, owner=owner)


def at_once(count: int, fn: Callable[[int], T]) -> list[T]:
    """Run `fn` with 0 to count - 1 in as many threads, all let go together."""
    everybody = threading.Barrier(count)

    def run(n: int) -> T:
        everybody.wait(30)
        return fn(n)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


# Admission


def test_the_first_question_runs_at_once_under_the_lease(dora: World) -> None:
    admitted = ask(dora.store, dora.chat, "What did I eat?")
    turn = admitted.turn
    assert (admitted.is_new, admitted.ahead) == (True, 0)
    assert (turn.status, turn.created_at, turn.started_at, turn.finished_at) == ("running", NOW, NOW, None)
    assert (turn.cost, turn.tokens_in, turn.policy, turn.timezone) == (None, 0, "{}", "UTC")
    assert now(dora, turn) == turn
    assert dora.store.read(turns.running) == [(turn, LEASE)]
    assert said(dora) == ["What did I eat?"]


def test_the_next_questions_wait_in_order_without_a_lease(dora: World) -> None:
    admitted = [ask(dora.store, dora.chat, f"q{n}") for n in range(3)]
    assert [a.ahead for a in admitted] == [0, 1, 2]
    assert opened(dora) == [(a.turn.id, status) for a, status in zip(admitted, ("running", "queued", "queued"), strict=True)]
    assert admitted[1].turn.started_at is None
    assert [now(dora, a.turn) for a in admitted] == [a.turn for a in admitted]
    assert len(dora.store.read(turns.running)) == 1
    assert said(dora) == ["q0", "q1", "q2"]


def test_everything_asked_with_is_kept(dora: World) -> None:
    asked = replace(admission(dora.chat), model="google_genai:g", policy='{"a": 1}', timezone="Europe/Zurich", login_id="l")
    turn = dora.store.write(lambda db: turns.admit(db, asked, LEASE, NOW)).turn
    assert (turn.model, turn.policy, turn.timezone, turn.login_id) == ("google_genai:g", '{"a": 1}', "Europe/Zurich", "l")
    assert now(dora, turn) == turn


def test_other_chats_do_not_wait(dora: World) -> None:
    ask(dora.store, dora.chat)
    assert ask(dora.store, chat_of(dora.store, dora.user)).turn.status == "running"


def test_a_repeat_returns_the_turn_that_is_there_and_stores_nothing(dora: World) -> None:
    asked = admission(dora.chat, "Once", turn_id="t")
    first = dora.store.write(lambda db: turns.admit(db, asked, LEASE, NOW))
    again = dora.store.write(lambda db: turns.admit(db, asked, OTHER, LATER))
    assert (again.turn, again.is_new) == (first.turn, False)
    done = settle(dora.store, first.turn)
    third = dora.store.write(lambda db: turns.admit(db, asked, OTHER, LATER))
    assert (third.turn, third.is_new) == (done, False)
    assert said(dora) == ["Once", "A salad."]


def test_a_repeat_is_no_refusal_of_a_full_queue(dora: World) -> None:
    asked = [admission(dora.chat, turn_id=f"t{n}", limit=1) for n in range(2)]
    for each in asked:
        dora.store.write(partial(turns.admit, admission=each, lease=LEASE, now=NOW))
    assert not dora.store.write(lambda db: turns.admit(db, asked[1], LEASE, NOW)).is_new


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_a_full_queue_refuses_with_its_numbers_and_stores_nothing(dora: World, limit: int) -> None:
    for n in range(limit + 1):
        ask(dora.store, dora.chat, f"q{n}", limit=limit)
    with pytest.raises(QueueIsFull) as caught:
        ask(dora.store, dora.chat, "too many", limit=limit)
    assert (caught.value.waiting, caught.value.limit) == (limit, limit)
    assert "too many" not in said(dora)
    assert len(opened(dora)) == limit + 1
    settle(dora.store, dora.store.read(lambda db: turns.open_turns(db, dora.user.id, dora.chat.id))[0])
    claim(dora)
    assert ask(dora.store, dora.chat, "now", limit=limit).ahead == limit


def test_what_waits_while_none_runs_yet_counts_in_the_limit(dora: World) -> None:
    """After a crash turns wait and none runs; the first of them is about to, so one more may wait, and no more."""
    ask(dora.store, dora.chat, limit=2)
    waiting = [ask(dora.store, dora.chat, limit=2).turn for _ in range(2)]
    settle(dora.store, dora.store.read(turns.running)[0][0])
    waiting.append(ask(dora.store, dora.chat, limit=2).turn)
    with pytest.raises(QueueIsFull):
        ask(dora.store, dora.chat, limit=2)
    assert opened(dora) == [(turn.id, "queued") for turn in waiting]


def test_a_chat_that_is_deleted_unknown_or_somebody_elses_takes_no_question(dora: World) -> None:
    emil = person(dora.store, "emil")
    dora.store.write(lambda db: chats.delete(db, dora.user.id, dora.chat.id, NOW))
    other = chat_of(dora.store, dora.user)
    for asked in (admission(dora.chat), admission(other, user_id=emil.id), admission(replace(other, id="nothing"))):
        with pytest.raises(NotFound):
            dora.store.write(partial(turns.admit, admission=asked, lease=LEASE, now=NOW))
    assert dora.store.read(lambda db: db.execute("SELECT (SELECT count(*) FROM turns), (SELECT count(*) FROM messages)").fetchone()) == (
        0,
        0,
    )


def test_anothers_request_id_opens_nothing(dora: World) -> None:
    mine = dora.store.write(lambda db: turns.admit(db, admission(dora.chat, "secret", turn_id="t"), LEASE, NOW)).turn
    emil = world(dora.store, "emil")
    with pytest.raises(NotFound):
        dora.store.write(lambda db: turns.admit(db, admission(emil.chat, turn_id="t"), LEASE, NOW))
    assert now(dora, mine) == mine


def test_a_new_chat_is_named_by_its_first_question_and_moves_up(dora: World) -> None:
    ask(dora.store, dora.chat, "What  did\nI eat?", now=LATER)
    ask(dora.store, dora.chat, "And then?")
    named = chat_of(dora.store, dora.user, "Lunch")
    ask(dora.store, named, "Hello")
    first, second = (dora.store.read(partial(chats.get, user_id=dora.user.id, chat_id=chat.id)) for chat in (dora.chat, named))
    assert (first.title, second.title) == ("What did I eat?", "Lunch")
    assert (first.updated_at, second.updated_at) == (NOW, NOW)


# Claiming


def test_the_longest_waiting_turn_is_claimed_when_none_runs(dora: World) -> None:
    first, second, third = (ask(dora.store, dora.chat, f"q{n}").turn for n in range(3))
    assert claim(dora) is None
    settle(dora.store, first)
    claimed = claim(dora, OTHER)
    assert claimed == replace(second, status="running", started_at=LATER)
    assert dora.store.read(turns.running) == [(claimed, OTHER)]
    assert claim(dora) is None
    assert opened(dora) == [(second.id, "running"), (third.id, "queued")]


def test_nothing_is_claimed_in_an_idle_chat(dora: World) -> None:
    assert claim(dora) is None
    answered(dora.store, dora.chat)
    assert claim(dora) is None


def test_chats_whose_turns_wait_for_nobody_are_found(dora: World) -> None:
    first, _ = ask(dora.store, dora.chat).turn, ask(dora.store, dora.chat)
    assert dora.store.read(turns.waiting_chats) == []
    settle(dora.store, first)
    assert dora.store.read(turns.waiting_chats) == [dora.chat.id]
    claim(dora)
    assert dora.store.read(turns.waiting_chats) == []


def test_running_turns_are_found_with_their_leases_in_every_chat(dora: World) -> None:
    emil = world(dora.store, "emil")
    mine, theirs = ask(dora.store, dora.chat).turn, ask(emil.store, emil.chat, lease=OTHER).turn
    ask(dora.store, dora.chat)
    assert {turn.id: lease for turn, lease in dora.store.read(turns.running)} == {mine.id: LEASE, theirs.id: OTHER}


@pytest.mark.parametrize("look", [turns.running, turns.waiting_chats])
def test_looking_for_open_turns_reads_the_open_ones_only(dora: World, look: Callable[[Database], object]) -> None:
    """It is done every few seconds, over a table that only grows."""
    answered(dora.store, dora.chat)
    asked: list[str] = []

    def plans(db: Database) -> list[str]:
        db.conn.set_trace_callback(asked.append)
        look(db)
        db.conn.set_trace_callback(None)
        return [row[3] for sql in asked for row in db.execute(f"EXPLAIN QUERY PLAN {sql}") if row[3].split()[1] in ("t", "r")]

    found = dora.store.read(plans)
    assert len(found) == 2
    assert [plan for plan in found if "INDEX turns_open" not in plan] == []


# Settlement


def test_a_settled_turn_has_the_sums_of_its_calls_and_its_messages(dora: World) -> None:
    turn = ask(dora.store, dora.chat).turn
    stored(dora, turn, "0.001", "0.000000001")
    final = replace(with_tools(), error="Something to say", sent_messages=3, calls=[model_call(turn, "0.5")], stored_calls=2)
    done = settle(dora.store, turn, final)
    assert done is not None
    assert (done.status, done.error, done.sent_messages, done.first_token_ms, done.duration_ms) == ("done", "Something to say", 3, 12, 34)
    assert (done.tokens_in, done.tokens_cached, done.tokens_out) == (300, 120, 60)
    assert (done.cost, done.estimated) == (Decimal("0.501000001"), False)
    assert done.finished_at == NOW + timedelta(seconds=2)
    assert now(dora, turn) == done
    assert opened(dora) == []
    assert dora.store.read(turns.running) == []
    assert said(dora)[1:] == [message.text for message in final.messages]
    assert len(dora.store.read(lambda db: model_calls.for_turn(db, dora.user.id, turn.id))) == 3


@pytest.mark.parametrize(
    ("costs", "cost"),
    [((), Decimal(0)), (("0",), Decimal(0)), ((None,), None), (("1", None), None), ((None, "0"), None), (("1", "2"), Decimal(3))],
)
def test_a_turn_with_an_unpriced_call_has_no_price(dora: World, costs: tuple[str | None, ...], cost: Decimal | None) -> None:
    turn = ask(dora.store, dora.chat).turn
    done = settle(dora.store, turn, ending("", "done", *(model_call(turn, each) for each in costs)))
    assert done is not None
    assert done.cost == cost
    assert now(dora, turn).cost == cost


@pytest.mark.parametrize("estimates", [(), (False,), (True,), (False, True)])
def test_a_turn_with_an_estimated_call_is_an_estimate(dora: World, estimates: tuple[bool, ...]) -> None:
    turn = ask(dora.store, dora.chat).turn
    done = settle(dora.store, turn, ending("", "done", *(model_call(turn, estimate=each) for each in estimates)))
    assert done is not None
    assert done.estimated is now(dora, turn).estimated is any(estimates)


@pytest.mark.parametrize("status", ["done", "failed", "stopped", "interrupted"])
def test_a_turn_is_settled_once_whatever_its_end(dora: World, status: TurnStatus) -> None:
    turn = ask(dora.store, dora.chat).turn
    done = settle(dora.store, turn, ending("a", status))
    assert settle(dora.store, turn, ending("b", "done")) is None
    assert now(dora, turn) == done
    assert done is not None
    assert done.status == status
    assert said(dora)[1:] == ["a"]


def test_only_who_holds_the_lease_settles(dora: World) -> None:
    turn = ask(dora.store, dora.chat).turn
    assert settle(dora.store, turn, ending("not mine"), owner=OTHER.owner) is None
    assert now(dora, turn) == turn
    assert len(said(dora)) == 1
    assert settle(dora.store, turn, ending("mine")) is not None


def test_a_waiting_turn_cannot_be_settled(dora: World) -> None:
    ask(dora.store, dora.chat)
    waiting = ask(dora.store, dora.chat).turn
    assert settle(dora.store, waiting) is None
    assert now(dora, waiting) == waiting


def test_a_turn_whose_calls_are_not_all_stored_is_not_settled(dora: World) -> None:
    turn = ask(dora.store, dora.chat).turn
    stored(dora, turn, "1")
    with pytest.raises(CallsMissing):
        settle(dora.store, turn, ending("", "done", model_call(turn), stored=2))
    assert now(dora, turn) == turn
    assert said(dora)[1:] == []
    assert len(dora.store.read(lambda db: model_calls.for_turn(db, dora.user.id, turn.id))) == 1
    assert settle(dora.store, turn, ending("", "done", model_call(turn), stored=1)) is not None


def test_a_turn_of_a_chat_deleted_meanwhile_is_settled_and_there_after_restoring(dora: World) -> None:
    turn = ask(dora.store, dora.chat).turn
    dora.store.write(lambda db: chats.delete(db, dora.user.id, dora.chat.id, NOW))
    assert settle(dora.store, turn) is not None
    assert said(dora) == []
    dora.store.write(lambda db: chats.restore(db, dora.user.id, dora.chat.id))
    assert said(dora) == ["What did I eat?", "A salad."]


# Withdrawing


def test_a_waiting_turn_is_withdrawn_free_of_charge_and_its_question_stays(dora: World) -> None:
    first, second, third = (ask(dora.store, dora.chat, f"q{n}").turn for n in range(3))
    withdrawn = dora.store.write(lambda db: turns.withdraw(db, dora.user.id, second.id, LATER))
    assert withdrawn == replace(second, status="stopped", finished_at=LATER, cost=Decimal(0))
    assert opened(dora) == [(first.id, "running"), (third.id, "queued")]
    assert said(dora) == ["q0", "q1", "q2"]
    settle(dora.store, first)
    claimed = claim(dora)
    assert claimed is not None
    assert claimed.id == third.id


def test_what_runs_or_is_over_cannot_be_withdrawn(dora: World) -> None:
    running = ask(dora.store, dora.chat).turn
    withdraw = partial(turns.withdraw, user_id=dora.user.id, turn_id=running.id, now=LATER)
    assert dora.store.write(withdraw) is None
    assert now(dora, running) == running
    done = settle(dora.store, running)
    assert dora.store.write(withdraw) is None
    assert now(dora, running) == done


# Looking up


def test_turns_are_found_for_the_messages_of_a_page(dora: World) -> None:
    done = [answered(dora.store, dora.chat) for _ in range(3)]
    elsewhere = answered(dora.store, chat_of(dora.store, dora.user))
    wanted = [done[0].id, done[2].id, elsewhere.id, "nothing"]
    found = dora.store.read(lambda db: turns.for_messages(db, dora.user.id, dora.chat.id, wanted))
    assert found == {done[0].id: done[0], done[2].id: done[2]}
    assert dora.store.read(lambda db: turns.for_messages(db, dora.user.id, dora.chat.id, [])) == {}


# Races


def test_eight_questions_at_once_are_all_stored_and_run_one_after_the_other(dora: World) -> None:
    other = Store.open(dora.store.path)
    stores = (dora.store, other)
    admitted = at_once(8, lambda n: ask(stores[n % 2], dora.chat, f"q{n}", limit=8))
    other.close()
    by_place = sorted(admitted, key=lambda a: a.ahead)
    assert [a.ahead for a in by_place] == list(range(8))
    assert [a.turn.status for a in by_place] == ["running"] + ["queued"] * 7
    assert [turn for turn, _ in opened(dora)] == [a.turn.id for a in by_place]
    order = said(dora)
    assert sorted(order) == [f"q{n}" for n in range(8)]
    turn: Turn | None = by_place[0].turn
    for question in order:
        assert turn is not None
        settle(dora.store, turn, ending(f"a{question[1:]}"))
        turn = claim(dora)
    assert turn is None
    assert said(dora) == [text for question in order for text in (question, f"a{question[1:]}")]


def test_of_many_at_once_only_as_many_as_the_queue_holds_are_taken(dora: World) -> None:
    def try_to_ask(n: int) -> Admitted | QueueIsFull:
        try:
            return ask(dora.store, dora.chat, f"q{n}", limit=3)
        except QueueIsFull as full:
            return full

    outcomes = at_once(10, try_to_ask)
    assert sum(isinstance(outcome, Admitted) for outcome in outcomes) == len(said(dora)) == 4
    assert {outcome.waiting for outcome in outcomes if isinstance(outcome, QueueIsFull)} == {3}


def test_one_request_sent_many_times_at_once_is_one_turn(dora: World) -> None:
    asked = admission(dora.chat, "Once", turn_id="t")
    admitted = at_once(8, lambda _: dora.store.write(lambda db: turns.admit(db, asked, LEASE, NOW)))
    assert sum(a.is_new for a in admitted) == 1
    assert said(dora) == ["Once"]


def test_of_two_processes_that_claim_or_settle_at_once_one_wins(dora: World) -> None:
    other = Store.open(dora.store.path)
    stores, leases = (dora.store, other), (LEASE, OTHER)
    ask(dora.store, dora.chat, limit=100)
    for _ in range(10):
        ask(dora.store, dora.chat, limit=100)
        turn, held = dora.store.read(turns.running)[0]
        ends = at_once(2, partial(settle_in, stores, turn, held.owner))
        assert sum(settled is not None for settled in ends) == 1
        claims = at_once(2, lambda n: stores[n].write(lambda db: turns.claim_next(db, dora.chat.id, leases[n], LATER)))
        assert sum(claimed is not None for claimed in claims) == 1
        assert len(dora.store.read(turns.running)) == 1
    other.close()


# Any order of things


STEPS = st.lists(st.sampled_from(["ask", "settle", "claim", "withdraw", "steal"]), max_size=25)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_one_turn_runs_and_the_others_keep_their_order(dora: World, steps: list[str]) -> None:
    """The same steps in a list in memory: the running turn and those that wait."""
    mine = replace(dora, chat=chat_of(dora.store, dora.user))
    running: Turn | None = None
    waiting: list[Turn] = []
    for step in steps:
        if step == "ask" and len(waiting) + bool(running) <= 3:
            turn = ask(mine.store, mine.chat, limit=3).turn
            assert turn.status == ("queued" if running or waiting else "running")
            running, waiting = (turn, waiting) if turn.status == "running" else (running, [*waiting, turn])
        elif step == "ask":
            with pytest.raises(QueueIsFull):
                ask(mine.store, mine.chat, limit=3)
        elif step == "settle" and running:
            assert settle(mine.store, running) is not None
            running = None
        elif step == "steal" and running:
            assert settle(mine.store, running, owner="thief") is None
        elif step == "claim":
            claimed = claim(mine)
            assert (claimed.id if claimed else None) == (waiting[0].id if waiting and not running else None)
            running, waiting = (claimed, waiting[1:]) if claimed else (running, waiting)
        elif step == "withdraw" and waiting:
            last = waiting.pop()
            assert mine.store.write(partial(turns.withdraw, user_id=mine.user.id, turn_id=last.id, now=LATER)) is not None
        expected = ([(running.id, "running")] if running else []) + [(turn.id, "queued") for turn in waiting]
        assert opened(mine) == expected
