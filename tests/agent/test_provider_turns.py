"""Whole turns with the real Gemini client against a loopback server: usage, errors, keys, and what is not installed."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent.events import Notice
from agent.runner import TurnRunner
from storage import model_calls, wellness
from storage.database import Store
from storage.records import Turn
from storage.settings import Settings
from tests.agent.conftest import add_person
from tests.fakes import FakeClock
from tests.gemini_server.server import GeminiServer
from tests.gemini_server.wire import Call, Usage

WAIT = 20.0
GEMINI = "google_genai:gemini-2.5-flash"
CLASS_KEY = "class-key-0123456789"
OWN_KEY = "own-key-9876543210"

Start = Callable[..., TurnRunner]


@pytest.fixture
def chat(store: Store, clock: FakeClock) -> str:
    """A chat of alice's."""
    return add_person(store, "alice", clock)


@pytest.fixture
def start(store: Store, clock: FakeClock, gemini: GeminiServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Start a runner whose Gemini is the loopback server."""
    monkeypatch.setattr("agent.guard.BACKOFF_S", 0.001)
    runners: list[TurnRunner] = []

    def make(**settings: Any) -> TurnRunner:
        values: dict[str, Any] = {"model": GEMINI, "GOOGLE_API_KEY": CLASS_KEY, "gemini_base_url": gemini.base_url, **settings}
        runner = TurnRunner(store, Settings(**values), clock=clock)
        runner.start()
        runners.append(runner)
        return runner

    yield make
    for runner in runners:
        runner.close(1.0)


def ask(runner: TurnRunner, chat: str, text: str = "hello", **more: Any) -> Turn:
    return runner.submit("alice", chat, text, **more).result(WAIT)


def test_usage_is_billed_as_reported_cached_and_thoughts_counted_once(start: Start, gemini: GeminiServer, chat: str, store: Store) -> None:
    gemini.reply("Hello Alice", usage=Usage(prompt=1000, candidates=20, cached=400, thoughts=30))
    turn = ask(start(), chat)
    assert (turn.status, turn.tokens_in, turn.tokens_cached, turn.tokens_out) == ("done", 1000, 400, 50)
    assert turn.cost == Decimal("0.000317")  # (600 x 0.30 + 400 x 0.03 + 50 x 2.50) / a million
    [call] = store.read(lambda db: model_calls.for_turn(db, "alice", turn.id))
    assert (call.tokens_reasoning, call.source, call.priced_as) == (30, "provider", "google_genai:gemini-2.5-flash")
    assert gemini.requests[0].key == CLASS_KEY
    assert gemini.requests[0].stream
    assert set(gemini.requests[0].tool_names) == {"log_food", "log_workout", "read_log", "change_entry", "remove_entry"}


def test_tools_and_thought_signatures_go_round(start: Start, gemini: GeminiServer, chat: str, store: Store) -> None:
    gemini.reply(tool_calls=[Call("log_food", {"name": "salad", "calories": 180}, signature=b"signed")])
    gemini.reply("Logged.")
    gemini.reply("You ate a salad.")
    runner = start()
    assert ask(runner, chat, "I ate a salad").status == "done"
    [entry] = store.read(lambda db: wellness.list_day(db, "alice", "2026-03-02"))
    assert entry.name == "salad"
    assert ask(runner, chat, "What did I eat?").status == "done"
    later = gemini.requests[-1].body["contents"]
    signed = [part for content in later for part in content["parts"] if "functionCall" in part]
    assert signed
    assert signed[0].get("thoughtSignature")
    assert [role for role, _ in gemini.requests[-1].texts][-1] == "user"


def test_a_rate_limit_is_retried_by_one_layer_only(start: Start, gemini: GeminiServer, chat: str) -> None:
    for _ in range(2):
        gemini.fail(429)
    gemini.reply("Here I am.")
    runner = start()
    handle = runner.submit("alice", chat, "hello")
    told = list(handle.events(WAIT))
    assert handle.result(WAIT).status == "done"
    assert len(gemini.requests) == 3
    assert sum(isinstance(event, Notice) for event in told) == 2


def test_a_rate_limit_that_stays_ends_after_three_retries_for_free(start: Start, gemini: GeminiServer, chat: str) -> None:
    for _ in range(9):
        gemini.fail(429)
    turn = ask(start(), chat)
    assert (turn.status, turn.cost, len(gemini.requests)) == ("failed", Decimal(0), 4)
    assert turn.error is not None
    assert "rate limit" in turn.error


@pytest.mark.parametrize(("status", "words"), [(400, "key"), (401, "key"), (403, "not allowed"), (404, "does not know this model")])
def test_a_refusal_is_said_once_in_a_sentence_without_the_providers_text(
    start: Start, gemini: GeminiServer, chat: str, status: int, words: str
) -> None:
    gemini.fail(status, f"bad {CLASS_KEY}")
    turn = ask(start(), chat)
    assert turn.status == "failed"
    assert turn.error is not None
    assert words in turn.error
    assert CLASS_KEY not in turn.error
    assert len(gemini.requests) == 1


def test_a_dropped_stream_keeps_what_came_and_its_usage(start: Start, gemini: GeminiServer, chat: str, store: Store) -> None:
    gemini.drop_after(3)
    turn = ask(start(), chat)
    assert turn.status == "failed"
    [call] = store.read(lambda db: model_calls.for_turn(db, "alice", turn.id))
    assert call.outcome == "error"
    assert call.tokens_in > 0
    assert len(gemini.requests) == 1


def test_silence_ends_at_the_deadline(start: Start, gemini: GeminiServer, chat: str) -> None:
    gemini.silence(5)
    turn = ask(start(turn_deadline_s=0.5), chat)
    assert turn.status == "failed"
    assert turn.error is not None
    assert "0.5 s" in turn.error
    assert turn.estimated


@pytest.mark.parametrize("how", ["block", "safety", "empty"])
def test_a_blocked_or_empty_answer_says_so(start: Start, gemini: GeminiServer, chat: str, how: str) -> None:
    if how == "block":
        gemini.block()
    elif how == "safety":
        gemini.reply("", finish_reason="SAFETY")
    else:
        gemini.raw(b"")
    turn = ask(start(), chat)
    assert turn.status == "failed"
    assert turn.error is not None
    assert ("safety" in turn.error) == (how != "empty")


def test_a_learners_own_key_is_used_for_that_login_only_and_kept_nowhere(
    start: Start, gemini: GeminiServer, chat: str, store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    runner = start(model="demo", demo_first_token_s=0, demo_seconds_per_word=0)
    runner.keys.set("login-1", OWN_KEY)
    gemini.reply("From Gemini")
    own = ask(runner, chat, login_id="login-1")
    assert (own.model, own.status) == (GEMINI, "done")
    assert gemini.requests[0].key == OWN_KEY
    assert ask(runner, chat, login_id="login-2").model == "demo"
    runner.keys.drop("login-1")
    assert ask(runner, chat, login_id="login-1").model == "demo"
    assert len(gemini.requests) == 1
    store.close()
    for file in (tmp_path / "data").iterdir():
        assert OWN_KEY.encode() not in file.read_bytes()
    assert OWN_KEY not in caplog.text


def test_a_new_key_replaces_the_one_before_at_once(start: Start, gemini: GeminiServer, chat: str) -> None:
    runner = start()
    gemini.accepted_key = "the-right-key"
    runner.keys.set("login-1", "a-wrong-key")
    assert ask(runner, chat, login_id="login-1").status == "failed"
    runner.keys.set("login-1", "the-right-key")
    gemini.reply("Welcome")
    assert ask(runner, chat, login_id="login-1").status == "done"


def test_without_a_key_the_sentence_says_how_to_give_one(start: Start, chat: str) -> None:
    turn = ask(start(GOOGLE_API_KEY=None), chat)
    assert turn.status == "failed"
    assert turn.error is not None
    assert "GOOGLE_API_KEY" in turn.error
    assert "account page" in turn.error


def test_a_missing_package_is_named(start: Start, chat: str) -> None:
    turn = ask(start(model="anthropic:claude-sonnet-4-5"), chat)
    assert turn.status == "failed"
    assert turn.error is not None
    assert "pip install langchain-anthropic" in turn.error


def test_an_unknown_provider_is_named(start: Start, chat: str) -> None:
    turn = ask(start(model="nobody:model-1"), chat)
    assert turn.status == "failed"
    assert turn.error is not None
    assert "nobody:model-1" in turn.error


def test_questions_of_failed_turns_are_kept(start: Start, gemini: GeminiServer, chat: str, tmp_path: Path) -> None:
    gemini.fail(401)
    ask(start(), chat, "keep me")
    with sqlite3.connect(tmp_path / "data" / "tideline.db") as connection:
        assert connection.execute("SELECT text FROM messages").fetchall() == [("keep me",)]
    connection.close()
