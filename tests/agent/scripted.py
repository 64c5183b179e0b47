"""A chat model that plays a script: a real LangChain model, so that everything around it is the real thing."""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.messages.tool import ToolCallChunk, tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from pydantic import ConfigDict


@dataclass
class Step:
    """One model call: what it says, what it asks for, how it goes wrong."""

    text: str = ""
    calls: Sequence[tuple[str, str]] = ()
    """Tool name and arguments as JSON."""
    usage: tuple[int, int, int] | None = (100, 10, 0)
    """Input, output and cached tokens; None when the model reports nothing."""
    finish: str = "STOP"
    before: threading.Event | None = None
    """Nothing comes before this is set."""
    after_first: threading.Event | None = None
    """Nothing comes after the first word before this is set."""
    error: Exception | None = None
    """Raised in place of the rest, after the words before it."""

    def chunks(self, number: int) -> list[AIMessageChunk]:
        """Return the pieces of the answer, the last with usage and finish reason."""
        words = [word + " " for word in self.text.split(" ")[:-1]] + self.text.split(" ")[-1:] if self.text else []
        pieces = [AIMessageChunk(content=word) for word in words]
        if self.calls:
            asked: list[ToolCallChunk] = [
                tool_call_chunk(name=name, args=args, id=f"call-{number}-{place}", index=place)
                for place, (name, args) in enumerate(self.calls)
            ]
            pieces.append(AIMessageChunk(content="", tool_call_chunks=asked))
        if self.error is None:
            pieces.append(AIMessageChunk(content="", usage_metadata=_usage(self.usage), response_metadata={"finish_reason": self.finish}))
        return pieces


@dataclass
class Script:
    """The steps still to play and the calls that were made; `otherwise` answers when the steps are used up."""

    steps: deque[Step] = field(default_factory=deque)
    otherwise: Callable[[list[BaseMessage]], Step] = lambda messages: Step("ok")
    seen: list[list[BaseMessage]] = field(default_factory=list)
    offered: list[list[str]] = field(default_factory=list)
    """Names of the tools bound at each call."""
    running: int = 0
    most_running: int = 0


class ScriptedModel(BaseChatModel):
    """Plays its script, streaming word by word; bound tools are noted."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    script: Script
    bound: tuple[str, ...] = ()

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(
        self, tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool], **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Return the same model, knowing the names of its tools."""
        names = tuple(tool.name for tool in tools if isinstance(tool, BaseTool))
        return ScriptedModel(script=self.script, bound=names)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage("never used"))])

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        script = self.script
        script.seen.append(list(messages))
        script.offered.append(list(self.bound))
        step = script.steps.popleft() if script.steps else script.otherwise(messages)
        script.running += 1
        script.most_running = max(script.most_running, script.running)
        try:
            await _until(step.before)
            for place, message in enumerate(step.chunks(len(script.seen))):
                chunk = ChatGenerationChunk(message=message)
                if run_manager:
                    await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                yield chunk
                if place == 0:
                    await _until(step.after_first)
            if step.error is not None:
                raise step.error
        finally:
            script.running -= 1


async def _until(gate: threading.Event | None) -> None:
    """Wait for an event of another thread without blocking the loop; a cancelled wait leaves nothing behind."""
    if gate is not None:
        for _ in range(10_000):
            if gate.is_set():
                return
            await asyncio.sleep(0.005)


def _usage(counts: tuple[int, int, int] | None) -> UsageMetadata | None:
    if counts is None:
        return None
    given, out, cached = counts
    return UsageMetadata(input_tokens=given, output_tokens=out, total_tokens=given + out, input_token_details={"cache_read": cached})
