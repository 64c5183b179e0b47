"""What can be set in the simulator, each under the name it has in the address: how a value is read, written, and what is allowed.

The bounds are those of the scenario's own fields, read from there. Nothing is drawn here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import BaseModel

from agent.memory.policy import STRATEGIES, MemoryPolicy
from simulation.lesson import Lesson
from simulation.scenario import Conversation, Reset, Scenario

Value = int | float | str | bool | None
View = Literal["taught", "real", "uncertainty", "profit", "capacity", "class", "quiz"]
VIEWS: tuple[View, ...] = get_args(View)
LESSON, OWN = "lesson", "own"
"""Prices that are no model's: the lesson's, and one of one's own."""
_NUMBER = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)([km]?)", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=[0-9])[, \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}'](?=[0-9]{3}(?![0-9]))")
_MODEL = re.compile(r"[a-z0-9_]{1,40}:[A-Za-z0-9][A-Za-z0-9._/:@-]{0,79}")
_LONGEST = 40
_TIMES = {"": 1, "k": 1_000, "m": 1_000_000}


class Refused(ValueError):
    """A text that is no value of a field; the field says what is."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number with a slider and a field."""

    label: str
    about: str
    lowest: float
    highest: float
    default: Value
    whole: bool
    steps: tuple[float, ...] = ()
    """What the slider stops at; without any there is a field only."""
    before: str = ""
    after: str = ""
    optional: bool = False
    """Whether it can be left empty."""

    def read(self, text: str) -> Value:
        """Return the number that a text says: `1,000`, `10k`, `$0.002`, `20%`. Raises Refused when it is none or not allowed."""
        said = text.strip()[: _LONGEST + 1].removeprefix("$").removesuffix("%").strip()
        if not said and self.optional:
            return None
        negative = said[:1] in ("-", "\N{MINUS SIGN}")
        found = _NUMBER.fullmatch(_THOUSANDS.sub("", said.lstrip("+-\N{MINUS SIGN}")))
        if found is None or len(said) > _LONGEST:
            raise Refused(text)
        return self.checked((-1 if negative else 1) * float(found[1]) * _TIMES[found[2].lower()])

    def checked(self, value: float) -> Value:
        """Return a number as this field keeps it. Raises Refused when it is not allowed."""
        if not self.lowest <= value <= self.highest or (self.whole and value != int(value)):
            raise Refused(str(value))
        return int(value) if value == int(value) else round(value, 9)

    def write(self, value: Value) -> str:
        """Return a value for the address."""
        return "" if value is None else plain(float(value))

    def show(self, value: Value) -> str:
        """Return a value for people to read and to change."""
        return "" if value is None else plain(float(value), grouped=True)

    def nearest(self, value: Value) -> float:
        """Return the slider's stop that is nearest to a value."""
        place = float(value or 0)
        return min(self.steps, key=lambda step: (abs(step - place), step))

    @property
    def allowed(self) -> str:
        """What is allowed, as the end of a sentence."""
        kind = "a whole number" if self.whole else "a number"
        ends = [f"{self.before}{plain(end, grouped=True)}{self.after}" for end in (self.lowest, self.highest)]
        return f"{kind} from {ends[0]} to {ends[1]}{', or nothing' if self.optional else ''}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some names."""

    label: str
    about: str
    options: tuple[str, ...]
    default: Value

    def read(self, text: str) -> Value:
        """Return the option of this name. Raises Refused when there is none."""
        if text not in self.options:
            raise Refused(text)
        return text

    def write(self, value: Value) -> str:
        """Return a value for the address."""
        return str(value)

    @property
    def allowed(self) -> str:
        """What is allowed, as the end of a sentence."""
        return f"one of {', '.join(self.options)}"


