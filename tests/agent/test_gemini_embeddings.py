"""Retrieval with the real Gemini embeddings client against a loopback server: what goes over the wire, and what goes wrong on it."""

import logging
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from agent.embedder import GEMINI_WIDTH
from agent.events import Notice
from agent.memory.policy import MemoryPolicy
from agent.runner import TurnRunner
from storage import messages, model_calls, policies
from storage.database import Store
from storage.records import ModelCall, Turn
from storage.settings import Settings
from tests.agent.conftest import add_person
from tests.fakes import FakeClock
from tests.gemini_server.server import GeminiServer, Request
from tests.gemini_server.wire import Answer, Failure, Raw, Vectors
from tests.meanings import meaning

WAIT = 20.0
KEY = "class-key-0123456789"
EMBEDDINGS = "google_genai:gemini-embedding-001"
POLICY = MemoryPolicy(strategy="retrieval", retrieval_window=2, retrieval_k=2)
FACT = "I'm pescatarian"
QUESTION = "Which diet do I follow?"

Start = Callable[..., TurnRunner]


@pytest.fixture
def chat(store: Store, clock: FakeClock) -> str:
    """A chat of alice's under retrieval."""
    chat = add_person(store, "alice", clock)
    store.write(lambda db: policies.set_for_chat(db, "alice", chat, POLICY.model_dump_json()))
    return chat


@pytest.fixture
def start(store: Store, clock: FakeClock, gemini: GeminiServer) -> Iterator[Start]:
    """Start a runner whose Gemini is the loopback server."""
    gemini.otherwise = lambda _: Answer(["fine"])
    runners: list[TurnRunner] = []

    def make(**settings: Any) -> TurnRunner:
        values = {
            "model": "google_genai:gemini-2.5-flash",
            "embeddings": EMBEDDINGS,
            "GOOGLE_API_KEY": KEY,
            "gemini_base_url": gemini.base_url,
            **settings,
        }
        runners.append(TurnRunner(store, Settings(**values), clock=clock))
        runners[-1].start()
        return runners[-1]

    yield make
    for runner in runners:
        runner.close(1.0)


def ask(runner: TurnRunner, chat: str, *texts: str) -> Turn:
    for text in texts[:-1]:
        ask(runner, chat, text)
    turn = runner.submit("alice", chat, texts[-1]).result(WAIT)
    runner.wait_idle(WAIT)
    return turn


def embedded(store: Store, turn: Turn) -> list[ModelCall]:
    return [call for call in store.read(lambda db: model_calls.for_turn(db, "alice", turn.id)) if call.purpose == "embedding"]


def asked(gemini: GeminiServer) -> list[Request]:
    return [request for request in gemini.requests if request.embeds]


def tell(runner: TurnRunner, chat: str) -> None:
    ask(runner, chat, FACT, "It rained all day", "The bus was late")


def test_what_is_looked_through_and_what_is_looked_for_go_to_the_class_key(start: Start, gemini: GeminiServer, chat: str) -> None:
    runner = start()
    tell(runner, chat)
    ask(runner, chat, QUESTION)
    told, *_, question, after = asked(gemini)
    assert (told.model, told.key) == ("gemini-embedding-001", KEY)
    assert told.to_embed == ["fine", FACT]
    assert {(each["taskType"], each["outputDimensionality"]) for each in told.body["requests"]} == {("RETRIEVAL_DOCUMENT", GEMINI_WIDTH)}
    assert question.to_embed == [QUESTION]
    assert question.body["requests"][0]["taskType"] == "RETRIEVAL_QUERY"
    assert after.to_embed == ["fine", QUESTION]
    answered = [request for request in gemini.requests if not request.embeds]
    assert FACT in answered[-1].system
    assert FACT not in answered[-2].system


def test_one_request_is_one_row_of_the_bill(start: Start, gemini: GeminiServer, chat: str, store: Store) -> None:
    """Also with texts that the client itself would part into several requests."""
    runner = start()
    store.write(lambda db: policies.set_for_chat(db, "alice", chat, MemoryPolicy().model_dump_json()))
    for number in range(6):
        ask(runner, chat, f"{number}. " + "a, b. " * 900)
    store.write(lambda db: policies.set_for_chat(db, "alice", chat, POLICY.model_dump_json()))
    turn = ask(runner, chat, "go")
    rows = [call for call in embedded(store, turn) if call.tokens_in]
    assert len(rows) == len(asked(gemini)) > 1
    assert sum(len(request.to_embed) for request in asked(gemini)) == 14
    assert all(call.source == "estimate" and call.cost for call in rows)


@pytest.mark.parametrize(
    ("step", "words", "used"),
    [
        (Failure(400, f"API key not valid: {KEY}"), "key", False),
        (Failure(401, KEY), "key", False),
        (Failure(429, "slow down"), "rate limit", False),
        (Failure(503, "overloaded"), "error on its side", False),
        (Vectors(missing=1), "could not be reached, or reported an error", True),
        (Raw(b"<html>"), "could not be reached, or reported an error", True),
    ],
    ids=["400", "401", "429", "503", "none", "html"],
)
def test_trouble_is_a_notice_and_one_request(
    start: Start, gemini: GeminiServer, chat: str, store: Store, caplog: pytest.LogCaptureFixture, step: Any, words: str, used: bool
) -> None:
    caplog.set_level(logging.DEBUG, "agent")
    caplog.set_level(logging.DEBUG, "storage")
    runner = start()
    tell(runner, chat)
    before = len(asked(gemini))
    gemini.embeddings(step)
    handle = runner.submit("alice", chat, QUESTION)
    [notice] = [event.text for event in handle.events(WAIT) if isinstance(event, Notice)]
    turn = handle.result(WAIT)
    runner.wait_idle(WAIT)
    assert turn.status == "done"
    assert words in notice
    assert len(asked(gemini)) == before + 2
    question, after = embedded(store, turn)
    assert (question.outcome, bool(question.tokens_in), after.outcome) == ("error", used, "ok")
    for secret in (KEY, FACT, QUESTION, str(meaning(FACT)[0])):
        assert secret not in notice + caplog.text


def test_a_wrong_key_stops_nothing_but_vectors(start: Start, gemini: GeminiServer, chat: str, store: Store) -> None:
    gemini.accepted_key = "another"
    runner = start(model="demo", demo_first_token_s=0, demo_seconds_per_word=0)
    tell(runner, chat)
    turn = ask(runner, chat, "What about the bus?")
    assert turn.status == "done"
    assert len(turn.quoted) > 0
    assert {(call.outcome, call.tokens_in, call.cost) for call in embedded(store, turn)} == {("error", 0, Decimal(0))}
    assert store.read(lambda db: db.execute("SELECT count(*) FROM message_vectors").fetchone()[0]) == 0


def test_a_slow_server_costs_a_turn_its_vector_only(
    start: Start, gemini: GeminiServer, chat: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = start()
    tell(runner, chat)
    monkeypatch.setattr("agent.meaning.QUESTION_S", 0.3)
    gemini.embeddings(Vectors(delay=5))
    turn = ask(runner, chat, QUESTION)
    assert turn.status == "done"
    assert (turn.duration_ms or 0) < 3000
    assert [call.outcome for call in embedded(store, turn)] == ["timeout", "ok"]
    late = next(request for request in asked(gemini) if request.to_embed == [QUESTION])
    assert late.done.wait(WAIT)
    assert late.outcome == "abandoned"
    assert len(store.read(lambda db: messages.latest(db, "alice", chat))) == 8
