"""What a class may cost when its people differ and we do not know who will come: a band instead of a line, from 2,000 drawn classes.

A drawn class is how many people of each kind it has; what a kind costs by the day is worked out once. So a class of 10,000 takes no
longer than one of ten, and the same seed gives the same band. People who join or leave together are cut into a few cohorts, in which
everybody joins or leaves on the cohort's days in the same measure.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from agent.memory.policy import Strategy
from simulation.ages import Ages, ages, between, by_calendar, since_joining
from simulation.chat import Floats, Places
from simulation.curves import joins, people
from simulation.scenario import Scenario
from simulation.spread import (
    ALIKE,
    FAR,
    MOST_MEAN,
    Spread,
    length_nodes,
    medians,
    normal_quantiles,
    rate_grid,
    rate_shares,
)

DRAWS = 2_000
SEED = 35
PARTS = 100
"""Equal parts that the people of a class are ranked in."""
_LENGTHS = 5
_FEWER_LENGTHS = 3
_COHORTS = 2
"""Groups of those who join after the first day, or leave before the last."""
_NOBODY = 1e-3
_MEANS = 33
_MOST_DRAWN = 1e15
"""People that are drawn at most; a class beyond is drawn smaller and multiplied."""
_RANKED = 40_000
"""People by whom the hundredths are ranked, spread evenly over all rates and lengths."""
_GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True, slots=True)
class Band:
    """What a class may cost under one strategy, in dollars."""

    strategy: Strategy
    p10: Floats
    """The bill up to the end of each day that one class in ten stays below, (days,)."""
    p50: Floats
    p90: Floats
    expected: Floats
    """The mean of all classes, (days,)."""
    bills: Floats
    """What each drawn class costs in all, rising, (draws,)."""
    people: Floats
    """What people cost who are there all the time, by hundredths of the class, the cheapest first, (100,)."""
    rate: int
    """The average prompts a day of the class as known, as a whole number, 1 at least."""
    doubled: float | None
    """What sending twice as many as `rate` costs against sending `rate`; None where nobody sends so many, or where it costs nothing."""

    @property
    def top_cost(self) -> float:
        """What each of the dearest hundredth of people costs."""
        return float(self.people[-1])

    @property
    def top_share(self) -> float:
        """Which share of the bill the dearest hundredth of people takes."""
        total = float(self.people.sum())
        return self.top_cost / total if total else 0.0

    def chance_over(self, budget: float) -> float:
        """Return the share of classes that cost more than a budget."""
        return float((self.bills > budget).mean())

    def bill(self, share: float) -> float:
        """Return the bill that this share of the classes stays below."""
        return float(np.quantile(self.bills, share))


@dataclass(frozen=True, slots=True)
class Forecast:
    """The same classes under the chosen strategy and with the full history."""

    chosen: Band
    full: Band


@dataclass(frozen=True, slots=True)
class Cohort:
    """People who are there on the same days."""

    people: float
    there: Floats
    """Who joins: the share of them that joins on each day, (days,). Who leaves: the share that is still there."""
    joins: bool


def monte_carlo(scenario: Scenario, spread: Spread, *, draws: int = DRAWS, seed: int = SEED) -> Forecast:
    """Return the bands of so many drawn classes; the same for the same seed."""
    drawn = Drawn(scenario, spread, draws, seed)
    chosen = _band(drawn, scenario.policy.strategy)
    return Forecast(chosen, chosen if chosen.strategy == "full" else _band(drawn, "full"))


class Drawn:
    """Classes that were drawn: how many people of each kind each of them has. Any number of policies can be put to the same classes."""

    def __init__(self, scenario: Scenario, spread: Spread, draws: int, seed: int) -> None:
        self.scenario, self.spread = scenario, spread
        self.cohorts = cohorts(scenario)
        self.rates = rate_grid(scenario, spread)
        self.lengths, each = length_nodes(spread.lengths, _LENGTHS if len(self.cohorts) == 1 else _FEWER_LENGTHS)
        generator = np.random.default_rng(seed)
        shares = self._shares(generator.standard_normal(draws))
        kinds = (shares[:, :, None] * each).reshape(len(shares), -1)
        kinds /= kinds.sum(axis=1, keepdims=True)
        total = sum(cohort.people for cohort in self.cohorts)
        self.times = max(1.0, total / _MOST_DRAWN)
        """What the drawn people are multiplied with."""
        sizes = [np.floor(cohort.people / self.times + generator.random(draws)).astype(np.int64) for cohort in self.cohorts]
        self.counts = np.concatenate([generator.multinomial(size, kinds) for size in sizes], axis=1).astype(np.float64)
        """People by draw and kind; the kinds are every rate by every length, for each cohort, (draws, kinds)."""
        self.expected = np.concatenate([cohort.people / self.times * kinds.mean(axis=0) for cohort in self.cohorts])
        """People of each kind that a class has on average."""

    def _shares(self, normal: Floats) -> Floats:
        """Return which share of a class has each rate: one row for all classes, or one for each where their average is in doubt."""
        mean, doubt = self.scenario.prompts_per_day, self.spread.doubt
        if doubt < ALIKE:
            return rate_shares(self.rates, [mean], self.spread.rates)
        means = np.minimum(mean * np.exp(doubt * normal - doubt**2 / 2), MOST_MEAN)
        nodes = np.geomspace(means.min(), means.max(), _MEANS)
        table = rate_shares(self.rates, nodes, self.spread.rates)
        below = np.clip(np.searchsorted(nodes, means, side="right") - 1, 0, _MEANS - 2)
        part = ((means - nodes[below]) / (nodes[below + 1] - nodes[below]))[:, None]
        return np.asarray(table[below] * (1 - part) + table[below + 1] * part)

    def table(self, scenario: Scenario, strategy: Strategy, more: Sequence[int] = ()) -> Ages:
        """Return what these kinds of people take by the day since they joined, in a scenario with the same class.

        `more` are rates that are to be in the table beside those of the kinds.
        """
        furthest = np.exp(self.spread.lengths * np.array([-FAR, FAR]))
        fewer = np.asarray([rate for rate in more if rate < self.rates[-1]], dtype=np.int64)
        return ages(scenario, strategy, np.union1d(self.rates, fewer), furthest)

    def costs(self, table: Ages) -> Floats:
        """Return what each kind takes up to the end of each day, (kinds, days)."""
        daily = self._daily(table, self.rates)
        return np.cumsum(np.concatenate([_on_their_days(daily, cohort) for cohort in self.cohorts]), axis=1)

    def totals(self, table: Ages, limit: int | None = None) -> Floats:
        """Return what each kind takes in all, (kinds,), when nobody may send more than `limit` prompts a day."""
        daily = self._daily(table, self.rates if limit is None else np.minimum(self.rates, limit))
        return np.concatenate([daily @ _present(cohort) for cohort in self.cohorts])

    def _daily(self, table: Ages, rates: Places) -> Floats:
        """Return what people of these rates and of every length take by the day since they joined, (rates x lengths, days)."""
        rows, (below, part) = table.daily[table.places(rates)], table.between(self.lengths)
        above = np.minimum(below + 1, len(table.lengths) - 1)
        daily = rows[:, below] * (1 - part)[:, None] + rows[:, above] * part[:, None]
        return np.asarray(daily.reshape(-1, daily.shape[-1]) * self.times)


def cohorts(scenario: Scenario) -> Sequence[Cohort]:
    """Return who is there when: those of the first day, and a few groups of those who join later or leave early."""
    there = people(scenario)
    if abs(there[-1] - there[0]) < _NOBODY:
        return [Cohort(float(there[0]), np.ones(scenario.days), joins=False)]
    if scenario.growth > 0:
        late = joins(scenario)
        late[0] = 0.0
        return [Cohort(float(there[0]), np.ones(scenario.days), joins=False), *(_joined(late, days) for days in _parts(late))]
    gone = -np.diff(there, prepend=there[0])
    return [Cohort(float(there[-1]), np.ones(scenario.days), joins=False), *(_left(gone, days) for days in _parts(gone))]


def _parts(moved: Floats) -> list[slice]:
    """Return the days after the first in a few parts of as many people each."""
    sums = np.cumsum(moved)
    inner = [int(np.searchsorted(sums, sums[-1] * part / _COHORTS)) + 1 for part in range(1, _COHORTS)]
    edges = sorted({1, *inner, len(moved)})
    return [slice(low, high) for low, high in pairwise(edges)]


def _joined(late: Floats, days: slice) -> Cohort:
    on = np.zeros_like(late)
    on[days] = late[days]
    return Cohort(float(on.sum()), on / on.sum(), joins=True)


def _left(gone: Floats, days: slice) -> Cohort:
    on = np.zeros_like(gone)
    on[days] = gone[days]
    return Cohort(float(on.sum()), 1 - np.cumsum(on) / on.sum(), joins=False)


def _on_their_days(daily: Floats, cohort: Cohort) -> Floats:
    """Return what kinds of people take on each calendar day, given what they take by the day since they joined, both (kinds, days)."""
    if not cohort.joins:
        return daily * cohort.there
    return by_calendar(*since_joining(cohort.there, daily), daily.shape[1])


def _present(cohort: Cohort) -> Floats:
    """Return which share of a cohort is there on each day since they joined, (days,)."""
    return np.cumsum(cohort.there)[::-1] if cohort.joins else cohort.there


def _band(drawn: Drawn, strategy: Strategy) -> Band:
    rate = max(1, round(drawn.scenario.prompts_per_day))
    table = drawn.table(drawn.scenario, strategy, [rate, 2 * rate])
    costs = drawn.costs(table)
    bills = np.sort(costs.T @ drawn.counts.T, axis=1)
    low, middle, high = (_quantile(bills, share) for share in (0.1, 0.5, 0.9))
    return Band(strategy, low, middle, high, drawn.expected @ costs, bills[-1], _ranked(drawn, table), rate, _doubled(drawn, table, rate))


def _doubled(drawn: Drawn, table: Ages, rate: int) -> float | None:
    """Return what somebody costs who sends twice `rate` prompts a day, against somebody who sends `rate`, at the average length."""
    if 2 * rate > drawn.rates[-1]:
        return None
    below, part = table.between(np.ones(2))
    once, twice = _across(table.daily[table.places(np.array([rate, 2 * rate]))].sum(axis=2), below, part)
    return float(twice / once) if once > 0 else None


def _quantile(rising: Floats, share: float) -> Floats:
    """Return the quantile of each row of numbers that rise, (rows,)."""
    place = share * (rising.shape[1] - 1)
    low = int(place)
    high = min(low + 1, rising.shape[1] - 1)
    return np.asarray(rising[:, low] + (place - low) * (rising[:, high] - rising[:, low]))


def _ranked(drawn: Drawn, table: Ages) -> Floats:
    """Return the mean cost of each hundredth of the people who are there all the time, the cheapest first.

    Somebody between two whole rates sends the lower or the higher one, as in `simulation.population`, and counts partly for either.
    """
    spread, mean, top = drawn.spread, drawn.scenario.prompts_per_day, float(drawn.rates[-1])
    first, second = _lattice()
    rates, lengths = np.full(_RANKED, min(mean, top)), np.exp(spread.lengths * second)
    if spread.rates > ALIKE:
        rates = np.minimum(medians([mean], spread.rates, top) * np.exp(spread.rates * first), top)
    below, part = table.between(lengths / lengths.mean())
    totals, whole = _whole_rates(table, int(top)), np.floor(rates).astype(np.int64)
    costs = np.concatenate([_across(totals[np.minimum(whole + step, int(top))], below, part) for step in (0, 1)])
    return _hundredths(costs, np.concatenate([1 - (rates - whole), rates - whole]))


def _whole_rates(table: Ages, top: int) -> Floats:
    """Return what people take in all by whole rate, from 0 to `top`, and by length, (rates, lengths)."""
    totals = table.daily.sum(axis=2)
    below, part = between(table.rates.astype(np.float64), np.arange(top + 1, dtype=np.float64))
    above = np.minimum(below + 1, len(totals) - 1)
    return np.asarray(totals[below] * (1 - part)[:, None] + totals[above] * part[:, None])


def _hundredths(costs: Floats, weights: Floats) -> Floats:
    """Return the mean of each of so many parts of equal weight of numbers, the smallest first."""
    order = np.argsort(costs)
    rising, much = costs[order], weights[order]
    until, spent = (np.concatenate([[0.0], np.cumsum(each)]) for each in (much, rising * much))
    ends = np.linspace(0.0, until[-1], PARTS + 1)
    return np.asarray(np.maximum(np.diff(np.interp(ends, until, spent)), 0.0) * (PARTS / until[-1]))


def _across(rows: Floats, below: NDArray[np.intp], part: Floats) -> Floats:
    """Return from each row of costs by length the cost at a person's own length."""
    person = np.arange(len(rows))
    found: Floats = rows[person, below] * (1 - part) + rows[person, np.minimum(below + 1, rows.shape[1] - 1)] * part
    return found


@lru_cache(maxsize=1)
def _lattice() -> tuple[Floats, Floats]:
    """Return pairs of independent standard normals, every quantile of either once, spread evenly."""
    normal = normal_quantiles(_RANKED)
    return normal, normal[np.arange(_RANKED) * round(_RANKED * _GOLDEN) % _RANKED]
