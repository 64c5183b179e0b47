"""What a turn tells its listeners while it runs. Events are kept from the start, so a page that comes late sees the same story."""

from dataclasses import dataclass
from typing import Any

from storage.records import ModelCall, Turn

TOOL_ERROR = "Error: "
"""How the text of a refused or failed tool call begins; the text is stored, so no flag need be."""

PARAGRAPH = "\n\n"
"""Stands between what the model said before a tool call and after it."""


@dataclass(frozen=True, slots=True)
class Queued:
    """The turn waits; `position` is 1 for the next in line."""

    position: int


@dataclass(frozen=True, slots=True)
class Started:
    """The context is planned: `sent_messages` of the chat's messages go to the model."""

    sent_messages: int


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolStarted:
    """The model asked for a tool."""

    id: str
    name: str
    args: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ToolFinished:
    """A tool answered; `ok` is False when it was refused or failed."""

    id: str
    name: str
    ok: bool
    text: str


@dataclass(frozen=True, slots=True)
class CallRecorded:
    """A model call ended and its usage is on its way into the database."""

    call: ModelCall


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the person should know: a retry, a limit that bit."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The turn is settled. Always the last event."""

    turn: Turn


Event = Queued | Started | TextDelta | ToolStarted | ToolFinished | CallRecorded | Notice | Finished
