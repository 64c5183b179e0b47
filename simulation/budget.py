"""We have $50 for this course: which strategy, cap, model and rate limit stay inside, and which of them remembers most.

Every option is put to the same drawn classes, so that two options differ by what they are and not by luck.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from agent.memory.policy import STRATEGIES, Strategy
from simulation.ages import Ages
from simulation.chat import Floats
from simulation.profit import at_cap
from simulation.rates import Rates
from simulation.scenario import Scenario
from simulation.spread import Spread
from simulation.uncertainty import DRAWS, SEED, Drawn

SURE = 0.95
"""In how many classes an option must stay inside the budget to count as safe."""
CAPS, FEWER_CAPS = (6, 10, 20, 30, 50, 100, 300), (10, 30, 100, 1000)
"""Caps to choose from, beside the class's own."""
_LONG = 4_000
"""Prompts of a person from which on fewer caps are tried, for each takes longer to work out."""
_TIMES = (3.0, 2.0, 1.0)
"""Limits of a class, as multiples of its average of prompts a day: they hold back whoever talks much more than the others."""
_REMEMBERS: tuple[Strategy, ...] = ("full", "retrieval", "summary", "window", "chunked_window")
"""Which of those with the same cap remembers more: what fits the question, a gist of all, the last messages, and most of these."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that the class may use."""

    rates: Rates
    window: int | None
    """Its context window in tokens, which what is sent must fit in; None when it is not known."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to run the class."""

    strategy: Strategy
    cap: int | None
    """Messages; None where all are sent."""
    rates: Rates
    limit: int | None
    """Prompts a day that a person may send at most; None without a limit."""


@dataclass(frozen=True, slots=True)
class Option:
    """A way to run the class, held against a budget."""

    way: Way
    held: float
    """The share of prompts that the limit holds back."""
    chance: float
    """The share of classes that stay inside the budget."""
    p50: float
    p95: float
    """What 95 of 100 classes cost at most, in dollars."""
    left: float
    """What is left of the budget then; less than 0 is missing."""

    @property
    def safe(self) -> bool:
        """Whether it stays inside in at least 95 of 100 classes."""
        return self.chance >= SURE


@dataclass(frozen=True, slots=True)
class Bills:
    """What every way costs in each drawn class, whatever the budget is."""

    ways: tuple[Way, ...]
    dollars: Floats
    """Rising, (ways, draws)."""
    held: Mapping[int | None, float]
    """The share of prompts that each limit holds back."""
    models: tuple[Rates, ...]
    """The best first."""


def bills(
    scenario: Scenario,
    spread: Spread,
    models: Sequence[Offer],
    *,
    caps: Sequence[int] | None = None,
    limits: Sequence[int | None] | None = None,
    strategies: Sequence[Strategy] = STRATEGIES,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Callable[[float], object] | None = None,
) -> Bills:
    """Return what every combination costs in the same drawn classes. `models` are the best first; `limits` are prompts a day.

    `progress` is told now and then which share of the work is done.
    """
    drawn = Drawn(scenario, spread, draws, seed)
    limits = usual_limits(scenario) if limits is None else limits
    caps = usual_caps(scenario) if caps is None else caps
    each = [(strategy, cap, model) for strategy in strategies for cap in _caps(strategy, caps) for model in models]
    ways: list[Way] = []
    kinds: list[Floats] = []
    for done, (strategy, cap, model) in enumerate(each, 1):
        table = _table(drawn, strategy, cap, model, limits)
        kinds += [drawn.totals(table, limit) for limit in limits]
        ways += [Way(strategy, cap, model.rates, limit) for limit in limits]
        if progress is not None:
            progress(done / len(each))
    held = {limit: _held(drawn, limit) for limit in limits}
    return Bills(tuple(ways), np.sort(np.stack(kinds) @ drawn.counts.T, axis=1), held, tuple(model.rates for model in models))


def usual_limits(scenario: Scenario) -> tuple[int | None, ...]:
    """Return the rate limits to choose from, the loosest first: none, and some that the average person stays below or just reaches."""
    return (None, *dict.fromkeys(math.ceil(times * scenario.prompts_per_day) for times in _TIMES))


def usual_caps(scenario: Scenario) -> tuple[int, ...]:
    """Return the caps to choose from, rising, the class's own among them."""
    caps = CAPS if scenario.prompts_per_day * scenario.days < _LONG else FEWER_CAPS
    return tuple(sorted({*caps, scenario.policy.max_messages_per_user}))


def _caps(strategy: Strategy, caps: Sequence[int]) -> Sequence[int | None]:
    return [None] if strategy == "full" else caps


def options(known: Bills, budget: float) -> list[Option]:
    """Return every way with its chance to stay inside the budget, the one to recommend first.

    In this order: what stays inside before what does not; of what stays inside the most memory, then the best model, then the loosest
    limit; of what does not, the cheapest.
    """
    found = [_option(way, known.held[way.limit], mine, budget) for way, mine in zip(known.ways, known.dollars, strict=True)]
    return sorted(found, key=lambda option: _rank(option, known.models))


def recommended(ranked: Sequence[Option]) -> Option | None:
    """Return the option to recommend, None when none is safe; `ranked` as `options` returns them."""
    return ranked[0] if ranked and ranked[0].safe else None


def _table(drawn: Drawn, strategy: Strategy, cap: int | None, model: Offer, limits: Sequence[int | None]) -> Ages:
    policy = drawn.scenario.policy.with_strategy(strategy) if cap is None else at_cap(drawn.scenario.policy, strategy, cap)
    scenario = drawn.scenario.model_copy(update={"policy": policy, "rates": model.rates, "model_window": model.window})
    return drawn.table(scenario, strategy, [limit for limit in limits if limit is not None])


def _held(drawn: Drawn, limit: int | None) -> float:
    if limit is None:
        return 0.0
    rates = np.tile(np.repeat(drawn.rates, len(drawn.lengths)), len(drawn.cohorts))
    return float(1 - drawn.expected @ np.minimum(rates, limit) / (drawn.expected @ rates))


def _option(way: Way, held: float, rising: Floats, budget: float) -> Option:
    middle, high = (float(np.quantile(rising, share)) for share in (0.5, SURE))
    inside = np.searchsorted(rising, budget, side="right") / len(rising)
    return Option(way, held, float(inside), middle, high, budget - high)


def _rank(option: Option, models: Sequence[Rates]) -> tuple[float, ...]:
    if not option.safe:
        return (1.0, option.p95)
    way = option.way
    memory = np.inf if way.cap is None else way.cap
    loose = np.inf if way.limit is None else way.limit
    return (0.0, -memory, _REMEMBERS.index(way.strategy), models.index(way.rates), -loose)
