"""The runner: one turn from text to recorded answer, in order, once, for its owner only, whatever happens on the way."""

import threading
import time
from decimal import Decimal

import httpx
import pytest
from langchain_core.exceptions import ModelAuthenticationError
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage

from agent.errors import ChatNotFound, EmptyMessage, MessageTooLong, NotRunning, QueueFull, TurnNotFound
from agent.events import CallRecorded, Event, Finished, Notice, Queued, Started, TextDelta, ToolFinished, ToolStarted
from agent.handles import TurnHandle
from agent.runner import TurnRunner
from storage import chats, turns, wellness
from storage.records import NewMessage
from storage.settings import Settings
from tests.agent.conftest import MakeStage, Stage, add_person
from tests.agent.scripted import Script, ScriptedModel, Step

WAIT = 20.0
LOG_SALAD = ("log_food", '{"name": "salad", "calories": 180}')


def question(text: str) -> NewMessage:
    return NewMessage("user", text, 5)


def wait_for_text(handle: TurnHandle, text: str) -> None:
    until = time.monotonic() + WAIT
    while text not in handle.text:
        assert time.monotonic() < until
        time.sleep(0.005)


def test_a_turn_is_answered_stored_priced_and_told(stage: Stage) -> None:
    stage.script.steps.append(Step("Well done, Alice", usage=(100, 10, 40)))
    handle = stage.runner.submit("alice", stage.chat, "I ate a salad")
    told = list(handle.events(WAIT))
    turn = handle.result(WAIT)
    assert told[0] == Started(1)
    assert "".join(e.text for e in told if isinstance(e, TextDelta)) == handle.text == "Well done, Alice"
    assert isinstance(told[-1], Finished)
    assert (turn.status, turn.tokens_in, turn.tokens_cached, turn.tokens_out, turn.sent_messages) == ("done", 100, 40, 10, 1)
    # 60 x $0.30 + 40 x $0.03 + 10 x $2.50, a million: gemini-2.5-flash, as which the demo is priced
    assert turn.cost == Decimal("0.0000442")
    assert stage.said() == [("user", "I ate a salad"), ("assistant", "Well done, Alice")]
    [call] = stage.calls(turn.id)
    assert (call.source, call.outcome, call.attempt, call.cost, call.priced_as) == (
        *("provider", "ok", 1, turn.cost),
        "google:gemini-2.5-flash",
    )


def test_events_are_replayable_from_the_start_by_any_number_of_readers(stage: Stage) -> None:
    gate = threading.Event()
    stage.script.steps.append(Step("one two three", after_first=gate))
    handle = stage.runner.submit("alice", stage.chat, "count")
    wait_for_text(handle, "one")
    late: list[Event] = []
    reader = threading.Thread(target=lambda: late.extend(stage.runner.attach("alice", handle.id).events(WAIT)))
    reader.start()
    gate.set()
    early = list(handle.events(WAIT))
    reader.join(WAIT)
    assert late == early
    assert stage.runner.open_turns("alice", stage.chat) == []


def test_tools_write_the_turns_own_person_and_are_told(stage: Stage) -> None:
    stage.script.steps += [Step(calls=[LOG_SALAD]), Step("Logged your salad.")]
    handle = stage.runner.submit("alice", stage.chat, "I ate a salad", timezone="Pacific/Auckland")
    told = list(handle.events(WAIT))
    assert ToolStarted("call-1-0", "log_food", {"name": "salad", "calories": 180}) in told
    assert [e.ok for e in told if isinstance(e, ToolFinished)] == [True]
    # 2026-03-02 09:00 UTC is 22:00 of the same day in Auckland
    [entry] = stage.store.read(lambda db: wellness.list_day(db, "alice", "2026-03-02"))
    assert (entry.name, entry.amount) == ("salad", 180.0)
    assert [role for role, _ in stage.said()] == ["user", "assistant", "tool", "assistant"]
    assert len(stage.calls(handle.id)) == 2


def test_the_next_turn_sends_system_prompt_history_and_tool_results(stage: Stage) -> None:
    stage.script.steps += [Step(calls=[LOG_SALAD]), Step("Logged."), Step("A salad.")]
    stage.runner.submit("alice", stage.chat, "I ate a salad").result(WAIT)
    stage.runner.submit("alice", stage.chat, "What did I eat?").result(WAIT)
    sent = stage.script.seen[-1]
    assert [type(m) for m in sent] == [SystemMessage, HumanMessage, AIMessage, ToolMessage, AIMessage, HumanMessage]
    assert "Today is 2026-03-02 (Monday)." in str(sent[0].content)
    assert isinstance(sent[2], AIMessage)
    assert sent[2].tool_calls[0]["args"] == {"name": "salad", "calories": 180}


