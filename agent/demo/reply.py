"""What the coach decides to answer: a text, or calls of tools, before it becomes LangChain messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One tool the coach wants to have run."""

    name: str
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """The coach's answer to one request: words, tool calls, or words said before the calls."""

    text: str = ""
    calls: tuple[Call, ...] = ()
