"""Running summaries: written after the answer, billed as calls of their own, never in the way, and never made of an error."""

import threading
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from langchain_core.exceptions import ModelRateLimitError
from langchain_core.messages import BaseMessage, SystemMessage

from agent.memory import fold
from agent.memory.policy import MemoryPolicy
from agent.runner import TurnRunner
from agent.summary_prompt import fitted, summary_question, summary_system
from storage import counterfactuals, messages, model_calls, pins, policies, summaries, turns
from storage.errors import StorageError
from storage.records import ModelCall, NewMessage, Turn
from storage.summaries import Checkpoint, Failure
from tests.agent.conftest import MakeStage, Stage
from tests.agent.scripted import Step

WAIT = 20.0
POLICY = MemoryPolicy(strategy="summary", summarize_after_messages=4, max_summary_chars=100)
FACTS = "allergies: peanuts"


def choose(stage: Stage, policy: MemoryPolicy = POLICY) -> None:
    stage.store.write(lambda db: policies.set_for_chat(db, "alice", stage.chat, policy.model_dump_json()))


def is_summary(messages: list[BaseMessage]) -> bool:
    return messages[0].text.startswith("Summarise")


def answering(text: str = FACTS, **step: Any) -> Callable[[list[BaseMessage]], Step]:
    return lambda messages: Step(text, **step) if is_summary(messages) else Step("ok")


def ask(stage: Stage, *texts: str) -> list[str]:
    """Ask and wait until all is quiet; return the turns' ids."""
    asked = []
    for text in texts:
        asked.append(stage.runner.submit("alice", stage.chat, text).result(WAIT).id)
        stage.runner.wait_idle(WAIT)
    return asked


def latest(stage: Stage) -> Checkpoint | None:
    return stage.store.read(lambda db: summaries.latest(db, "alice", stage.chat))


def failure(stage: Stage) -> Failure | None:
    return stage.store.read(lambda db: summaries.last_failure(db, "alice", stage.chat))


def summary_calls(stage: Stage, turn_id: str) -> list[ModelCall]:
    return [call for call in stage.calls(turn_id) if call.purpose == "summary"]


def in_chat(stage: Stage) -> list[Turn]:
    ids = {message.turn_id for message in stage.messages()}
    return list(stage.store.read(lambda db: turns.for_messages(db, "alice", stage.chat, ids)).values())


def test_the_oldest_half_is_folded_once_enough_stands_unfolded(stage: Stage) -> None:
    choose(stage)
    stage.script.otherwise = answering()
    first, second, third = ask(stage, "I am allergic to peanuts", "I ate a salad", "What am I allergic to?")
    assert (summary_calls(stage, first), len(summary_calls(stage, second))) == ([], 1)
    checkpoint = latest(stage)
    assert checkpoint is not None
    assert (checkpoint.text, checkpoint.message_id) == (FACTS, stage.messages()[3].id)
    last = next(seen for seen in reversed(stage.script.seen) if not is_summary(seen))
    assert FACTS in last[0].text
    assert [message.text for message in last[1:]] == ["I ate a salad", "ok", "What am I allergic to?"]
    assert [message.text for message in stage.messages()][:2] == ["I am allergic to peanuts", "ok"]
    turn = stage.runner.attach("alice", third).result(WAIT)
    used = stage.store.read(lambda db: summaries.get(db, "alice", turn.summary_id or 0))
    assert used.turn_seq < turn.seq


def test_a_summary_takes_in_the_one_before_it(stage: Stage) -> None:
    choose(stage)
    stage.script.otherwise = answering()
    ask(stage, "I am allergic to peanuts", "one", "two", "three")
    asked = [seen for seen in stage.script.seen if is_summary(seen)]
    assert len(asked) == 3
    assert f"Summary so far:\n{FACTS}" in asked[1][1].text
    assert "[2026-03-02] user: one" in asked[1][1].text
    assert "peanuts" not in asked[1][1].text.split("New messages:")[1]


def test_it_is_billed_to_the_same_person_as_a_call_of_its_own(stage: Stage) -> None:
    choose(stage)
    stage.script.otherwise = answering(usage=(1000, 20, 0))
    _, second = ask(stage, "one", "two")
    [call] = summary_calls(stage, second)
    assert (call.user_id, call.tokens_in, call.tokens_out, call.outcome, call.source) == ("alice", 1000, 20, "ok", "provider")
    # 1000 x $0.30 + 20 x $2.50, a million: gemini-2.5-flash
    assert call.cost == Decimal("0.00035")
    totals = stage.store.read(lambda db: model_calls.chat_totals(db, "alice", stage.chat))
    assert (totals.calls, totals.tokens_in) == (3, 1200)