def test_never_more_than_thirty_messages_are_sent(stage: Stage) -> None:
    for number in range(40):
        stage.runner.submit("alice", stage.chat, f"message {number}").result(WAIT)
    sent = stage.script.seen[-1][1:]
    assert len(sent) <= 30
    assert isinstance(sent[0], HumanMessage)
    assert sent[-1].text == "message 39"
    assert len(stage.messages()) == 80


def test_a_second_message_waits_and_is_answered_after_the_first(stage: Stage) -> None:
    gate = threading.Event()
    stage.script.steps += [Step("first answer", before=gate), Step("second answer")]
    first = stage.runner.submit("alice", stage.chat, "first")
    second = stage.runner.submit("alice", stage.chat, "second")
    assert second.status == "queued"
    assert next(second.events(WAIT)) == Queued(1)
    assert [handle.id for handle in stage.runner.open_turns("alice", stage.chat)] == [first.id, second.id]
    gate.set()
    assert second.result(WAIT).status == "done"
    assert stage.said() == [("user", "first"), ("assistant", "first answer"), ("user", "second"), ("assistant", "second answer")]
    assert stage.script.most_running == 1


def test_eight_at_once_in_one_chat_are_stored_and_answered_one_by_one(stage: Stage) -> None:
    barrier = threading.Barrier(8)
    handles = []

    def send(number: int) -> None:
        barrier.wait()
        handles.append(stage.runner.submit("alice", stage.chat, f"question {number}"))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    order = sorted((handle.result(WAIT) for handle in handles), key=lambda turn: turn.seq)
    stored = stage.messages()
    assert [message.role for message in stored] == ["user", "assistant"] * 8
    assert [message.turn_id for message in stored[::2]] == [turn.id for turn in order]
    assert stage.script.most_running == 1


def test_many_chats_run_at_once(stage: Stage) -> None:
    gate = threading.Event()
    stage.script.otherwise = lambda messages: Step("done", before=gate)
    people = [(f"user{n}", add_person(stage.store, f"user{n}", stage.clock)) for n in range(20)]
    handles = [stage.runner.submit(user, chat, "hello") for user, chat in people]
    until = time.monotonic() + WAIT
    while stage.script.running < 20:
        assert time.monotonic() < until
        time.sleep(0.01)
    gate.set()
    assert {handle.result(WAIT).status for handle in handles} == {"done"}


def test_a_full_queue_refuses_with_its_numbers_and_stores_nothing(make_stage: MakeStage) -> None:
    stage = make_stage(chat_queue=2)
    gate = threading.Event()
    stage.script.otherwise = lambda messages: Step("ok", before=gate)
    for number in range(3):
        stage.runner.submit("alice", stage.chat, f"message {number}")
    with pytest.raises(QueueFull, match="2 messages are already waiting") as refusal:
        stage.runner.submit("alice", stage.chat, "one too many")
    assert (refusal.value.waiting, refusal.value.limit) == (2, 2)
    assert "one too many" not in [text for _, text in stage.said()]
    gate.set()


def test_the_same_key_sends_once(stage: Stage) -> None:
    first = stage.runner.submit("alice", stage.chat, "hello", key="press-1")
    again = stage.runner.submit("alice", stage.chat, "hello", key="press-1")
    assert first.id == again.id
    first.result(WAIT)
    assert stage.runner.submit("alice", stage.chat, "hello", key="press-1").result(WAIT).status == "done"
    assert [text for role, text in stage.said() if role == "user"] == ["hello"]
    assert stage.runner.submit("alice", stage.chat, "hello", key="press-2").id != first.id


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_nothing_to_send_is_refused(stage: Stage, text: str) -> None:
    with pytest.raises(EmptyMessage):
        stage.runner.submit("alice", stage.chat, text)
    assert stage.said() == []


def test_too_long_is_refused_with_its_numbers(make_stage: MakeStage) -> None:
    stage = make_stage(max_message_chars=10)
    with pytest.raises(MessageTooLong, match="11 characters; 10 are allowed"):
        stage.runner.submit("alice", stage.chat, "x" * 11)
    assert stage.runner.submit("alice", stage.chat, "x" * 10).result(WAIT).status == "done"


