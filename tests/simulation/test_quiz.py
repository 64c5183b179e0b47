"""The quiz against the lesson's recorded truth: what is expected, how near one has to be, and what is said to a slip."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation import course
from simulation.lesson import Lesson
from simulation.questions import CAPS, first_day_saved, questions
from simulation.quiz import ChoiceQuestion, NumberQuestion, Question, check, tolerance
from simulation.typed import LONGEST

TRUTH: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "simulation-truth.json").read_text())
MONTH_TRUTH = TRUTH["quiz_200u_30d_15p"]
EXERCISE_TRUTH = TRUTH["exercise_500u_30d_10p_cap50"]
LECTURE_TRUTH = TRUTH["oddities_of_the_seed"]["lecture_example_20_prompts_cap_10"]
EXPECTED = {
    "gap_20": MONTH_TRUTH["caps"]["20"]["difference_vs_no_cap"],
    **{f"half_{cap}": MONTH_TRUTH["caps"][cap]["first_day_cumulative_le_50pct"] for cap in ("20", "50", "100")},
    "profit_10": MONTH_TRUTH["largest_profitable_cap_at_10"],
    "gap_500": EXERCISE_TRUTH["savings"],
    "times_500": 10,
    "units_20": LECTURE_TRUTH["sum_of_min_p_cap"],
    "saving_20": LECTURE_TRUTH["saving_pct_by_that_sum"],
    "saving_100": 100 * (1 - sum(min(p, 10) for p in range(1, 101)) / sum(range(1, 101))),
}
NUMBERS: Mapping[str, NumberQuestion] = {each.id: each for each in questions().values() if isinstance(each, NumberQuestion)}
CHOICES: Mapping[str, ChoiceQuestion] = {each.id: each for each in questions().values() if isinstance(each, ChoiceQuestion)}


def kind(question: str, typed: str) -> str:
    return check(questions()[question], typed).kind


def said(question: str, typed: str) -> str:
    return check(questions()[question], typed).said


def texts(question: Question) -> list[str]:
    """Return everything that a question can say."""
    own = [question.title, question.text, question.explanation]
    if isinstance(question, ChoiceQuestion):
        return own + [text for option in question.options for text in (option.text, option.said)]
    most = [question.most] if question.most else []
    return own + [each.said for each in (question.expected, *question.also, *question.slips, *most)]


# What is expected


def test_every_expected_number_is_the_lessons() -> None:
    assert {each.id: pytest.approx(each.expected.value, abs=0.005) for each in NUMBERS.values()} == EXPECTED


@pytest.mark.parametrize("cap", CAPS)
def test_the_day_by_either_reading(cap: int) -> None:
    truth, lesson = MONTH_TRUTH["caps"][str(cap)], Lesson(users=200, days=30, prompts_per_day=15, cap=cap)
    assert first_day_saved(lesson) == truth["first_day_cumulative_le_50pct"] == truth["first_day_cumulative_le_50pct_exact"]
    assert first_day_saved(lesson, daily=True) == truth["first_day_daily_le_50pct"]
    for day in {truth["first_day_cumulative_le_50pct"], truth["first_day_daily_le_50pct"]}:
        assert kind(f"half_{cap}", str(day)) == "right"


def test_the_reading_that_was_meant_is_named() -> None:
    assert "cost of single days; added up, it is day 10" in said("half_50", "7")
    assert said("half_50", "10") == ""
    assert "on day 7" in questions()["half_50"].explanation


def test_half_is_never_saved_where_nothing_is() -> None:
    assert first_day_saved(Lesson(cap=10_000)) is None
    assert first_day_saved(Lesson(cap=1), share=0.0) == 1


def test_the_quizs_own_profitable_cap() -> None:
    truth, question = MONTH_TRUTH, NUMBERS["profit_10"]
    assert question.expected.value == truth["largest_profitable_cap_at_10"]
    assert f"${truth['per_user_month_at_that_cap']:.3f}" in question.explanation
    assert f"${truth['per_user_month_one_above']:.3f}" in question.explanation
    assert f"${truth['caps']['50']['per_user_month']:.2f}" in said("profit_10", "50")


def test_nothing_expected_is_written_down() -> None:
    """The source of the questions holds none of the numbers that it asks for."""
    source = "".join((Path(course.__file__).parent / f"{name}.py").read_text() for name in ("questions", "quiz", "oddities"))
    for answer in ("19860", "19_860", "19,860", "17075", "17_075", "17,075", "21645", "24075", "155", "26.19", "81.09", "22"):
        assert re.findall(rf"(?<![\d.,_]){re.escape(answer)}(?![\d_])", source) == []


# What counts as right


@pytest.mark.parametrize(
    ("question", "typed"),
    [
        ("gap_20", "$19,860"),
        ("gap_20", "19860.00"),
        ("gap_20", "19.86k"),
        ("gap_20", "19.860,00 USD"),
        ("gap_20", "19.860"),
        ("gap_20", "20,000"),
        ("gap_20", "-19860"),
        ("half_20", "day 3"),
        ("half_20", "3rd"),
        ("half_100", "21"),
        ("half_100", "13"),
        ("profit_10", "22 messages"),
        ("gap_500", "17,074.99"),
        ("times_500", "10x"),
        ("times_500", "ten times, 10"),
        ("units_20", "155 units"),
        ("saving_20", "26%"),
        ("saving_20", "26,2"),
        ("saving_20", "0.2619"),
        ("saving_100", "81"),
    ],
)
def test_right_answers(question: str, typed: str) -> None:
    assert kind(question, typed) == "right"


@pytest.mark.parametrize(
    ("question", "typed", "hint"),
    [
        ("gap_20", "17325", "50-message cap"),
        ("gap_20", "$13,500", "100-message cap"),
        ("gap_20", "99.30", "one user"),
        ("gap_20", "21645", "whole bill"),
        ("gap_20", "1785", "with the cap"),
        ("gap_20", "91.75", "percent"),
        ("gap_20", "662", "for a day"),
        ("half_20", "2", "counts days from 0"),
        ("half_50", "9", "counts days from 0"),
        ("half_50", "21", "100-message cap"),
        ("half_50", "31", "has 30 days"),
        ("half_50", "10.5", "whole number"),
        ("profit_10", "23", "first cap that makes a loss"),
        ("profit_10", "20", "larger cap"),
        ("profit_10", "50", "$21.60"),
        ("profit_10", "100", "$40.7"),
        ("profit_10", "4500", "450 prompts"),
        ("gap_500", "1707.50", "50 users"),
        ("gap_500", "24,075", "whole bill"),
        ("times_500", "100", "not in the users"),
        ("units_20", "200", "lesson's own figure"),
        ("units_20", "210", "without a cap"),
        ("units_20", "211", "without a cap it is 210"),
        ("saving_20", "5%", "lesson's figure"),
        ("saving_20", "73.8", "still paid"),
        ("saving_20", "126%", "more than all"),
        ("saving_100", "80%", "rule for long chats"),
        ("saving_100", "26", "20 prompts"),
    ],
)
def test_a_common_slip_gets_its_hint(question: str, typed: str, hint: str) -> None:
    assert kind(question, typed) == "wrong"
    assert hint.lower() in said(question, typed).lower()


def test_any_other_number_is_told_where_to_look() -> None:
    assert said("gap_20", "10000") == "Not yet: it is more."
    assert said("gap_20", "30000") == "Not yet: it is less."
    assert "sign" in said("half_20", "-3")


@pytest.mark.parametrize("question", NUMBERS)
@pytest.mark.parametrize("typed", ["", "   ", "no idea", "3 or 4", "\N{PILE OF POO}", "x" * (LONGEST + 1), "'; DROP TABLE users"])
def test_nonsense_is_answered_with_what_is_allowed(question: str, typed: str) -> None:
    verdict = check(questions()[question], typed)
    assert (verdict.kind, verdict.value) == ("unreadable", None)
    assert "such as" in verdict.said


@pytest.mark.parametrize("question", NUMBERS.values(), ids=str)
def test_the_example_of_what_is_allowed_can_be_read_and_is_not_the_answer(question: NumberQuestion) -> None:
    for example in re.findall(r"[$\d][\d,.]*[k%]?", check(question, "").said):
        assert check(question, example.rstrip(".,")).kind == "wrong"


@pytest.mark.parametrize("question", NUMBERS.values(), ids=str)
def test_right_and_slip_never_meet(question: NumberQuestion) -> None:
    for slip in question.slips:
        assert check(question, f"{slip.value:.6f}").kind == "wrong"
        assert check(question, f"{slip.value:.6f}").said == slip.said
    for right in (question.expected, *question.also):
        assert check(question, f"{right.value:.6f}").said == right.said


@given(st.sampled_from(sorted(NUMBERS)), st.floats(-1.5, 1.5))
def test_the_tolerance_is_what_it_is_said_to_be(name: str, off: float) -> None:
    question = NUMBERS[name]
    target = question.expected.value
    span = {"dollars": 0.01 * target, "percent": 0.5}.get(question.unit, 0.0)
    right = check(question, f"{target + off * span:.9f}").kind == "right"
    assert right == (abs(off) <= 1 or span == 0) or abs(abs(off) - 1) < 1e-6
    assert ("1%" in tolerance(question.unit)) == (question.unit == "dollars")
    assert ("half a percentage point" in tolerance(question.unit)) == (question.unit == "percent")


@given(st.sampled_from(sorted(questions())), st.text(max_size=80))
def test_every_text_gets_a_verdict(name: str, typed: str) -> None:
    verdict = check(questions()[name], typed)
    assert verdict.kind == "right" or verdict.said
    assert verdict.value is None or verdict.kind != "unreadable"


# Questions to choose


@pytest.mark.parametrize("question", CHOICES.values(), ids=str)
def test_one_option_is_right_and_each_says_why(question: ChoiceQuestion) -> None:
    assert [check(question, option.id).kind for option in question.options].count("right") == 1
    assert len({option.id for option in question.options}) == len(question.options) == 4
    assert all(check(question, option.id).said for option in question.options)
    assert check(question, "").kind == check(question, "nothing").kind == "unreadable"


def test_the_right_option_is_not_always_in_the_same_place() -> None:
    assert len({[option.right for option in question.options].index(True) for question in CHOICES.values()}) >= 3


def test_the_milestones_explanations_are_the_lessons_answers() -> None:
    assert [each.id for each in CHOICES.values()] == ["why_quadratic", "limit_context", "likely_failure", "ten_thousand"]
    assert "N(N + 1)/2" in CHOICES["why_quadratic"].explanation
    assert all(word in CHOICES["limit_context"].explanation for word in ("Sliding window", "summary memory", "retrieval"))
    assert "infinite tool call loops" in CHOICES["likely_failure"].explanation
    assert "budget alerts" in CHOICES["ten_thousand"].explanation


# All of them


def test_ids_and_texts_are_fit_to_be_kept_and_shown() -> None:
    assert len(questions()) == 14
    for name, question in questions().items():
        assert re.fullmatch(r"[a-z]+_[a-z0-9]+|ten_thousand", name)
        assert all("nan" not in text.split() and "  " not in text for text in texts(question))
        assert all(text.strip() == text for text in texts(question))


def test_the_simulator_shows_what_a_question_asks() -> None:
    assert NUMBERS["gap_20"].lesson == Lesson(users=200, days=30, prompts_per_day=15, cap=20)
    assert NUMBERS["half_100"].lesson == Lesson(users=200, days=30, prompts_per_day=15, cap=100)
    assert NUMBERS["gap_500"].lesson == Lesson(users=500)
    asked = NUMBERS["saving_100"].lesson
    assert asked.days * asked.prompts_per_day == 100
