"""The hard limits of a turn, inside the agent loop: how often it may call models and tools, what is retried, how it must end.

The only layer that retries: clients are built with their own retries switched off. A call whose text has been shown is not repeated,
for the person has read it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, cast

from langchain.agents.middleware.types import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.messages import AIMessage, ToolMessage
from langgraph.types import Command

from agent.events import TOOL_ERROR, Notice, ToolFinished, ToolStarted
from agent.failures import is_retryable
from agent.turn_context import TurnContext
from agent.wellness import BadEntry
from storage.errors import StorageError

BACKOFF_S = 0.4
"""Seconds before the first retry; each further one waits twice as long."""

ModelHandler = Callable[[ModelRequest[TurnContext]], Awaitable[ModelResponse[Any]]]
ToolHandler = Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]]


class TurnGuard(AgentMiddleware[AgentState[Any], TurnContext]):
    """Puts the planned context in front of each call and holds the turn to its limits.

    The two hooks are plain functions that return coroutines: around a coroutine function LangChain's tracing hops to a thread and back
    twice a call, also when nothing is traced.
    """

    def awrap_model_call(self, request: ModelRequest[TurnContext], handler: ModelHandler) -> Coroutine[Any, Any, ModelResponse[Any]]:
        """Make one model call, with retries; the last one that is allowed is made without tools."""
        return self._model_call(request, handler)

    def awrap_tool_call(self, request: ToolCallRequest, handler: ToolHandler) -> Coroutine[Any, Any, ToolMessage | Command[Any]]:
        """Run one tool call if the turn may still make one; failures go to the model as text."""
        return self._tool_call(request, handler)

    async def _model_call(self, request: ModelRequest[TurnContext], handler: ModelHandler) -> ModelResponse[Any]:
        context = request.runtime.context
        last = context.last_call
        context.model_calls += 1
        planned = request.override(
            system_message=context.system,
            messages=[*context.window, *request.messages],
            tools=[] if last else request.tools,
        )
        response = await _with_retries(context, planned, handler)
        answer = response.result[0]
        if isinstance(answer, AIMessage):
            final = _without_tools(answer, context) if last else answer
            context.produced.append(final)
            context.unplaced = ""
            return ModelResponse(result=[final, *response.result[1:]])
        return response

    async def _tool_call(self, request: ToolCallRequest, handler: ToolHandler) -> ToolMessage | Command[Any]:
        context = cast("TurnContext", request.runtime.context)
        call = request.tool_call
        call_id, name = str(call["id"]), call["name"]
        context.emit(ToolStarted(call_id, name, dict(call["args"])))
        result = await _run_tool(context, request, handler)
        if isinstance(result, ToolMessage):
            context.produced.append(result)
            context.emit(ToolFinished(call_id, name, result.status != "error", result.text))
        return result


async def _with_retries(context: TurnContext, request: ModelRequest[TurnContext], handler: ModelHandler) -> ModelResponse[Any]:
    context.attempt = 0
    while True:
        context.attempt += 1
        try:
            return await handler(request)
        except Exception as error:
            if context.streamed or not is_retryable(error) or context.retries >= context.limits.max_retries:
                raise
            pause = BACKOFF_S * 2**context.retries
            context.retries += 1
        context.emit(Notice(f"The model did not answer; trying again ({context.retries} of {context.limits.max_retries})."))
        await asyncio.sleep(pause)


async def _run_tool(context: TurnContext, request: ToolCallRequest, handler: ToolHandler) -> ToolMessage | Command[Any]:
    limit = context.limits.max_tool_calls
    if context.tool_calls >= limit:
        context.tools_refused = True
        context.emit(Notice(f"Limit reached: {limit} tool calls in one turn. Another was refused."))
        return _error(request, f"refused, for {limit} tool calls are allowed in one turn. Answer with what you have.")
    context.tool_calls += 1
    try:
        result = await handler(request)
    except BadEntry as error:
        return _error(request, f"{error}.")
    except StorageError as error:
        return _error(request, error.sentence)
    if isinstance(result, ToolMessage) and result.status == "error" and not result.text.startswith(TOOL_ERROR):
        return _error(request, result.text)
    return result


def _error(request: ToolCallRequest, text: str) -> ToolMessage:
    call = request.tool_call
    return ToolMessage(content=TOOL_ERROR + text, tool_call_id=str(call["id"]), name=call["name"], status="error")


def _without_tools(answer: AIMessage, context: TurnContext) -> AIMessage:
    """Return an answer that asks for no more tools, which nothing would run."""
    if not answer.tool_calls:
        return answer
    context.emit(Notice(f"Limit reached: {context.limits.max_model_calls} model calls in one turn."))
    return AIMessage(content=answer.text, usage_metadata=answer.usage_metadata, response_metadata=answer.response_metadata, id=answer.id)
