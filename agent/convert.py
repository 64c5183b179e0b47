"""Between stored messages and LangChain's: nothing of one is lost in the other."""

import json
from collections.abc import Sequence
from typing import Any, cast

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage, messages_from_dict
from langchain_core.messages.base import message_to_dict

from agent.events import TOOL_ERROR
from agent.tokens import message_tokens
from storage.records import Message, NewMessage, ToolCall


def to_langchain(message: Message) -> AnyMessage:
    """Return a stored message as the provider's client takes it."""
    if message.role == "user":
        return HumanMessage(content=message.text)
    if message.role == "tool":
        status: Any = "error" if message.text.startswith(TOOL_ERROR) else "success"
        return ToolMessage(content=message.text, tool_call_id=message.tool_call_id or "", name=message.tool_name, status=status)
    if message.raw is not None:
        return cast("AnyMessage", messages_from_dict([json.loads(message.raw)])[0])
    calls = [{"id": call.id, "name": call.name, "args": call.args} for call in message.tool_calls]
    return AIMessage(content=message.text, tool_calls=calls)


def to_stored(produced: Sequence[AIMessage | ToolMessage]) -> list[NewMessage]:
    """Return the messages that a turn produced, ready to be stored, each tool call followed by its results.

    A tool call without a result (the turn ended before it came) is dropped, for no provider accepts it in a later context.
    """
    results = {message.tool_call_id: message for message in produced if isinstance(message, ToolMessage)}
    stored: list[NewMessage] = []
    for message in produced:
        if isinstance(message, AIMessage):
            answered = [call for call in message.tool_calls if call["id"] in results]
            stored.extend(_assistant(message, len(answered) == len(message.tool_calls), answered))
            stored.extend(_result(results[str(call["id"])]) for call in answered)
    return stored


def _assistant(message: AIMessage, whole: bool, answered: Sequence[Any]) -> list[NewMessage]:
    text = message.text
    calls = tuple(ToolCall(str(call["id"]), call["name"], call["args"]) for call in answered)
    if not text and not calls:
        return []
    keep = whole and (not isinstance(message.content, str) or bool(message.additional_kwargs))
    raw = json.dumps(message_to_dict(_bare(message)), ensure_ascii=False) if keep else None
    return [NewMessage("assistant", text, message_tokens(text, calls), calls, raw=raw)]


def _bare(message: AIMessage) -> AIMessage:
    """Return the message without what only the accounting needed."""
    return AIMessage(content=message.content, tool_calls=message.tool_calls, additional_kwargs=message.additional_kwargs)


def _result(message: ToolMessage) -> NewMessage:
    text = message.text
    return NewMessage("tool", text, message_tokens(text), tool_call_id=message.tool_call_id, tool_name=message.name)
