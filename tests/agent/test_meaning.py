"""Retrieval with an embedding model: what it finds that words do not, what it costs, and that no trouble of it is a turn's."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from google.genai.errors import ClientError
from langchain_core.embeddings import Embeddings

from agent.catalogue import choose
from agent.embedder import build_embeddings
from agent.errors import ModelUnavailable
from agent.events import Notice
from agent.meaning import BATCH, PIECES, batches
from agent.memory.policy import MemoryPolicy
from agent.preview import preview
from agent.runner import TurnRunner
from storage import chats, counterfactuals, messages, model_calls, policies
from storage.database import Store
from storage.records import Message, ModelCall, NewMessage, Turn
from storage.settings import Settings
from storage.turns import Admission, Lease, Settlement, admit, settle
from tests.agent.conftest import add_person
from tests.agent.scripted import Script, ScriptedModel, Step
from tests.fakes import FakeClock
from tests.house.source import ROOT
from tests.meanings import FakeEmbeddings

WAIT = 20.0
MODEL = "google_genai:gemini-embedding-001"
POLICY = MemoryPolicy(strategy="retrieval", retrieval_window=2, retrieval_k=2)
FACT = "I'm pescatarian"
QUESTION = "Which diet do I follow?"
"""Shares no word with the fact."""


class Stage:
    """A runner with a scripted model and an embedding model that is a fake, and alice's chat under retrieval."""

    def __init__(self, store: Store, clock: FakeClock, build: Callable[[Settings], Embeddings] | None, **settings: Any) -> None:
        self.store, self.clock, self.script = store, clock, Script()
        self.embeddings = FakeEmbeddings()
        values = {"embeddings": MODEL, **settings}
        self.runner = TurnRunner(
            store,
            Settings(**values),
            clock=clock,
            build=lambda *_: ScriptedModel(script=self.script),
            embeddings=build or (lambda _: self.embeddings),
        )
        self.runner.start()
        self.chat = add_person(store, "alice", clock)
        self.choose(POLICY)

    def choose(self, policy: MemoryPolicy, chat: str | None = None) -> None:
        where, body = chat or self.chat, policy.model_dump_json()
        self.store.write(lambda db: policies.set_for_chat(db, "alice", where, body))

    def ask(self, text: str, chat: str | None = None) -> Turn:
        turn = self.runner.submit("alice", chat or self.chat, text).result(WAIT)
        self.runner.wait_idle(WAIT)
        return turn

    def calls(self, turn: Turn) -> list[ModelCall]:
        return self.store.read(lambda db: model_calls.for_turn(db, "alice", turn.id))

    def embedded(self, turn: Turn) -> list[ModelCall]:
        return [call for call in self.calls(turn) if call.purpose == "embedding"]

    def sent(self) -> str:
        """The system message that the model was sent last."""
        return self.script.seen[-1][0].text

    def notices(self, text: str) -> list[str]:
        handle = self.runner.submit("alice", self.chat, text)
        told = [event.text for event in handle.events(WAIT) if isinstance(event, Notice)]
        assert handle.result(WAIT).status == "done"
        self.runner.wait_idle(WAIT)
        return told

    def vectors(self) -> int:
        return int(self.store.read(lambda db: db.execute("SELECT count(*) FROM message_vectors").fetchone()[0]))


Make = Callable[..., Stage]


@pytest.fixture
def make(store: Store, clock: FakeClock) -> Iterator[Make]:
    stages: list[Stage] = []

    def stage(build: Callable[[Settings], Embeddings] | None = None, **settings: Any) -> Stage:
        stages.append(Stage(store, clock, build, **settings))
        return stages[-1]

    yield stage
    for each in stages:
        each.runner.close(1.0)


@pytest.fixture
def stage(make: Make) -> Stage:
    return make()


def tell(stage: Stage) -> None:
    """Tell the fact, and enough else to push it out of the window."""
    for text in (FACT, "It rained all day", "The bus was late"):
        stage.ask(text)


def test_what_shares_no_word_is_found(stage: Stage) -> None:
    tell(stage)
    stage.ask(QUESTION)
    assert FACT in stage.sent()
    assert stage.embeddings.questions[-1] == QUESTION


def test_words_alone_do_not_find_it(make: Make) -> None:
    stage = make(embeddings="")
    assert stage.runner.shelf is None
    tell(stage)
    turn = stage.ask(QUESTION)
    assert FACT not in stage.sent()
    assert (stage.vectors(), stage.embedded(turn), stage.embeddings.batches, stage.embeddings.questions) == (0, [], [], [])


