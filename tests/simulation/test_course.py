"""The simulator's two curves are the lesson's own functions, to the cent, and hold for any class."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.course import no_cap, with_cap

TRUTH: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "simulation-truth.json").read_text())
PRICE = 0.002
TOKENS = 500


def lesson_no_cap(num_users: int, days: int, prompts_per_day: int) -> list[float]:
    """The lesson's `simulate_no_cap`, as it is taught."""
    daily_costs = []
    cumulative_cost = 0.0
    for day in range(days):
        day_cost = 0.0
        for _user in range(num_users):
            context_size = day * prompts_per_day + prompts_per_day
            for prompt_num in range(1, prompts_per_day + 1):
                day_cost += ((context_size + prompt_num) * TOKENS / 1000) * PRICE
        cumulative_cost += day_cost
        daily_costs.append(cumulative_cost)
    return daily_costs


def lesson_with_cap(num_users: int, days: int, prompts_per_day: int, cap: int) -> list[float]:
    """The lesson's `simulate_with_cap`, as it is taught."""
    daily_costs = []
    cumulative_cost = 0.0
    for day in range(days):
        day_cost = 0.0
        for _user in range(num_users):
            context_size = min(cap, day * prompts_per_day + prompts_per_day)
            for _prompt in range(prompts_per_day):
                day_cost += (context_size * TOKENS / 1000) * PRICE
        cumulative_cost += day_cost
        daily_costs.append(cumulative_cost)
    return daily_costs


def test_the_lessons_own_curves_day_by_day() -> None:
    truth = TRUTH["default_50u_30d_10p_cap50"]
    np.testing.assert_allclose(no_cap(50, 30, 10), truth["no_cap_by_day"], rtol=1e-12)
    np.testing.assert_allclose(with_cap(50, 30, 10, 50), truth["capped_by_day"], rtol=1e-12)


def test_the_exercise_with_five_hundred_users() -> None:
    truth = TRUTH["exercise_500u_30d_10p_cap50"]
    assert no_cap(500, 30, 10)[-1] == pytest.approx(truth["no_cap"], rel=1e-12)
    assert with_cap(500, 30, 10, 50)[-1] == pytest.approx(truth["capped"], rel=1e-12)


@pytest.mark.parametrize("cap", [20, 50, 100])
def test_the_quiz(cap: int) -> None:
    quiz = TRUTH["quiz_200u_30d_15p"]
    uncapped, capped = no_cap(200, 30, 15), with_cap(200, 30, 15, cap)
    assert uncapped[-1] == pytest.approx(quiz["no_cap_final"], rel=1e-12)
    assert capped[-1] == pytest.approx(quiz["caps"][str(cap)]["final"], rel=1e-12)
    half = int(np.argmax(capped <= uncapped / 2)) + 1
    assert half == quiz["caps"][str(cap)]["first_day_cumulative_le_50pct"]


@given(st.integers(0, 5), st.integers(0, 12), st.integers(0, 12), st.integers(0, 80))
def test_equal_to_the_lessons_loops_everywhere(users: int, days: int, prompts: int, cap: int) -> None:
    np.testing.assert_allclose(no_cap(users, days, prompts), lesson_no_cap(users, days, prompts), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(with_cap(users, days, prompts, cap), lesson_with_cap(users, days, prompts, cap), rtol=1e-12, atol=1e-12)


def test_shape_and_other_prices() -> None:
    curve = no_cap(1, 3, 1, tokens_per_message=1000, price_per_1k=1)
    assert curve.shape == (3,)
    np.testing.assert_allclose(curve, [2, 5, 9])
    assert with_cap(1, 0, 1, 5).shape == (0,)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        no_cap(-1, 1, 1)
    with pytest.raises(ValueError, match="cannot be negative"):
        with_cap(1, 1, 1, -1)
