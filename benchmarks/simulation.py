"""What the simulator's arithmetic takes for 10,000 users, 365 days and 20 prompts a day, and beside it a floor: plain NumPy by person.

The floor is the lesson's own formula for a window and without one, laid out person by person and day by day, the way a notebook would: it
knows no replies, cache, summaries or prices. References are the targets; the floor's own row says how fast the machine is.
"""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from agent.memory.policy import MemoryPolicy
from benchmarks.report import row
from simulation.chat import Places
from simulation.course import no_cap, with_cap
from simulation.population import daily, draw
from simulation.rates import Rates, of_model
from simulation.scenario import Scenario
from simulation.spread import Spread
from simulation.uncertainty import monte_carlo

USERS, DAYS, PROMPTS, CAP = 10_000, 365, 20, 50
REPEATS = 15
TAUGHT_MS, POPULATION_MS, DRAWN_MS = 1.0, 50.0, 300.0
STRATEGIES = 5
GROWING = 5_000
"""People on the first day of a class that has about 10,000 at some time, each with a first day of their own."""


def taught() -> None:
    """Both of the lesson's curves."""

    def both() -> None:
        no_cap(USERS, DAYS, PROMPTS)
        with_cap(USERS, DAYS, PROMPTS, CAP)

    row("simulation: as taught, both curves", _median(both), "ms", TAUGHT_MS)


def population() -> None:
    """Every person with a rate and a length of their own, all five strategies; from the first day on, and joining on all days."""
    here, joining = _class(users=USERS), _class(users=GROWING, growth=0.058)
    people, later = draw(here, Spread(), 1), draw(joining, Spread(), 1)
    floor = _median(lambda: _by_person(people.rates))
    here_ms, joining_ms = _median(lambda: daily(here, people)), _median(lambda: daily(joining, later))
    row("simulation: floor, the lesson's formula by person and day, five times", floor, "ms")
    row(f"simulation: {len(people):,} individuals, all strategies", here_ms, "ms", POPULATION_MS)
    row(f"simulation: {len(later):,} individuals who join on all days, all strategies", joining_ms, "ms", POPULATION_MS)
    row("simulation: individuals, against the floor", here_ms, "ms", floor)
    row("simulation: individuals who join on all days, against the floor", joining_ms, "ms", floor)


def drawn() -> None:
    """Two thousand drawn classes of 10,000, under the chosen strategy and with the full history, their average known and in doubt."""
    here, joining = _class(users=USERS), _class(users=GROWING, growth=0.058)
    row("simulation: 2,000 drawn classes", _median(lambda: monte_carlo(here, Spread())), "ms", DRAWN_MS)
    row("simulation: 2,000 drawn classes, average in doubt", _median(lambda: monte_carlo(here, Spread(doubt=0.3))), "ms", DRAWN_MS)
    row("simulation: 2,000 drawn classes that grow", _median(lambda: monte_carlo(joining, Spread())), "ms", DRAWN_MS)


def _class(users: int, growth: float = 0.0) -> Scenario:
    policy = MemoryPolicy(max_messages_per_user=CAP)
    return Scenario(users=users, days=DAYS, prompts_per_day=PROMPTS, growth=growth, policy=policy, rates=_rates())


def _rates() -> Rates:
    found = of_model("google", "gemini-2.5-flash", datetime(2026, 3, 2, tzinfo=UTC))
    assert found is not None
    return found


def _by_person(rates: Places) -> None:
    prompts, day = rates[:, None].astype(np.float64), np.arange(1, DAYS + 1, dtype=np.float64)
    for strategy in range(STRATEGIES):
        sent = prompts * day if strategy == 0 else np.minimum(CAP, prompts * day)
        (prompts * sent * 500 / 1000 * 0.002).sum(axis=0)


def _median(one: Callable[[], object]) -> float:
    spent = []
    for _ in range(REPEATS + 2):
        began = time.perf_counter()
        one()
        spent.append((time.perf_counter() - began) * 1e3)
    return statistics.median(spent[2:])
