"""How many turns at once a class causes, what waiting that means for a number of workers, and which limit binds. All in closed form.

A provider's quota is only compared with the load: what it adds to the waiting, and what a burst does, is simulated in
simulation.waiting; `burst_waits` is what one would work out by hand.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from agent.memory.replay import FRAMING
from simulation.chat import shape
from simulation.curves import people, person
from simulation.erlang import Queue, least_stable, queue
from simulation.folding import folds
from simulation.scenario import Scenario

QUICK_S = 3.0
"""Seconds within which people expect the first word, at the most (the lesson: 2 to 3)."""
LESSON_S = 3600.0
"""A lesson hour, in which a class sends all the prompts of its day."""
PEAK = 3.0
"""How many times the mean hour's load the busiest hour of a day has, unless told."""
DAY_S = 86_400.0
MOST_AT_ONCE = 100_000
"""Replies at once beyond which no single service answers them all, and no number of its workers says anything."""
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
    """Model calls: one, one for each tool round, and those that write the summary."""
    tokens_in: float
    """Input tokens of all its calls."""
    tokens_read: float
    """Those of its answering calls that no prompt cache held: they are read before the first word."""
    call_tokens: float
    """Tokens said to call tools, before the reply begins."""
    reply_tokens: float
    summaries: float = 0.0
    """Those of the model calls that write the summary. They come after the reply, so nobody waits for them, but the quota counts them."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a turn takes once a worker has it."""

    first_s: float
    """Until the reply's first word; tool rounds come before it."""
    turn_s: float
    """Until its last."""


def pace(turn: Turn, service: Service) -> Pace:
    """Return how long a turn takes, growing with the context that is read."""
    answering = turn.requests - turn.summaries
    first = (
        answering * service.first_token_s
        + turn.tokens_read / service.read_tokens_per_s
        + turn.call_tokens / service.tokens_per_s
        + (answering - 1) * service.tool_s
    )
    return Pace(first, first + turn.reply_tokens / service.tokens_per_s)


def turn_of(scenario: Scenario) -> Turn:
    """Return the average turn of the scenario's last day, of somebody who was there from the first: by then contexts are the longest."""
    said, day = scenario.conversation, person(scenario)
    last = slice(-day.rate, None)
    chat = shape(said.tool_rounds, day.rate if scenario.reset == "daily" else len(day.tokens_in))
    rounds = np.diff(chat.rounds)[last]
    answering = day.context[last] * (1 + rounds) + (said.call_tokens + said.result_tokens + 2 * FRAMING) * rounds * (rounds + 1) / 2
    read = float((answering - day.tokens_cached[last]).mean())
    summaries = _summaries(scenario, chat.turns, day.rate)
    called = said.tool_rounds * said.call_tokens
    return Turn(1 + said.tool_rounds + summaries, float(day.tokens_in[last].mean()), read, called, said.reply_tokens, summaries)


def _summaries(scenario: Scenario, turns: int, rate: int) -> float:
    """Return how many summary calls a turn of a chat's last `rate` has, on average."""
    if scenario.policy.strategy != "summary":
        return 0.0
    made = folds(scenario.conversation.tool_rounds, turns, scenario.policy).after
    return float((made >= turns - rate).sum()) / rate


def lesson_load(scenario: Scenario) -> float:
    """Return the turns a second when the whole class of the last day sends the prompts of a day within one lesson hour."""
    return prompts_a_day(scenario) / LESSON_S


def day_load(scenario: Scenario, peak: float = PEAK) -> float:
    """Return the turns a second in the busiest hour of the last day, which has `peak` times the mean hour's load."""
    return prompts_a_day(scenario) / DAY_S * peak


def prompts_a_day(scenario: Scenario) -> float:
    """Return how many prompts the class sends on the last day."""
    return float(people(scenario)[-1]) * scenario.prompts_per_day


def least_quick(turns_per_s: float, speed: Pace, within_s: float = QUICK_S, share: float = 0.95) -> int | None:
    """Return the fewest workers with which `share` of the turns see their first word in time; None when no number of workers is enough.

    More workers never make anybody wait longer, so it is found by doubling and halving: in a few steps, however large the load.
    """
    if speed.first_s > within_s:
        return None

    def quick(workers: int) -> bool:
        found = queue(turns_per_s, speed.turn_s, workers)
        return found is not None and found.wait_s(share) + speed.first_s <= within_s

    low = least_stable(turns_per_s, speed.turn_s) - 1
    more = 1
    while not quick(low + more):
        more *= 2
    high = low + more
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if quick(middle) else (middle, high)
    return high


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
    def is_beyond(self) -> bool:
        """Whether so much arrives that no single service answers it."""
        return self.in_flight > MOST_AT_ONCE

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


def burst_waits(size: int, within_s: float, turn: Turn, speed: Pace, workers: int, quota: Quota | None = None) -> NDArray[np.float64]:
    """Return each one's wait, in seconds, when `size` people press Enter evenly over `within_s`: the first of them first, nothing random.

    The workers take the first ones at once and then one every turn_s / workers; a full minute's quota is spent at once, then it refills.
    """
    place, bounds = np.arange(size, dtype=np.float64), quota or Quota()
    arrives = place * within_s / size
    starts = np.maximum(arrives, (place + 1 - workers) * speed.turn_s / workers)
    for most, each in ((bounds.requests_per_minute, turn.requests), (bounds.tokens_per_minute, turn.tokens_in)):
        if most is not None:
            starts = np.maximum(starts, ((place + 1) * each - most) * 60 / most)
    return starts - arrives
