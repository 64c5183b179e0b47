"""A class is its people: its days add up to what each of them takes, whenever they joined and however often their chat begins anew."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.memory.policy import STRATEGIES, MemoryPolicy
from simulation.chat import Floats
from simulation.curves import by_age, curve, curves, joins, people, person, rate_mix, turns_of
from simulation.exact import exact
from simulation.scenario import Conversation, Scenario
from tests.simulation.scenarios import flash, scenarios


def days_of_one(scenario: Scenario) -> Floats:
    """What one person takes on each day, message by message."""
    rate = round(scenario.prompts_per_day)
    if scenario.reset == "daily":
        day = sum(float(turn.cost or 0) for turn in exact(scenario, rate))
        return np.full(scenario.days, day)
    costs = [float(turn.cost or 0) for turn in exact(scenario, rate * scenario.days)]
    return np.add.reduceat(costs, np.arange(0, len(costs), rate)).astype(np.float64)


@settings(deadline=None, max_examples=60)
@given(scenarios)
def test_a_class_takes_what_its_people_take(scenario: Scenario) -> None:
    found = curve(scenario)
    one = days_of_one(scenario)
    np.testing.assert_allclose(found.daily, scenario.users * one, rtol=1e-5, atol=scenario.users * 1e-6)
    assert found.daily.shape == found.tokens_in.shape == (scenario.days,)
    assert found.total == pytest.approx(found.cumulative[-1])
    assert (found.tokens_cached <= found.tokens_in).all()


@settings(deadline=None, max_examples=40)
@given(scenarios)
def test_one_persons_prompts_add_up_to_their_days(scenario: Scenario) -> None:
    prompts = person(scenario)
    assert prompts.dollars.shape == (prompts.rate * scenario.days,)
    one = scenario.model_copy(update={"users": 1})
    np.testing.assert_allclose(prompts.dollars.reshape(scenario.days, -1).sum(axis=1), curve(one).daily, rtol=1e-9)
    np.testing.assert_allclose(prompts.tokens_cached.sum(), curve(one).tokens_cached.sum(), rtol=1e-9)


def test_every_strategy_has_its_curve() -> None:
    scenario = Scenario(rates=flash(), days=5)
    found = curves(scenario)
    assert list(found) == list(STRATEGIES)
    for strategy, each in found.items():
        alone = curve(scenario.model_copy(update={"policy": scenario.policy.with_strategy(strategy)}))
        np.testing.assert_array_equal(each.daily, alone.daily)
        assert each.estimated == (strategy in ("summary", "retrieval"))


def test_who_joins_later_begins_at_the_beginning() -> None:
    scenario = Scenario(rates=flash(), users=100, days=60, growth=1.0, prompts_per_day=4, policy=MemoryPolicy(strategy="full"))
    turns = turns_of(scenario, "full", 4)
    aged = by_age(turns.dollars, turns.cold_dollars, 4, scenario)
    newcomers = joins(scenario)
    assert people(scenario)[30] == pytest.approx(200)
    assert newcomers.sum() == pytest.approx(people(scenario)[-1])
    slow = [sum(newcomers[joined] * aged[day - joined] for joined in range(day + 1)) for day in range(60)]
    np.testing.assert_allclose(curve(scenario).daily, slow, rtol=1e-9)


def test_who_leaves_takes_nothing_more() -> None:
    scenario = Scenario(rates=flash(), users=100, days=31, growth=-0.5)
    alone = curve(scenario.model_copy(update={"users": 1, "growth": 0.0}))
    np.testing.assert_allclose(curve(scenario).daily, people(scenario) * alone.daily)
    assert people(scenario)[30] == pytest.approx(50)
    assert joins(scenario).tolist() == [100.0] + [0.0] * 30


@given(st.floats(0.1, 200))
def test_a_broken_rate_is_two_whole_ones(rate: float) -> None:
    mix = rate_mix(rate)
    assert sum(share for _, share in mix) == pytest.approx(1)
    assert sum(each * share for each, share in mix) == pytest.approx(rate)
    assert all(later == earlier + 1 for (earlier, _), (later, _) in pairwise(mix))


def test_half_a_prompt_a_day_is_half_the_people() -> None:
    talk = Conversation(system_tokens=0)
    half = curve(Scenario(rates=flash(), prompts_per_day=0.5, users=10, conversation=talk))
    one = curve(Scenario(rates=flash(), prompts_per_day=1, users=5, conversation=talk))
    np.testing.assert_allclose(half.daily, one.daily)


def test_the_same_from_run_to_run() -> None:
    scenario = Scenario(rates=flash(), users=10_000, days=365, prompts_per_day=20.5, growth=0.1, model_window=1 << 20)
    first, second = curves(scenario), curves(scenario)
    for strategy in STRATEGIES:
        assert first[strategy].daily.tobytes() == second[strategy].daily.tobytes()
