"""The request as the coach reads it: today's date, what was said when, and how it came to be known.

A line comes from a message of the request, from the summary of the earlier conversation, or from an earlier message
that was looked up. Nothing else is known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

TODAY = re.compile(r"Today is (\d{4}-\d\d-\d\d)")
SUMMARY = re.compile(r"Summary of the earlier conversation:\s*(.*?)(?=\n\s*Earlier messages that may help:|\Z)", re.DOTALL)
RECALLED = re.compile(r"Earlier messages that may help:\s*(.*?)(?=\n\s*Summary of the earlier conversation:|\Z)", re.DOTALL)
DATED = re.compile(
    r"^\s*(?:[-*] )?(?:\[(\d{4}-\d\d-\d\d)[^\]]*\] ?)?(user|human|assistant|ai|coach|tool)\s*: ?", re.MULTILINE | re.IGNORECASE
)
STAMP = re.compile(r"^\[(\d{4}-\d\d-\d\d)[^\]]*\] ?")
SUMMARISE = re.compile(r"^\s*Summari[sz]e the conversation", re.IGNORECASE)
LIMIT = re.compile(r"(\d[\d,]*)[ -]*char")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DEFAULT_LIMIT = 1200


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said, by 'user' or 'coach'."""

    role: str
    text: str
    source: str
    """'message', 'summary' or 'recalled'."""
    day: date | None = None


@dataclass(slots=True)
class Context:
    """A request, read."""

    today: date | None = None
    lines: list[Line] = field(default_factory=list)
    """Everything said before the question, oldest first."""
    question: str = ""
    results: list[str] = field(default_factory=list)
    """Answers of the tools called since the question, in order."""
    tool_texts: list[str] = field(default_factory=list)
    """Answers of tools in earlier turns, oldest first."""
    last_results: list[str] = field(default_factory=list)
    """Answers of the tools called in the turn before the question, in order."""
    summary_limit: int | None = None
    """Characters a summary may have; None when no summary is asked for."""

    def said_by(self, role: str) -> list[Line]:
        """The lines of one side, oldest first."""
        return [line for line in self.lines if line.role == role]


def read(messages: Sequence[BaseMessage]) -> Context:
    """Read a request."""
    context = Context()
    question_at = max((n for n, message in enumerate(messages) if isinstance(message, HumanMessage)), default=-1)
    for place, message in enumerate(messages):
        if isinstance(message, SystemMessage):
            _read_system(message.text, context)
        elif place == question_at:
            context.question = STAMP.sub("", message.text)
        else:
            _read_said(message, context, after_question=place > question_at)
    return context


def text_of(message: BaseMessage) -> str:
    """A message's text. Asking the message itself costs far more where its content is plain text already."""
    return message.content if isinstance(message.content, str) else str(message.text)


def _read_said(message: BaseMessage, context: Context, *, after_question: bool) -> None:
    text = text_of(message)
    if isinstance(message, ToolMessage):
        (context.results if after_question else context.tool_texts).append(text)
        if not after_question:
            context.last_results.append(text)
        return
    if isinstance(message, HumanMessage):
        context.last_results.clear()
    if text and not after_question and isinstance(message, HumanMessage | AIMessage):
        context.lines.append(_said("user" if isinstance(message, HumanMessage) else "coach", text))


@lru_cache(maxsize=4096)
def _said(role: str, text: str) -> Line:
    """One message as a line. The same messages are read again with every reply, hence the cache."""
    stamp = STAMP.match(text) if text.startswith("[") else None
    return Line(role, text[stamp.end() :] if stamp else text, "message", date_of(stamp.group(1)) if stamp else None)


def _read_system(text: str, context: Context) -> None:
    if today := TODAY.search(text):
        context.today = date_of(today.group(1))
    if SUMMARISE.match(text):
        limit = LIMIT.search(text)
        context.summary_limit = int(limit.group(1).replace(",", "")) if limit else DEFAULT_LIMIT
    if summary := SUMMARY.search(text):
        context.lines.extend(_summary_lines(summary.group(1)))
    if recalled := RECALLED.search(text):
        context.lines.extend(transcript(recalled.group(1), "recalled"))


@lru_cache(maxsize=256)
def _summary_lines(text: str) -> tuple[Line, ...]:
    lines = (first_person(line.strip(" -*\t")) for line in text.splitlines())
    return tuple(Line("user", line, "summary") for line in lines if line)


@lru_cache(maxsize=256)
def transcript(text: str, source: str) -> tuple[Line, ...]:
    """Lines of the form '[2026-11-18] user: ...', each up to the next one."""
    starts = list(DATED.finditer(text))
    lines = []
    for place, start in enumerate(starts):
        end = starts[place + 1].start() if place + 1 < len(starts) else len(text)
        role = {"user": "user", "human": "user", "tool": "tool"}.get(start.group(2).lower(), "coach")
        said = " ".join(text[start.end() : end].split())
        if said:
            lines.append(Line(role, said, source, date_of(start.group(1))))
    return tuple(lines)


THIRD_PERSON = (
    (re.compile(r"\b(?:the )?(?:user|person|learner)'s\b|\btheir\b", re.IGNORECASE), "my"),
    (re.compile(r"\b(?:(?:the )?(?:user|person|learner)(?: also)? is|they are|they're)\b", re.IGNORECASE), "I am"),
    (re.compile(r"\b(?:(?:the )?(?:user|person|learner)(?: also)? has|they have)\b", re.IGNORECASE), "I have"),
    (re.compile(r"\b(?:the )?(?:user|person|learner)(?: also)? (?:doesn't|does not)\b", re.IGNORECASE), "I don't"),
    (re.compile(r"\b(?:the )?(?:user|person|learner)(?: also)? (?:can't|cannot)\b", re.IGNORECASE), "I can't"),
    (re.compile(r"\b(?:the )?(?:user|person|learner)(?: also)? (\w+[^s\W])(?:s)\b(?<!was)(?<!does)", re.IGNORECASE), r"I \1"),
    (re.compile(r"\b(?:the user|user|they)\b", re.IGNORECASE), "I"),
)


def first_person(line: str) -> str:
    """A summary's 'The user is allergic to nuts' as 'I am allergic to nuts', so that one set of rules reads both."""
    if not re.search(r"\b(?:user|person|learner|they|their)\b", line, re.IGNORECASE):
        return line
    for pattern, replacement in THIRD_PERSON:
        line = pattern.sub(replacement, line)
    return line


def date_of(text: str | None) -> date | None:
    """An ISO date, or None where it is none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def spoken_day(day: date | None, today: date | None) -> str:
    """A day as one says it: 'today', 'yesterday', 'on Monday', 'on 3 November'; empty when unknown."""
    if day is None:
        return ""
    if today is None:
        return f"on {day.day} {day:%B}"
    ago = (today - day).days
    if ago in {0, 1}:
        return ("today", "yesterday")[ago]
    return f"on {DAYS[day.weekday()]}" if 1 < ago < 7 else f"on {day.day} {day:%B}"


def day_before(today: date, weekday: int) -> date:
    """The latest day before today that is this weekday (0 is Monday)."""
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
