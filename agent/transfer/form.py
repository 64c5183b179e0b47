"""The form of a chat in a file, and its limits. What a field may hold stands here; what must hold between fields, in `reading`.

Fields that are not named here are not read: a file's ids, owners and token counts of messages mean nothing to the reader.
"""

import json
import math
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, FailFast, Field, JsonValue, StringConstraints

from agent.memory.policy import MemoryPolicy
from storage.records import Outcome, Source, Speaker

FORMAT = "tideline.chat"
VERSION = 1
MAX_MB = 5
MAX_BYTES = MAX_MB * 1024 * 1024
MAX_MESSAGES = 5_000
MAX_TEXT = 200_000
"""Characters in one message."""
MAX_TOOL_CALLS = 50
MAX_CALLS = 100
MAX_ARGS = 20_000
"""Characters of one tool call's arguments, as JSON."""
MAX_DEPTH = 10
MAX_WHOLE = 2**63 - 1
MAX_TOKENS = 1_000_000_000
MAX_MS = 1_000_000_000

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:/@+\-]{1,200}$")]
"""What models and prices are called; nothing in it can be mistaken for markup when it is shown."""
ToolName = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""Any text: models make up tools that there are not, and that is kept."""
Count = Annotated[int, Field(ge=0, le=MAX_TOKENS)]
Milliseconds = Annotated[int, Field(ge=0, le=MAX_MS)]
Dollars = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}(\.[0-9]{1,9})?$")]
Text = Annotated[str, StringConstraints(max_length=MAX_TEXT)]


def plain(value: JsonValue, depth: int = 0) -> bool:
    """Whether a value can be stored, sent and written again as JSON by anybody: no NaN, no endless number, no deep nesting."""
    match value:
        case bool() | None | str():
            return True
        case int():
            return abs(value) <= MAX_WHOLE
        case float():
            return math.isfinite(value)
        case list():
            return depth < MAX_DEPTH and all(plain(each, depth + 1) for each in value)
        case dict():
            return depth < MAX_DEPTH and all(plain(each, depth + 1) for each in value.values())


def _bounded(args: dict[str, JsonValue]) -> dict[str, JsonValue]:
    if not plain(args):
        raise ValueError(f"hold NaN, an infinite or too large number, or are nested deeper than {MAX_DEPTH} levels")
    if len(json.dumps(args)) > MAX_ARGS:
        raise ValueError(f"are over {MAX_ARGS:,} characters")
    return args


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class AskedTool(_Part):
    """A tool call that a message asks for."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    """Pairs it with its result, inside its turn."""
    name: ToolName
    args: Annotated[dict[str, JsonValue], AfterValidator(_bounded)]


class Said(_Part):
    """One message."""

    role: Speaker
    text: Text
    tool_calls: Annotated[list[AskedTool], Field(max_length=MAX_TOOL_CALLS), FailFast()] = []
    tool_call_id: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    tool_name: ToolName | None = None


class Call(_Part):
    """One request to a model, as it was recorded where it ran."""

    purpose: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
    model: Name
    priced_as: Name | None = None
    price: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.+\-/]{1,100}$")] | None = None
    tokens_in: Count
    tokens_cached: Count
    tokens_out: Count
    tokens_reasoning: Count = 0
    cost: Dollars | None
    """Dollars; None for unpriced."""
    source: Source
    outcome: Outcome
    attempt: Annotated[int, Field(ge=1, le=100)] = 1
    first_token_ms: Milliseconds | None = None
    duration_ms: Milliseconds = 0
    started_at: AwareDatetime


class PastTurn(_Part):
    """One question and everything that was done to answer it."""

    created_at: AwareDatetime
    started_at: AwareDatetime | None = None
    finished_at: AwareDatetime
    status: Literal["done", "failed", "stopped", "interrupted"]
    error: Annotated[str, StringConstraints(max_length=2_000)] | None = None
    model: Name
    timezone: Annotated[str, StringConstraints(max_length=64)] | None = None
    """None for that of the file."""
    policy: MemoryPolicy
    sent_messages: Annotated[int, Field(ge=0, le=MAX_WHOLE)] | None = None
    first_token_ms: Milliseconds | None = None
    duration_ms: Milliseconds | None = None
    messages: Annotated[list[Said], Field(min_length=1, max_length=MAX_MESSAGES), FailFast()]
    calls: Annotated[list[Call], Field(max_length=MAX_CALLS), FailFast()] = []


class ChatFile(_Part):
    """A whole chat."""

    format: Literal["tideline.chat"]
    version: Literal[1]
    exported_at: AwareDatetime
    title: Annotated[str, StringConstraints(max_length=200)]
    timezone: Annotated[str, StringConstraints(max_length=64)] = "UTC"
    policy: MemoryPolicy | None = None
    """The chat's own; None when it had none."""
    turns: Annotated[list[PastTurn], Field(max_length=MAX_MESSAGES), FailFast()]
