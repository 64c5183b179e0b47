"""Which cap keeps us profitable: the quiz's answer as taught, and every range of caps as it is."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.memory.policy import STRATEGIES, MemoryPolicy
from simulation.course import with_cap
from simulation.curves import curve
from simulation.lesson import Lesson
from simulation.profit import (
    CAPPED,
    MOST_CAP,
    Range,
    at_cap,
    by_strategy,
    cap_grid,
    costs,
    is_long,
    month_cost,
    profitable,
    taught_cost,
    taught_profitable,
    taught_uncapped,
)
from simulation.scenario import Conversation, Scenario
from tests.simulation.scenarios import PLAIN, flash, scenarios

TRUTH: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "simulation-truth.json").read_text())["quiz_200u_30d_15p"]
QUIZ = Lesson(users=200, days=30, prompts_per_day=15)


def test_the_quiz_at_ten_dollars() -> None:
    """The largest profitable cap is 22: a user costs $9.795 with it, and $10.23 with one message more."""
    assert taught_profitable(QUIZ, 10) == Range(1, TRUTH["largest_profitable_cap_at_10"])
    np.testing.assert_allclose(taught_cost(QUIZ, [22, 23]), [9.795, 10.23])


@pytest.mark.parametrize("cap", ["20", "50", "100"])
def test_a_user_costs_what_the_lessons_functions_say(cap: str) -> None:
    assert float(taught_cost(QUIZ, int(cap))) == pytest.approx(TRUTH["caps"][cap]["per_user_month"])
    assert (float(taught_cost(QUIZ, int(cap))) < 10) == TRUTH["caps"][cap]["profitable_at_10"]


def test_without_a_cap_a_user_costs_what_the_lesson_says() -> None:
    assert taught_uncapped(QUIZ) == pytest.approx(TRUTH["no_cap_per_user_month"])


@given(st.integers(1, 60), st.integers(1, 30), st.lists(st.integers(1, 2000), min_size=1, max_size=5))
def test_the_closed_form_is_the_lessons_curve(days: int, prompts: int, caps: list[int]) -> None:
    lesson = Lesson(users=1, days=days, prompts_per_day=prompts)
    expected = [with_cap(1, days, prompts, cap)[-1] * 30 / days for cap in caps]
    np.testing.assert_allclose(taught_cost(lesson, caps), expected, rtol=1e-12)


@given(st.integers(1, 30), st.integers(1, 20), st.floats(0.0, 100.0))
def test_the_largest_profitable_cap_is_the_largest(days: int, prompts: int, price: float) -> None:
    lesson = Lesson(days=days, prompts_per_day=prompts)
    good = taught_cost(lesson, np.arange(1, days * prompts + 3)) < price
    found = taught_profitable(lesson, price)
    if found is None:
        assert not good.any()
    elif found.high is None:
        assert good.all()
    else:
        assert np.flatnonzero(good).tolist() == list(range(found.high))


def test_a_cap_makes_policies_in_the_courses_proportions() -> None:
    policy = MemoryPolicy(retrieval_k=4)
    assert at_cap(policy, "window", 30) == policy
    made = at_cap(policy, "summary", 50)
    assert (made.strategy, made.max_messages_per_user, made.summarize_after_messages) == ("summary", 50, 30)
    assert (at_cap(policy, "retrieval", 30).retrieval_window, at_cap(policy, "retrieval", 1).retrieval_window) == (10, 1)
    assert at_cap(policy, "retrieval", 30).retrieval_k == 4


def test_a_user_costs_the_classs_bill_by_person_and_month() -> None:
    scenario = Scenario(users=40, days=60, rates=flash())
    assert month_cost(scenario, scenario.policy) == pytest.approx(curve(scenario).total / 40 / 2)


def test_a_growing_class_is_counted_by_the_days_that_people_are_there() -> None:
    scenario = Scenario(users=100, days=60, growth=1.0, rates=flash(), reset="daily")
    still = scenario.model_copy(update={"growth": 0.0})
    assert month_cost(scenario, scenario.policy) == pytest.approx(month_cost(still, still.policy))


@settings(deadline=None, max_examples=25)
@given(scenarios, st.floats(0, 2))
def test_every_known_cap_is_in_a_range_exactly_when_it_pays(scenario: Scenario, share: float) -> None:
    for strategy, known in by_strategy(scenario.model_copy(update={"days": 3})).items():
        price = share * float(known.dollars.mean())
        ranges = profitable(scenario.model_copy(update={"days": 3}), known, price)
        inside = [any(each.low <= cap and (each.high is None or cap <= each.high) for each in ranges) for cap in known.caps.tolist()]
        if strategy == "full":
            inside = inside[:1]
        np.testing.assert_array_equal(inside, known.dollars < price)


def test_the_ends_of_a_range_are_found_to_the_message() -> None:
    scenario = Scenario(rates=PLAIN, cache=None, days=20)
    known = costs(scenario, "window")
    at_37 = month_cost(scenario, at_cap(scenario.policy, "window", 37))
    assert profitable(scenario, known, at_37 * 1.0001) == [Range(1, 38)]  # an even cap sends no more: it begins with a reply
    assert profitable(scenario, known, at_37 * 0.9999) == [Range(1, 36)]


def test_with_a_prompt_cache_a_small_cap_can_lose_where_a_large_one_pays() -> None:
    """The full history is a beginning that the cache knows; a window's beginning moves. So the profitable caps are in two ranges."""
    talk = Conversation(sitting=50, pause_s=10, prompt_tokens=300, reply_tokens=50, system_tokens=1000)
    scenario = Scenario(rates=flash(), days=30, prompts_per_day=40, reset="daily", conversation=talk)
    known = costs(scenario, "window")
    full = float(costs(scenario, "full").dollars[0])
    middle = float(known.dollars.max())
    assert middle > full > known.dollars[0]
    ranges = profitable(scenario, known, (full + middle) / 2)
    assert len(ranges) == 2
    assert ranges[0].low == 1
    assert ranges[1].high is None
    low, high = ranges[0].high, ranges[1].low
    assert low is not None
    for cap, pays in ((low, True), (low + 1, False), (high - 1, False), (high, True)):
        assert (month_cost(scenario, at_cap(scenario.policy, "window", cap)) < (full + middle) / 2) == pays


