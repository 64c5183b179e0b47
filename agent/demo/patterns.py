"""The patterns of data/rules.json, compiled once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from agent.demo.words import load


@dataclass(frozen=True, slots=True)
class Pattern:
    """One rule: what it says about a text that any of its expressions is found in."""

    intent: str
    topic: str
    any: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    need: tuple[str, ...] = ()
    """Where given, one of these stands in the text, or no expression is tried: far quicker than they are."""

    def find(self, text: str) -> re.Match[str] | None:
        """The first match, unless an exception is found too."""
        if self.need and not any(word in text for word in self.need):
            return None
        for expression in self.any:
            if match := expression.search(text):
                return None if any(other.search(text) for other in self.unless) else match
        return None


@cache
def section(name: str) -> tuple[Pattern, ...]:
    """One section of the rules, in order."""
    return tuple(
        Pattern(
            rule.get("intent", ""),
            rule.get("topic", ""),
            tuple(re.compile(expression) for expression in rule["any"]),
            tuple(re.compile(expression) for expression in rule.get("unless", [])),
            tuple(rule.get("need", [])),
        )
        for rule in load("rules.json")[name]
    )


def first(name: str, text: str) -> Pattern | None:
    """The first rule of a section that fits the text."""
    for pattern in section(name):
        if pattern.need and not any(word in text for word in pattern.need):
            continue
        for expression in pattern.any:
            if expression.search(text):
                if pattern.unless and pattern.find(text) is None:
                    break
                return pattern
    return None


def named(name: str, intent: str, text: str) -> re.Match[str] | None:
    """Where the rule of this intent fits the text."""
    return next((hit for pattern in section(name) if pattern.intent == intent and (hit := pattern.find(text))), None)
