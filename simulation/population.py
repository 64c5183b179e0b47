"""A class of individuals, each with their own prompts a day, message length and first day: what it costs, day by day and person by person.

Drawn once from a seed, then worked out without another random number, and without a loop over people: whoever has the same rate, or
lies between the same two lengths, is counted together (`simulation.ages`), and those who join later are shifted by their first day.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.memory.policy import STRATEGIES, Strategy
from simulation.ages import Ages, ages, by_calendar, since_joining
from simulation.chat import Floats, Places
from simulation.curves import joins, people
from simulation.scenario import Scenario
from simulation.spread import ALIKE, Spread, medians, rate_grid

MOST_PEOPLE = 2_000_000
"""A class that grows beyond this is not drawn person by person."""


@dataclass(frozen=True, slots=True)
class Population:
    """Everybody who is in a class at some time, one entry each."""

    rates: Places
    """Whole prompts a day."""
    scales: Floats
    """What the tokens of prompts and replies are multiplied with."""
    starts: Places
    """The day they join, counted from 0."""
    ends: Places
    """The day on which they are no longer there; the number of days for those who stay. Only those who leave early began on day 0."""

    def __len__(self) -> int:
        return len(self.rates)


def draw(scenario: Scenario, spread: Spread, seed: int) -> Population:
    """Draw a class of the scenario's size and growth, whose people differ as `spread` says: the same for the same seed.

    Raises ValueError when more than `MOST_PEOPLE` would be in it at some time.
    """
    generator = np.random.default_rng(seed)
    starts, ends = _stays(scenario)
    count = len(starts)
    top = float(rate_grid(scenario, spread)[-1])
    mean = scenario.prompts_per_day * _lognormal(generator.standard_normal(1), spread.doubt)
    rates = np.full(count, min(float(mean[0]), top))
    if spread.rates > ALIKE:
        rates = np.minimum(medians(mean, spread.rates, top) * np.exp(spread.rates * generator.standard_normal(count)), top)
    whole = np.floor(rates + generator.random(count)).astype(np.int64)
    return Population(whole, _lognormal(generator.standard_normal(count), spread.lengths), starts, ends)


def tables(scenario: Scenario, population: Population, strategies: Sequence[Strategy] = STRATEGIES) -> dict[Strategy, Ages]:
    """Return for each strategy what such people take by the day since they joined."""
    return {each: ages(scenario, each, population.rates, population.scales) for each in strategies}


def daily(scenario: Scenario, population: Population, strategies: Sequence[Strategy] = STRATEGIES) -> dict[Strategy, Floats]:
    """Return the dollars that the class takes on each day under each strategy, shape (days,)."""
    return {each: _class_days(table, population) for each, table in tables(scenario, population, strategies).items()}


def per_person(scenario: Scenario, population: Population, strategies: Sequence[Strategy] = STRATEGIES) -> dict[Strategy, Floats]:
    """Return the dollars that each person takes over all their days under each strategy, shape (users,)."""
    return {each: _totals(table, population) for each, table in tables(scenario, population, strategies).items()}


def _totals(table: Ages, population: Population) -> Floats:
    row, (below, share) = table.places(population.rates), table.between(population.scales)
    until = np.concatenate([np.zeros((*table.daily.shape[:2], 1)), np.cumsum(table.daily, axis=2)], axis=2)
    above, spent = np.minimum(below + 1, len(table.lengths) - 1), population.ends - population.starts
    found: Floats = until[row, below, spent] * (1 - share) + until[row, above, spent] * share
    return found


def _class_days(table: Ages, population: Population) -> Floats:
    rates, lengths, days = table.daily.shape
    cells, parts = _cells(table, population)
    rows = table.daily.reshape(rates * lengths, days)
    late = population.starts > 0
    there = _counted(cells[:, ~late], parts[:, ~late], population.ends[~late], rates * lengths, days + 1)
    staying = np.cumsum(there[::-1], axis=0)[::-1][1:]
    found: Floats = np.einsum("ij,ji->i", staying, rows) if there[:-1].any() else there[-1] @ rows
    if late.any():
        joined = _counted(cells[:, late], parts[:, late], population.starts[late], rates * lengths, days)
        transformed, size = since_joining(joined.T, rows)
        found = found + by_calendar(transformed.sum(axis=0), size, days)
    return found


def _cells(table: Ages, population: Population) -> tuple[NDArray[np.intp], Floats]:
    """Return for each person the two cells of the table between which they lie, and how much of them counts to either."""
    row, (below, share) = table.places(population.rates), table.between(population.scales)
    above = np.minimum(below + 1, len(table.lengths) - 1)
    first = row * len(table.lengths)
    return np.stack([first + below, first + above]), np.stack([1 - share, share])


def _counted(cells: NDArray[np.intp], parts: Floats, days: Places, width: int, height: int) -> Floats:
    """Return how many people there are for each day and cell, shape (height, width)."""
    places = (days * width + cells).ravel()
    counted = np.bincount(places, parts.ravel(), minlength=width * height)
    return np.asarray(counted, dtype=np.float64).reshape(height, width)


def _stays(scenario: Scenario) -> tuple[Places, Places]:
    """Return everybody's first day and the day they are gone. Whole people: as many by each day as the class's growth rounds to."""
    days = np.arange(scenario.days + 1)
    if scenario.growth >= 0:
        ever = np.cumsum(joins(scenario))
        if ever[-1] > MOST_PEOPLE:
            raise ValueError(f"The class grows to {ever[-1]:,.0f} people; at most {MOST_PEOPLE:,} are drawn one by one.")
        joined = np.rint(ever).astype(np.int64)
        starts = np.repeat(days[:-1], np.diff(joined, prepend=0))
        return starts, np.full(len(starts), scenario.days)
    there = np.append(np.rint(people(scenario)).astype(np.int64), 0)
    ends = np.repeat(days[1:], -np.diff(there))
    return np.zeros(len(ends), dtype=np.int64), ends


def _lognormal(normal: Floats, sigma: float) -> Floats:
    """Return lognormal numbers of the mean 1."""
    return np.asarray(np.exp(sigma * normal - sigma**2 / 2))
