"""What stands under the lesson's curve: every difference side by side, the chart of the share, and that people do not matter."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from pages.ui import charts, sim_oddities
from simulation.lesson import Lesson
from simulation.oddities import oddities
from tests.pages.conftest import words

LESSONS = st.builds(
    Lesson,
    users=st.integers(1, 1_000_000),
    days=st.integers(1, 730),
    prompts_per_day=st.integers(1, 200),
    cap=st.integers(1, 10_000),
    tokens_per_message=st.integers(1, 20_000),
    price_per_1k=st.floats(0, 1000),
)


def script() -> None:
    """A page with nothing but the panel; the address says how many users, days, prompts and messages."""
    import streamlit as st

    from pages.ui import sim_oddities
    from simulation.lesson import Lesson

    said = {name: int(value) for name, value in st.query_params.items()}
    sim_oddities.draw(Lesson(**said))


def draw(**lesson: int) -> AppTest:
    app = AppTest.from_function(script, default_timeout=30)
    app.query_params.update({name: str(value) for name, value in lesson.items()})
    app.run()
    assert not app.exception
    return app


def test_every_difference_is_shown_side_by_side() -> None:
    app = draw()
    said = words(app)
    assert said.count("<dt>As taught</dt>") == said.count("<dt>As it is</dt>") == len(oddities(Lesson()))
    assert "200 units instead of 210: saves 5%" in said
    assert "155 units instead of 210: saves 26%" in said
    assert "$2,325.00" in said
    assert "<code>prompt_num</code>" in said
    assert "What the lesson teaches holds" in said
    assert "A 50-message cap saves 69% of 300 prompts, however many people send them" in said
    assert len(app.get("plotly_chart")) == 1


def test_more_people_change_the_bill_and_not_the_share() -> None:
    (table,) = draw().table
    rows = table.value.to_dict("records")
    assert [row["Saved"] for row in rows] == ["**69%**"] * 3
    assert [row["No cap"] for row in rows] == ["\\$45.15", "\\$4,515", "\\$451,500"]


def test_the_numbers_follow_the_sliders() -> None:
    said = words(draw(users=200, prompts_per_day=15, cap=20))
    assert "$21,645.00" in said
    assert "A 20-message cap saves 91% of 450 prompts" in said
    assert "save 92%" in said


def test_a_cap_that_is_never_reached_saves_nothing() -> None:
    said = words(draw(days=1, prompts_per_day=1, cap=50))
    assert "A 50-message cap saves nothing of 1 prompt: it is never reached" in said


def test_what_stands_between_backticks_is_code_and_the_rest_is_text() -> None:
    html = sim_oddities.rows(Lesson())
    assert "`" not in html
    assert "exit_behavior=&quot;end&quot;" in html
    assert set(re.findall(r"</?(\w+)", html)) == {"article", "h5", "dl", "div", "dt", "dd", "p", "code"}


@given(LESSONS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_figure_can_be_drawn_for_every_lesson(theme: str, lesson: Lesson) -> None:
    """Plotly itself checks it; the curve has the class's own place on it and the limit stays below the curve."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(charts, "theme", lambda: theme)
        made = sim_oddities.figure(lesson)
    charts.plotly().Figure(made)
    curve, limit, here = made["data"]
    assert curve["x"][0] <= here["x"][0] <= curve["x"][-1]
    assert all(0 <= share <= 1 for share in curve["y"])
    exact = dict(zip(curve["x"], curve["y"], strict=True))
    assert all(rule <= exact[x] + 1e-9 for x, rule in zip(limit["x"], limit["y"], strict=True))


@given(LESSONS)
def test_the_people_and_the_rows_can_be_told_for_every_lesson(lesson: Lesson) -> None:
    rows = sim_oddities.people(lesson)
    assert len({row["Saved"] for row in rows}) == 1
    assert sim_oddities.finding(lesson)
    assert sim_oddities.rows(lesson).count("<article") == 7
