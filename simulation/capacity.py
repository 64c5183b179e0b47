"""How many turns at once a class causes, and what waiting that means: the queue M/M/c in closed form, and which limit binds.

Turns arrive at random (Poisson), each holds one of `workers` concurrent calls for an exponential time, and who comes first is served
first. Real replies vary less than that, so the real wait is rather shorter than the one worked out here. A provider's quota is only
compared with the load: what it adds to the waiting, and what a burst does, is simulated in simulation.waiting.

Sources: A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic telephone exchanges" (1917);
L. Kleinrock, Queueing Systems I (1975), ch. 3; D. Gross, C. M. Harris, Fundamentals of Queueing Theory, ch. 2.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from simulation.scenario import Scenario

QUICK_S = 3.0
"""Seconds within which people expect the first word, at the most (the lesson: 2 to 3)."""
LESSON_S = 3600.0
"""A lesson hour, in which a class sends all the prompts of its day."""
PEAK = 3.0
"""How many times the mean hour's load the busiest hour of a day has, unless told."""
DAY_S = 86_400.0
_FAR = 12.0
"""Erlang's recursion forgets how it began after this many standard deviations of the load: by exp(-72)."""
LimitName = Literal["workers", "requests", "tokens"]


class Service(BaseModel):
    """How fast the model and the tools are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_token_s: float = Field(default=0.5, ge=0.01, le=60)
    """Seconds until a call with a short context says its first token."""
    tokens_per_s: float = Field(default=150, ge=1, le=5_000)
    """Tokens said a second from then on."""
    read_tokens_per_s: float = Field(default=20_000, ge=100, le=10_000_000)
    """Tokens of context read a second; what the prompt cache holds takes no time."""
    tool_s: float = Field(default=0.1, ge=0, le=60)
    """Seconds that a tool takes to answer."""


class Quota(BaseModel):
    """What the provider lets through a minute; None for no limit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    requests_per_minute: int | None = Field(default=None, ge=1, le=10_000_000)
    tokens_per_minute: int | None = Field(default=None, ge=1, le=1_000_000_000_000)
    """Input tokens, cached ones included, as Google counts. https://ai.google.dev/gemini-api/docs/rate-limits"""


@dataclass(frozen=True, slots=True)
class Turn:
    """What an average turn asks of the model."""

    requests: float
    """Model calls: one, and one for each tool round."""
    tokens_in: float
    """Input tokens of all its calls."""
    tokens_read: float
    """Those of them that no prompt cache held."""
    call_tokens: float
    """Tokens said to call tools, before the reply begins."""
    reply_tokens: float


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a turn takes once a worker has it."""

    first_s: float
    """Until the reply's first word; tool rounds come before it."""
    turn_s: float
    """Until its last."""


def pace(turn: Turn, service: Service) -> Pace:
    """Return how long a turn takes, growing with the context that is read."""
    rounds = turn.requests - 1
    first = (
        turn.requests * service.first_token_s
        + turn.tokens_read / service.read_tokens_per_s
        + turn.call_tokens / service.tokens_per_s
        + rounds * service.tool_s
    )
    return Pace(first, first + turn.reply_tokens / service.tokens_per_s)


def lesson_load(scenario: Scenario) -> float:
    """Return the turns a second when the whole class sends the prompts of its day within one lesson hour."""
    return scenario.users * scenario.prompts_per_day / LESSON_S


def day_load(scenario: Scenario, peak: float = PEAK) -> float:
    """Return the turns a second in the busiest hour of the day, which has `peak` times the mean hour's load."""
    return scenario.users * scenario.prompts_per_day / DAY_S * peak


def erlang_c(workers: int, offered: float) -> float:
    """Return the probability that a turn has to wait, 1 when the workers cannot keep up. `offered` is arrivals times service time.

    Erlang 1917; Gross & Harris (2.35), by the recursion for his loss formula, 1/B(c) = 1 + c/a 1/B(c-1), whose terms are all positive:
    no factorials, and no digits lost with thousands of workers.
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
        return self.workers / self.turn_s - self.turns_per_s

    @property
    def mean_wait_s(self) -> float:
        """Mean wait for a worker: C / (c mu - lambda). Gross & Harris (2.33)."""
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
        """Return the wait that `share` of the turns do not exceed, from P(W > t) = C exp(-(c mu - lambda) t). Kleinrock I (3.43)."""
        return 0.0 if self.waits <= 1 - share else math.log(self.waits / (1 - share)) / self.spare

    def slower(self, seconds: float) -> float:
        """Return the share of turns that are answered later than this: wait and service together, a sum of two exponentials.

        P(T > t) = exp(-mu t) + C mu (exp(-mu t) - exp(-d t)) / (d - mu) with d = c mu - lambda; where d = mu, exp(-mu t) (1 + C mu t).
        Gross & Harris, 2.3.
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


