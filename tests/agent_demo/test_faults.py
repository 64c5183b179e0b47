"""The fault switch: each misbehaviour as the controls around the model will meet it."""

from __future__ import annotations

import time
from itertools import islice

import pytest
from langchain_core.messages import AIMessage

from agent.demo.faults import FAULT_KINDS, DemoDropped, DemoRateLimited, DemoServerError, Fault, FaultKind
from agent.demo.model import DemoChatModel
from tests.agent_demo.loop import Log


def reply_with(kind: FaultKind) -> AIMessage:
    bound = DemoChatModel(faults=Fault(kind=kind)).bind_tools(Log().tools())
    reply = bound.invoke("hello")
    assert isinstance(reply, AIMessage)
    return reply


def test_every_fault_of_the_issue_is_there() -> None:
    assert set(FAULT_KINDS) == {
        "loop_tool", "invent_tool", "bad_arguments", "over_call", "silence", "drip",
        "rate_limit", "server_error", "drop", "empty", "endless",
    }  # fmt: skip


def test_a_loop_calls_the_same_tool_every_time() -> None:
    assert [reply_with("loop_tool").tool_calls[0]["name"] for _ in range(3)] == ["read_log"] * 3


def test_an_invented_tool_is_not_among_the_bound_ones() -> None:
    assert reply_with("invent_tool").tool_calls[0]["name"] not in {tool.name for tool in Log().tools()}


def test_bad_arguments_do_not_fit_the_schema() -> None:
    call = reply_with("bad_arguments").tool_calls[0]
    tool = next(tool for tool in Log().tools() if tool.name == call["name"])
    with pytest.raises(ValueError, match="validation error"):
        tool.invoke(call["args"])


def test_over_calling_asks_for_many_tools_at_once() -> None:
    assert len(reply_with("over_call").tool_calls) == 12


def test_without_tools_the_tool_faults_leave_an_ordinary_answer() -> None:
    assert DemoChatModel(faults=Fault(kind="loop_tool")).invoke("hello").text


def test_an_empty_reply_has_nothing_in_it() -> None:
    reply = reply_with("empty")
    assert not reply.text
    assert not reply.tool_calls


def test_a_rate_limit_and_a_server_error_come_before_any_word_and_are_retryable() -> None:
    with pytest.raises(DemoRateLimited) as limited:
        reply_with("rate_limit")
    with pytest.raises(DemoServerError) as broken:
        reply_with("server_error")
    assert limited.value.is_retryable
    assert limited.value.retry_after == 1.0
    assert broken.value.is_retryable


def test_a_dropped_stream_says_some_words_first() -> None:
    words: list[str] = []
    with pytest.raises(DemoDropped):
        words.extend(chunk.text for chunk in DemoChatModel(faults=Fault(kind="drop", after_words=3)).stream("hello"))
    assert len(words) == 3


def test_an_endless_reply_goes_on_until_the_largest_output() -> None:
    stream = DemoChatModel(faults=Fault(kind="endless")).stream("hello")
    assert sum(1 for _ in islice(stream, 2000)) == 2000
    cut = DemoChatModel(faults=Fault(kind="endless"), max_tokens=50).invoke("hello")
    assert cut.response_metadata["finish_reason"] == "MAX_TOKENS"


def test_silence_and_drip_take_their_time() -> None:
    for fault in (Fault(kind="silence", silence_s=0.2), Fault(kind="drip", drip_s=0.02)):
        started = time.perf_counter()
        assert DemoChatModel(faults=fault).invoke("hello").text
        assert time.perf_counter() - started >= 0.2


def test_a_fault_can_hit_the_first_calls_only_or_a_seeded_share() -> None:
    model = DemoChatModel(faults=Fault(kind="server_error", first_calls=2))
    for _ in range(2):
        with pytest.raises(DemoServerError):
            model.invoke("hello")
    assert model.invoke("hello").text
    fault = Fault(kind="empty", rate=0.3, seed=5)
    struck = [fault.strikes(number) for number in range(1000)]
    assert struck == [fault.strikes(number) for number in range(1000)]
    assert 250 < sum(struck) < 350
