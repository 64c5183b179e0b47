"""What is wrong with a file, in one sentence that says where: `turn 3, message 2, role is “system”, but may be ...`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic_core import ErrorDetails

from agent.errors import Refused
from agent.transfer.form import FORMAT, VERSION

_LONGEST = 40
"""Characters of the file that are quoted in a sentence."""
_MB = 1024 * 1024
_NAMES = {"turns": "turn", "messages": "message", "tool_calls": "tool call", "calls": "model call"}
_NO_TIME = "is not a time with its zone, such as 2026-11-18T09:30:00+00:00"
_NO_NUMBER = "is not a whole number"


class FileRefused(Refused):
    """A file is not a chat that can be imported."""

    def __init__(self, what: str, todo: str = "Choose a file that Tideline made.") -> None:
        super().__init__(f"Nothing was imported: {what}. {todo}")


class FileTooLarge(FileRefused):
    """A file is over the limit."""

    def __init__(self, actual: int, limit: int) -> None:
        size = f"{actual / _MB:,.1f} MB" if actual >= limit + _MB // 10 else f"{actual:,} bytes"
        super().__init__(f"the file has {size}, and {limit / _MB:.0f} MB are allowed", "Choose a smaller one.")
        self.actual = actual
        self.limit = limit


def explained(error: ErrorDetails) -> FileRefused:
    """Return the sentence for what pydantic found wrong."""
    kind, where = error["type"], error["loc"]
    if kind == "json_invalid":
        reason = error.get("ctx", {}).get("error", "it cannot be read")
        return FileRefused(f"the file is not JSON in whole UTF-8 characters ({reason})")
    if where in ((), ("format",)):
        return FileRefused(f"the file is not a chat of Tideline (its format is not {FORMAT})")
    if where == ("version",):
        found = "missing" if kind == "missing" else quoted(error["input"])
        return FileRefused(f"the file's version is {found}, and this Tideline reads version {VERSION}", "Update Tideline, or export again.")
    return FileRefused(f"{_place(where)} {_complaint(error)}")


def quoted(value: object) -> str:
    """Return something from the file, short enough for a sentence."""
    return f"“{_clean(value)}”"


def _place(where: Sequence[int | str]) -> str:
    """Return where something stands, as people count: `turn 3, message 2, text`."""
    parts: list[str] = []
    for step in where:
        if isinstance(step, int) and parts:
            parts[-1] = f"{_NAMES.get(parts[-1], parts[-1])} {step + 1}"
        else:
            parts.append(_clean(step))
    return ", ".join(parts)


def _complaint(error: ErrorDetails) -> str:
    kind = error["type"]
    if kind in _COMPLAINTS:
        return _COMPLAINTS[kind]
    if kind in _WITH_FIGURES:
        return _WITH_FIGURES[kind](error, error.get("ctx", {}))
    return f"is not what it should be ({_clean(error['msg'])})"


def _clean(value: object) -> str:
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    if isinstance(value, int) and abs(value) > 10**_LONGEST:
        return "a huge number"
    text = "".join(letter if letter.isprintable() else " " for letter in str(value)[: _LONGEST + 1])
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


_COMPLAINTS = {
    "missing": "is missing",
    "string_type": "is not text",
    "string_too_short": "is empty",
    "too_short": "is empty",
    "string_pattern_mismatch": "is not written as it should be",
    "int_type": _NO_NUMBER,
    "int_parsing": _NO_NUMBER,
    "int_parsing_size": _NO_NUMBER,
    "int_from_float": _NO_NUMBER,
    "bool_type": "is neither true nor false",
    "bool_parsing": "is neither true nor false",
    "list_type": "is not a list",
    "dict_type": "is not an object",
    "model_type": "is not an object",
    "extra_forbidden": "is not something that this version knows",
    "datetime_type": _NO_TIME,
    "datetime_parsing": _NO_TIME,
    "datetime_from_date_parsing": _NO_TIME,
    "datetime_object_invalid": _NO_TIME,
    "timezone_aware": _NO_TIME,
}
_WITH_FIGURES: Mapping[str, Callable[[ErrorDetails, dict[str, Any]], str]] = {
    "literal_error": lambda error, about: f"is {quoted(error['input'])}, but may be {about['expected']}",
    "string_too_long": lambda _, about: f"has more than the {about['max_length']:,} characters that are allowed",
    "too_long": lambda _, about: f"has more than the {about['max_length']:,} entries that are allowed",
    "greater_than_equal": lambda _, about: f"is below {about['ge']:,}",
    "less_than_equal": lambda _, about: f"is over {about['le']:,}",
    "value_error": lambda _, about: str(about["error"]),
}
