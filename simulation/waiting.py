"""The queue, turn by turn: a seeded SimPy run of what simulation.erlang says by formula, and of what no formula says.

Turns come, wait for one of the workers, then for the provider's quota, are answered, and go; who comes first is served first. Without a
quota, and with random arrivals and exponential service, it is the queue M/M/c, and tests hold the run to the formula. Beyond the formula
it runs a burst (a whole class presses Enter within seconds) and a quota. This is the only module that knows SimPy.
"""

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
import simpy
from numpy.typing import NDArray

from simulation.capacity import QUICK_S, Pace, Quota, Turn

Floats = NDArray[np.float64]
Steps = Generator[simpy.Event, None, None]
BURST_S = 10.0
"""Seconds within which a class presses Enter when it is told to ask now."""
_BATCHES = 20
_T95 = 2.093
"""Student's t for 95% and 19 degrees of freedom."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What turns ask for, in order of arrival: when each comes, and how long it is served."""

    arrivals: Floats
    services: Floats


@dataclass(frozen=True, slots=True)
class Run:
    """What happened to each turn, in order of arrival; times are seconds from the beginning."""

    arrivals: Floats
    starts: Floats
    """When a worker began, and the quota allowed it to."""
    ends: Floats
    held: int = 0
    """Turns that the quota made wait, though a worker was free."""
    warm_up: int = 0
    """Turns at the beginning that figures leave out: they found the system emptier than it usually is."""

    @property
    def waits(self) -> Floats:
        """Seconds that each turn waited, after the warm-up."""
        return (self.starts - self.arrivals)[self.warm_up :]

    @property
    def responses(self) -> Floats:
        """Seconds from each prompt to its last word, after the warm-up."""
        return (self.ends - self.arrivals)[self.warm_up :]

    @property
    def done_s(self) -> float:
        """When the last turn was answered."""
        return float(self.ends.max())

    def queue(self) -> tuple[Floats, Floats]:
        """Return the moments at which the queue changed, and how many turns waited from then on."""
        return _steps(self.arrivals, self.starts)

    def in_flight(self) -> tuple[Floats, Floats]:
        """Return the moments at which a turn was begun or ended, and how many were being answered from then on."""
        return _steps(self.starts, self.ends)


def poisson(turns_per_s: float, turn_s: float, turns: int = 10_000, seed: int = 0) -> Demand:
    """Return turns that come at random, independently of each other, each served for an exponential time.

    Both are scaled to have exactly the means they should have (moment matching): a load that is 1% off by chance makes waits 10% longer
    where workers are busy, and says nothing about the queue. Raises ValueError without a turn.
    """
    if turns < 1:
        raise ValueError(f"There has to be a turn to simulate; got {turns}.")
    rng = np.random.default_rng(seed)
    gaps, services = rng.exponential(1.0, turns), rng.exponential(1.0, turns)
    return Demand(np.cumsum(gaps / (gaps.mean() * turns_per_s)), services * (turn_s / services.mean()))


def burst(people: int, turn_s: float, within_s: float = BURST_S, seed: int = 0) -> Demand:
    """Return one turn of each person, all of them sent at some moment within `within_s` seconds."""
    rng = np.random.default_rng(seed)
    services = rng.exponential(turn_s, people)
    return Demand(np.sort(rng.uniform(0, within_s, people)), services)


def run(demand: Demand, workers: int, turn: Turn | None = None, quota: Quota | None = None, warm_up: int = 0) -> Run:
    """Simulate the queue; `turn` is what each asks of the quota, if there is one. The same arguments give the same run.

    A turn takes all it needs of the quota when it begins. Raises ValueError when there is a quota and no turn.
    """
    if quota is not None and turn is None:
        raise ValueError("A quota needs to know what a turn takes of it.")
    env = simpy.Environment()
    desk = _Desk(env, demand, simpy.Resource(env, workers), _buckets(turn, quota))
    env.process(desk.door())
    env.run()
    starts = np.maximum(desk.starts, demand.arrivals)
    return Run(demand.arrivals, starts, starts + demand.services, desk.held, warm_up)


