"""A class's cost by day: one person's turns, laid out over days, times how many people there are of each age in the class."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.memory.policy import STRATEGIES, Strategy
from agent.memory.promptcache import CacheRules
from simulation.chat import Floats
from simulation.scenario import Conversation, Scenario
from simulation.turns import Turns, chat_turns

DAYS_A_MONTH = 30
_GUESSED: frozenset[Strategy] = frozenset({"summary", "retrieval"})


@dataclass(frozen=True, slots=True)
class ClassCurve:
    """What a class takes on each day, shape (days,)."""

    strategy: Strategy
    daily: Floats
    """Dollars."""
    tokens_in: Floats
    tokens_cached: Floats
    tokens_out: Floats
    people: Floats
    """People in the class."""
    estimated: bool
    """Whether summaries or recalled messages were guessed."""

    @property
    def cumulative(self) -> Floats:
        """Dollars up to the end of each day."""
        return np.cumsum(self.daily)

    @property
    def total(self) -> float:
        """Dollars of all days."""
        return float(self.daily.sum())


@dataclass(frozen=True, slots=True)
class PersonCurve:
    """What each prompt of one average person takes, shape (prompts,), pauses included."""

    rate: int
    """Prompts a day."""
    dollars: Floats
    tokens_in: Floats
    tokens_cached: Floats
    tokens_out: Floats
    context: Floats
    """Tokens of the first call: what the prompt is sent with."""
    messages: Floats
    """Messages sent word for word, the question included."""


def curve(scenario: Scenario) -> ClassCurve:
    """Return what the class takes under its own policy."""
    return _curve(scenario, scenario.policy.strategy)


def curves(scenario: Scenario) -> Mapping[Strategy, ClassCurve]:
    """Return what the class takes under each strategy, with the numbers of its policy."""
    return {strategy: _curve(scenario, strategy) for strategy in STRATEGIES}


def person(scenario: Scenario, prompts: int | None = None) -> PersonCurve:
    """Return what each prompt of one average person takes, of the first `prompts` or of all days."""
    rate = max(1, round(scenario.prompts_per_day))
    wanted = rate * scenario.days if prompts is None else prompts
    turns = turns_of(scenario, scenario.policy.strategy, rate, wanted)
    number = np.arange(wanted) % turns.dollars.shape[-1]
    cold = is_cold(rate, scenario.conversation, scenario.cache, wanted)
    return PersonCurve(
        rate,
        np.where(cold, turns.cold_dollars[number], turns.dollars[number]),
        turns.tokens_in[number],
        np.where(cold, turns.cold_cached[number], turns.tokens_cached[number]),
        turns.tokens_out[number],
        turns.context[number],
        turns.messages[number].astype(np.float64),
    )


def turns_of(scenario: Scenario, strategy: Strategy, rate: int, prompts: int | None = None, *, scale: Floats | float = 1.0) -> Turns:
    """Return the turns of one chat of somebody who sends `rate` prompts a day: a day's where chats start anew each day, else all days'."""
    longest = rate if scenario.reset == "daily" else rate * scenario.days
    return chat_turns(
        scenario.conversation,
        scenario.policy.with_strategy(strategy),
        scenario.rates,
        scenario.cache,
        longest if prompts is None or scenario.reset == "daily" else prompts,
        model_window=scenario.model_window,
        scale=scale,
    )


def is_cold(rate: int, conversation: Conversation, cache: CacheRules | None, prompts: int) -> NDArray[np.bool_]:
    """Return for each prompt whether it comes after a pause that the prompt cache does not outlive."""
    always = cache is not None and conversation.pause_s >= cache.ttl_s
    first: NDArray[np.bool_] = np.arange(prompts) % max(rate, 1) % conversation.sitting == 0
    return np.ones(prompts, dtype=np.bool_) if always else first


def by_age(warm: Floats, cold: Floats, rate: int, scenario: Scenario) -> Floats:
    """Return what somebody who sends `rate` prompts a day takes on each day since they joined, shape (..., days).

    `warm` and `cold` are what each turn of their chat takes, shape (..., turns), as `turns_of` gives them.
    """
    if rate == 0:
        return np.zeros((*warm.shape[:-1], scenario.days))
    days = 1 if scenario.reset == "daily" else scenario.days
    laid = warm[..., : rate * days].reshape(*warm.shape[:-1], days, rate)
    total = laid.sum(axis=-1)
    if cold is not warm:
        late = cold[..., : rate * days].reshape(laid.shape)
        pauses = is_cold(rate, scenario.conversation, scenario.cache, rate)
        total = total + (late - laid)[..., pauses].sum(axis=-1)
    return np.repeat(total, scenario.days, axis=-1) if scenario.reset == "daily" else total


def people(scenario: Scenario) -> Floats:
    """Return how many people are in the class on each day; it grows by the same share every day."""
    return np.asarray(scenario.users * (1 + scenario.growth) ** (np.arange(scenario.days) / DAYS_A_MONTH), dtype=np.float64)


def joins(scenario: Scenario) -> Floats:
    """Return how many people join on each day, all that are there on the first; nobody joins a class that shrinks."""
    there = people(scenario)
    return np.maximum(np.diff(there, prepend=0.0), 0.0)


def class_days(scenario: Scenario, aged: Floats) -> Floats:
    """Return what the class takes on each day, given what a person takes on each day since they joined, both (days,)."""
    if scenario.growth == 0:
        return scenario.users * aged
    if scenario.growth < 0:
        return people(scenario) * aged
    return np.convolve(joins(scenario), aged)[: scenario.days]


def rate_mix(prompts_per_day: float) -> tuple[tuple[int, float], ...]:
    """Return whole rates and the share of people who have each, the two around a broken one."""
    low = int(prompts_per_day)
    share = prompts_per_day - low
    return ((low, 1.0),) if share == 0 else ((low, 1 - share), (low + 1, share))


def _curve(scenario: Scenario, strategy: Strategy) -> ClassCurve:
    days: list[Floats] = [np.zeros(scenario.days) for _ in range(4)]
    mix = rate_mix(scenario.prompts_per_day)
    turns = turns_of(scenario, strategy, mix[-1][0])
    pairs = (
        (turns.dollars, turns.cold_dollars),
        (turns.tokens_in, turns.tokens_in),
        (turns.tokens_cached, turns.cold_cached),
        (turns.tokens_out, turns.tokens_out),
    )
    for rate, share in mix:
        for place, (warm, cold) in enumerate(pairs):
            days[place] = days[place] + share * class_days(scenario, by_age(warm, cold, rate, scenario))
    dollars, tokens_in, cached, out = days
    return ClassCurve(strategy, dollars, tokens_in, cached, out, people(scenario), strategy in _GUESSED)