def test_the_answer_does_not_wait_for_it_and_the_next_turn_does_without(stage: Stage) -> None:
    choose(stage)
    gate = threading.Event()
    stage.script.otherwise = answering(before=gate)
    for text in ("one", "two", "three"):
        assert stage.runner.submit("alice", stage.chat, text).result(WAIT).status == "done"
    third = next(seen for seen in reversed(stage.script.seen) if not is_summary(seen))
    assert [message.text for message in third[1:]] == ["one", "ok", "two", "ok", "three"]
    assert latest(stage) is None
    gate.set()
    stage.runner.wait_idle(WAIT)
    assert latest(stage) is not None
    asked = [seen[1].text for seen in stage.script.seen if is_summary(seen)]
    assert ["user: one" in text.split("New messages:")[1] for text in asked] == [True, False]  # one after the other, nothing folded twice


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (Step("", error=ModelRateLimitError("429: too many requests")), "rate limit"),
        (Step(""), "empty answer"),
        (Step("I cannot", finish="SAFETY"), "safety filter"),
    ],
)
def test_a_failed_summary_is_no_memory_and_the_window_carries_on(stage: Stage, step: Step, reason: str) -> None:
    choose(stage)
    stage.script.otherwise = lambda messages: step if is_summary(messages) else Step("ok")
    ask(stage, "one", "two", "three")
    assert latest(stage) is None
    told = failure(stage)
    assert told is not None
    assert reason in told.error
    assert not any("Summary of the earlier" in seen[0].text for seen in stage.script.seen)
    assert {turn.status for turn in in_chat(stage)} == {"done"}
    stage.script.otherwise = answering()
    ask(stage, "four")
    assert latest(stage) is not None
    assert failure(stage) is None


def test_too_slow_a_summary_is_given_up_and_what_it_used_is_recorded(make_stage: MakeStage) -> None:
    stage = make_stage(turn_deadline_s=1.0)
    choose(stage)
    stage.script.otherwise = answering(before=threading.Event())
    _, second = ask(stage, "one", "two")
    told = failure(stage)
    assert told is not None
    assert "in time" in told.error
    [call] = summary_calls(stage, second)
    assert (call.outcome, call.source, call.tokens_out) == ("timeout", "estimate", 0)
    assert call.tokens_in > 50


def test_a_longer_summary_than_allowed_is_cut_and_billed_whole(stage: Stage) -> None:
    choose(stage)
    stage.script.otherwise = answering("word " * 100, usage=(10, 100, 0))
    _, second = ask(stage, "one", "two")
    checkpoint = latest(stage)
    assert checkpoint is not None
    assert len(checkpoint.text) <= 100
    assert summary_calls(stage, second)[0].tokens_out == 100


def test_a_long_chat_that_turns_to_summaries_is_folded_in_several_calls(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fold, "AT_ONCE", 6)
    ask(stage, *(f"message {number}" for number in range(10)))
    choose(stage)
    stage.script.otherwise = answering()
    first, second = ask(stage, "now with a summary", "and once more")
    assert [len(summary_calls(stage, turn)) for turn in (first, second)] == [3, 1]
    checkpoint = latest(stage)
    assert checkpoint is not None
    assert len([message for message in stage.messages() if message.id > checkpoint.message_id]) == 2


def test_stopping_the_app_closes_a_summary_under_way(make_stage: MakeStage) -> None:
    stage = make_stage()
    choose(stage)
    stage.script.otherwise = answering(before=threading.Event())
    _, turn = [stage.runner.submit("alice", stage.chat, text).result(WAIT) for text in ("one", "two")]
    until = time.monotonic() + WAIT
    while not any(is_summary(seen) for seen in stage.script.seen):
        assert time.monotonic() < until
        time.sleep(0.005)
    stage.runner.close(1.0)
    told = failure(stage)
    assert told is not None
    assert "stopped" in told.error
    assert [call.outcome for call in summary_calls(stage, turn.id)] == ["interrupted"]
    assert stage.store.read(summaries.running) == []


