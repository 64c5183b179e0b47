"""A conversation as the lab runs it: what was said and when, and, where facts were planted, the questions that ask for them back."""

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property

from agent.memory.context import Overhead
from agent.memory.replay import RecordedTurn
from agent.tokens import message_tokens
from agent.tool_weight import TOOL_TOKENS
from storage.records import Message

LAST_TURNS = 300
"""Turns of a longer chat that are run: the last ones."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a fact that was told earlier; it is asked when the conversation is over."""

    about: str
    told_in: int
    """The turn in which the fact was told, counted from 1."""
    asked: str
    expected: tuple[str, ...]
    """Words that the answer must hold, all of them."""

    def answered_by(self, text: str) -> bool:
        """Say whether a text holds the fact."""
        return all(re.search(rf"\b{re.escape(word)}s?\b", text, re.IGNORECASE) for word in self.expected)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the demo model said to one question."""

    question: Question
    text: str
    knows: bool
    """Whether the answer holds the fact."""
    tokens: int
    """The context it was asked with."""


@dataclass(frozen=True, slots=True)
class Said:
    """One turn as it happened: the person's message, then what the agent said and did."""

    at: datetime
    prompt: str
    """The system prompt, without summary and quoted messages."""
    messages: tuple[Message, ...]


@dataclass(frozen=True, eq=False)
class Conversation:
    """What the lab replays. Two are the same only when they are one object."""

    title: str
    turns: tuple[Said, ...]
    zone: tzinfo
    priced_as: tuple[str, str]
    """Provider and model whose prices apply."""
    by_demo: bool
    """Whether the demo model answered, so that it may also write the summaries that a policy would have needed."""
    questions: tuple[Question, ...] = ()
    asked_at: datetime | None = None
    """When the questions are asked."""

    @cached_property
    def messages(self) -> tuple[Message, ...]:
        """Everything said, oldest first."""
        return tuple(message for turn in self.turns for message in turn.messages)

    @cached_property
    def prompts(self) -> tuple[str, ...]:
        """The system prompt of each turn."""
        return tuple(turn.prompt for turn in self.turns)

    @cached_property
    def recorded(self) -> tuple[RecordedTurn, ...]:
        """The turns as a replay takes them."""
        return tuple(
            RecordedTurn(turn.at.timestamp(), turn.messages, Overhead(message_tokens(turn.prompt), TOOL_TOKENS), turn.prompt)
            for turn in self.turns
        )
