"""The wellness coach: from the messages of a request and the tools at hand to an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from langchain_core.messages import BaseMessage, HumanMessage, ToolMessage

from agent.demo.reply import Call, Reply
from agent.demo.schema import Tool

COACH_TOOLS = frozenset({"log_food", "log_workout", "read_log", "change_entry", "remove_entry"})


def answer(messages: Sequence[BaseMessage], tools: Mapping[str, Tool]) -> Reply:
    """The coach's answer.

    Args:
        messages: the request, oldest first; all it knows.
        tools: the bound tools by name.
    """
    texts = [message.text for message in messages if isinstance(message, HumanMessage)]
    last = texts[-1].lower() if texts else ""
    if messages and isinstance(messages[-1], ToolMessage):
        return Reply(messages[-1].text)
    if "what did i" in last and "read_log" in tools:
        return Reply(calls=(Call("read_log", {"day": "today"}),))
    if "ate" in last and "log_food" in tools:
        return Reply(calls=(Call("log_food", {"name": last.split()[-1], "calories": 180.0}),))
    if "run" in last and "log_workout" in tools:
        return Reply(calls=(Call("log_workout", {"name": "run", "minutes": 30.0}),))
    return Reply("Hello! Tell me what you ate or how you moved, and I will keep your log.")
