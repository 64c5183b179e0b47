"""Who answers a request: the coach, or, for tools the coach was not written for, the filler of schemas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from agent.demo.coach import COACH_TOOLS, answer
from agent.demo.reply import Reply
from agent.demo.schema import Tool, fill, wanted

LOGGERS = frozenset({"log_food", "log_workout"})
ANY = frozenset({"any", "required"})


def decide(messages: Sequence[BaseMessage], tools: Sequence[Tool], choice: Any) -> Reply:
    """What to answer to the messages with these tools bound.

    Args:
        messages: the request, oldest first.
        tools: the bound tools; no other is ever called.
        choice: LangChain's tool_choice: a tool's name, "any", True, OpenAI's dict, "auto", "none" or nothing.
    """
    text = _last_text(messages)
    if choice == "none":
        tools = []
    if forced := _forced(tools, choice):
        return Reply(calls=(fill(wanted(forced, text) or forced[0], text),))
    foreign = [tool for tool in tools if tool.name not in COACH_TOOLS]
    if messages and isinstance(messages[-1], ToolMessage) and _caller(messages) not in COACH_TOOLS:
        return Reply(f"The tool answered: {messages[-1].text.strip() or 'nothing'}")
    if foreign and (tool := wanted(foreign, text)):
        return Reply(calls=(fill(tool, text),))
    loggers = [tool for tool in tools if tool.name in LOGGERS]
    return answer(messages, {tool.name for tool in tools}, any_day=all(tool.accepts("day") for tool in loggers))


def _forced(tools: Sequence[Tool], choice: Any) -> Sequence[Tool]:
    """The tools of which one has to be called; empty when calling is up to the model."""
    if isinstance(choice, Mapping):
        choice = choice.get("function", choice).get("name")
    if choice is True or choice in ANY:
        return tools
    return [tool for tool in tools if tool.name == choice]


def _last_text(messages: Sequence[BaseMessage]) -> str:
    for message in reversed(messages):
        if isinstance(message, HumanMessage):
            return message.text
    return ""


def _caller(messages: Sequence[BaseMessage]) -> str:
    """The name of the tool whose answer is the last message."""
    last = messages[-1]
    if not isinstance(last, ToolMessage):
        return ""
    for message in reversed(messages):
        if isinstance(message, AIMessage):
            for call in message.tool_calls:
                if call["id"] == last.tool_call_id:
                    return call["name"]
    return last.name or ""
