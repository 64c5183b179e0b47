"""What the simulator's tokens cost: a model's public price, the lesson's, or one of one's own. The caller says of which day; pure."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from agent.pricing import context_window
from pages.ui.formats import money
from pages.ui.sim_fields import LESSON, OWN, plain
from pages.ui.sim_state import State
from simulation.rates import Rates, of_model, own

MODELS = (
    "google:gemini-2.5-flash",
    "google:gemini-2.5-flash-lite",
    "google:gemini-2.5-pro",
    "google:gemini-3.8-flash",
    "openai:gpt-5-mini",
    "openai:gpt-5",
    "openai:gpt-4o-mini",
    "openai:gpt-4.1",
    "anthropic:claude-haiku-4-5",
    "anthropic:claude-sonnet-5",
    "anthropic:claude-opus-5-5",
    "mistralai:mistral-small-latest",
    "deepseek:deepseek-chat",
)
"""Offered in this order, where their price is known on the day."""
LESSON_NAME, OWN_NAME = "the lesson's price", "own price"


@dataclass(frozen=True, slots=True)
class Priced:
    """What a scenario is priced with."""

    rates: Rates
    window: int | None
    """The model's context window in tokens; None for a price that is no model's, and where it is not known."""
    missing: str = ""
    """The model whose price is not known, for which this one stands in; empty when there is none."""


def priced(state: State, default: str, at: datetime) -> Priced:
    """Return the price that is set; where the model's is not known, that of the first known one, with the missing one named."""
    asked = state.text("model") or default
    found = _priced(asked, state, at)
    if found is None:
        stand_in = next(each for each in (default, *choices(default, at), LESSON) if _priced(each, state, at))
        found = _priced(stand_in, state, at)
        assert found is not None
        found = Priced(found.rates, found.window, name(asked))
    return Priced(found.rates.in_batch(), found.window, found.missing) if state.on("batch") else found


def choices(default: str, at: datetime) -> list[str]:
    """Return what can be chosen on a day: the default model first, then the other known ones, the lesson's price, and an own one."""
    others = (each for each in MODELS if name(each) != name(default))
    return [*(each for each in (default, *others) if known(each, at)), LESSON, OWN]


def known(model: str, at: datetime) -> bool:
    """Return whether there is a price for a model on a day, or it is none of a model's."""
    return model in (LESSON, OWN) or _of(model, _day(at)) is not None


def name(model: str) -> str:
    """Return what a model is called."""
    return {LESSON: LESSON_NAME, OWN: OWN_NAME}.get(model) or model.partition(":")[2]


def sentence(rates: Rates) -> str:
    """Return what a million tokens cost, in one line."""
    first = rates.tiers[0]
    plain_in, cached, out = (money(each) for each in (first.plain, first.cached, first.out))
    more = f" More from {rates.tiers[1].above:,} tokens on." if len(rates.tiers) > 1 else ""
    return f"{plain_in} in, {cached} cached, {out} out a million tokens.{more}"


def _priced(model: str, state: State, at: datetime) -> Priced | None:
    if model == LESSON:
        each = _decimal(state.number("price")) * 1000
        return Priced(own(each, None, each, LESSON_NAME), None)
    if model == OWN:
        cached = None if state["own_cached"] is None else _decimal(state.number("own_cached"))
        return Priced(own(_decimal(state.number("own_in")), cached, _decimal(state.number("own_out")), OWN_NAME), None)
    rates = _of(model, _day(at))
    return None if rates is None else Priced(rates, context_window(*_parts(model)))


@lru_cache(maxsize=128)
def _of(model: str, at: datetime) -> Rates | None:
    return of_model(*_parts(model), at)


def _parts(model: str) -> tuple[str, str]:
    provider, _, called = model.partition(":")
    return provider, called


def _day(at: datetime) -> datetime:
    """Return the beginning of the day: prices are asked for at every rerun, and change by the day."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _decimal(value: float) -> Decimal:
    return Decimal(plain(value))
