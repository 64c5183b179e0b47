"""The queue M/M/c in closed form: turns that arrive at random, workers that each answer one at a time, first come first served.

Arrivals are Poisson and service times exponential. Real replies vary less than that, so the real wait is rather shorter.

Sources: A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic telephone exchanges" (1917);
L. Kleinrock, Queueing Systems I (1975), section 3.5; D. Gross, C. M. Harris, Fundamentals of Queueing Theory, section 2.3.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

_FAR = 12.0
"""Erlang's recursion forgets how it began after this many standard deviations of the load: by exp(-72)."""


def erlang_c(workers: int, offered: float) -> float:
    """Return the probability that a turn has to wait, 1 when the workers cannot keep up. `offered` is arrivals times service time.

    Erlang 1917, by the recursion for his loss formula, 1/B(c) = 1 + c/a 1/B(c-1), whose terms are all positive: no factorials, and no
    digits lost with thousands of workers. From it, C = B / (1 - a/c (1 - B)).
    """
    return _waits(offered, [workers])[workers]


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue in equilibrium. All times are seconds."""

    workers: int
    turns_per_s: float
    turn_s: float
    waits: float
    """Probability that a turn waits at all: Erlang C."""

    @property
    def spare(self) -> float:
        """Turns a second that the workers could answer beyond those that arrive."""
        return (self.workers - self.turns_per_s * self.turn_s) / self.turn_s

    @property
    def mean_wait_s(self) -> float:
        """Mean wait for a worker: C / (c mu - lambda)."""
        return self.waits / self.spare

    @property
    def mean_response_s(self) -> float:
        """Mean time from the prompt to the last word."""
        return self.mean_wait_s + self.turn_s

    @property
    def queued(self) -> float:
        """Turns that wait, on average, by Little's law."""
        return self.turns_per_s * self.mean_wait_s

    def wait_s(self, share: float) -> float:
        """Return the wait that `share` of the turns do not exceed, from P(W > t) = C exp(-(c mu - lambda) t)."""
        return 0.0 if self.waits <= 1 - share else math.log(self.waits / (1 - share)) / self.spare

    def slower(self, seconds: float) -> float:
        """Return the share of turns that are answered later than this: wait and service together, a sum of two exponentials.

        P(T > t) = exp(-mu t) + C mu (exp(-mu t) - exp(-d t)) / (d - mu) with d = c mu - lambda; where d = mu, exp(-mu t) (1 + C mu t).
        """
        mu = 1 / self.turn_s
        apart = abs(self.spare - mu)
        both = -math.expm1(-apart * seconds) / apart if apart * seconds > 1e-12 else seconds
        return math.exp(-mu * seconds) + self.waits * mu * math.exp(-min(mu, self.spare) * seconds) * both

    def response_s(self, share: float) -> float:
        """Return the time within which `share` of the turns are answered to the last word."""
        low, high = 0.0, self.turn_s
        while self.slower(high) > 1 - share:
            low, high = high, high * 2
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self.slower(middle) > 1 - share else (low, middle)
        return (low + high) / 2


def queue(turns_per_s: float, turn_s: float, workers: int) -> Queue | None:
    """Return the queue in equilibrium, None when more arrives than the workers can answer."""
    return queues(turns_per_s, turn_s, [workers])[0]


def queues(turns_per_s: float, turn_s: float, workers: Iterable[int]) -> list[Queue | None]:
    """Return the queue for each number of workers, None where more arrives than they can answer."""
    numbers, offered = list(workers), turns_per_s * turn_s
    waits = _waits(offered, numbers)
    return [Queue(each, turns_per_s, turn_s, waits[each]) if each > offered else None for each in numbers]


def least_stable(turns_per_s: float, turn_s: float) -> int:
    """Return the fewest workers that can answer all that arrives."""
    return math.floor(turns_per_s * turn_s) + 1


def _waits(offered: float, workers: list[int]) -> dict[int, float]:
    """Return Erlang C for each of these numbers of workers, by one walk."""
    wanted, most = set(workers), max(workers, default=0)
    found = dict.fromkeys(wanted, 1.0)
    if offered <= 0:
        return dict.fromkeys(wanted, 0.0)
    for number, waits in erlang_walk(offered):
        if number > most:
            return found
        if number in wanted:
            found[number] = waits
    return found


def erlang_walk(offered: float) -> Iterator[tuple[int, float]]:
    """Yield (c, Erlang C) for rising c without end, from far enough below the load for the beginning to be forgotten."""
    start = max(0, math.floor(offered - _FAR * math.sqrt(offered)))
    inverse = offered / (offered - start)
    for workers in count(start + 1):
        inverse = 1 + inverse * workers / offered
        loss, busy = 1 / inverse, offered / workers
        yield workers, loss / (1 - busy + busy * loss) if busy < 1 else 1.0
