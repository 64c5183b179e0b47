"""The simulator's two curves are the lesson's own functions, to the cent, and hold for any class."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.course import no_cap, with_cap
from simulation.lesson import Lesson

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


def ends(users: int, days: int, prompts: int, cap: int) -> tuple[float, float]:
    """Return what the last day has come to, without and with the cap."""
    return float(no_cap(users, days, prompts)[-1]), float(with_cap(users, days, prompts, cap)[-1])


def test_the_constants_are_the_lessons() -> None:
    lesson = Lesson()
    assert lesson.price_per_1k == TRUTH["parameters"]["base_cost_per_1k_tokens"] == PRICE
    assert lesson.tokens_per_message == TRUTH["parameters"]["avg_tokens_per_message"] == TOKENS
    assert (lesson.users, lesson.days, lesson.prompts_per_day, lesson.cap) == (50, 30, 10, 50)
    np.testing.assert_array_equal(lesson.uncapped, no_cap(50, 30, 10))
    np.testing.assert_array_equal(lesson.capped, with_cap(50, 30, 10, 50))


def test_the_lessons_own_curves_day_by_day() -> None:
    truth = TRUTH["default_50u_30d_10p_cap50"]
    np.testing.assert_allclose(no_cap(50, 30, 10), truth["no_cap_by_day"], rtol=1e-12)
    np.testing.assert_allclose(with_cap(50, 30, 10, 50), truth["capped_by_day"], rtol=1e-12)


@pytest.mark.parametrize(("name", "users"), [("default_50u_30d_10p_cap50", 50), ("exercise_500u_30d_10p_cap50", 500)])
def test_what_the_demo_and_the_exercise_come_to(name: str, users: int) -> None:
    truth = TRUTH[name]
    full, capped = ends(users, 30, 10, 50)
    assert full == pytest.approx(truth["no_cap"], rel=1e-12)
    assert capped == pytest.approx(truth["capped"], rel=1e-12)
    assert full - capped == pytest.approx(truth["savings"], rel=1e-12)
    assert 100 * (1 - capped / full) == pytest.approx(truth["savings_pct"], rel=1e-12)
    assert [f"{amount:.2f}" for amount in (full, capped, full - capped)] == [truth[f"{key}_2dp"] for key in ("no_cap", "capped", "savings")]
    assert f"{100 * (1 - capped / full):.1f}" == truth["savings_pct_1dp"]
    assert (Fraction(full), Fraction(capped)) == (Fraction(truth["exact_no_cap"]), Fraction(truth["exact_capped"]))


def test_what_the_lessons_cell_prints() -> None:
    full, capped = ends(50, 30, 10, 50)
    assert TRUTH["printed_by_the_seed"] == {
        "No Context Cap": f"${full:.2f}",
        "With Cap (50 msg)": f"${capped:.2f}",
        "Savings": f"${full - capped:.2f} ({(full - capped) / full * 100:.1f}%)",
    }


def test_the_quiz_without_a_cap() -> None:
    quiz = TRUTH["quiz_200u_30d_15p"]
    full = float(no_cap(200, 30, 15)[-1])
    assert full == pytest.approx(quiz["no_cap_final"], rel=1e-12)
    assert f"{full:.2f}" == quiz["no_cap_2dp"]
    assert full / 200 == pytest.approx(quiz["no_cap_per_user_month"], rel=1e-12)


@pytest.mark.parametrize("cap", [20, 50, 100])
def test_the_quiz(cap: int) -> None:
    truth = TRUTH["quiz_200u_30d_15p"]["caps"][str(cap)]
    full, capped = ends(200, 30, 15, cap)
    assert capped == pytest.approx(truth["final"], rel=1e-12)
    assert f"{capped:.2f}" == truth["final_2dp"]
    assert full - capped == pytest.approx(truth["difference_vs_no_cap"], rel=1e-12)
    assert f"{full - capped:.2f}" == truth["difference_2dp"]
    assert 100 * (1 - capped / full) == pytest.approx(truth["savings_pct"], rel=1e-12)


@pytest.mark.parametrize("cap", [20, 50, 100])
def test_the_quizs_ratio_day_by_day_and_where_half_is_saved(cap: int) -> None:
    truth = TRUTH["quiz_200u_30d_15p"]["caps"][str(cap)]
    uncapped, capped = no_cap(200, 30, 15), with_cap(200, 30, 15, cap)
    np.testing.assert_allclose(capped / uncapped, truth["ratio_by_day"], atol=5.1e-5)
    half = int(np.argmax(capped <= uncapped / 2)) + 1
    assert half == truth["first_day_cumulative_le_50pct"] == truth["first_day_cumulative_le_50pct_exact"]
    daily = np.diff(capped, prepend=0.0) <= np.diff(uncapped, prepend=0.0) / 2
    assert int(np.argmax(daily)) + 1 == truth["first_day_daily_le_50pct"]


@pytest.mark.parametrize("cap", [20, 50, 100])
def test_what_the_quizs_caps_earn_at_ten_dollars(cap: int) -> None:
    truth = TRUTH["quiz_200u_30d_15p"]["caps"][str(cap)]
    month = float(with_cap(200, 30, 15, cap)[-1]) / 200
    assert month == pytest.approx(truth["per_user_month"], rel=1e-12)
    assert 10 - month == pytest.approx(truth["profit_per_user_at_10"], rel=1e-9)
    assert (month < 10) is truth["profitable_at_10"]


def test_the_largest_cap_that_earns_at_ten_dollars() -> None:
    truth = TRUTH["quiz_200u_30d_15p"]
    months = {cap: float(with_cap(1, 30, 15, cap)[-1]) for cap in range(1, 451)}
    largest = max(cap for cap, month in months.items() if month < 10)
    assert largest == truth["largest_profitable_cap_at_10"]
    assert months[largest] == pytest.approx(truth["per_user_month_at_that_cap"], rel=1e-12)
    assert months[largest + 1] == pytest.approx(truth["per_user_month_one_above"], rel=1e-12)


def test_the_recorded_oddities() -> None:
    """What tests/simulation/test_oddities.py says of them in words, in the lesson's own two functions."""
    truth = TRUTH["oddities_of_the_seed"]
    first_prompt = (Fraction(str(float(no_cap(1, 1, 1)[0]))) / Fraction("0.001"), 1 + 1)
    assert first_prompt[0] == first_prompt[1]
    infinite = truth["cap_infinite_is_not_no_cap"]
    assert with_cap(50, 30, 10, 10**9)[-1] == pytest.approx(infinite["with_cap_1e9_50u_30d_10p"], rel=1e-12)
    assert no_cap(50, 30, 10)[-1] == pytest.approx(infinite["no_cap"], rel=1e-12)
    for cap in (20, 50, 100):
        ratio = with_cap(200, 1, 15, cap)[0] / no_cap(200, 1, 15)[0]
        assert ratio == pytest.approx(truth["day_1_ratio"]["capped_over_no_cap_day_1_200u_15p"], abs=5e-5)
    lecture = truth["lecture_example_20_prompts_cap_10"]
    assert lecture["seed_says"] == {"no_cap": 20 * 21 // 2, "cap_10": 10 * 20, "saving_pct": round(100 * 10 / 210)}
    counted = sum(min(p, 10) for p in range(1, 21))
    assert (counted, round(100 * (1 - counted / 210), 2)) == (lecture["sum_of_min_p_cap"], lecture["saving_pct_by_that_sum"])


def test_every_number_of_the_truth_is_asserted_somewhere_above() -> None:
    """A key that is added to the file has to be added here, and to a test."""
    caps = {"final", "final_2dp", "difference_vs_no_cap", "difference_2dp", "savings_pct", "ratio_by_day", "per_user_month"}
    caps |= {"first_day_cumulative_le_50pct", "first_day_cumulative_le_50pct_exact", "first_day_daily_le_50pct"}
    caps |= {"profit_per_user_at_10", "profitable_at_10"}
    quiz = TRUTH["quiz_200u_30d_15p"]
    assert all(set(each) == caps for each in quiz["caps"].values())
    assert set(quiz) == {"no_cap_final", "no_cap_2dp", "no_cap_per_user_month", "caps", "largest_profitable_cap_at_10"} | {
        "per_user_month_at_that_cap",
        "per_user_month_one_above",
    }
    ends_at = {"no_cap", "capped", "savings", "savings_pct", "no_cap_2dp", "capped_2dp", "savings_2dp", "savings_pct_1dp"}
    ends_at |= {"exact_no_cap", "exact_capped"}
    assert set(TRUTH["exercise_500u_30d_10p_cap50"]) == ends_at
    assert set(TRUTH["default_50u_30d_10p_cap50"]) == ends_at | {"no_cap_by_day", "capped_by_day"}
    assert set(TRUTH["oddities_of_the_seed"]) == {
        "no_cap_starts_at",
        "cap_infinite_is_not_no_cap",
        "day_1_ratio",
        "replies_not_counted",
        "lecture_example_20_prompts_cap_10",
        "largest_profitable_cap_note",
    }
    assert set(TRUTH["parameters"]) == {"base_cost_per_1k_tokens", "avg_tokens_per_message"}


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


def test_a_changed_lesson_has_curves_of_its_own() -> None:
    lesson = Lesson()
    assert lesson.uncapped[-1] == pytest.approx(2407.5)
    assert lesson.model_copy(update={"users": 500}).uncapped[-1] == pytest.approx(24075)
