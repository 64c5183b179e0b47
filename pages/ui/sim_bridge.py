"""From the lesson's total to the real one, step by step: what each thing that the lesson leaves out adds or saves, in numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isclose

import streamlit as st

from pages.ui import sim_held, sim_prices, sim_words
from pages.ui.charts import Cell
from pages.ui.formats import MINUS
from pages.ui.lab_words import LOOKS, escape
from pages.ui.sim_fields import LESSON, OWN, Value
from pages.ui.sim_prices import Priced
from pages.ui.sim_state import State, lesson, scenario
from simulation.curves import curve

_WHOLE_CLASS = ("users", "days", "prompts", "tokens", "reply", "cap", "price")
_CALLS = ("system", "schemas", "rounds", "call", "result")
_MEMORY = ("strategy", "fold", "chars", "recent", "k", "budget")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that the lesson leaves out, and the total with it and everything before."""

    words: str
    total: float


def draw(state: State, price: Priced, taught: float, real: float) -> None:
    """Draw the way from one total to the other, once it is opened; nothing is worked out before."""
    words = sim_words.change(real, taught)
    both = sim_words.alike(taught, real)
    label = f"As taught {both[0]}, as it is {both[1]} ({words}): why?"
    more = st.expander(escape(label), key="sim_bridge", on_change="rerun", type="compact")
    if not more.open:
        return
    with more:
        st.table(rows(steps(state, price)), border="horizontal", hide_index=True)
        st.caption("Each line keeps what the lines above it have changed, so their order matters; the last is the total above.")


def rows(found: list[Step]) -> list[Mapping[str, Cell]]:
    """Return steps as a table."""
    table: list[Mapping[str, Cell]] = []
    for number, step in enumerate(found):
        change = step.total - found[number - 1].total if number else 0.0
        sign = "+" if change > 0 else MINUS if change < 0 else ""
        moved = f"{sign}{sim_words.dollars(abs(change))}" if number else ""
        table.append({"What is counted": escape(step.words), "Change": escape(moved), "Total": escape(sim_words.dollars(step.total))})
    return table


def steps(state: State, price: Priced) -> list[Step]:
    """Return the way from the lesson's total to the real one."""
    demo = lesson(state)
    found = [Step(f"As taught: a prompt sends up to {demo.cap:,} messages of {demo.tokens_per_message:,} tokens", float(demo.capped[-1]))]
    start = {**{name: state[name] for name in _WHOLE_CLASS}, "prompts": demo.prompts_per_day}
    bare: dict[str, Value] = {**start, "system": 0, "schemas": 0, "rounds": 0, "cache": False, "strategy": "window"}
    so_far = State().put({**bare, "model": OWN, "own_in": 1000 * state.number("price"), "own_cached": None, "own_out": 0})
    found.append(Step("Messages are counted one by one, and the agent's replies are messages too", _total(so_far, cut=False)))
    cut = False
    for words, more in _changes(state, price.window, demo.prompts_per_day):
        cut = cut or not more
        so_far = so_far.put(more)
        total = _total(so_far, cut=cut)
        if more or not isclose(total, found[-1].total, rel_tol=1e-9):
            found.append(Step(words, total))
    return found


def _changes(state: State, window: int | None, whole_prompts: int) -> Iterator[tuple[str, Mapping[str, Value]]]:
    """Yield each thing with the values that it changes; without any it is the model's context window, which counts from there on."""
    if state["prompts"] != whole_prompts:
        yield (
            f"A person sends {state.number('prompts'):g} prompts a day; the lesson knows whole ones and takes {whole_prompts:,}",
            {"prompts": state["prompts"]},
        )
    yield "The reply itself is paid for, as output", {"model": LESSON, "own_in": 0.3, "own_cached": 0.03, "own_out": 2.5}
    if state.number("system") + state.number("schemas") + state.number("rounds") > 0:
        yield "Instructions and tool descriptions go along with every call", {name: state[name] for name in _CALLS}
    if state["reset"] == "daily":
        yield "A chat starts anew each day", {"reset": "daily"}
    if state.number("growth"):
        moves = "grows" if state.number("growth") > 0 else "shrinks"
        yield f"The class {moves} by {abs(state.number('growth')):g}% in 30 days", {"growth": state["growth"]}
    if state["strategy"] != "window" or state["budget"] is not None:
        yield f"The memory is {_strategy(state)}", {name: state[name] for name in _MEMORY}
    if state.text("model") != LESSON:
        names = ("model", "own_in", "own_cached", "own_out")
        yield f"The price is {_price_name(state)}, which charges output by its own price", {name: state[name] for name in names}
    if window is not None:
        yield f"{_price_name(state)} reads at most {window:,} tokens: the oldest messages that do not fit are left out", {}
    if state.on("batch"):
        yield "The batch price", {"batch": True}
    if state.on("cache"):
        yield "What was sent lately comes cheaper, from the prompt cache", {name: state[name] for name in ("cache", "sitting", "pause")}


def _strategy(state: State) -> str:
    return next(look.said for strategy, look in LOOKS.items() if strategy == state["strategy"])


def _price_name(state: State) -> str:
    return sim_prices.name(state.text("model") or sim_held.default_model())


def _total(state: State, *, cut: bool) -> float:
    """Return what a state costs, cut to the model's context window or not."""
    price = sim_prices.priced(state, sim_held.default_model(), sim_held.now())
    return curve(scenario(state, price.rates, price.window if cut else None)).total