def test_another_persons_chat_and_turn_are_not_there(stage: Stage) -> None:
    add_person(stage.store, "bob", stage.clock)
    handle = stage.runner.submit("alice", stage.chat, "private")
    with pytest.raises(ChatNotFound):
        stage.runner.submit("bob", stage.chat, "let me in")
    with pytest.raises(TurnNotFound):
        stage.runner.attach("bob", handle.id)
    with pytest.raises(TurnNotFound):
        stage.runner.stop("bob", handle.id)
    assert stage.runner.open_turns("bob", stage.chat) == []
    assert handle.result(WAIT).status == "done"


def test_a_deleted_chat_refuses_in_a_second_tab(stage: Stage) -> None:
    stage.store.write(lambda db: chats.delete(db, "alice", stage.chat, stage.clock.now()))
    with pytest.raises(ChatNotFound, match="not here any more"):
        stage.runner.submit("alice", stage.chat, "hello")


def test_stop_keeps_what_was_said_and_bills_an_estimate_where_nothing_was_reported(stage: Stage) -> None:
    gate = threading.Event()
    stage.script.steps.append(Step("partly said and never ended", after_first=gate))
    handle = stage.runner.submit("alice", stage.chat, "talk")
    wait_for_text(handle, "partly")
    began = time.monotonic()
    stage.runner.stop("alice", handle.id)
    turn = handle.result(WAIT)
    assert time.monotonic() - began < 2
    assert (turn.status, turn.error, turn.estimated) == ("stopped", None, True)
    assert stage.said() == [("user", "talk"), ("assistant", "partly ")]
    [call] = stage.calls(turn.id)
    assert (call.outcome, call.source) == ("stopped", "estimate")
    assert call.tokens_in > 500  # system prompt and tools are in it
    assert call.tokens_out >= 1
    assert turn.cost is not None
    assert turn.cost > 0
    stage.runner.stop("alice", handle.id)
    assert handle.result(WAIT).status == "stopped"


def test_stop_at_once_before_the_model_said_anything(stage: Stage) -> None:
    stage.script.steps.append(Step("never", before=threading.Event()))
    handle = stage.runner.submit("alice", stage.chat, "talk")
    stage.runner.stop("alice", handle.id)
    assert handle.result(WAIT).status == "stopped"
    assert stage.said() == [("user", "talk")]
    stage.script.steps.clear()
    assert stage.runner.submit("alice", stage.chat, "again").result(WAIT).status == "done"


def test_a_waiting_message_can_be_withdrawn(stage: Stage) -> None:
    gate = threading.Event()
    stage.script.steps.append(Step("first", before=gate))
    first = stage.runner.submit("alice", stage.chat, "one")
    second = stage.runner.submit("alice", stage.chat, "two")
    stage.runner.stop("alice", second.id)
    assert second.result(WAIT).status == "stopped"
    gate.set()
    assert first.result(WAIT).status == "done"
    assert len(stage.script.seen) == 1


def test_the_deadline_ends_a_turn_and_keeps_what_came(make_stage: MakeStage) -> None:
    stage = make_stage(turn_deadline_s=0.3)
    stage.script.steps.append(Step("slowly but", after_first=threading.Event()))
    turn = stage.runner.submit("alice", stage.chat, "talk").result(WAIT)
    assert turn.status == "failed"
    assert turn.error is not None
    assert "0.3 s" in turn.error
    assert stage.said()[-1] == ("assistant", "slowly ")
    assert [call.outcome for call in stage.calls(turn.id)] == ["timeout"]
    assert stage.runner.submit("alice", stage.chat, "again").result(WAIT).status == "done"


def test_the_sixth_tool_call_is_refused_and_the_turn_still_ends_in_an_answer(stage: Stage) -> None:
    stage.script.steps += [Step(calls=[LOG_SALAD]) for _ in range(6)]
    stage.script.steps.append(Step("Here is what I did."))
    handle = stage.runner.submit("alice", stage.chat, "log six salads")
    told = list(handle.events(WAIT))
    turn = handle.result(WAIT)
    assert turn.status == "done"
    assert [e.ok for e in told if isinstance(e, ToolFinished)] == [True] * 5 + [False]
    assert any("5 tool calls" in e.text for e in told if isinstance(e, Notice))
    assert [bool(offered) for offered in stage.script.offered] == [True] * 6 + [False]
    assert len(stage.store.read(lambda db: wellness.list_day(db, "alice", "2026-03-02"))) == 5
    assert stage.said()[-1] == ("assistant", "Here is what I did.")


