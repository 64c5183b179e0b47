"""At so many dollars a user a month, which cap keeps us profitable: as the lesson teaches it, by closed form, and as it really is.

As taught, a larger cap never costs less, so there is a largest profitable one. As it is, with a provider's prompt cache, a small cap
can cost more than a large one: then the profitable caps are ranges, and all of them are said.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from agent.memory.policy import STRATEGIES, MemoryPolicy, Strategy
from simulation.chat import Floats, Places
from simulation.curves import DAYS_A_MONTH, curve, people
from simulation.lesson import Lesson
from simulation.scenario import Scenario

MOST_CAP = 10_000
CAPPED: tuple[Strategy, ...] = tuple(strategy for strategy in STRATEGIES if strategy != "full")
_FIRST_CAPS, _FEWER_FIRST = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 26, 30), (1, 2, 3, 5, 8, 12, 20, 30)
_STEP, _WIDER_STEP = 1.3, 1.8
_LONG = 20_000
"""Prompts of a chat from which on fewer caps are tried, for each takes longer to work out."""


@dataclass(frozen=True, slots=True)
class Range:
    """Caps that keep us profitable, from `low` to `high` messages; without a `high`, any larger cap too, until nothing is left out."""

    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Costs:
    """What a user costs a month under one strategy, by cap."""

    strategy: Strategy
    caps: Places
    """Rising; from the last one on the cap leaves nothing out, and nothing changes any more, unless they are `cut`."""
    dollars: Floats
    estimated: bool
    """Whether summaries or recalled messages were guessed."""
    cut: bool = False
    """Whether the last cap is the largest there can be, and still leaves something out."""


def taught_cost(lesson: Lesson, caps: ArrayLike) -> Floats:
    """Return what a user costs a month, as the lesson teaches it, under each of these caps."""
    cap, prompts, days = np.asarray(caps, dtype=np.float64), float(lesson.prompts_per_day), float(lesson.days)
    growing = np.minimum(np.floor(cap / prompts), days)
    messages = prompts * (prompts * growing * (growing + 1) / 2 + cap * (days - growing))
    return np.asarray(messages * lesson.tokens_per_message / 1000 * lesson.price_per_1k * DAYS_A_MONTH / days)


def taught_uncapped(lesson: Lesson) -> float:
    """Return what a user costs a month, as the lesson teaches it, without a cap."""
    return float(lesson.uncapped[-1]) / lesson.users * DAYS_A_MONTH / lesson.days


def taught_profitable(lesson: Lesson, price: float) -> Range | None:
    """Return the caps that cost less than `price`, as the lesson teaches it: from 1 to the largest; None when none does."""
    if float(taught_cost(lesson, 1)) >= price:
        return None
    longest = lesson.prompts_per_day * lesson.days
    if float(taught_cost(lesson, longest)) < price:
        return Range(1, None)
    return Range(1, _edge(lambda cap: float(taught_cost(lesson, cap)) < price, 1, longest))


def at_cap(policy: MemoryPolicy, strategy: Strategy, cap: int) -> MemoryPolicy:
    """Return a strategy's policy for a cap, in the course's proportions: a summary folds at three fifths, retrieval sends a third."""
    numbers = {
        "strategy": strategy,
        "max_messages_per_user": cap,
        "summarize_after_messages": max(2, round(cap * 0.6)),
        "retrieval_window": max(1, round(cap / 3)),
    }
    return policy.model_copy(update=numbers)


def month_cost(scenario: Scenario, policy: MemoryPolicy) -> float:
    """Return what an average user costs a month under a policy."""
    found = curve(scenario.model_copy(update={"policy": policy}))
    return found.total / float(people(scenario).sum()) * DAYS_A_MONTH


def costs(scenario: Scenario, strategy: Strategy, progress: Callable[[], object] | None = None) -> Costs:
    """Return what a user costs a month under a strategy, from a cap of one message to one that leaves nothing out.

    `progress` is called after each cap.
    """
    estimated = strategy in ("summary", "retrieval")
    if strategy == "full":
        return Costs(strategy, np.array([1]), np.array([month_cost(scenario, scenario.policy.with_strategy("full"))]), estimated)
    caps = cap_grid(scenario, strategy)
    found = []
    for cap in caps.tolist():
        found.append(_cost(scenario, strategy, cap))
        if progress is not None:
            progress()
    return Costs(strategy, caps, np.array(found), estimated, cut=_enough(scenario, strategy) > MOST_CAP)


def cap_grid(scenario: Scenario, strategy: Strategy) -> Places:
    """Return caps that show how the cost changes with the cap, from one message to the chat's length, or the largest cap."""
    top = min(MOST_CAP, _enough(scenario, strategy))
    first, step = (_FEWER_FIRST, _WIDER_STEP) if is_long(scenario) else (_FIRST_CAPS, _STEP)
    steps = [*first]
    while steps[-1] < top:
        steps.append(max(steps[-1] + 1, round(steps[-1] * step)))
    return np.array([*(cap for cap in steps if cap < top), top], dtype=np.int64)


def is_long(scenario: Scenario) -> bool:
    """Return whether a chat has so many prompts that working out every cap takes seconds: then fewer are tried."""
    return _prompts(scenario) >= _LONG


def _prompts(scenario: Scenario) -> float:
    """Return the prompts of the longest chat."""
    return scenario.prompts_per_day if scenario.reset == "daily" else scenario.prompts_per_day * scenario.days


def _enough(scenario: Scenario, strategy: Strategy) -> int:
    """Return a cap that leaves nothing out of the longest chat."""
    longest = int(np.ceil(_prompts(scenario))) * 2 * (1 + int(np.ceil(scenario.conversation.tool_rounds))) + 1
    return {"summary": 2, "retrieval": 3}.get(strategy, 1) * longest


def profitable(scenario: Scenario, known: Costs, price: float) -> Sequence[Range]:
    """Return the ranges of caps that cost less than `price` a month, their ends found to the message; empty when none does.

    Between two of the known caps that are both profitable, or both not, nothing is looked for.
    """
    good = known.dollars < price
    if len(known.caps) == 1:
        return [Range(1, None)] if good[0] else []

    def pays(cap: int) -> bool:
        return _cost(scenario, known.strategy, cap) < price

    ranges: list[Range] = []
    low = 1 if good[0] else None
    for place in range(1, len(good)):
        left, right = int(known.caps[place - 1]), int(known.caps[place])
        if low is not None and not good[place]:
            ranges.append(Range(low, _edge(pays, left, right)))
            low = None
        elif low is None and good[place]:
            low = _edge(lambda cap: not pays(cap), left, right) + 1
    return ranges if low is None else [*ranges, Range(low, int(known.caps[-1]) if known.cut else None)]


def by_strategy(scenario: Scenario, progress: Callable[[int, int], object] | None = None) -> Mapping[Strategy, Costs]:
    """Return what a user costs a month by cap under each strategy; `progress` is told how many caps are done, of how many."""
    total = sum(len(cap_grid(scenario, strategy)) for strategy in CAPPED)
    done = itertools.count(1)
    told = None if progress is None else lambda: progress(next(done), total)
    return {strategy: costs(scenario, strategy, told) for strategy in STRATEGIES}


def _cost(scenario: Scenario, strategy: Strategy, cap: int) -> float:
    return month_cost(scenario, at_cap(scenario.policy, strategy, cap))


def _edge(holds: Callable[[int], bool], low: int, high: int) -> int:
    """Return the last number for which something holds, that holds for `low` and not for `high`."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