def test_without_a_setting_nothing_is_imported_for_it() -> None:
    code = (
        "import sys; from pathlib import Path; from agent.runner import TurnRunner; import agent.engine, agent.preview\n"
        "from storage.database import Store; from storage.settings import Settings; from storage.clock import SystemClock\n"
        "runner = TurnRunner(Store.open(Path('t.db')), Settings(), clock=SystemClock()); assert runner._meanings() is None\n"
        "print({'storage.vectors', 'agent.embedder', 'agent.meaning', 'langchain.embeddings'} & set(sys.modules))"
    )
    done = run([sys.executable, "-c", code], env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "set()"


def test_every_request_is_billed_to_the_turn_it_was_made_for(stage: Stage) -> None:
    tell(stage)
    turn = stage.ask(QUESTION)
    asked, after = stage.embedded(turn)
    assert {(call.model, call.priced_as, call.outcome, call.source, call.user_id) for call in (asked, after)} == {
        (MODEL, MODEL, "ok", "estimate", "alice")
    }
    assert (asked.tokens_in, asked.tokens_out) == (6, 0)
    assert asked.cost == Decimal("0.0000009")  # 6 x $0.15 a million: gemini-embedding-001
    assert asked.price == "0.15/None/None"
    answer = next(call for call in stage.calls(turn) if call.purpose == "answer")
    assert answer.cost is not None
    assert (turn.tokens_in, turn.cost) == (answer.tokens_in + 6, answer.cost + asked.cost)
    assert after.tokens_in == 7  # the question, and "ok"


def test_only_the_turns_own_strategy_has_spent_it(stage: Stage) -> None:
    tell(stage)
    turn = stage.ask(QUESTION)
    rows = {row.strategy: row for row in stage.store.read(lambda db: counterfactuals.for_turn(db, "alice", turn.id))}
    [asked, _] = stage.embedded(turn)
    assert asked.cost is not None
    assert (rows["retrieval"].tokens_in, rows["retrieval"].cost) == (turn.tokens_in, turn.cost)
    script = stage.script.otherwise([]).usage
    assert script is not None
    assert rows["retrieval"].tokens_in - asked.tokens_in == script[0]
    assert rows["retrieval"].estimated

    stage.choose(POLICY.with_strategy("window"))
    stage.embeddings.questions.clear()
    other = stage.ask(QUESTION)
    assert (stage.embedded(other), stage.embeddings.questions) == ([], [])


def test_a_first_question_is_not_embedded_for_nothing(stage: Stage) -> None:
    stage.ask(FACT)
    assert (stage.embeddings.questions, stage.vectors()) == ([], 2)


def test_messages_are_embedded_once_after_the_answer_only_under_retrieval(stage: Stage) -> None:
    stage.choose(MemoryPolicy())
    stage.ask("before")
    assert (stage.embeddings.batches, stage.vectors()) == ([], 0)
    stage.choose(POLICY)
    stage.ask("one")
    stage.ask("two")
    assert stage.embeddings.batches == [["ok", "one", "ok", "before"], ["ok", "two"]]
    assert stage.vectors() == 6


def test_the_answer_does_not_wait_for_them(stage: Stage) -> None:
    stage.embeddings.hold = threading.Event()
    assert stage.runner.submit("alice", stage.chat, "one").result(WAIT).status == "done"
    assert stage.vectors() == 0
    stage.embeddings.hold.set()
    stage.runner.wait_idle(WAIT)
    assert stage.vectors() == 2


def test_two_rounds_at_once_pay_for_no_message_twice(stage: Stage) -> None:
    stage.embeddings.hold = threading.Event()
    for text in ("one", "two"):
        stage.runner.submit("alice", stage.chat, text).result(WAIT)
    stage.embeddings.hold.set()
    stage.runner.wait_idle(WAIT)
    texts = [text for batch in stage.embeddings.batches for text in batch]
    assert sorted(texts) == ["ok", "ok", "one", "two"]


def fill(stage: Stage, number: int) -> None:
    """Have turns that were never embedded."""
    now = stage.clock.now()
    lease = Lease("test", now + timedelta(hours=1))

    def turns(db: Any) -> None:
        for place in range(number):
            question = NewMessage("user", f"message {place}", 5)
            turn = admit(db, Admission(f"t{place}", "alice", stage.chat, question, "demo", "{}", "UTC", None, 5), lease, now).turn
            settle(db, turn, "test", Settlement("done", None, [NewMessage("assistant", "fine", 3)], None, None, None), now)

    stage.store.write(turns)


def test_a_long_past_is_caught_up_with_over_several_turns(stage: Stage) -> None:
    fill(stage, 140)
    sizes = []
    for _ in range(3):
        stage.embeddings.batches.clear()
        stage.ask("more")
        sizes.append([len(batch) for batch in stage.embeddings.batches])
    assert sizes == [[100, 100], [84], [2]]


def test_a_request_holds_no_more_than_a_provider_takes() -> None:
    def said(text: str) -> Message:
        return Message(1, "c", "t", "user", text, 1, FakeClock().now())

    assert [len(batch) for batch in batches([said("hello")] * 250)] == [BATCH, BATCH, 50]
    long = said("a b " * 1000)
    assert [len(batch) for batch in batches([long] * 5)] == [2, 2, 1]
    assert PIECES >= 2 * 4000
    assert list(batches([])) == []


def test_other_chats_count_only_across_chats(stage: Stage) -> None:
    other = stage.store.write(lambda db: chats.create(db, "alice", "", stage.clock.now())).id
    stage.ask(FACT, other)
    assert stage.vectors() == 0
    stage.ask(QUESTION)
    assert FACT not in stage.sent()
    stage.choose(POLICY.model_copy(update={"across_chats": True, "retrieval_k": 9}))
    stage.ask("What then?")
    stage.ask(QUESTION)
    assert FACT in stage.sent()
    stage.store.write(lambda db: chats.delete(db, "alice", other, stage.clock.now()))
    stage.ask(QUESTION)
    assert FACT not in stage.sent()


def test_nobody_finds_what_somebody_else_said(stage: Stage) -> None:
    across = POLICY.model_copy(update={"across_chats": True})
    bobs = add_person(stage.store, "bob", stage.clock)
    stage.store.write(lambda db: policies.set_for_chat(db, "bob", bobs, across.model_dump_json()))
    stage.choose(across)
    for user, chat, text in (("bob", bobs, FACT), ("alice", stage.chat, "hello"), ("alice", stage.chat, QUESTION)):
        stage.runner.submit(user, chat, text).result(WAIT)
        stage.runner.wait_idle(WAIT)
    assert stage.embeddings.questions[-1] == QUESTION
    assert "pescatarian" not in stage.sent()


def test_a_late_question_is_answered_by_words_and_billed(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.meaning.QUESTION_S", 0.2)
    tell(stage)
    stage.embeddings.hold = threading.Event()
    began = time.monotonic()
    told = list(stage.runner.submit("alice", stage.chat, QUESTION).events(WAIT))
    assert time.monotonic() - began < 5
    [notice] = [event.text for event in told if isinstance(event, Notice)]
    assert "words alone" in notice
    assert "in time" in notice
    assert FACT not in stage.sent()
    stage.embeddings.hold.set()
    stage.runner.wait_idle(WAIT)
    turn = stage.store.read(lambda db: messages.latest(db, "alice", stage.chat, 1))[-1].turn_id
    call = stage.store.read(lambda db: model_calls.for_turn(db, "alice", turn))[0]
    assert (call.purpose, call.outcome, call.source, call.tokens_in) == ("embedding", "timeout", "estimate", 6)


def refused(code: int) -> Exception:
    return ClientError(code, {"error": {"code": code, "message": "API key not valid: class-key", "status": "X"}})


@pytest.mark.parametrize(
    ("error", "words", "used"),
    [(refused(400), "key", 0), (refused(429), "rate limit", 0), (ConnectionError("class-key"), "could not be reached", 6)],
)
def test_a_failed_request_is_billed_and_the_turn_goes_on(
    stage: Stage, caplog: pytest.LogCaptureFixture, error: Exception, words: str, used: int
) -> None:
    tell(stage)
    stage.embeddings.error = error
    [notice] = stage.notices(QUESTION)
    assert words in notice
    assert "class-key" not in notice + caplog.text
    assert "pescatarian" not in caplog.text
    assert QUESTION not in caplog.text
    said = stage.store.read(lambda db: messages.latest(db, "alice", stage.chat, 2))
    asked, after = [
        call for call in stage.store.read(lambda db: model_calls.for_turn(db, "alice", said[0].turn_id)) if call.purpose == "embedding"
    ]
    assert (asked.outcome, after.outcome) == ("error", "error")
    assert asked.tokens_in == used
    assert asked.source == ("estimate" if used else "provider")
    stage.embeddings.error = None
    stage.ask(QUESTION)
    assert FACT in stage.sent()


@pytest.mark.parametrize("answer", [[], [[1.0], [float("nan")]], [["x"]]])
def test_an_answer_that_is_no_vectors_is_kept_nowhere(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, answer: list[Any]
) -> None:
    monkeypatch.setattr(stage.embeddings, "embed_documents", lambda texts: answer)
    turn = stage.ask("one")
    assert stage.vectors() == 0
    assert "no vector for each text" in caplog.text
    assert [call.outcome for call in stage.embedded(turn)] == ["ok"]


def test_stopping_a_turn_while_its_question_is_embedded(stage: Stage) -> None:
    tell(stage)
    stage.embeddings.hold = threading.Event()
    live = stage.runner.submit("alice", stage.chat, QUESTION)
    until = time.monotonic() + WAIT
    while not stage.embeddings.questions or stage.embeddings.questions[-1] != QUESTION:
        assert time.monotonic() < until
        time.sleep(0.005)
    stage.runner.stop("alice", live.id)
    turn = live.result(WAIT)
    stage.embeddings.hold.set()
    stage.runner.wait_idle(WAIT)
    assert turn.status == "stopped"
    assert [call.outcome for call in stage.embedded(turn)] == ["stopped", "ok"]
    assert stage.store.read(lambda db: counterfactuals.for_turn(db, "alice", turn.id)) == []


def test_closing_the_app_ends_a_round_that_hangs_and_bills_it(make: Make) -> None:
    stage = make()
    stage.embeddings.hold = threading.Event()
    turn = stage.runner.submit("alice", stage.chat, "one").result(WAIT)
    until = time.monotonic() + WAIT
    while not stage.embeddings.batches:
        assert time.monotonic() < until
        time.sleep(0.005)
    threading.Timer(0.5, stage.embeddings.hold.set).start()
    stage.runner.close(0.2)
    assert [call.outcome for call in stage.embedded(turn)] == ["interrupted"]
    assert stage.vectors() == 0


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"embeddings": MODEL}, "GOOGLE_API_KEY"),
        ({"embeddings": "huggingface:all-MiniLM-L6-v2"}, "pip install langchain-huggingface"),
        ({"embeddings": "nobody:model-1"}, "nobody:model-1"),
        ({"embeddings": "model-1"}, "TIDELINE_EMBEDDINGS"),
    ],
)
def test_what_is_missing_is_said_and_words_go_on(
    make: Make, caplog: pytest.LogCaptureFixture, settings: dict[str, Any], words: str
) -> None:
    stage = make(build_embeddings, **settings)
    [notice] = stage.notices("I love Lisbon")
    assert words in notice
    assert words in caplog.text
    for text in ("one", "two"):
        stage.ask(text)
    turn = stage.ask("Lisbon?")
    assert "I love Lisbon" in stage.sent()
    assert (stage.embedded(turn), stage.vectors()) == ([], 0)