def least_quick(turns_per_s: float, speed: Pace, within_s: float = QUICK_S, share: float = 0.95) -> int | None:
    """Return the fewest workers with which `share` of the turns see their first word in time; None when no number of workers is enough."""
    if speed.first_s > within_s:
        return None
    for workers, waits in _erlang(turns_per_s * speed.turn_s):
        found = Queue(workers, turns_per_s, speed.turn_s, waits)
        if found.spare > 0 and found.wait_s(share) + speed.first_s <= within_s:
            return workers
    return None


@dataclass(frozen=True, slots=True)
class Limit:
    """One thing that bounds how many turns a minute are answered."""

    name: LimitName
    most_per_minute: float
    """Turns a minute that it lets through."""
    used: float
    """What arrives, as a share of that; from 1 on the queue grows without end."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """A load, what it asks for, and what becomes of it."""

    turns_per_s: float
    turn: Turn
    speed: Pace
    workers: int
    limits: tuple[Limit, ...]
    """The workers, and each quota that is set."""
    queue: Queue | None
    """What waiting it means; None when a limit is exceeded and the queue never stops growing."""
    least_stable: int
    least_quick: int | None
    """Fewest workers with which 95% see the first word within 3 s; None when the first word alone takes longer."""

    @property
    def in_flight(self) -> float:
        """Turns that are being answered at a time, on average: Little's law, L = lambda S (J. D. C. Little, 1961)."""
        return self.turns_per_s * self.speed.turn_s

    @property
    def utilisation(self) -> float:
        """Share of their time that the workers are busy; above 1 it is what would be asked of them."""
        return self.in_flight / self.workers

    @property
    def requests_per_minute(self) -> float:
        """Model calls a minute."""
        return 60 * self.turns_per_s * self.turn.requests

    @property
    def tokens_per_minute(self) -> float:
        """Input tokens a minute."""
        return 60 * self.turns_per_s * self.turn.tokens_in

    @property
    def binding(self) -> Limit:
        """The limit that is used most: the first that bites when the load grows."""
        return max(self.limits, key=lambda each: each.used)

    @property
    def growth_per_minute(self) -> float | None:
        """By how many turns a minute the queue grows; None when it does not."""
        return None if self.queue else 60 * self.turns_per_s - self.binding.most_per_minute

    def first_word_s(self, share: float) -> float | None:
        """Return within which time `share` of the turns see their first word; None when the queue grows without end."""
        return self.queue.wait_s(share) + self.speed.first_s if self.queue else None


def capacity(turns_per_s: float, turn: Turn, service: Service, workers: int, quota: Quota | None = None) -> Capacity:
    """Return what becomes of a load. Raises ValueError when there is no load or no worker."""
    if turns_per_s <= 0 or workers < 1:
        raise ValueError(f"A load of some turns a second and a worker are needed; got {turns_per_s} and {workers}.")
    speed, bounds = pace(turn, service), quota or Quota()
    most: dict[LimitName, float] = {"workers": 60 * workers / speed.turn_s}
    if bounds.requests_per_minute is not None:
        most["requests"] = bounds.requests_per_minute / turn.requests
    if bounds.tokens_per_minute is not None and turn.tokens_in > 0:
        most["tokens"] = bounds.tokens_per_minute / turn.tokens_in
    limits = tuple(Limit(name, each, 60 * turns_per_s / each) for name, each in most.items())
    found = queue(turns_per_s, speed.turn_s, workers) if all(each.used < 1 for each in limits) else None
    stable = least_stable(turns_per_s, speed.turn_s)
    return Capacity(turns_per_s, turn, speed, workers, limits, found, stable, least_quick(turns_per_s, speed))


def _waits(offered: float, workers: list[int]) -> dict[int, float]:
    """Return Erlang C for each of these numbers of workers, by one walk."""
    wanted, most = set(workers), max(workers, default=0)
    found = dict.fromkeys(wanted, 1.0)
    if offered <= 0:
        return dict.fromkeys(wanted, 0.0)
    for number, waits in _erlang(offered):
        if number > most:
            return found
        if number in wanted:
            found[number] = waits
    return found


def _erlang(offered: float) -> Iterator[tuple[int, float]]:
    """Yield (c, Erlang C) for rising c without end, from far enough below the load for the beginning to be forgotten."""
    start = max(0, math.floor(offered - _FAR * math.sqrt(offered)))
    inverse = offered / (offered - start)
    for workers in count(start + 1):
        inverse = 1 + inverse * workers / offered
        loss, busy = 1 / inverse, offered / workers
        yield workers, loss / (1 - busy + busy * loss) if busy < 1 else 1.0