def test_a_parallel_batch_that_crosses_the_limit_runs_what_is_allowed(stage: Stage) -> None:
    stage.script.steps += [Step(calls=[LOG_SALAD] * 8), Step("Five of eight.")]
    turn = stage.runner.submit("alice", stage.chat, "log eight").result(WAIT)
    assert turn.status == "done"
    assert len(stage.store.read(lambda db: wellness.list_day(db, "alice", "2026-03-02"))) == 5
    assert stage.script.offered[1] == []


def test_a_model_that_loops_is_held_to_seven_calls_and_answers(stage: Stage) -> None:
    stage.script.otherwise = lambda messages: Step("thinking", calls=[("read_log", "{}")])
    turn = stage.runner.submit("alice", stage.chat, "loop").result(WAIT)
    assert len(stage.script.seen) == 7
    assert stage.script.offered[-1] == []
    assert turn.status == "done"
    assert not stage.messages()[-1].tool_calls


def test_invented_tools_and_bad_arguments_go_back_to_the_model(stage: Stage) -> None:
    stage.script.steps += [
        Step(calls=[("fly_to_moon", "{}")]),
        Step(calls=[("log_food", '{"calories": "many"}')]),
        Step(calls=[("log_food", '{"name": "salad", "calories": -5}')]),
        Step("Sorry, I could not log that."),
    ]
    handle = stage.runner.submit("alice", stage.chat, "odd things")
    told = list(handle.events(WAIT))
    assert handle.result(WAIT).status == "done"
    failed = [e for e in told if isinstance(e, ToolFinished)]
    assert [e.ok for e in failed] == [False] * 3
    assert all(e.text.startswith("Error: ") for e in failed)
    assert "between 0 and 20000" in failed[2].text
    assert stage.store.read(lambda db: wellness.list_day(db, "alice", "2026-03-02")) == []


