"""Ten thousand people at once are each of them alone: the population is held to a replay of its people, message by message."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.memory.policy import STRATEGIES, MemoryPolicy, Strategy
from simulation.ages import ages, by_calendar, since_joining
from simulation.curves import by_age, curves, people, turns_of
from simulation.exact import exact
from simulation.population import MOST_PEOPLE, Population, daily, draw, per_person
from simulation.scenario import Conversation, Scenario
from simulation.spread import Spread
from tests.simulation.scenarios import flash, scenarios

HALF_PERCENT = 0.005
IN_SUM = 0.001
FIRST_HIT = 1024 * (0.3 - 0.03) * 1e-6
"""What the smallest beginning that the cache keeps saves, in dollars: by so much a threshold may move a person's cost."""
ALIKE = Spread(rates=0, lengths=0)


def replayed(scenario: Scenario, strategy: Strategy, population: Population, place: int) -> float:
    """Return what one person of a population costs by the replay, message by message."""
    rate, scale = int(population.rates[place]), float(population.scales[place])
    days = int(population.ends[place] - population.starts[place])
    if rate == 0:
        return 0.0
    mine = scenario.model_copy(update={"policy": scenario.policy.with_strategy(strategy)})
    turns = exact(mine, rate if scenario.reset == "daily" else rate * days, rate=rate, scale=scale)
    return sum(float(turn.cost or 0) for turn in turns) * (days if scenario.reset == "daily" else 1)


def with_whole_tokens(population: Population, tokens: int) -> Population:
    """Return the population with lengths that make whole tokens of prompts and replies of so many, as a replay needs them."""
    scales = np.maximum(np.rint(population.scales * tokens), 1) / tokens
    return Population(population.rates, scales, population.starts, population.ends)


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("growth", [0.0, 1.5, -0.6])
def test_two_hundred_people_are_replayed_message_by_message(strategy: Strategy, growth: float) -> None:
    talk = Conversation(prompt_tokens=400, reply_tokens=400, tool_rounds=0.4)
    scenario = Scenario(users=10_000, days=10, prompts_per_day=6, conversation=talk, rates=flash(), growth=growth)
    whole = with_whole_tokens(draw(scenario, Spread(), 7), 400)
    some = np.random.default_rng(1).choice(len(whole), 200, replace=False)
    found = per_person(scenario, whole, [strategy])[strategy][some]
    truth = np.array([replayed(scenario, strategy, whole, place) for place in some.tolist()])
    assert (np.abs(found - truth) <= HALF_PERCENT * truth + FIRST_HIT).all()
    assert found.sum() == pytest.approx(truth.sum(), rel=IN_SUM)


@settings(deadline=None, max_examples=60)
@given(scenarios, st.integers(0, 5), st.sampled_from([0.0, 0.3, 0.8]), st.floats(-0.5, 2))
def test_under_every_rule_the_people_add_up_to_the_class(scenario: Scenario, seed: int, sigma: float, growth: float) -> None:
    scenario = scenario.model_copy(update={"growth": growth})
    population = draw(scenario, Spread(rates=sigma, lengths=sigma), seed)
    by_day, by_person = daily(scenario, population), per_person(scenario, population)
    for strategy in STRATEGIES:
        assert by_day[strategy].shape == (scenario.days,)
        assert by_day[strategy].sum() == pytest.approx(by_person[strategy].sum(), rel=1e-9, abs=1e-12)
        assert (by_person[strategy] >= 0).all()


@settings(deadline=None, max_examples=60)
@given(scenarios, st.integers(0, 99))
def test_under_every_rule_each_person_is_the_replayed_one(scenario: Scenario, seed: int) -> None:
    """Where messages are of one length nothing is interpolated: then every threshold is met to the token."""
    population = draw(scenario.model_copy(update={"users": 3}), Spread(lengths=0), seed)
    strategy = scenario.policy.strategy
    found = per_person(scenario, population, [strategy])[strategy]
    truth = [replayed(scenario, strategy, population, place) for place in range(len(population))]
    np.testing.assert_allclose(found, truth, rtol=1e-4, atol=1e-9)