def test_a_summary_of_a_process_that_died_is_closed_and_billed_as_an_estimate(stage: Stage, make_stage: MakeStage) -> None:
    stage.script.otherwise = answering()
    [turn] = ask(stage, "one")
    seq = stage.runner.attach("alice", turn).result(WAIT).seq
    message, now = stage.messages()[0].id, stage.clock.now()
    stage.store.write(lambda db: summaries.begin(db, "alice", stage.chat, seq, message, "elsewhere|1|1", 700, now))
    stage.clock.advance(hours=1)
    other = TurnRunner(stage.store, stage.runner._settings, clock=stage.clock, build=stage.runner._worker._build)
    other.start()
    try:
        for _ in range(200):
            if not stage.store.read(summaries.running):
                break
            threading.Event().wait(0.05)
    finally:
        other.close(1.0)
    told = failure(stage)
    assert told is not None
    [call] = summary_calls(stage, turn)
    assert (call.tokens_in, call.source, call.outcome) == (700, "estimate", "interrupted")


def test_a_message_over_the_budget_is_refused_before_any_call(stage: Stage) -> None:
    choose(stage, MemoryPolicy(max_context_tokens=900))
    handle = stage.runner.submit("alice", stage.chat, "word " * 500)
    turn = handle.result(WAIT)
    assert (turn.status, turn.cost, stage.script.seen) == ("failed", Decimal(0), [])
    assert turn.error is not None
    assert "900" in turn.error
    assert ask(stage, "short")
    assert stage.messages()[-1].text == "ok"


def test_what_a_failed_turn_used_counts_for_every_strategy(stage: Stage) -> None:
    stage.script.steps.append(Step("", error=ValueError("boom")))
    turn = stage.runner.submit("alice", stage.chat, "one").result(WAIT)
    rows = stage.store.read(lambda db: counterfactuals.for_turn(db, "alice", turn.id))
    assert turn.status == "failed"
    assert {(row.tokens_in, row.cost, row.strategy == "window" or row.estimated) for row in rows} == {(turn.tokens_in, turn.cost, True)}
    assert len(rows) == 5


def test_a_providers_own_count_scales_the_others_and_marks_them(stage: Stage) -> None:
    stage.script.otherwise = lambda messages: Step("ok", usage=(2 * 1000, 10, 0))
    ask(stage, "one")
    [turn] = ask(stage, "two")
    rows = {row.strategy: row for row in stage.store.read(lambda db: counterfactuals.for_turn(db, "alice", turn))}
    assert not rows["window"].estimated
    assert rows["full"].estimated
    assert rows["full"].tokens_in == rows["window"].tokens_in == 2000


def test_the_prompt_says_the_limit_and_a_summary_keeps_to_it() -> None:
    assert "at most 300 characters" in summary_system(300)
    assert summary_question(None, ["a", "b"]) == "New messages:\na\nb"
    assert fitted("  short ", 10) == "short"
    assert fitted("one two three", 9) == "one two"
    assert fitted("x" * 20, 10) == "x" * 10
    assert isinstance(SystemMessage(summary_system(100)).content, str)


def test_a_summary_whose_end_could_not_be_stored_is_closed_and_billed_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(stage)
    stage.script.otherwise = answering()

    def fail(*_: object) -> bool:
        raise StorageError("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(summaries, "finish", fail)
        _, second = ask(stage, "one", "two")
    assert latest(stage) is None
    stage.clock.advance(hours=1)
    until = time.monotonic() + WAIT
    while stage.store.read(summaries.running):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert len(summary_calls(stage, second)) == 1
    ask(stage, "three")
    assert latest(stage) is not None


def test_one_exchange_of_very_many_messages_is_folded_all_the_same(stage: Stage) -> None:
    choose(stage)
    stage.script.otherwise = answering()
    [turn] = ask(stage, "one")
    seq = stage.runner.attach("alice", turn).result(WAIT).seq
    many = [NewMessage("assistant", f"part {number}", 6) for number in range(150)]
    stage.store.write(lambda db: messages.add(db, stage.chat, seq, many, stage.clock.now()))
    ask(stage, "two", "three")
    assert latest(stage) is not None


def test_a_pinned_message_is_quoted_whole(stage: Stage) -> None:
    choose(stage, MemoryPolicy(max_messages_per_user=1))
    ask(stage, "word " * 200 + "I am allergic to peanuts")
    first = stage.messages()[0].id
    stage.store.write(lambda db: pins.pin(db, "alice", first, stage.clock.now()))
    ask(stage, "What am I allergic to?")
    assert "I am allergic to peanuts" in stage.script.seen[-1][0].text
