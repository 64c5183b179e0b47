"""We have $50 for this course: which strategy, cap, model and rate limit stay inside, and which of them remembers most.

Every option is put to the same drawn classes, so that two options differ by what they are and not by luck.
"""

from collections.abc import Sequence
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
CAPS = (6, 10, 20, 30, 50, 100)
LIMITS: tuple[int | None, ...] = (None, 30, 15, 8, 4)
"""Prompts a day that a person may send at most, the loosest first."""
_REMEMBERS: tuple[Strategy, ...] = ("full", "retrieval", "summary", "window", "chunked_window")
"""Which of those with the same cap remembers more: what fits the question, a gist of all, the last messages, and most of these."""


@dataclass(frozen=True, slots=True)
class Option:
    """One way to run the class, and what it would cost."""

    strategy: Strategy
    cap: int | None
    """Messages; None where all are sent."""
    rates: Rates
    limit: int | None
    """Prompts a day at most; None without a limit."""
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


def options(
    scenario: Scenario,
    spread: Spread,
    budget: float,
    models: Sequence[Rates],
    *,
    caps: Sequence[int] = CAPS,
    limits: Sequence[int | None] = LIMITS,
    strategies: Sequence[Strategy] = STRATEGIES,
    draws: int = DRAWS,
    seed: int = SEED,
) -> list[Option]:
    """Return every combination with its chance, the one to recommend first.

    `models` are the best first. In this order: what stays inside before what does not; of what stays inside the most memory, then the
    best model, then the loosest limit; of what does not, the cheapest.
    """
    drawn = Drawn(scenario, spread, draws, seed)
    ways = [(each, cap) for each in strategies for cap in ((None,) if each == "full" else caps)]
    kinds, keys = [], []
    for strategy, cap in ways:
        for rates in models:
            table = _table(drawn, strategy, cap, rates, limits)
            kinds += [drawn.totals(table, limit) for limit in limits]
            keys += [(strategy, cap, rates, limit) for limit in limits]
    bills = np.sort(np.stack(kinds) @ drawn.counts.T, axis=1)
    found = [_option(*key, mine, budget) for key, mine in zip(keys, bills, strict=True)]
    return sorted(found, key=lambda option: _rank(option, models))


def recommended(ranked: Sequence[Option]) -> Option | None:
    """Return the option to recommend, None when none is safe; `ranked` as `options` returns them."""
    return ranked[0] if ranked and ranked[0].safe else None


def _table(drawn: Drawn, strategy: Strategy, cap: int | None, rates: Rates, limits: Sequence[int | None]) -> Ages:
    policy = drawn.scenario.policy.with_strategy(strategy) if cap is None else at_cap(drawn.scenario.policy, strategy, cap)
    scenario = drawn.scenario.model_copy(update={"policy": policy, "rates": rates})
    return drawn.table(scenario, strategy, [limit for limit in limits if limit is not None])


def _option(strategy: Strategy, cap: int | None, rates: Rates, limit: int | None, rising: Floats, budget: float) -> Option:
    middle, high = (float(np.quantile(rising, share)) for share in (0.5, SURE))
    inside = np.searchsorted(rising, budget, side="right") / len(rising)
    return Option(strategy, cap, rates, limit, float(inside), middle, high, budget - high)


def _rank(option: Option, models: Sequence[Rates]) -> tuple[float, ...]:
    if not option.safe:
        return (1.0, option.p95)
    memory = np.inf if option.cap is None else option.cap
    loose = np.inf if option.limit is None else option.limit
    return (0.0, -memory, _REMEMBERS.index(option.strategy), models.index(option.rates), -loose)
