"""What the real Gemini client does against the loopback server: the behaviours that the agent is built on."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import httpx
import pytest
from google.genai.errors import UnknownApiResponseError
from langchain_core.exceptions import ModelError
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, ToolMessage, messages_from_dict, messages_to_dict
from langchain_core.tools import tool
from langchain_google_genai import ChatGoogleGenerativeAI

from tests.gemini_server.server import GeminiServer
from tests.gemini_server.wire import Call, Usage


@tool
def log_food(name: str, calories: float) -> str:
    """Log a food."""
    return f"{name}: {calories}"


@pytest.fixture
async def model(gemini: GeminiServer) -> AsyncIterator[ChatGoogleGenerativeAI]:
    model = ChatGoogleGenerativeAI(model="gemini-2.5-flash", api_key="class-key", base_url=gemini.base_url, max_retries=1, timeout=5)
    yield model
    assert model.client is not None
    await model.client.aio.aclose()
    model.client.close()


async def collect(model: ChatGoogleGenerativeAI, text: str = "hello") -> tuple[list[str], AIMessageChunk]:
    whole: AIMessageChunk | None = None
    texts: list[str] = []
    async for chunk in model.astream(text):
        texts.append(str(chunk.text))
        whole = chunk if whole is None else whole + chunk
    assert whole is not None
    return texts, whole


async def test_a_call_carries_key_system_prompt_history_and_tools(gemini: GeminiServer, model: ChatGoogleGenerativeAI) -> None:
    gemini.reply("Hello Alice")
    answer = await model.bind_tools([log_food]).ainvoke([("system", "Be kind."), ("human", "hi"), ("ai", "yes?"), ("human", "hello")])
    assert answer.text == "Hello Alice"
    (request,) = gemini.requests
    assert request.key == "class-key"
    assert request.model == "gemini-2.5-flash"
    assert request.system == "Be kind."
    assert request.texts == [("user", "hi"), ("model", "yes?"), ("user", "hello")]
    assert request.tool_names == ["log_food"]
    assert not request.stream


async def test_usage_counts_include_cached_input_and_thoughts(gemini: GeminiServer, model: ChatGoogleGenerativeAI) -> None:
    gemini.reply("fine", usage=Usage(prompt=1000, cached=800, candidates=20, thoughts=30))
    usage = (await model.ainvoke("hello")).usage_metadata
    assert usage is not None
    assert usage["input_tokens"] == 1000
    assert usage["output_tokens"] == 50
    assert usage["input_token_details"]["cache_read"] == 800
    assert usage["output_token_details"]["reasoning"] == 30


async def test_a_stream_comes_in_pieces_and_its_usage_adds_up(gemini: GeminiServer, model: ChatGoogleGenerativeAI) -> None:
    gemini.reply(chunks=["Hel", "lo ", "Bob"], usage=Usage(prompt=100, cached=40, candidates=30, thoughts=7))
    texts, whole = await collect(model)
    assert [text for text in texts if text] == ["Hel", "lo ", "Bob"]
    assert gemini.requests[0].stream
    assert whole.usage_metadata is not None
    assert (whole.usage_metadata["input_tokens"], whole.usage_metadata["output_tokens"]) == (100, 37)
    assert whole.usage_metadata["input_token_details"]["cache_read"] == 40
    assert whole.response_metadata["finish_reason"] == "STOP"


async def test_a_tool_call_and_its_thought_signature_survive_storage(gemini: GeminiServer, model: ChatGoogleGenerativeAI) -> None:
    gemini.reply(tool_calls=[Call("log_food", {"name": "salad", "calories": 180}, signature=b"opaque")])
    gemini.reply("Logged.")
    bound = model.bind_tools([log_food])
    question = HumanMessage("I ate a salad")
    asked = await bound.ainvoke([question])
    assert isinstance(asked, AIMessage)
    (call,) = asked.tool_calls
    assert (call["name"], call["args"]) == ("log_food", {"name": "salad", "calories": 180})
    (kept,) = messages_from_dict(messages_to_dict([asked]))
    result = ToolMessage("Logged #1", tool_call_id=call["id"] or "", name="log_food")
    assert (await bound.ainvoke([question, kept, result])).text == "Logged."
    sent = gemini.requests[1].body["contents"]
    assert sent[1]["parts"][0]["thoughtSignature"] == "b3BhcXVl"
    assert sent[2]["parts"][0]["functionResponse"]["name"] == "log_food"


@pytest.mark.parametrize(
    ("status", "name", "retryable"),
    [
        (400, "GoogleInvalidRequestError", False),
        (401, "GoogleAuthenticationError", False),
        (403, "GooglePermissionDeniedError", False),
        (404, "GoogleModelNotFoundError", False),
        (429, "GoogleRateLimitError", True),
        (500, "GoogleAPIError", True),
        (503, "GoogleAPIError", True),
    ],
)
async def test_http_errors_become_model_errors(
    gemini: GeminiServer, model: ChatGoogleGenerativeAI, status: int, name: str, retryable: bool
) -> None:
    gemini.fail(status, "no luck")
    with pytest.raises(ModelError, match="no luck") as caught:
        await model.ainvoke("hello")
    assert type(caught.value).__name__ == name
    assert caught.value.is_retryable is retryable
    assert len(gemini.requests) == 1


async def test_a_wrong_key_is_an_invalid_request_as_at_google(gemini: GeminiServer, model: ChatGoogleGenerativeAI) -> None:
    gemini.accepted_key = "another"
    with pytest.raises(ModelError, match="API key not valid") as caught:
        await model.ainvoke("hello")
    assert not caught.value.is_retryable


async def test_an_error_inside_a_stream_is_a_model_error(gemini: GeminiServer, model: ChatGoogleGenerativeAI) -> None:
    gemini.error_after(2)
    with pytest.raises(ModelError, match="overloaded") as caught:
        await collect(model)
    assert caught.value.is_retryable


async def test_a_dropped_stream_is_a_transport_error(gemini: GeminiServer, model: ChatGoogleGenerativeAI) -> None:
    gemini.drop_after(2)
    seen: list[str] = []
    with pytest.raises(httpx.RemoteProtocolError):
        async for chunk in model.astream("hello"):
            seen.append(str(chunk.text))
    assert "".join(seen) == "one two"


@pytest.mark.parametrize("reason", ["SAFETY", "MAX_TOKENS", "MALFORMED_FUNCTION_CALL"])
async def test_a_reply_cut_short_raises_nothing_and_says_why(gemini: GeminiServer, model: ChatGoogleGenerativeAI, reason: str) -> None:
    gemini.reply("part", finish_reason=reason)
    _, whole = await collect(model)
    assert whole.response_metadata["finish_reason"] == reason


async def test_a_blocked_prompt_raises_nothing(gemini: GeminiServer, model: ChatGoogleGenerativeAI) -> None:
    gemini.block("SAFETY")
    answer = await model.ainvoke("hello")
    assert answer.text == ""
    assert "block_reason" in str(answer.response_metadata)


async def test_an_empty_body_raises_nothing(gemini: GeminiServer, model: ChatGoogleGenerativeAI) -> None:
    gemini.raw(b"")
    answer = await model.ainvoke("hello")
    assert answer.text == ""
    assert "finish_reason" not in answer.response_metadata


async def test_a_body_that_is_not_json(gemini: GeminiServer, model: ChatGoogleGenerativeAI) -> None:
    gemini.raw(b"<html>proxy</html>")
    with pytest.raises(json.JSONDecodeError):
        await model.ainvoke("hello")
    gemini.raw(b"<html>proxy</html>")
    with pytest.raises(UnknownApiResponseError):
        await collect(model)


async def test_silence_runs_into_the_timeout(gemini: GeminiServer, model: ChatGoogleGenerativeAI) -> None:
    gemini.silence(5)
    with pytest.raises(httpx.ReadTimeout):
        await model.ainvoke("hello", timeout=0.2)


async def test_a_drip_outlasts_the_clients_timeout_but_not_asyncios(gemini: GeminiServer, model: ChatGoogleGenerativeAI) -> None:
    gemini.reply("a b c d e f g h", pause=0.1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.35):
            async for _ in model.astream("hello", timeout=0.25):
                pass
    assert gemini.requests[0].done.wait(2)
    assert gemini.requests[0].outcome == "abandoned"


async def test_one_model_object_serves_many_calls_at_once(gemini: GeminiServer, model: ChatGoogleGenerativeAI) -> None:
    for _ in range(10):
        gemini.reply("hello", delay=0.2)
    started = time.monotonic()
    answers = await asyncio.gather(*(model.ainvoke("hello") for _ in range(10)))
    assert [answer.text for answer in answers] == ["hello"] * 10
    assert time.monotonic() - started < 1.5