@settings(deadline=None, max_examples=40)
@given(scenarios, st.lists(st.integers(0, 30), min_size=1, max_size=5), st.floats(0.2, 1), st.floats(1, 4))
def test_the_table_is_each_rates_own_days(scenario: Scenario, rates: list[int], low: float, high: float) -> None:
    table = ages(scenario, "window", np.array(rates), [low, high])
    for place, rate in enumerate(table.rates.tolist()):
        turns = turns_of(scenario, "window", max(rate, 1), scale=table.lengths)
        np.testing.assert_allclose(table.daily[place], by_age(turns.dollars, turns.cold_dollars, rate, scenario), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_thresholds_are_found(strategy: Strategy) -> None:
    """A token budget makes a cost jump at certain lengths: nineteen of twenty people are still within half a percent."""
    policy = MemoryPolicy(max_context_tokens=6_000)
    talk = Conversation(prompt_tokens=300, reply_tokens=300)
    scenario = Scenario(users=100, days=20, prompts_per_day=5, conversation=talk, rates=flash(), policy=policy)
    whole = with_whole_tokens(draw(scenario, Spread(rates=0, lengths=0.5), 3), 300)
    found = per_person(scenario, whole, [strategy])[strategy]
    truth = np.array([replayed(scenario, strategy, whole, place) for place in range(len(whole))])
    off = np.abs(found - truth) / truth
    assert (off > HALF_PERCENT).mean() <= 0.05
    assert found.sum() == pytest.approx(truth.sum(), rel=IN_SUM)


@pytest.mark.parametrize("growth", [0.0, 0.7, -0.4])
def test_people_who_are_all_alike_are_the_class_curve(growth: float) -> None:
    scenario = Scenario(users=100_000, days=40, rates=flash(), growth=growth)
    found, expected = daily(scenario, draw(scenario, ALIKE, 1)), curves(scenario)
    for strategy in STRATEGIES:
        np.testing.assert_allclose(found[strategy], expected[strategy].daily, rtol=1e-3)


@pytest.mark.parametrize("growth", [0.0, 0.7, -0.4])
def test_as_many_people_are_there_as_the_class_has(growth: float) -> None:
    scenario = Scenario(users=1000, days=60, rates=flash(), growth=growth)
    drawn = draw(scenario, Spread(), 5)
    there = [((drawn.starts <= day) & (day < drawn.ends)).sum() for day in range(60)]
    np.testing.assert_array_equal(there, np.rint(people(scenario)))


def test_drawn_people_have_the_class_averages() -> None:
    scenario = Scenario(users=200_000, prompts_per_day=8.3, rates=flash())
    drawn = draw(scenario, Spread(rates=0.8, lengths=0.4), 2)
    assert drawn.rates.mean() == pytest.approx(8.3, rel=0.01)
    assert drawn.scales.mean() == pytest.approx(1, rel=0.01)
    assert np.log(drawn.scales).std() == pytest.approx(0.4, rel=0.01)


def test_the_same_seed_draws_and_costs_the_same() -> None:
    scenario = Scenario(users=500, days=50, rates=flash(), growth=0.3)
    one, other = (daily(scenario, draw(scenario, Spread(), 11)) for _ in range(2))
    another = daily(scenario, draw(scenario, Spread(), 12))
    for strategy in STRATEGIES:
        np.testing.assert_array_equal(one[strategy], other[strategy])
        assert (one[strategy] != another[strategy]).any()


def test_a_class_beyond_all_bounds_is_refused() -> None:
    with pytest.raises(ValueError, match=f"at most {MOST_PEOPLE:,}"):
        draw(Scenario(users=1_000_000, days=730, growth=5, rates=flash()), Spread(), 1)


@given(st.integers(1, 70), st.integers(1, 4), st.integers(0, 1000))
def test_what_is_taken_by_the_day_since_joining_is_laid_out_over_the_calendar(days: int, kinds: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    joined, taken = generator.random((kinds, days)) * 1e4, generator.random((kinds, days)) * generator.integers(0, 2, (kinds, 1))
    expected = [sum((joined[:, day - age] * taken[:, age]).sum() for age in range(day + 1)) for day in range(days)]
    transformed, size = since_joining(joined, taken)
    found = by_calendar(transformed.sum(axis=0), size, days)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)
    assert (found >= 0).all()
