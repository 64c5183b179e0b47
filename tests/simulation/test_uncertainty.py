"""The band is what drawn classes cost: held to the curve, to its own expectation, and to classes drawn person by person."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.memory.policy import MemoryPolicy
from agent.pricing import RateTier
from simulation.curves import curves, people
from simulation.population import draw, per_person
from simulation.rates import Rates
from simulation.scenario import Scenario
from simulation.spread import Spread
from simulation.uncertainty import Band, Drawn, Forecast, cohorts, monte_carlo
from tests.simulation.scenarios import flash, scenarios

ALIKE = Spread(rates=0, lengths=0)


def bands(forecast: Forecast) -> tuple[Band, Band]:
    return forecast.chosen, forecast.full


@settings(deadline=None, max_examples=40)
@given(scenarios, st.floats(-0.5, 2))
def test_people_who_are_all_alike_leave_a_line(scenario: Scenario, growth: float) -> None:
    scenario = scenario.model_copy(update={"growth": growth, "users": 1_000_000})
    expected = curves(scenario)
    for band in bands(monte_carlo(scenario, ALIKE, draws=20)):
        line = expected[band.strategy].cumulative
        for curve in (band.p10, band.p50, band.p90, band.expected):
            np.testing.assert_allclose(curve, line, rtol=1e-4)
        np.testing.assert_allclose(band.bills, line[-1], rtol=1e-4)
        assert band.top_share == pytest.approx(0.01)


@settings(deadline=None, max_examples=30)
@given(scenarios, st.floats(-0.5, 2), st.floats(0, 1), st.floats(0, 0.5))
def test_the_mean_is_the_expectation(scenario: Scenario, growth: float, rates: float, doubt: float) -> None:
    scenario = scenario.model_copy(update={"growth": growth})
    for band in bands(monte_carlo(scenario, Spread(rates=rates, lengths=0.3, doubt=doubt))):
        error = band.bills.std() / np.sqrt(len(band.bills))
        assert abs(band.bills.mean() - band.expected[-1]) <= 5 * error + 1e-3 * band.expected[-1]
        assert (band.p10 <= band.p50).all()
        assert (band.p50 <= band.p90).all()
        assert (np.diff(band.p50) >= -1e-12).all()
        np.testing.assert_allclose(band.bill(0.5), band.p50[-1])


@pytest.mark.parametrize("growth", [0.0, 1.5, -0.6])
def test_the_quantiles_are_those_of_classes_drawn_person_by_person(growth: float) -> None:
    scenario = Scenario(users=12, days=20, prompts_per_day=6, rates=flash(), growth=growth)
    spread = Spread(rates=0.6, lengths=0.4)
    forecast = monte_carlo(scenario, spread)
    classes = [per_person(scenario, draw(scenario, spread, seed), ["window", "full"]) for seed in range(600)]
    for band in bands(forecast):
        bills = np.array([each[band.strategy].sum() for each in classes])
        assert band.bills.mean() == pytest.approx(bills.mean(), rel=0.05)
        assert band.bills.std() == pytest.approx(bills.std(), rel=0.3)
        for share in (0.1, 0.5, 0.9):
            assert band.bill(share) == pytest.approx(np.quantile(bills, share), rel=0.06)


def test_the_dearest_hundredth_is_that_of_people_drawn_one_by_one() -> None:
    scenario = Scenario(users=400_000, days=30, rates=flash())
    spread = Spread(rates=0.6, lengths=0.4)
    costs = per_person(scenario, draw(scenario, spread, 1), ["window", "full"])
    for band in bands(monte_carlo(scenario, spread, draws=10)):
        ranked = np.sort(costs[band.strategy])
        assert band.top_cost == pytest.approx(ranked[-4000:].mean(), rel=0.05)
        assert band.top_share == pytest.approx(ranked[-4000:].sum() / ranked.sum(), rel=0.05)
        np.testing.assert_allclose(band.people[[25, 50, 75]], ranked.reshape(100, -1).mean(axis=1)[[25, 50, 75]], rtol=0.03)


@pytest.mark.parametrize("prompts", [0.1, 0.5, 1.0, 2.5, 30.0])
@pytest.mark.parametrize("rates", [0.0, 0.6])
def test_the_dearest_hundredth_sends_whole_prompts(prompts: float, rates: float) -> None:
    """Nobody sends a tenth of a prompt a day: one in ten sends one, and costs ten times the average or more."""
    scenario = Scenario(users=400_000, days=30, prompts_per_day=prompts, rates=flash())
    spread = Spread(rates=rates, lengths=0.4)
    costs = per_person(scenario, draw(scenario, spread, 1), ["window", "full"])
    for band in bands(monte_carlo(scenario, spread, draws=10)):
        parts = np.sort(costs[band.strategy]).reshape(100, -1).mean(axis=1)
        assert band.top_cost == pytest.approx(parts[-1], rel=0.03)
        assert band.people.mean() == pytest.approx(parts.mean(), rel=0.02)
        np.testing.assert_allclose(band.people, parts, rtol=0.05, atol=0.03 * parts.max())
        assert (np.diff(band.people) >= -1e-9 * band.top_cost).all()


@pytest.mark.parametrize("reset", ["never", "daily"])
@pytest.mark.parametrize("prompts", [0.4, 3.0, 10.0, 30.0])
def test_who_sends_twice_as_many_costs_what_such_a_class_costs(prompts: float, reset: str) -> None:
    scenario = Scenario(users=1, days=40, prompts_per_day=prompts, rates=flash()).model_copy(update={"reset": reset})
    for band in bands(monte_carlo(scenario, Spread(rates=0.9, lengths=0.4), draws=5)):
        assert band.rate == max(1, round(prompts))
        once, twice = (curves(scenario.model_copy(update={"prompts_per_day": float(times * band.rate)})) for times in (1, 2))
        assert band.doubled == pytest.approx(twice[band.strategy].total / once[band.strategy].total, rel=2e-3)


def test_nobody_sends_twice_as_many_where_all_are_alike_and_nothing_is_divided_where_all_is_free() -> None:
    assert monte_carlo(Scenario(rates=flash()), ALIKE, draws=5).full.doubled is None
    free = Rates("free", (RateTier(0, Decimal(0), Decimal(0), Decimal(0)),))
    assert monte_carlo(Scenario(rates=free), Spread(), draws=5).full.doubled is None


def test_a_larger_class_is_relatively_surer() -> None:
    small, large = (monte_carlo(Scenario(users=users, rates=flash()), Spread()).chosen for users in (20, 2000))
    width = [(band.p90[-1] - band.p10[-1]) / band.p50[-1] for band in (small, large)]
    assert width[1] == pytest.approx(width[0] / 10, rel=0.25)


def test_a_larger_class_is_no_surer_when_its_average_is_in_doubt() -> None:
    small, large = (monte_carlo(Scenario(users=users, rates=flash()), Spread(doubt=0.5)).chosen for users in (2000, 200_000))
    width = [(band.p90[-1] - band.p10[-1]) / band.p50[-1] for band in (small, large)]
    assert width[1] == pytest.approx(width[0], rel=0.05)


def test_the_chance_to_exceed_a_budget() -> None:
    band = monte_carlo(Scenario(users=30, rates=flash()), Spread()).chosen
    for share in (0.1, 0.5, 0.95):
        assert band.chance_over(band.bill(share)) == pytest.approx(1 - share, abs=0.001)
    assert band.chance_over(0.0) == 1.0
    assert band.chance_over(1e9) == 0.0


def test_the_same_seed_gives_the_same_band() -> None:
    scenario = Scenario(users=300, days=60, growth=0.2, rates=flash())
    one, other, another = (monte_carlo(scenario, Spread(doubt=0.2), seed=seed) for seed in (1, 1, 2))
    for band, same, different in zip(bands(one), bands(other), bands(another), strict=True):
        for field in ("p10", "p50", "p90", "expected", "bills", "people"):
            np.testing.assert_array_equal(getattr(band, field), getattr(same, field))
        assert (band.bills != different.bills).any()


def test_the_full_history_is_worked_out_once_when_it_is_chosen() -> None:
    found = monte_carlo(Scenario(rates=flash(), policy=MemoryPolicy(strategy="full")), Spread(), draws=50)
    assert found.chosen is found.full


def test_more_unequal_people_cost_more_with_the_full_history_but_not_with_a_window() -> None:
    """The full history's cost grows with the square of what somebody sends: who sends twice as much costs four times as much."""
    scenario = Scenario(users=1000, rates=flash(), days=60)
    alike, unequal = (monte_carlo(scenario, spread) for spread in (ALIKE, Spread(rates=0.8, lengths=0)))
    assert unequal.full.expected[-1] > 1.5 * alike.full.expected[-1]
    assert unequal.chosen.expected[-1] == pytest.approx(alike.chosen.expected[-1], rel=0.05)


@pytest.mark.parametrize("growth", [0.0, 0.5, -0.5])
@pytest.mark.parametrize("days", [1, 2, 30])
def test_cohorts_are_the_class(growth: float, days: int) -> None:
    scenario = Scenario(users=100, days=days, growth=growth, rates=flash())
    there = sum(cohort.people * (np.cumsum(cohort.there) if cohort.joins else cohort.there) for cohort in cohorts(scenario))
    np.testing.assert_allclose(there, people(scenario))


@pytest.mark.parametrize("growth", [5.0, -0.9])
def test_enormous_classes_are_drawn_too(growth: float) -> None:
    scenario = Scenario(users=1_000_000, days=730, prompts_per_day=2, growth=growth, rates=flash())
    drawn = Drawn(scenario, Spread(rates=0.3), 10, 1)
    assert drawn.counts.sum() * drawn.times == pytest.approx(10 * sum(cohort.people for cohort in cohorts(scenario)), rel=1e-3)