def test_a_model_that_takes_long_to_set_up_holds_nobody_up_twice_over(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.meaning.QUESTION_S", 0.1)
    gate = threading.Event()
    fake = FakeEmbeddings()

    def slow(_: Settings) -> Embeddings:
        gate.wait(WAIT)
        return fake

    stage = make(slow)
    handle = stage.runner.submit("alice", stage.chat, "one")
    assert any("in time" in event.text for event in handle.events(WAIT) if isinstance(event, Notice))
    assert handle.result(WAIT).status == "done"
    gate.set()
    stage.runner.wait_idle(WAIT)
    assert fake.batches == [["ok", "one"]]


def test_building_says_what_is_missing_in_a_sentence() -> None:
    with pytest.raises(ModelUnavailable) as caught:
        build_embeddings(Settings(embeddings=MODEL))
    assert caught.value.sentence == f"The embedding model {MODEL} needs a key. Set GOOGLE_API_KEY and start again."


def test_the_preview_looks_by_the_last_questions_vector_and_calls_nothing(stage: Stage) -> None:
    tell(stage)
    stage.script.steps.append(Step("", error=ValueError("no answer")))
    stage.ask(QUESTION)
    stage.embeddings.questions.clear()
    stage.embeddings.batches.clear()

    def quoted(with_shelf: bool) -> set[str]:
        ahead = stage.store.read(
            lambda db: preview(
                db,
                "alice",
                stage.chat,
                policy=POLICY,
                choice=choose(stage.runner._settings, own_key=False),
                now=stage.clock.now(),
                shelf=stage.runner.shelf if with_shelf else None,
            )
        )
        assert ahead.searched == QUESTION
        found = stage.store.read(lambda db: messages.by_ids(db, "alice", stage.chat, list(ahead.gathered.plan.quoted)))
        return {message.text for message in found}

    assert FACT in quoted(with_shelf=True)
    assert FACT not in quoted(with_shelf=False)
    assert (stage.embeddings.questions, stage.embeddings.batches) == ([], [])


def test_a_shelf_is_named_after_its_model(stage: Stage, tmp_path: Path) -> None:
    assert stage.runner.shelf is not None
    assert stage.runner.shelf.model == MODEL
