"""People who differ still have the class's average: types and nodes keep the mean rate and the mean length exactly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.scenario import Scenario
from simulation.spread import MOST_RATE, Spread, length_nodes, medians, normal_quantiles, rate_grid, rate_shares, types
from tests.simulation.scenarios import flash

spreads = st.builds(Spread, rates=st.floats(0, 1.5), lengths=st.floats(0, 1), doubt=st.floats(0, 1))


def class_of(prompts_per_day: float) -> Scenario:
    return Scenario(rates=flash(), prompts_per_day=prompts_per_day)


@settings(deadline=None)
@given(st.floats(0.1, 200), spreads)
def test_types_keep_the_averages(prompts_per_day: float, spread: Spread) -> None:
    found = types(class_of(prompts_per_day), spread)
    assert found.weights.sum() == pytest.approx(1, abs=1e-7)
    assert (found.weights > 0).all()
    assert found.weights @ found.rates == pytest.approx(prompts_per_day, rel=1e-7)
    assert found.weights @ found.scales == pytest.approx(1, rel=1e-7)
    assert 0 <= found.rates.min() <= found.rates.max() <= MOST_RATE
    assert len(np.unique(found.rates)) < 60


@settings(deadline=None)
@given(st.floats(0.1, 100), spreads)
def test_every_class_that_may_come_keeps_its_own_average(prompts_per_day: float, spread: Spread) -> None:
    grid = rate_grid(class_of(prompts_per_day), spread)
    means = prompts_per_day * np.exp(spread.doubt * np.array([-1.0, 0.0, 1.0]))
    shares = rate_shares(grid, means, spread.rates)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    np.testing.assert_allclose(shares @ grid, np.minimum(means, grid[-1]), rtol=1e-6)


def test_all_alike_are_one_type() -> None:
    found = types(class_of(10), Spread(rates=0, lengths=0))
    assert (found.rates.tolist(), found.scales.tolist(), found.weights.tolist()) == ([10], [1.0], [1.0])


def test_all_alike_with_half_a_prompt_are_two_types() -> None:
    found = types(class_of(10.5), Spread(rates=0, lengths=0))
    assert (found.rates.tolist(), found.weights.tolist()) == ([10, 11], [0.5, 0.5])


def test_types_differ_as_much_as_the_people_they_stand_for() -> None:
    """The share of people in each tail, and the mean square, which costs grow with, are the lognormal's own."""
    spread = Spread(rates=0.6, lengths=0.5)
    found = types(class_of(20), spread)
    people = 20 * np.exp(0.6 * normal_quantiles(200_000) - 0.18)
    lengths = np.exp(0.5 * normal_quantiles(200_000) - 0.125)
    assert found.weights @ found.rates**2 == pytest.approx((people**2).mean(), rel=0.005)
    assert found.weights @ found.scales**2 == pytest.approx((lengths**2).mean(), rel=0.005)
    assert found.weights[found.rates > 40].sum() == pytest.approx((people > 40).mean(), abs=0.01)


def test_whoever_would_send_too_many_sends_the_most_allowed() -> None:
    found = types(class_of(200), Spread(rates=1.2, lengths=0))
    assert found.rates.max() == MOST_RATE
    assert found.weights[found.rates == MOST_RATE][0] > 0.05


@given(st.floats(0.1, 1.5), st.floats(1, 300))
def test_the_median_is_that_of_the_cut_off_lognormal(sigma: float, mean: float) -> None:
    median = float(medians([mean], sigma, MOST_RATE)[0])
    people = np.minimum(median * np.exp(sigma * normal_quantiles(20_000)), MOST_RATE)
    assert people.mean() == pytest.approx(mean, rel=0.01)


def test_lengths_are_told_apart_by_a_few_nodes() -> None:
    factors, shares = length_nodes(0.4, 5)
    assert len(factors) == 5
    assert (np.diff(factors) > 0).all()
    assert shares @ factors == pytest.approx(1)
    assert shares @ factors**2 == pytest.approx(np.exp(0.16), rel=1e-3)
