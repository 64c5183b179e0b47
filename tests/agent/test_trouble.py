"""Turns when the house itself is in trouble: a full disk at the end, text no database keeps, another process, a key that is gone."""

import threading
import time
from datetime import datetime
from functools import partial

import httpx
import pytest
from sqlite_utils import Database

from agent.events import Finished, Notice, Queued
from agent.handles import LiveTurn
from agent.runner import TurnRunner
from storage import chats, turns
from storage.errors import StorageError
from storage.records import NewMessage, Turn
from storage.settings import Settings
from tests.agent.conftest import MakeStage, Stage
from tests.agent.scripted import Script, ScriptedModel, Step

WAIT = 20.0


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.worker._ROUND_S", 0.05)


def test_an_end_that_cannot_be_written_is_told_and_written_later(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The turn is not over before it is stored: a page that follows it must not run in circles."""
    settle, full = turns.settle, threading.Event()
    full.set()

    def settle_when_there_is_room(db: Database, turn: Turn, owner: str, ending: turns.Settlement, now: datetime) -> Turn | None:
        if full.is_set():
            raise StorageError("The disk is full.")
        return settle(db, turn, owner, ending, now)

    monkeypatch.setattr(turns, "settle", settle_when_there_is_room)
    handle = stage.runner.submit("alice", stage.chat, "hello")
    assert any(isinstance(event, Notice) for event in handle.events(WAIT))
    assert handle.status == "running"
    full.clear()
    told = list(handle.events(WAIT))
    assert handle.result(WAIT).status == "done"
    assert len([event for event in told if isinstance(event, Notice) and "disk is full" in event.text]) == 1
    assert sum(isinstance(event, Finished) for event in told) == 1
    assert stage.said() == [("user", "hello"), ("assistant", "ok")]
    assert len(stage.calls(handle.id)) == 1


def test_half_characters_are_stored_as_question_marks(stage: Stage) -> None:
    stage.script.steps.append(Step("half \ud83d done"))
    turn = stage.runner.submit("alice", stage.chat, "a lone \ude00 here").result(WAIT)
    assert turn.status == "done"
    assert stage.said() == [("user", "a lone ? here"), ("assistant", "half ? done")]


def test_nothing_follows_finished_and_nobody_waits_after_it(stage: Stage) -> None:
    turn = stage.runner.submit("alice", stage.chat, "hello").result(WAIT)
    live = LiveTurn(turn)
    live.emit(Finished(turn))
    live.wait_in_line(1)
    live.emit(Notice("late"))
    assert list(live.events(0.1)) == [Finished(turn)]
    early = LiveTurn(turn)
    early.wait_in_line(2)
    assert next(early.events(0.1)) == Queued(2)


def test_one_turn_that_cannot_be_cared_for_does_not_end_the_care_for_others(stage: Stage) -> None:
    now, gone = stage.clock.now(), turns.Lease("elsewhere|1|dead", stage.clock.now())
    chat = stage.store.write(lambda db: chats.create(db, "alice", "", now)).id
    for place, (name, policy) in enumerate([(stage.chat, '{"strategy": "of tomorrow"}'), (chat, "{}")]):
        asked = turns.Admission(f"turn-{place}", "alice", name, NewMessage("user", "hello", 3), "demo", policy, "UTC", None, 5)
        stage.store.write(partial(turns.admit, admission=asked, lease=gone, now=now))
    assert stage.runner.attach("alice", "turn-1").result(WAIT).status == "interrupted"
    assert stage.runner.attach("alice", "turn-0").result(WAIT).status == "interrupted"


def test_a_turn_that_another_process_answers_is_told_here_when_it_is_over(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.worker.process_name", lambda: "elsewhere|1|living")
    gate = threading.Event()
    stage.script.steps.append(Step("first", before=gate))
    stage.runner.submit("alice", stage.chat, "one")
    script = Script()
    other = TurnRunner(stage.store, Settings(), clock=stage.clock, build=lambda *_: ScriptedModel(script=script))
    other.start()
    try:
        asked_there = other.submit("alice", stage.chat, "two")
        gate.set()
        assert asked_there.result(WAIT).status == "done"
    finally:
        other.close(1)
    assert script.seen == []


def test_output_reported_at_the_end_only_is_counted_when_the_call_is_cut_off(stage: Stage) -> None:
    gate = threading.Event()
    words = " ".join(["word"] * 50)
    stage.script.steps.append(Step(words, usage=(100, 10, 0), error=httpx.ReadError("cut")))
    turn = stage.runner.submit("alice", stage.chat, "talk").result(WAIT)
    gate.set()
    [call] = stage.calls(turn.id)
    assert call.tokens_out >= 50
    assert call.source == "estimate"


def test_a_request_that_never_got_there_costs_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.guard.BACKOFF_S", 0.001)
    stage.script.otherwise = lambda messages: Step(error=httpx.ConnectError("no route"))
    turn = stage.runner.submit("alice", stage.chat, "hello").result(WAIT)
    assert turn.status == "failed"
    assert turn.cost == 0
    assert turn.tokens_in == 0


def test_a_chat_deleted_while_it_is_answered_comes_back_whole(stage: Stage) -> None:
    gate = threading.Event()
    stage.script.steps.append(Step("first", before=gate))
    stage.runner.submit("alice", stage.chat, "one")
    waiting = stage.runner.submit("alice", stage.chat, "two")
    stage.store.write(lambda db: chats.delete(db, "alice", stage.chat, stage.clock.now()))
    gate.set()
    assert waiting.result(WAIT).status == "done"
    stage.store.write(lambda db: chats.restore(db, "alice", stage.chat))
    assert [text for _, text in stage.said()] == ["one", "first", "two", "ok"]


def test_a_question_asked_with_an_own_key_is_not_charged_to_the_class_when_the_key_is_gone(make_stage: MakeStage) -> None:
    stage = make_stage(model="google_genai:gemini-2.5-flash-lite", GOOGLE_API_KEY="class-key")
    gate = threading.Event()
    stage.script.otherwise = lambda messages: Step("ok", before=gate)
    stage.runner.keys.set("login-1", "own-key")
    stage.runner.submit("alice", stage.chat, "one", login_id="login-1")
    waiting = stage.runner.submit("alice", stage.chat, "two", login_id="login-1")
    stage.runner.keys.drop("login-1")
    gate.set()
    turn = waiting.result(WAIT)
    assert turn.status == "failed"
    assert turn.error is not None
    assert "key of your own" in turn.error


def test_text_that_was_shown_is_kept_when_the_stop_comes_between_call_and_tool(stage: Stage) -> None:
    gate = threading.Event()
    stage.script.steps += [Step("Let me look.", calls=[("read_log", "{}")]), Step("never", before=gate)]
    handle = stage.runner.submit("alice", stage.chat, "what did I eat?")
    until = time.monotonic() + WAIT
    while len(stage.script.seen) < 2:
        assert time.monotonic() < until
        time.sleep(0.005)
    stage.runner.stop("alice", handle.id)
    assert handle.result(WAIT).status == "stopped"
    assert ("assistant", "Let me look.") in stage.said()
