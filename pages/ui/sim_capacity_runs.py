"""What the capacity panel shows, worked out once for each set of figures: by formula and by a run. Nobody's data, so one for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import numpy as np

from simulation import waiting
from simulation.capacity import QUICK_S, Capacity, Pace, Quota, Turn, burst_waits, turn_of
from simulation.erlang import queues
from simulation.scenario import Scenario
from simulation.waiting import Demand, Floats, Run

Situation = Literal["In one lesson", "All at once", "Over the day"]
TURNS = 10_000
"""Turns of a run whose figures count."""
MOST_IN_FLIGHT = 2_000
"""Replies at once beyond which nothing is run turn by turn: getting up to speed alone would take a second."""
MOST_BURST = 1_000
"""People who can ask at once in a run."""
HOUR_S = 3600.0
_POINTS = 48
_SEED = 6
_TOGETHER = 400
"""People in all the bursts of a small class together."""
Points = Sequence[tuple[int, float]]
"""Numbers of workers, and within how many seconds 95% see their first word with them."""


@dataclass(frozen=True, slots=True)
class Steady:
    """A run of a load that goes on and on."""

    plain: Run
    """With nothing but the workers in the way, as in the formula."""
    full: Run
    """With the quota as well."""


@dataclass(frozen=True, slots=True)
class Burst:
    """Runs of a class that is told to ask now, with the quota. A small class is run several times, for chance matters in one burst."""

    people: int
    runs: tuple[Run, ...]
    by_hand: Floats
    """Each one's wait as worked out by hand."""
    needed: int | None
    """Fewest workers with which 95% see their first word in time; None when no number is enough."""
    points: Points

    @property
    def waits(self) -> Floats:
        """Everybody's waits in all runs."""
        return np.concatenate([each.waits for each in self.runs])

    @property
    def last_s(self) -> float:
        """The longest wait of a run, on average."""
        return float(np.mean([each.waits.max() for each in self.runs]))

    @property
    def done_s(self) -> float:
        """When everybody is answered, on average."""
        return float(np.mean([each.done_s for each in self.runs]))


@lru_cache(maxsize=64)
def turn(scenario: Scenario) -> Turn:
    """Return what a turn of the scenario takes."""
    return turn_of(scenario)


@lru_cache(maxsize=16)
def steady(answer: Capacity, quota: Quota) -> Steady | None:
    """Return the run of a load; None when it is too large to be run turn by turn."""
    offered = answer.in_flight
    if offered > MOST_IN_FLIGHT:
        return None
    if answer.queue is None:
        turns = max(2, min(TURNS, round(answer.turns_per_s * HOUR_S)))
        grows = waiting.run(waiting.poisson(answer.turns_per_s, answer.speed.turn_s, turns, _SEED), answer.workers, answer.turn, quota)
        return Steady(grows, grows)
    early = waiting.warm_up_for(offered)
    demand = waiting.poisson(answer.turns_per_s, answer.speed.turn_s, early + TURNS, _SEED)
    full = waiting.run(demand, answer.workers, answer.turn, quota, early)
    plain = full if full.held == 0 else waiting.run(demand, answer.workers, warm_up=early)
    return Steady(plain, full)


@lru_cache(maxsize=16)
def burst(people: int, each: Turn, speed: Pace, workers: int, quota: Quota) -> Burst:
    """Return the runs of a burst, and how it would go with other numbers of workers."""
    chosen = tuple(waiting.run(demand, workers, each, quota) for demand in _bursts(people, speed.turn_s))
    needed, points = _burst_points(people, each, speed, quota)
    by_hand = burst_waits(people, waiting.BURST_S, each, speed, workers, quota)
    here = (workers, first_word(np.concatenate([run.waits for run in chosen]), speed))
    return Burst(people, chosen, by_hand, needed, sorted({*points, here}))


@lru_cache(maxsize=64)
def points(turns_per_s: float, speed: Pace, chosen: int, needed: int | None) -> Points:
    """Return within which time 95% see their first word, for each number of workers around the chosen and the needed one that suffices."""
    low = int(turns_per_s * speed.turn_s) + 1
    high = max(low + 4, round(1.3 * (needed or low)), round(1.15 * chosen))
    step = max(1, (high - low) // _POINTS)
    numbers = sorted({*range(low, high + 1, step), *(each for each in (chosen, needed) if each and each >= low)})
    found = queues(turns_per_s, speed.turn_s, numbers)
    return [(each.workers, each.wait_s(0.95) + speed.first_s) for each in found if each is not None]


def first_word(waits: Floats, speed: Pace) -> float:
    """Return within which time 95% of those who wait so long see their first word."""
    return float(np.quantile(waits, 0.95)) + speed.first_s


def over_time(run: Run, begin: float, end: float, bins: int = 300) -> tuple[Floats, Floats, Floats]:
    """Return seconds since `begin`, and the most messages that waited, and that were being answered, within each of `bins` equal spans."""
    edges = np.linspace(begin, end, bins + 1)
    return edges[:-1] - begin, _tops(*run.queue(), edges), _tops(*run.in_flight(), edges)


def _tops(moments: Floats, counts: Floats, edges: Floats) -> Floats:
    """Return the greatest count between each two edges; one that lasts from before is counted too."""
    places = np.searchsorted(moments, edges, side="right")
    before = np.concatenate(((0.0,), counts))
    return np.asarray([max(before[low], counts[low:high].max(initial=0.0)) for low, high in pairwise(places.tolist())])


def _bursts(people: int, turn_s: float) -> list[Demand]:
    return [waiting.burst(people, turn_s, seed=_SEED + number) for number in range(max(1, _TOGETHER // people))]


@lru_cache(maxsize=16)
def _burst_points(people: int, each: Turn, speed: Pace, quota: Quota) -> tuple[int | None, Points]:
    demands = _bursts(people, speed.turn_s)
    needed = waiting.least_for_bursts(demands, speed, each, quota, QUICK_S)
    numbers = sorted({*np.geomspace(1, people, 20).round().astype(int).tolist(), *([needed] if needed else [])})
    waits = [np.concatenate([waiting.run(demand, number, each, quota).waits for demand in demands]) for number in numbers]
    return needed, [(number, first_word(each_wait, speed)) for number, each_wait in zip(numbers, waits, strict=True)]
