"""The demo model as a service: tools, usage, cache, pace, streaming, threads."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langchain_core.runnables import RunnableBinding

from agent.demo.model import DemoChatModel
from agent.demo.pacing import Pace
from agent.demo.promptcache import PromptCache
from agent.demo.usage import tool_tokens
from agent.tokens import count_text, message_tokens
from tests.agent_demo.loop import SYSTEM, Log

LONG = [SystemMessage("You are a coach. " + "Be brief, be kind, and be right. " * 300), HumanMessage("hello")]


def whole(chunks: list[BaseMessage]) -> AIMessageChunk:
    full: AIMessageChunk | None = None
    for chunk in chunks:
        assert isinstance(chunk, AIMessageChunk)
        full = chunk if full is None else full + chunk
    assert full is not None
    return full


def test_only_bound_tools_are_called() -> None:
    tools = [tool for tool in Log().tools() if tool.name == "log_workout"]
    reply = DemoChatModel().bind_tools(tools).invoke("I ate a salad")
    assert isinstance(reply, AIMessage)
    assert not reply.tool_calls
    reply = DemoChatModel().bind_tools(tools).invoke("I ran for 30 minutes")
    assert isinstance(reply, AIMessage)
    assert [call["name"] for call in reply.tool_calls] == ["log_workout"]


def test_it_streams_word_by_word_and_says_the_same_as_invoke() -> None:
    model = DemoChatModel()
    chunks: list[BaseMessage] = list(model.stream("hello there"))
    full = whole(chunks)
    assert len(chunks) > 5
    assert full.text == model.invoke("hello there").text
    assert full.response_metadata["finish_reason"] == "STOP"
    assert full.response_metadata["model_name"] == "demo"


def test_usage_counts_messages_tools_and_what_was_said() -> None:
    messages = [SystemMessage(SYSTEM), HumanMessage("hello")]
    reply = DemoChatModel().invoke(messages)
    assert reply.usage_metadata is not None
    assert reply.usage_metadata["input_tokens"] == sum(message_tokens(message.text) for message in messages)
    assert reply.usage_metadata["output_tokens"] == count_text(reply.text)
    bound = DemoChatModel().bind_tools(Log().tools())
    with_tools = bound.invoke(messages)
    assert isinstance(with_tools, AIMessage)
    assert with_tools.usage_metadata is not None
    assert isinstance(bound, RunnableBinding)
    specs = bound.kwargs["tools"]
    added = sum(tool_tokens(spec) for spec in specs)
    assert with_tools.usage_metadata["input_tokens"] == reply.usage_metadata["input_tokens"] + added


def test_streamed_and_invoked_usage_agree_also_for_tool_calls() -> None:
    bound = DemoChatModel().bind_tools(Log().tools())
    invoked, streamed = bound.invoke("I ate a salad"), whole(list(bound.stream("I ate a salad")))
    assert isinstance(invoked, AIMessage)
    assert invoked.usage_metadata == streamed.usage_metadata
    assert [call["args"] for call in invoked.tool_calls] == [call["args"] for call in streamed.tool_calls]


def cached(reply: AIMessage) -> int:
    assert reply.usage_metadata is not None
    return reply.usage_metadata["input_token_details"]["cache_read"]


def test_the_simulated_cache_reads_a_repeated_prefix_and_says_that_it_is_simulated() -> None:
    model = DemoChatModel()
    first = model.invoke(LONG)
    second = model.invoke([*LONG, AIMessage("Hi."), HumanMessage("thanks")])
    assert cached(first) == 0
    assert cached(second) == sum(message_tokens(message.text) for message in LONG)
    assert second.response_metadata["prompt_cache"] == "simulated"
    changed = [SystemMessage("Different."), *LONG[1:]]
    assert cached(model.invoke(changed)) == 0


def test_short_prefixes_are_not_cached_and_old_ones_expire() -> None:
    now = 0.0
    cache = PromptCache(min_tokens=100, ttl_s=10, now=lambda: now)
    assert cache.read([("short", 99)]) == 0
    assert cache.read([("short", 99)]) == 0
    assert cache.read([("long", 150), ("more", 10)]) == 0
    assert cache.read([("long", 150), ("other", 10)]) == 150
    now = 11.0
    assert cache.read([("long", 150)]) == 0


def test_max_tokens_and_stop_end_a_reply_and_say_so() -> None:
    reply = DemoChatModel(max_tokens=5).invoke("hello")
    assert reply.response_metadata["finish_reason"] == "MAX_TOKENS"
    assert count_text(reply.text) <= 5
    whole_reply = DemoChatModel().invoke("hello").text
    word = whole_reply.split()[3]
    assert word not in DemoChatModel().invoke("hello", stop=[word]).text


def test_delays_are_seeded_drawn_around_the_median_and_grow_with_the_context() -> None:
    pace = Pace(first_token_s=1.0, seconds_per_word=0.1, spread=0.4, seconds_per_1k_tokens=2.0, seed=7)
    first = [next(pace.delays(f"request {n}", 0)) for n in range(400)]
    assert first == [next(pace.delays(f"request {n}", 0)) for n in range(400)]
    assert 0.85 < sorted(first)[200] < 1.15
    assert len(set(first)) > 390
    assert next(pace.delays("request 1", 3000)) == pytest.approx(next(pace.delays("request 1", 0)) + 6.0)
    assert next(Pace().delays("any", 10_000)) == 0.0


async def test_a_hundred_replies_stream_at_once_each_with_its_own_words() -> None:
    model = DemoChatModel()

    async def one(number: int) -> str:
        said = [HumanMessage(f"My name is Person{number}"), AIMessage("Hi."), HumanMessage("What's my name?")]
        return "".join([chunk.text async for chunk in model.astream(said)])

    together = await asyncio.gather(*(one(number) for number in range(100)))
    assert all(f"Person{number}." in text for number, text in enumerate(together))


def test_threads_share_a_model_without_mixing_people_up() -> None:
    model = DemoChatModel()

    def ask(number: int) -> bool:
        told = [HumanMessage(f"My name is Person{number}"), AIMessage("Hi."), HumanMessage("What's my name?")]
        return f"Person{number}." in model.invoke(told).text

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(200)))