def warm_up_for(offered: float) -> int:
    """Return how many turns to leave out at the beginning: those of some five service times, and a few hundred more."""
    return 500 + math.ceil(5 * offered)


def mean_within(values: Floats) -> tuple[float, float]:
    """Return the mean and by how much it may be off, up or down, at 95%: by batch means, for one wait is much like the next.

    A. M. Law, Simulation Modeling and Analysis, on steady-state confidence intervals.
    """
    size = len(values) // _BATCHES
    if size == 0:
        return float(values.mean()), math.inf
    batches = values[: size * _BATCHES].reshape(_BATCHES, size).mean(axis=1)
    return float(values.mean()), float(_T95 * batches.std(ddof=1) / math.sqrt(_BATCHES))


def least_for_bursts(
    demands: Sequence[Demand], speed: Pace, turn: Turn, quota: Quota | None = None, within_s: float = QUICK_S, share: float = 0.95
) -> int | None:
    """Return the fewest workers with which `share` of all turns see their first word in time; None when the quota or the model forbids it.

    Each demand is a burst of its own. More workers never make anybody wait longer, so it is found by halving.
    """

    def quick(workers: int) -> bool:
        waits = np.concatenate([run(each, workers, turn, quota).waits for each in demands])
        return float(np.quantile(waits, share)) + speed.first_s <= within_s

    low, high = 0, max(len(each.arrivals) for each in demands)
    if not quick(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if quick(middle) else (middle, high)
    return high


class _Bucket:
    """A quota as a bucket that holds a minute's worth and refills steadily. What is taken beyond it is waited for, in order."""

    def __init__(self, per_minute: float, each: float) -> None:
        self._rate, self._most, self._each = per_minute / 60, per_minute, each
        self._level, self._at = per_minute, 0.0

    def take(self, now: float) -> float:
        """Take what a turn needs and return for how long it has to wait for it."""
        self._level = min(self._most, self._level + self._rate * (now - self._at)) - self._each
        self._at = now
        return max(0.0, -self._level / self._rate)


class _Desk:
    """The workers and the turns that come to them."""

    def __init__(self, env: simpy.Environment, demand: Demand, workers: simpy.Resource, buckets: list[_Bucket]) -> None:
        self._env, self._workers, self._buckets = env, workers, buckets
        self._arrivals, self._services = demand.arrivals.tolist(), demand.services.tolist()
        self.starts: Floats = np.zeros(len(self._arrivals))
        self.held = 0

    def door(self) -> Steps:
        """Let the turns in, each at its time."""
        for number, at in enumerate(self._arrivals):
            yield self._env.timeout(max(0.0, at - self._env.now))
            self._env.process(self._turn(number))

    def _turn(self, number: int) -> Steps:
        """Wait for a worker, then, keeping it, for the quota, and be answered."""
        with self._workers.request() as mine:
            yield mine
            pause = max((bucket.take(self._env.now) for bucket in self._buckets), default=0.0)
            if pause > 0:
                self.held += 1
                yield self._env.timeout(pause)
            self.starts[number] = self._env.now
            yield self._env.timeout(self._services[number])


def _buckets(turn: Turn | None, quota: Quota | None) -> list[_Bucket]:
    if turn is None or quota is None:
        return []
    limits = ((quota.requests_per_minute, turn.requests), (quota.tokens_per_minute, turn.tokens_in))
    return [_Bucket(most, each) for most, each in limits if most is not None]


def _steps(begins: Floats, ends: Floats) -> tuple[Floats, Floats]:
    """Return when a count changes that goes up at each beginning and down at each end, and what it is from then on.

    Where one ends as another begins, the end comes first: nobody takes a place before it is free.
    """
    lasting = ends > begins
    moments = np.concatenate((begins[lasting], ends[lasting]))
    changes = np.repeat((1.0, -1.0), lasting.sum())
    order = np.lexsort((changes, moments))
    return moments[order], np.cumsum(changes[order])
