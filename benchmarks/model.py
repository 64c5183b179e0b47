"""A chat model that costs nothing but a settable wait, so that what is measured is everything around it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool

ANSWER = "Logged it. That is a sound choice, keep going like this."
_USAGE = UsageMetadata(input_tokens=900, output_tokens=13, total_tokens=913)


class FixedModel(BaseChatModel):
    """Answers every call with the same sentence in two chunks after `wait_s` seconds."""

    wait_s: float = 0.0

    @property
    def _llm_type(self) -> str:
        return "fixed"

    def bind_tools(
        self, tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool], **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Return the model itself: it never calls a tool."""
        return self

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any
    ) -> ChatResult:
        time.sleep(self.wait_s)
        return ChatResult(generations=[ChatGeneration(message=AIMessage(ANSWER, usage_metadata=_USAGE))])

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        await asyncio.sleep(self.wait_s)
        return ChatResult(generations=[ChatGeneration(message=AIMessage(ANSWER, usage_metadata=_USAGE))])

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        await asyncio.sleep(self.wait_s)
        for chunk in _chunks():
            if run_manager:
                await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk

    def _stream(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        time.sleep(self.wait_s)
        yield from _chunks()


def _chunks() -> list[ChatGenerationChunk]:
    head, tail = ANSWER[:10], ANSWER[10:]
    return [
        ChatGenerationChunk(message=AIMessageChunk(content=head)),
        ChatGenerationChunk(message=AIMessageChunk(content=tail, usage_metadata=_USAGE, response_metadata={"finish_reason": "STOP"})),
    ]
