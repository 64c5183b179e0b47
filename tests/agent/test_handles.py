"""What a page holds of a turn: the same story, live or from the database, for everybody who listens and however late."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from agent import registry
from agent.events import CallRecorded, Event, Finished, Notice, Queued, Started, TextDelta, ToolFinished, ToolStarted
from agent.handles import LiveTurn, StoredTurn
from agent.registry import LiveTurns
from storage.database import Store
from storage.records import NewMessage, NotFound, Turn
from tests.storage.makers import World, ask, ending, model_call, person, settle, with_tools, world


@pytest.fixture
def dora(store: Store) -> World:
    return world(store)


@pytest.fixture
def turn(dora: World) -> Turn:
    return ask(dora.store, dora.chat).turn


def done(turn: Turn) -> Finished:
    return Finished(replace(turn, status="done"))


# Live


def test_a_late_listener_hears_the_story_from_the_start(turn: Turn) -> None:
    live = LiveTurn(turn)
    story: list[Event] = [Started(1), TextDelta("A "), CallRecorded(model_call(turn)), Notice("…"), TextDelta("salad."), done(turn)]
    for event in story:
        live.emit(event)
    assert list(live.events(0)) == list(live.events(0)) == story
    assert (live.text, live.status, live.result(0).status) == ("A salad.", "done", "done")


def test_many_listeners_hear_everything_as_it_happens(turn: Turn) -> None:
    live = LiveTurn(turn)
    with ThreadPoolExecutor(8) as pool:
        heard = [pool.submit(lambda: list(live.events(20))) for _ in range(8)]
        for n in range(200):
            live.emit(TextDelta(f"{n} "))
        live.emit(done(turn))
    expected = [*(TextDelta(f"{n} ") for n in range(200)), done(turn)]
    assert all(each.result() == expected for each in heard)


def test_an_event_is_heard_at_once_not_at_the_next_look(turn: Turn) -> None:
    live = LiveTurn(turn)
    listener = live.events(20)
    threading.Timer(0.05, live.emit, [TextDelta("now")]).start()
    began = time.monotonic()
    assert next(listener) == TextDelta("now")
    assert time.monotonic() - began < 5


def test_silence_ends_the_listening_which_can_be_taken_up_again(turn: Turn) -> None:
    live = LiveTurn(turn)
    live.emit(TextDelta("A"))
    assert list(live.events(0.01)) == [TextDelta("A")]
    live.emit(done(turn))
    assert list(live.events(0.01)) == [TextDelta("A"), done(turn)]


def test_a_result_is_waited_for_and_no_longer_than_asked(turn: Turn) -> None:
    live = LiveTurn(turn)
    with pytest.raises(TimeoutError, match=r"0\.01 s"):
        live.result(0.01)
    threading.Timer(0.05, live.emit, [done(turn)]).start()
    assert live.result(20).status == "done"


def test_a_live_turn_has_the_status_of_its_record(turn: Turn) -> None:
    assert LiveTurn(turn).status == "running"
    assert LiveTurn(replace(turn, status="queued")).status == "queued"


# From the database


def stored(dora: World, turn: Turn) -> StoredTurn:
    return StoredTurn(dora.store, turn)


def test_a_turn_that_is_over_is_told_from_the_database(dora: World, turn: Turn) -> None:
    settled = settle(dora.store, turn, with_tools())
    assert settled is not None
    handle = stored(dora, turn)
    assert list(handle.events(1)) == [
        Started(1),
        TextDelta("One moment."),
        ToolStarted("c1", "log_food", {"name": "salad", "calories": 180.0}),
        ToolFinished("c1", "log_food", True, "Logged #1 food: salad, 180 kcal on 2026-03-02."),
        TextDelta("\n\nLogged."),
        Finished(settled),
    ]
    assert (handle.status, handle.result(0)) == ("done", settled)


def test_texts_before_and_after_a_tool_call_stand_apart_as_they_did_live(dora: World, turn: Turn) -> None:
    settle(dora.store, turn, with_tools())
    assert stored(dora, turn).text == "One moment.\n\nLogged."


def test_a_single_text_stands_alone(dora: World, turn: Turn) -> None:
    settle(dora.store, turn, ending("A salad."))
    assert stored(dora, turn).text == "A salad."


def test_a_refused_tool_is_told_as_refused(dora: World, turn: Turn) -> None:
    said = [*with_tools().messages[:1], NewMessage("tool", "Error: refused.", 1, tool_call_id="c1", tool_name="log_food")]
    settle(dora.store, turn, replace(with_tools(), messages=said))
    assert ToolFinished("c1", "log_food", False, "Error: refused.") in list(stored(dora, turn).events(1))


def test_a_turn_of_another_process_is_waited_for(dora: World, turn: Turn) -> None:
    handle = stored(dora, turn)
    assert handle.status == "running"
    assert list(handle.events(0)) == [Queued(0)]
    with pytest.raises(TimeoutError):
        handle.result(0)
    timer = threading.Timer(0.1, settle, [dora.store, turn])
    timer.start()
    heard = list(handle.events(20))
    timer.join()
    assert (heard[0], heard[1], heard[2]) == (Queued(0), Started(1), TextDelta("A salad."))
    assert isinstance(heard[-1], Finished)


def test_nobody_else_is_told_anything(dora: World, turn: Turn) -> None:
    settle(dora.store, turn)
    emil = person(dora.store, "emil")
    handle = StoredTurn(dora.store, replace(turn, user_id=emil.id))
    with pytest.raises(NotFound):
        list(handle.events(0))
    with pytest.raises(NotFound):
        _ = handle.status
    assert handle.text == ""


# The turns of a process


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """Three finished turns are kept, not hundreds."""
    monkeypatch.setattr(registry, "_KEPT", 3)
    return 3


def test_a_turn_has_one_live_turn_whoever_asks(turn: Turn) -> None:
    turns = LiveTurns()
    with ThreadPoolExecutor(8) as pool:
        adopted = list(pool.map(turns.adopt, [turn] * 50))
    assert {id(live) for live in adopted} == {id(turns.get(turn.id))}
    assert turns.get("unknown") is None


def test_a_waiting_turn_that_starts_keeps_its_listeners(turn: Turn) -> None:
    turns = LiveTurns()
    waiting = turns.adopt(replace(turn, status="queued"))
    waiting.emit(Queued(1))
    started = turns.adopt(turn)
    assert started is waiting
    assert started.status == "running"
    assert list(started.events(0)) == [Queued(1)]


def test_an_old_record_does_not_undo_a_newer_one(turn: Turn) -> None:
    turns = LiveTurns()
    turns.adopt(turn)
    assert turns.adopt(replace(turn, status="queued")).status == "running"


def test_finished_turns_are_forgotten_oldest_first_and_running_ones_never(few: int, turn: Turn) -> None:
    turns = LiveTurns()
    turns.adopt(turn)
    for n in range(few + 2):
        turns.adopt(replace(turn, id=f"{n}"))
        turns.over(f"{n}")
        turns.over(f"{n}")
    assert [turns.get(f"{n}") is not None for n in range(few + 2)] == [False, False, True, True, True]
    assert turns.get(turn.id) is not None