@dataclass(frozen=True, slots=True)
class Switch:
    """Yes or no."""

    label: str
    about: str
    default: Value

    def read(self, text: str) -> Value:
        """Return what `1`, `0`, `true` or `false` says. Raises Refused for anything else."""
        known = {"1": True, "true": True, "0": False, "false": False}
        if text.lower() not in known:
            raise Refused(text)
        return known[text.lower()]

    def write(self, value: Value) -> str:
        """Return a value for the address."""
        return "1" if value else "0"

    @property
    def allowed(self) -> str:
        """What is allowed, as the end of a sentence."""
        return "1 or 0"


@dataclass(frozen=True, slots=True)
class Model:
    """A provider and one of its models, or a price without a model; empty for the model that the app is priced as."""

    label: str
    about: str
    default: Value = ""

    def read(self, text: str) -> Value:
        """Return the model's full name. Raises Refused when it cannot be one; whether its price is known is not asked here."""
        if text in (LESSON, OWN) or _MODEL.fullmatch(text):
            return text
        raise Refused(text)

    def write(self, value: Value) -> str:
        """Return a value for the address."""
        return str(value)

    @property
    def allowed(self) -> str:
        """What is allowed, as the end of a sentence."""
        return f"provider:model, {LESSON} or {OWN}"


Field = Number | Choice | Switch | Model


def plain(value: float, *, grouped: bool = False) -> str:
    """Return a number without an exponent and without zeros at its end."""
    text = f"{value:{',' if grouped else ''}.9f}"
    return text.rstrip("0").rstrip(".") or "0"


def bounds(model: type[BaseModel], name: str) -> tuple[float, float]:
    """Return the least and the largest value that a schema's field takes."""
    marks: list[Any] = model.model_fields[name].metadata
    low = next((mark.ge for mark in marks if hasattr(mark, "ge")), None)
    high = next((mark.le for mark in marks if hasattr(mark, "le")), None)
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        raise TypeError(f"{model.__name__}.{name} has no bounds.")
    return low, high


def _of(model: type[BaseModel], name: str, label: str, about: str, steps: tuple[float, ...] = (), **more: Any) -> Number:
    """Return a number with the bounds, the default and the kind of a schema's field; `times` of 100 makes a share a percentage."""
    times = more.pop("times", 1)
    field = model.model_fields[name]
    low, high = (times * end for end in bounds(model, name))
    whole = field.annotation in (int, int | None)
    default = None if field.default is None else times * field.default
    if isinstance(default, float) and default == int(default):
        default = int(default)
    return Number(label, about, low, high, more.pop("default", default), whole, steps, **more)


_PEOPLE = (1, 2, 3, 5, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 125, 150, 200, 250, 300, 400, 500, 600, 800, 1_000, 1_500, 2_000)
_CROWDS = (3_000, 5_000, 7_500, 10_000, 15_000, 20_000, 30_000, 50_000, 75_000, 100_000, 200_000, 500_000, 1_000_000)
_DAYS = (*range(1, 32), 45, 60, 75, 90, 120, 150, 180, 240, 300, 365, 450, 540, 730)
_PROMPTS = (*range(1, 21), 22, 25, 30, 35, 40, 50, 60, 80, 100, 120, 150, 200)
_TOKENS = (1, 5, 10, 20, 30, 50, 75, 100, 150, 200, 250, 300, 400, 500, 600, 800, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000, 20_000)
_CAPS = (*range(1, 31), *range(35, 105, 5), 120, 150, 200, 300, 500, 1_000, 2_000, 5_000, 10_000)
_HITS = (*range(1, 31), 40, 50, 75, 100)
_PRICES = (0, 0.0001, 0.0002, 0.0003, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 1)
_MOST_A_MILLION = 1_000 * bounds(Lesson, "price_per_1k")[1]
_CHARS = "The longest summary, in characters; it is cut there."
_OWN = "Dollars a million tokens"


def _own(label: str, default: float | None, *, optional: bool = False) -> Number:
    return Number(label, f"{_OWN}.", 0, _MOST_A_MILLION, default, whole=False, before="$", optional=optional)