def test_nothing_or_everything_is_profitable() -> None:
    scenario = Scenario(rates=flash(), days=5)
    for strategy in STRATEGIES:
        known = costs(scenario, strategy)
        assert profitable(scenario, known, 0.0) == []
        assert profitable(scenario, known, 1e9) == [Range(1, None)]
    assert taught_profitable(QUIZ, 0) is None
    assert taught_profitable(QUIZ, 1e9) == Range(1, None)


def test_progress_is_told_cap_by_cap_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    known = by_strategy(Scenario(rates=flash(), days=5), lambda done, of: told.append((done, of)))
    of = sum(len(known[strategy].caps) for strategy in CAPPED)
    assert told == [(done, of) for done in range(1, of + 1)]


@pytest.mark.parametrize("strategy", CAPPED)
def test_very_long_chats_try_half_the_caps_from_the_first_to_the_last(strategy: Any) -> None:
    usual, long = (Scenario(rates=flash(), days=730, prompts_per_day=prompts) for prompts in (27, 200))
    assert (is_long(usual), is_long(long), is_long(long.model_copy(update={"reset": "daily"}))) == (False, True, False)
    few, many = cap_grid(long, strategy), cap_grid(usual, strategy)
    assert (few[0], few[-1]) == (many[0], many[-1]) == (1, MOST_CAP)
    assert len(few) <= len(many) / 2
    assert (np.diff(few) > 0).all()


@pytest.mark.parametrize("strategy", CAPPED)
def test_the_largest_cap_is_not_any_cap_where_the_chat_is_longer(strategy: Any) -> None:
    """A chat of 14,600 messages: the largest cap pays, but the full history does not."""
    talk = Conversation(prompt_tokens=20, reply_tokens=20)
    scenario = Scenario(rates=flash(), cache=None, days=365, prompts_per_day=20, conversation=talk)
    known = costs(scenario, strategy)
    assert known.cut
    assert known.caps[-1] == MOST_CAP
    full = float(costs(scenario, "full").dollars[0])
    assert full > known.dollars.max()
    assert profitable(scenario, known, (full + float(known.dollars.max())) / 2) == [Range(1, MOST_CAP)]
    short = scenario.model_copy(update={"days": 5})
    assert profitable(short, costs(short, strategy), 1e9) == [Range(1, None)]


@pytest.mark.parametrize("strategy", CAPPED)
def test_beyond_the_last_cap_nothing_changes(strategy: Any) -> None:
    scenario = Scenario(rates=flash(), days=4, prompts_per_day=5, conversation=Conversation(tool_rounds=0.5))
    grid = cap_grid(scenario, strategy)
    assert (np.diff(grid) > 0).all()
    last = int(grid[-1])
    assert month_cost(scenario, at_cap(scenario.policy, strategy, last)) == month_cost(
        scenario, at_cap(scenario.policy, strategy, 2 * last)
    )