def test_a_lost_connection_is_retried_and_every_attempt_is_recorded(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.guard.BACKOFF_S", 0.001)
    stage.script.steps += [Step(error=httpx.ConnectError("down")), Step(error=httpx.ConnectError("down")), Step("Back again.")]
    handle = stage.runner.submit("alice", stage.chat, "hello")
    told = list(handle.events(WAIT))
    assert handle.result(WAIT).status == "done"
    assert [(c.outcome, c.attempt) for c in stage.calls(handle.id)] == [("error", 1), ("error", 2), ("ok", 3)]
    assert len([e for e in told if isinstance(e, Notice)]) == 2


def test_at_most_three_retries_in_a_turn(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.guard.BACKOFF_S", 0.001)
    stage.script.otherwise = lambda messages: Step(error=httpx.ConnectError("down"))
    turn = stage.runner.submit("alice", stage.chat, "hello").result(WAIT)
    assert turn.status == "failed"
    assert turn.error == "The connection to the model was lost. What arrived is kept; ask again."
    assert len(stage.script.seen) == 4
    assert stage.said() == [("user", "hello")]


def test_a_drop_after_the_first_words_is_not_repeated_and_keeps_them(stage: Stage) -> None:
    stage.script.steps.append(Step("the first words", error=httpx.RemoteProtocolError("cut")))
    turn = stage.runner.submit("alice", stage.chat, "talk").result(WAIT)
    assert turn.status == "failed"
    assert len(stage.script.seen) == 1
    assert stage.said()[-1] == ("assistant", "the first words")
    assert [c.source for c in stage.calls(turn.id)] == ["estimate"]


def test_a_rejected_key_costs_nothing_and_says_what_to_do(stage: Stage) -> None:
    stage.script.steps.append(Step(error=ModelAuthenticationError("secret-key-1234 is wrong")))
    turn = stage.runner.submit("alice", stage.chat, "hello").result(WAIT)
    assert turn.status == "failed"
    assert turn.error is not None
    assert "does not accept the key" in turn.error
    assert "secret-key" not in turn.error
    assert turn.cost == 0
    assert len(stage.script.seen) == 1


@pytest.mark.parametrize(
    ("finish", "words"),
    [("SAFETY", "safety filter"), ("MALFORMED_FUNCTION_CALL", "garbled"), ("MAX_TOKENS", "output limit"), ("STOP", "empty")],
)
def test_an_answer_without_text_is_a_failure_that_says_why(stage: Stage, finish: str, words: str) -> None:
    stage.script.steps.append(Step("", finish=finish))
    turn = stage.runner.submit("alice", stage.chat, "hello").result(WAIT)
    assert turn.status == "failed"
    assert turn.error is not None
    assert words in turn.error
    assert turn.tokens_in == 100


def test_an_unpriced_model_costs_none_not_zero(make_stage: MakeStage) -> None:
    stage = make_stage(model="openai:no-such-model-9")
    turn = stage.runner.submit("alice", stage.chat, "hello").result(WAIT)
    assert turn.status == "done"
    assert turn.cost is None
    assert turn.tokens_in == 100


def test_calls_are_recorded_live_while_the_turn_goes_on(stage: Stage) -> None:
    gate = threading.Event()
    stage.script.steps += [Step(calls=[LOG_SALAD]), Step("done", before=gate)]
    handle = stage.runner.submit("alice", stage.chat, "I ate a salad")
    for event in handle.events(WAIT):
        if isinstance(event, CallRecorded):
            break
    until = time.monotonic() + WAIT
    while not stage.calls(handle.id):
        assert time.monotonic() < until
        time.sleep(0.005)
    gate.set()
    handle.result(WAIT)


def test_a_finished_turn_is_told_from_the_database_after_a_restart(stage: Stage, make_stage: MakeStage) -> None:
    stage.script.steps += [Step(calls=[LOG_SALAD]), Step("Logged.")]
    first = stage.runner.submit("alice", stage.chat, "I ate a salad")
    first.result(WAIT)
    other = TurnRunner(stage.store, Settings(), clock=stage.clock)
    told = list(other.attach("alice", first.id).events(WAIT))
    assert [type(event) for event in told] == [Started, ToolStarted, ToolFinished, TextDelta, Finished]
    assert other.attach("alice", first.id).text == "Logged."


def test_close_interrupts_what_does_not_end_and_keeps_the_question(stage: Stage) -> None:
    stage.script.steps.append(Step("half an", after_first=threading.Event()))
    handle = stage.runner.submit("alice", stage.chat, "talk")
    wait_for_text(handle, "half")
    waiting = stage.runner.submit("alice", stage.chat, "next")
    stage.runner.close(0.5)
    turn = handle.result(WAIT)
    assert turn.status == "interrupted"
    assert turn.error is not None
    assert stage.said()[:2] == [("user", "talk"), ("assistant", "half ")]
    assert [call.outcome for call in stage.calls(turn.id)] == ["interrupted"]
    assert waiting.status == "queued"
    with pytest.raises(NotRunning):
        stage.runner.submit("alice", stage.chat, "too late")
    script = Script()
    again = TurnRunner(stage.store, Settings(), clock=stage.clock, build=lambda *_: ScriptedModel(script=script))
    again.start()
    try:
        assert again.attach("alice", waiting.id).result(WAIT).status == "done"
    finally:
        again.close(1)


def test_a_turn_of_a_dead_process_is_closed_with_an_estimate_and_the_queue_goes_on(stage: Stage, make_stage: MakeStage) -> None:
    now = stage.clock.now()
    stage.runner.close(0.1)
    gone = turns.Lease("elsewhere|1|dead", now)
    admission = turns.Admission("turn-1", "alice", stage.chat, question("lost"), "demo", None, "UTC", None, 5)
    later = turns.Admission("turn-2", "alice", stage.chat, question("next"), "demo", None, "UTC", None, 5)
    stage.store.write(lambda db: turns.admit(db, admission, gone, now))
    stage.store.write(lambda db: turns.admit(db, later, gone, now))
    stage.store.write(lambda db: turns.begin_call(db, 1, 800))
    script = Script()
    runner = TurnRunner(stage.store, Settings(), clock=stage.clock, build=lambda *_: ScriptedModel(script=script))
    runner.start()
    try:
        lost = runner.attach("alice", "turn-1").result(WAIT)
        assert (lost.status, lost.estimated) == ("interrupted", True)
        assert lost.cost is not None
        assert lost.cost > 0
        assert runner.attach("alice", "turn-2").result(WAIT).status == "done"
    finally:
        runner.close(1)
    assert stage.said() == [("user", "lost"), ("user", "next"), ("assistant", "ok")]
