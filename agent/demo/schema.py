"""Calls of tools the coach was not written for: it fills in their arguments by type, from the words at hand.

This makes the demo model usable with any LangChain tool and with structured output. It understands types, not
meanings: a learner's own tool gets plausible arguments, nothing cleverer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.demo.reply import Call

EMPTY_WORDS = frozenset(
    ["get", "set", "do", "make", "my", "the", "a", "an", "of", "tool", "function", "call", "use", "run", "find", "show"]
)
"""Words in a tool's name that say nothing about what it is for."""
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?")
QUOTED = re.compile(r"['\"\u2018\u201c]([^'\"\u2019\u201d]+)['\"\u2019\u201d]")
PROPER = re.compile(r"(?<=\s)[A-Z]\w*(?:,? [A-Z]\w*)*")


@dataclass(frozen=True, slots=True)
class Tool:
    """A bound tool: its name, what it says about itself, and the JSON schema of its arguments."""

    name: str
    description: str
    parameters: Mapping[str, Any]

    @classmethod
    def from_openai(cls, spec: Mapping[str, Any]) -> Tool:
        """Read LangChain's OpenAI-shaped tool description."""
        function = spec.get("function", spec)
        return cls(
            name=str(function["name"]),
            description=str(function.get("description", "")),
            parameters=function.get("parameters") or {},
        )

    def accepts(self, argument: str) -> bool:
        """Whether the tool has an argument of this name."""
        return argument in self.parameters.get("properties", {})


def wanted(tools: Sequence[Tool], text: str) -> Tool | None:
    """The tool whose name, in full or by a telling word, occurs in the text."""
    low = text.lower()
    for tool in sorted(tools, key=lambda tool: -len(tool.name)):
        if tool.name.lower() in low:
            return tool
    words = set(re.findall(r"[a-z]+", low))
    for tool in tools:
        if (set(re.split(r"[^a-z]+", tool.name.lower())) - EMPTY_WORDS) & words:
            return tool
    return None


def fill(tool: Tool, text: str) -> Call:
    """A call of the tool with every required argument filled in from the text."""
    numbers = iter([float(number) for number in NUMBER.findall(text)])
    return Call(tool.name, _object(tool.parameters, tool.parameters, text, numbers))


def _object(schema: Mapping[str, Any], root: Mapping[str, Any], text: str, numbers: Iterator[float]) -> dict[str, Any]:
    properties = schema.get("properties", {})
    return {name: _value(properties.get(name, {}), root, text, numbers) for name in schema.get("required", [])}


def _value(schema: Mapping[str, Any], root: Mapping[str, Any], text: str, numbers: Iterator[float]) -> Any:
    schema = _resolve(schema, root)
    if schema.get("enum"):
        return schema["enum"][0]
    kind = schema.get("type", "string")
    if kind == "object":
        return _object(schema, root, text, numbers)
    if kind == "integer":
        return round(next(numbers, 0.0))
    if kind == "number":
        return next(numbers, 0.0)
    simple: dict[str, Any] = {"boolean": True, "array": [], "null": None}
    return simple[kind] if kind in simple else _string(text)


def _resolve(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference, and of several allowed shapes take the first."""
    for several in ("anyOf", "oneOf", "allOf"):
        if schema.get(several):
            return _resolve(schema[several][0], root)
    reference = schema.get("$ref")
    if isinstance(reference, str):
        definitions = root.get("$defs") or root.get("definitions") or {}
        return _resolve(definitions.get(reference.rsplit("/", 1)[-1], {}), root)
    return schema


def _string(text: str) -> str:
    """What is quoted in the text, else a name in it, else all of it."""
    if quoted := QUOTED.search(text):
        return quoted.group(1).strip()
    names = PROPER.findall(text)
    return max(names, key=len) if names else text.strip()
