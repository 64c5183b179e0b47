"""What the simulator's address says, and back: what is set, the curves that were kept, and the lesson and the scenario they make. Pure.

Only what differs from the defaults is written. What cannot be read is left at its default and named, so that the page can say so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import get_args
from urllib.parse import urlencode

from agent.memory.policy import MemoryPolicy
from agent.memory.promptcache import CacheRules
from pages.ui.sim_fields import FIELDS, PICTURE, VIEWS, Refused, Value, View
from simulation.lesson import Lesson
from simulation.rates import Rates
from simulation.scenario import Conversation, Reset, Scenario

KEEP = "keep"
MOST_KEPT = 4
LONGEST_NAME = 30
_LONGEST_KEPT = 600
_FOR_CONVERSATION = {
    "tokens": "prompt_tokens",
    "reply": "reply_tokens",
    "system": "system_tokens",
    "schemas": "schema_tokens",
    "rounds": "tool_rounds",
    "call": "call_tokens",
    "result": "result_tokens",
    "sitting": "sitting",
    "pause": "pause_s",
}
_FOR_POLICY = {
    "strategy": "strategy",
    "cap": "max_messages_per_user",
    "fold": "summarize_after_messages",
    "chars": "max_summary_chars",
    "recent": "retrieval_window",
    "k": "retrieval_k",
    "budget": "max_context_tokens",
}
_RESETS: tuple[Reset, ...] = get_args(Reset)


@dataclass(frozen=True, slots=True)
class Kept:
    """A curve that was kept beside the present one: its name, and what its scenario differs in from the defaults."""

    name: str
    values: Mapping[str, Value] = field(hash=False)

    @property
    def state(self) -> "State":
        """What was set when it was kept."""
        return State(self.values)


@dataclass(frozen=True, slots=True)
class State:
    """What is set: the values that differ from their defaults, and the kept curves."""

    values: Mapping[str, Value] = field(default_factory=dict, hash=False)
    kept: tuple[Kept, ...] = ()

    def __getitem__(self, name: str) -> Value:
        """Return a field's value."""
        return self.values[name] if name in self.values else FIELDS[name].default

    def number(self, name: str) -> float:
        """Return a number's value; 0 for an empty one."""
        return float(self[name] or 0)

    def whole(self, name: str) -> int:
        """Return a whole number's value; 0 for an empty one."""
        return round(self.number(name))

    def text(self, name: str) -> str:
        """Return the name that is chosen."""
        return str(self[name] or "")

    def on(self, name: str) -> bool:
        """Return whether a switch is on."""
        return bool(self[name])

    @property
    def view(self) -> View:
        """The open view."""
        return next((view for view in VIEWS if view == self["view"]), "taught")

    def put(self, values: Mapping[str, Value]) -> "State":
        """Return what is set after these changes; the values must be allowed."""
        merged = {**self.values, **values}
        return replace(self, values={name: value for name, value in merged.items() if value != FIELDS[name].default})

    def keep(self, name: str) -> "State":
        """Return the same with the present scenario kept under a name; one of the same name is replaced, a fifth is not taken."""
        called = clean(name)
        others = tuple(each for each in self.kept if each.name != called)
        if not called or len(others) >= MOST_KEPT:
            return self
        return replace(self, kept=(*others, Kept(called, self.shared)))

    def drop(self, name: str) -> "State":
        """Return the same without the curve kept under a name."""
        return replace(self, kept=tuple(each for each in self.kept if each.name != name))

    @property
    def shared(self) -> dict[str, Value]:
        """What makes the scenario, without how it is shown."""
        return {name: value for name, value in self.values.items() if name not in PICTURE}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in an address that cannot be."""

    name: str
    text: str
    curve: str = ""
    """The kept curve in which it stands; empty for the address's own."""


def clean(name: str) -> str:
    """Return a curve's name as it can be kept in an address and shown: one line, no bar, not long."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name.replace("|", "/")).split())[:LONGEST_NAME].strip()


def from_query(query: Mapping[str, Sequence[str]]) -> tuple[State, list[Fault]]:
    """Return what an address sets, and what in it cannot be; names that are not the simulator's are left alone."""
    values, faults = _read((name, texts[-1]) for name, texts in query.items() if name in FIELDS and texts)
    kept: dict[str, Kept] = {}
    for text in query.get(KEEP, ()):
        one, wrong = _read_kept(text)
        faults += wrong
        if one is not None and len(kept) < MOST_KEPT:
            kept[one.name] = one
    return State({}, tuple(kept.values())).put(values), faults


def to_query(state: State) -> dict[str, str | list[str]]:
    """Return the address's part that sets this."""
    query: dict[str, str | list[str]] = {name: FIELDS[name].write(value) for name, value in _ordered(state.values)}
    if state.kept:
        query[KEEP] = [f"{each.name}|{','.join(f'{n}={FIELDS[n].write(v)}' for n, v in _ordered(each.values))}" for each in state.kept]
    return query


def link(**values: Value) -> str:
    """Return the simulator's address with these values, by the names of `FIELDS`. Raises Refused when one is not allowed."""
    checked = {name: FIELDS[name].read(FIELDS[name].write(value)) for name, value in values.items()}
    query = urlencode(to_query(State().put(checked)), doseq=True)
    return f"/simulator?{query}" if query else "/simulator"


def lesson(state: State) -> Lesson:
    """Return the lesson's demo with these numbers; it knows whole prompts only."""
    return Lesson(
        users=state.whole("users"),
        days=state.whole("days"),
        prompts_per_day=max(1, state.whole("prompts")),
        cap=state.whole("cap"),
        tokens_per_message=state.whole("tokens"),
        price_per_1k=state.number("price"),
    )


def scenario(state: State, rates: Rates, model_window: int | None) -> Scenario:
    """Return the class as it is set, at a price."""
    return Scenario(
        users=state.whole("users"),
        days=state.whole("days"),
        prompts_per_day=state.number("prompts"),
        conversation=Conversation.model_validate({theirs: state[ours] for ours, theirs in _FOR_CONVERSATION.items()}),
        policy=MemoryPolicy.model_validate({theirs: state[ours] for ours, theirs in _FOR_POLICY.items()}),
        rates=rates,
        cache=CacheRules() if state.on("cache") else None,
        model_window=model_window,
        growth=state.number("growth") / 100,
        reset=next(each for each in _RESETS if each == state["reset"]),
    )


def _read(pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, Value], list[Fault]]:
    values: dict[str, Value] = {}
    faults = []
    for name, text in pairs:
        try:
            values[name] = FIELDS[name].read(text)
        except Refused:
            faults.append(Fault(name, text))
    return values, faults


def _read_kept(text: str) -> tuple[Kept | None, list[Fault]]:
    """Return the kept curve that a text says, without what in it cannot be."""
    name, bar, rest = text.partition("|")
    called = clean(name)
    if not bar or not called or len(text) > _LONGEST_KEPT:
        return None, [Fault(KEEP, text)]
    pairs = [(key, value) for key, _, value in (part.partition("=") for part in rest.split(",") if part)]
    values, wrong = _read((key, value) for key, value in pairs if key in FIELDS and key not in PICTURE)
    unknown = ", ".join(key for key, _ in pairs if key not in FIELDS)
    faults = [replace(fault, curve=called) for fault in wrong] + ([Fault(KEEP, unknown, called)] if unknown else [])
    return Kept(called, State().put(values).values), faults


def _ordered(values: Mapping[str, Value]) -> list[tuple[str, Value]]:
    """Return values in the order of the fields, so that the same settings have the same address."""
    return [(name, values[name]) for name in FIELDS if name in values]