FIELDS: Mapping[str, Field] = {
    "view": Choice("View", "", VIEWS, "taught"),
    "users": _of(Scenario, "users", "People", "How many people use the agent on the first day.", (*_PEOPLE, *_CROWDS)),
    "days": _of(Scenario, "days", "Days", "How many days are simulated.", _DAYS),
    "prompts": _of(Scenario, "prompts_per_day", "Prompts a day", "Messages that each person sends to the agent in a day.", _PROMPTS),
    "growth": _of(
        Scenario,
        "growth",
        "Growth in 30 days",
        "By how much the class grows in 30 days; with less than 0% it shrinks.",
        (-50, -30, -20, -10, -5, 0, 5, 10, 20, 30, 50, 75, 100, 200, 300, 500),
        times=100,
        after="%",
    ),
    "tokens": _of(Conversation, "prompt_tokens", "Tokens a message", "A token is about four characters of English.", _TOKENS),
    "reply": _of(Conversation, "reply_tokens", "Tokens a reply", "What the agent answers; billed as output, then sent again.", _TOKENS),
    "system": _of(Conversation, "system_tokens", "System prompt (tokens)", "The instructions that go along with every call."),
    "schemas": _of(Conversation, "schema_tokens", "Tool descriptions (tokens)", "The tools' schemas; they go along with every call."),
    "rounds": _of(Conversation, "tool_rounds", "Tool calls a prompt", "On average; each is a model call of its own."),
    "call": _of(Conversation, "call_tokens", "Tokens of a tool call", "What the model says to call a tool."),
    "result": _of(Conversation, "result_tokens", "Tokens of a tool's answer", "What a tool gives back to the model."),
    "sitting": _of(Conversation, "sitting", "Prompts in one go", "Then comes a pause that outlives the prompt cache."),
    "pause": _of(Conversation, "pause_s", "Seconds between prompts", "Within one go."),
    "reset": Choice("A chat lasts", "For ever, or it starts anew each day.", get_args(Reset), "never"),
    "strategy": Choice("Strategy", "What is sent of a chat with each message.", STRATEGIES, "window"),
    "cap": _of(MemoryPolicy, "max_messages_per_user", "Cap (messages)", "Messages sent at most, the new one included.", _CAPS, default=50),
    "fold": _of(MemoryPolicy, "summarize_after_messages", "Fold at (messages)", "Then the oldest half goes into the summary.", _CAPS[1:]),
    "chars": _of(MemoryPolicy, "max_summary_chars", "Longest summary (characters)", _CHARS),
    "recent": _of(MemoryPolicy, "retrieval_window", "Last messages", "Sent word for word, the new one included.", _CAPS),
    "k": _of(
        MemoryPolicy, "retrieval_k", "Looked up", "Earlier messages quoted for a question, at most.", (*range(1, 31), 40, 50, 75, 100)
    ),
    "budget": _of(
        MemoryPolicy, "max_context_tokens", "Token budget", "For the whole context; empty for the model's own limit.", optional=True
    ),
    "cache": Switch("Prompt cache", "A provider charges less for a beginning that it was sent lately.", default=True),
    "model": Model("Model", "Public prices of today, from the genai-prices package."),
    "price": _of(Lesson, "price_per_1k", "Price of 1,000 tokens", "The lesson's one price, for every token alike.", _PRICES, before="$"),
    "own_in": _own("Input", 0.3),
    "own_cached": _own("Cached input", 0.03, optional=True),
    "own_out": _own("Output", 2.5),
    "batch": Switch("Batch price", "Answers within a day instead of at once, at half the price.", default=False),
    "chart": Choice("Chart", "", ("total", "daily", "prompt", "context"), "total"),
    "axis": Choice("Axis", "", ("linear", "log"), "linear"),
    "all": Switch("All strategies", "Draw all five strategies with the same numbers.", default=False),
    "play": Switch("Play the month", "The curves grow day by day, with their totals.", default=False),
    "projector": Switch("Projector", "Large text, and nothing but the picture.", default=False),
}
PICTURE = ("view", "chart", "axis", "all", "play", "projector")
"""What says how a scenario is shown, and is no part of it."""
