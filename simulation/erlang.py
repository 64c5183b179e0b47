"""The queue M/M/c in closed form: turns that arrive at random, workers that each answer one at a time, first come first served.

Arrivals are Poisson and service times exponential. Real replies vary less than that, so the real wait is rather shorter.

Sources: A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic telephone exchanges" (1917);
L. Kleinrock, Queueing Systems I (1975), section 3.5; D. Gross, C. M. Harris, Fundamentals of Queueing Theory, section 2.3.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

_PLACES, _WEIGHTS = np.polynomial.legendre.leggauss(128)
_FAR = 40.0
"""The integral leaves out where its integrand is smaller than at its peak by exp(-40)."""
_MOST_LOG = 690.0
"""From here on exp() overflows, and nobody ever waits."""


def erlang_c(workers: int, offered: float) -> float:
    """Return the probability that a turn has to wait, 1 when the workers cannot keep up. `offered` is arrivals times service time.

    C = 1 / (a/c + (1 - a/c) / B), where B is the loss formula, by its integral 1/B = int_0^inf exp(-u) (1 + u/a)^c du (Erlang 1917; D. L.
    Jagerman, Some properties of the Erlang loss function, 1974). It is taken from its peak, by a Gauss rule: as quick for a load of
    millions as for one of two, and no digits are lost. The recursion for B would walk through all numbers of workers below.
    """
    spare = workers - offered
    if spare <= 0:
        return 1.0
    if offered <= 0:
        return 0.0
    inverse = _log_inverse_loss(float(workers), offered, spare)
    return 1 / (offered / workers + spare / workers * math.exp(inverse)) if inverse < _MOST_LOG else 0.0


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
    offered = turns_per_s * turn_s
    return [Queue(each, turns_per_s, turn_s, erlang_c(each, offered)) if each - offered > 0 else None for each in workers]


def least_stable(turns_per_s: float, turn_s: float) -> int:
    """Return the fewest workers that can answer all that arrives."""
    return math.floor(turns_per_s * turn_s) + 1


def _log_inverse_loss(workers: float, offered: float, spare: float) -> float:
    """Return log(1/B): where the integrand is largest, u = c - a, its logarithm is known; the rest is exp(c log(1 + v/c) - v) around it."""
    low = max(-spare, -math.sqrt(2 * _FAR * workers))
    half = (_FAR + math.sqrt(_FAR * (_FAR + 2 * workers)) - low) / 2
    away = low + half * (_PLACES + 1)
    area = half * float(_WEIGHTS @ np.exp(workers * np.log1p(away / workers) - away))
    ratio = math.log1p(-spare / workers) if 2 * spare < workers else math.log(offered / workers)
    return math.log(area) - workers * ratio - spare
