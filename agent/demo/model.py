"""The demo model: a LangChain chat model that runs here, needs no key and no network, and follows rules.

It is the embedded default, so that the app does its job on a fresh machine. It knows only what is in the messages it
is sent: no fact outlives the request that carried it. The model object keeps nothing but the digests of its simulated
prompt cache and the number of calls it had, so that one object can answer many people at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from itertools import count
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import Field, PrivateAttr

from agent.demo.decide import decide
from agent.demo.faults import Fault, bend, refuse
from agent.demo.pacing import Pace
from agent.demo.performance import Performance, stopped
from agent.demo.promptcache import PromptCache
from agent.demo.schema import Tool
from agent.demo.usage import measure
from agent.tokens import count_text, encoding

BREATH = 16
"""Words after which an unpaced stream lets other tasks of the event loop run."""


class DemoChatModel(BaseChatModel):
    """A rule-based wellness coach behind LangChain's chat model interface."""

    model_name: str = "demo"
    priced_as: str | None = None
    """Whose prices apply to its tokens, as provider:model; passed through in the response metadata."""
    first_token_s: float = Field(default=0.0, ge=0)
    seconds_per_word: float = Field(default=0.0, ge=0)
    spread: float = Field(default=0.0, ge=0)
    """Sigma of the log-normal distribution of both delays."""
    seconds_per_1k_tokens: float = Field(default=0.0, ge=0)
    """Latency that grows with the context, in seconds for a thousand tokens the cache did not hold."""
    seed: int = 0
    faults: Fault | None = None
    cache_min_tokens: int = Field(default=1024, ge=1)
    """Shortest prefix the simulated cache keeps, in tokens (1,024 is what Gemini 2.5 Flash asks for)."""
    cache_ttl_s: float = Field(default=300.0, gt=0)
    temperature: float | None = None
    """Accepted like timeout and max_retries because every chat model takes it; a rule has no temperature."""
    max_tokens: int | None = Field(default=None, ge=1)
    timeout: float | None = None
    max_retries: int | None = None
    stop: list[str] | None = None

    _cache: PromptCache = PrivateAttr()
    _calls: count[int] = PrivateAttr(default_factory=count)

    def model_post_init(self, context: Any, /) -> None:
        """Start with an empty simulated cache."""
        super().model_post_init(context)
        self._cache = PromptCache(self.cache_min_tokens, self.cache_ttl_s)

    @property
    def _llm_type(self) -> str:
        return "tideline-demo"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model_name": self.model_name, "seed": self.seed, "faults": self.faults and self.faults.kind}

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | dict[str, Any] | bool | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """The model with these tools offered to it; it calls no others.

        Args:
            tools: anything LangChain can describe as a tool.
            tool_choice: a tool's name or "any" to force a call.
            kwargs: passed on with every call.
        """
        specs = [convert_to_openai_tool(tool) for tool in tools]
        return self.bind(tools=specs, tool_choice=tool_choice, **kwargs)

    def get_num_tokens(self, text: str) -> int:
        """Tokens of a text by cl100k."""
        return count_text(text)

    def get_token_ids(self, text: str) -> list[int]:
        """The cl100k token numbers of a text."""
        return encoding().encode_ordinary(text)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        performance = self._perform(messages, stop, kwargs)
        wait = sum(delay for delay, _ in performance) + performance.last_wait()
        if wait:
            time.sleep(wait)
        return self._result(performance, kwargs)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        performance = self._perform(messages, stop, kwargs)
        await asyncio.sleep(sum(delay for delay, _ in performance) + performance.last_wait())
        return self._result(performance, kwargs)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        performance = self._perform(messages, stop, kwargs)
        for delay, piece in performance:
            if delay:
                time.sleep(delay)
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        if wait := performance.last_wait():
            time.sleep(wait)
        yield ChatGenerationChunk(message=performance.ending(self._metadata(kwargs)))

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        performance = self._perform(messages, stop, kwargs)
        for delay, piece in performance:
            if delay or len(performance.said) % BREATH == 0:
                await asyncio.sleep(delay)
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        await asyncio.sleep(performance.last_wait())
        yield ChatGenerationChunk(message=performance.ending(self._metadata(kwargs)))

    def _perform(self, messages: list[BaseMessage], stop: list[str] | None, kwargs: dict[str, Any]) -> Performance:
        fault = self.faults if self.faults and self.faults.strikes(next(self._calls)) else None
        refuse(fault)
        specs = kwargs.get("tools") or []
        tools = [Tool.from_openai(spec) for spec in specs]
        request = measure(messages, specs, self._cache)
        reply = bend(decide(messages, tools, kwargs.get("tool_choice")), fault, frozenset(tool.name for tool in tools))
        delays = self._pace().delays(request.digest, request.tokens - request.cached)
        longest = kwargs.get("max_tokens", self.max_tokens)
        return Performance(stopped(reply, stop or self.stop or []), request, delays, fault, longest)

    def _pace(self) -> Pace:
        return Pace(
            first_token_s=self.first_token_s,
            seconds_per_word=self.seconds_per_word,
            spread=self.spread,
            seconds_per_1k_tokens=self.seconds_per_1k_tokens,
            seed=self.seed,
        )

    def _result(self, performance: Performance, kwargs: dict[str, Any]) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=performance.message(self._metadata(kwargs)))])

    def _metadata(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        return {
            "model_name": kwargs.get("model") or self.model_name,
            "model_provider": "tideline",
            "priced_as": self.priced_as,
            "prompt_cache": "simulated",
        }
