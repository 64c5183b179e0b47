"""How the people of a class differ: how many prompts they send a day, how long their messages are, how sure we are of the average.

Everybody's rate and length are lognormal, independent of each other, with the scenario's averages as their means: most people are below
the average and a few far above it. A spread can be drawn from (`simulation.population`) or cut into types, whole rates by lengths with
the share of people each stands for, whose mean rate and mean length are exactly the scenario's (`simulation.uncertainty`).
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike
from pydantic import BaseModel, ConfigDict, Field

from simulation.chat import Floats, Places
from simulation.scenario import Scenario

MOST_RATE = 500
"""Who would send more prompts a day is taken to send this many; the others then send a little more, so that the mean is kept."""
MOST_MEAN = 0.8 * MOST_RATE
"""A class's average of prompts a day, however much in doubt."""
FAR = 4.0
"""Standard deviations at which a tail is cut off: three people in 100,000 are beyond."""
_ONE_BY_ONE = 16
_STEP = 1.1
"""Rates are told apart one by one up to 16 a day, from there by a tenth: what a square law between two of them errs by is 0.2%."""
ALIKE = 1e-6
"""People who differ less are all alike."""
_NOBODY = 1e-9
"""The share of a class, and of its prompts, below which a kind of people is left out."""
_ERF = np.frompyfunc(math.erf, 1, 1)
_INVERSE = np.frompyfunc(NormalDist().inv_cdf, 1, 1)


class Spread(BaseModel):
    """How people differ. 0 is not at all, 0.6 usual for people who use something freely, 1.2 a class with a few who never stop."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rates: float = Field(default=0.6, ge=0, le=1.5)
    """The standard deviation of the logarithm of the prompts a day."""
    lengths: float = Field(default=0.3, ge=0, le=1.0)
    """The same of the tokens of prompts and replies."""
    doubt: float = Field(default=0.0, ge=0, le=1.0)
    """The same of the class's average of prompts a day, which we do not know before the class has begun: one draw for a whole class."""


@dataclass(frozen=True, slots=True)
class Types:
    """Kinds of people, and how many of a class are of each kind."""

    rates: Places
    """Prompts a day, (types,)."""
    scales: Floats
    """What tokens of prompts and replies are multiplied with, (types,)."""
    weights: Floats
    """Shares that add up to 1, (types,)."""


def types(scenario: Scenario, spread: Spread, lengths: int = 5) -> Types:
    """Return the kinds of people in a class of the scenario's average, with so many lengths told apart."""
    grid = rate_grid(scenario, spread)
    shares = rate_shares(grid, [scenario.prompts_per_day], spread.rates)[0]
    used = np.maximum(shares, shares * grid / scenario.prompts_per_day) > _NOBODY
    scales, each = length_nodes(spread.lengths, lengths)
    rates = grid[used]
    return Types(np.repeat(rates, len(scales)), np.tile(scales, len(rates)), np.outer(shares[used], each).ravel())


def rate_grid(scenario: Scenario, spread: Spread) -> Places:
    """Return the whole rates that people are told apart by, from 0 to the greatest, whatever the class's average turns out to be."""
    mean = scenario.prompts_per_day
    low, high = (min(mean * math.exp(sign * FAR * spread.doubt), MOST_MEAN) for sign in (-1, 1))
    if spread.rates < ALIKE:
        low, top = math.floor(low), math.ceil(high)
    else:
        low, top = 0, max(math.ceil(min(high * math.exp(FAR * spread.rates), MOST_RATE)), math.ceil(high))
    ones = np.arange(low, min(top, max(_ONE_BY_ONE, low + 1)) + 1)
    steps = max(0, math.ceil(math.log(top / max(ones[-1], 1)) / math.log(_STEP)))
    if steps == 0:
        return ones.astype(np.int64)
    return np.unique(np.concatenate([ones, np.rint(np.geomspace(ones[-1], top, steps + 1))])).astype(np.int64)


def rate_shares(grid: Places, means: ArrayLike, sigma: float) -> Floats:
    """Return for classes of these mean rates which share of the people has each rate of the grid, shape (means, rates).

    Somebody between two rates of the grid counts partly for either, so that each class's mean is kept exactly.
    """
    wanted = np.minimum(np.asarray(means, dtype=np.float64), float(grid[-1]))
    if len(grid) == 1:
        return np.ones((len(wanted), 1))
    beyond = _beyond(grid.astype(np.float64), wanted, sigma)
    slope = np.diff(beyond, axis=1) / np.diff(grid)
    slope = np.concatenate([np.full((len(wanted), 1), -1.0), slope, np.zeros((len(wanted), 1))], axis=1)
    return np.maximum(np.diff(slope, axis=1), 0.0)


def length_nodes(sigma: float, count: int) -> tuple[Floats, Floats]:
    """Return factors of the tokens of a message, with the mean 1, and the share of people who have each (Gauss-Hermite)."""
    if sigma < ALIKE:
        return np.ones(1), np.ones(1)
    places, shares = np.polynomial.hermite_e.hermegauss(count)
    shares = shares / shares.sum()
    factors = np.exp(sigma * places)
    return factors / (shares @ factors), shares


def medians(means: ArrayLike, sigma: float, top: float) -> Floats:
    """Return the medians of lognormals that have these means when what is above `top` counts as `top`."""
    wanted = np.minimum(np.asarray(means, dtype=np.float64), top)
    low, high = np.log(wanted) - sigma**2 / 2 - 1.0, np.full_like(wanted, math.log(top) + 12 * max(sigma, 0.1))
    for _ in range(60):
        middle = (low + high) / 2
        less = _mean_below(np.exp(middle), np.asarray(top), sigma) < wanted
        low, high = np.where(less, middle, low), np.where(less, high, middle)
    return np.exp((low + high) / 2)


def _beyond(grid: Floats, means: Floats, sigma: float) -> Floats:
    """Return by how much people exceed each rate of the grid on average, (means, rates); the last rate is exceeded by nobody."""
    if sigma < ALIKE:
        return np.maximum(means[:, None] - grid, 0.0)
    median = medians(means, sigma, grid[-1])[:, None]
    below = _mean_below(median, grid[None], sigma)
    return np.where(grid < grid[-1], np.maximum(means[:, None] - below, 0.0), 0.0)


def _mean_below(median: Floats, limit: Floats, sigma: float) -> Floats:
    """Return the mean of min(rate, limit) for lognormal rates."""
    with np.errstate(divide="ignore"):
        place = (np.log(limit) - np.log(median)) / sigma
    return median * math.exp(sigma**2 / 2) * _normal(place - sigma) + limit * (1 - _normal(place))


def _normal(place: Floats) -> Floats:
    """Return the share of a standard normal below each place."""
    return np.asarray(_ERF(place / math.sqrt(2)), dtype=np.float64) / 2 + 0.5


def normal_quantiles(count: int) -> Floats:
    """Return the middles of so many equally likely parts of a standard normal."""
    return np.asarray(_INVERSE((np.arange(count) + 0.5) / count), dtype=np.float64)
