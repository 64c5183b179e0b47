"""The capacity panel: a class in a lesson, all at once and over the day, one that cannot keep up, and nonsense in the address."""

import json
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from agent.memory.policy import MemoryPolicy
from pages.ui import colours, sim_capacity_runs, sim_capacity_words
from pages.ui.formats import as_markdown, count
from simulation.capacity import Pace, Quota, Service, Turn, capacity, day_load, lesson_load
from simulation.rates import own
from simulation.scenario import Scenario
from simulation.waiting import burst, run
from tests.pages.conftest import words

LESSON, NOW, DAY = "In one lesson", "All at once", "Over the day"
Panel = Callable[..., AppTest]


def page(users: int, cap: int, more: dict[str, object]) -> None:
    """A page that is nothing but the panel, for a class with public rates of its own."""
    from decimal import Decimal

    from agent.memory.policy import MemoryPolicy
    from pages.ui import sim_capacity
    from simulation.rates import own
    from simulation.scenario import Scenario

    rates = own(Decimal("0.3"), Decimal("0.03"), Decimal("2.5"))
    sim_capacity.draw(Scenario(rates=rates, users=users, policy=MemoryPolicy(max_messages_per_user=cap)).model_copy(update=more))


@pytest.fixture
def panel() -> Iterator[Panel]:
    """Draw the panel with what the address says."""

    def draw(users: int = 50, cap: int = 50, more: dict[str, object] | None = None, **params: str) -> AppTest:
        app = AppTest.from_function(page, args=(users, cap, more or {}), default_timeout=30)
        app.query_params.update(params)
        app.run()
        assert not app.exception
        return app

    yield draw
    for kept in (sim_capacity_runs.turn, sim_capacity_runs.steady, sim_capacity_runs.burst, sim_capacity_runs.points):
        kept.cache_clear()


def numbers(app: AppTest) -> dict[str, str]:
    """Return the big numbers by their labels."""
    return {metric.label: str(metric.value) for metric in app.metric}


def rows(app: AppTest, place: int) -> dict[str, dict[str, Any]]:
    """Return a table's rows by what stands first in them."""
    found = [list(row.items()) for row in app.table[place].value.to_dict("records")]
    return {str(cells[0][1]): {str(name): cell for name, cell in cells[1:]} for cells in found}


def test_a_class_in_one_lesson_hardly_waits(panel: Panel) -> None:
    app = panel()
    assert numbers(app) == {
        "Replies at once": "0.71",
        "Wait (95%)": "0 s",
        "First word (95%)": "1.8 s",
        "Workers needed": "3",
        "Workers busy": "9%",
    }
    assert "With 8 workers, 95% see the first word within 1.8 s: 3 would be enough" in words(app)
    assert "8.3 messages a minute" in words(app)
    assert len(app.get("plotly_chart")) == 2


def test_formula_and_run_stand_side_by_side(panel: Panel) -> None:
    app = panel(users=10_000, c_when=DAY, c_workers="21", c_tpm="no limit", c_rpm="no limit")
    table = rows(app, 1)
    assert list(table) == ["Has to wait", "Wait, mean", "Wait, 95% at most", "Last word, 50% within", "Last word, 95% within"]
    assert all(set(row) == {"Formula", "Run", "Difference"} for row in table.values())
    assert table["Wait, 95% at most"]["Formula"] == numbers(app)["Wait (95%)"] == "3.1 s"
    assert "By chance its mean wait may be off by" in words(app)
    assert "only within 4.9 s: 23 would keep it under 3 s" in words(app)


def test_a_quota_that_bites_now_and_then_has_a_column_of_its_own(panel: Panel) -> None:
    app = panel(users=28, c_rpm="5", c_tpm="4,000,000")
    assert rows(app, 0)["**Requests a minute**: binds first"]["Used"] == "**93.3%**"
    assert rows(app, 0)["Tokens a minute"]["There is"] == "4M"
    assert "With the quota" in rows(app, 1)["Wait, mean"]
    assert "The quota held up" in words(app)


def test_too_few_workers_make_the_queue_grow(panel: Panel) -> None:
    app = panel(users=10_000, c_when=DAY, c_workers="8", c_tpm="no limit")
    assert "The queue grows by 114 messages a minute: more arrive than 8 workers can answer" in words(app)
    assert numbers(app)["Queue grows by"] == "114 a minute"
    assert numbers(app)["Workers needed"] == "23"
    assert "does not come down again" in words(app)
    assert "Add workers" in words(app)
    assert rows(app, 0)["**Workers**: binds first"]["Used"] == "**222%**"
    assert len(app.table) == 1


def test_workers_are_added_until_it_is_stable(panel: Panel) -> None:
    app = panel(users=10_000, c_when=DAY, c_workers="8", c_tpm="no limit")
    app.number_input(key="c_workers").set_value(23).run()
    assert not app.exception
    assert "With 23 workers, 95% see the first word within 3.0 s: none could be spared" in words(app)
    assert len(app.table) == 2


def test_a_quota_that_is_too_small_is_named_and_a_smaller_cap_helps(panel: Panel) -> None:
    app = panel(users=10_000, c_when=DAY, c_workers="30")
    assert "the quota of tokens a minute lets 39.2 through, and more workers do not help" in words(app)
    assert "were it not for the quota" in words(app)
    assert "The queue grows" not in words(panel(users=10_000, cap=4, c_when=DAY, c_workers="30"))


def test_everybody_at_once_waits_for_a_worker(panel: Panel) -> None:
    app = panel(c_when=NOW, c_tpm="no limit")
    assert numbers(app)["Messages at once"] == "50"
    needed = int(numbers(app)["Workers needed"])
    assert f"With 8 workers, the last of 50 people waits 16.5 s: {needed} would keep the first word under 3 s" in words(app)
    assert list(rows(app, 0)) == ["Wait, mean", "Wait, 95% at most", "Wait, the last"]
    app.number_input(key="c_workers").set_value(needed).run()
    assert f"50 people press Enter within 10 s: with {needed} workers, 95% see the first word within" in words(app)


def test_the_quota_holds_a_burst_up(panel: Panel) -> None:
    app = panel(c_when=NOW, c_workers="50", c_rpm="10")
    assert "more workers are not enough: the quota holds them up" in words(app)
    assert "The quota of requests a minute lets 10 through at once" in words(app)
    assert numbers(app)["Workers needed"] == "none will do"


def test_a_slow_model_is_not_helped_by_workers(panel: Panel) -> None:
    for situation, why in ((LESSON, "No number of workers is enough: the model alone takes"), (NOW, "the model alone takes")):
        app = panel(c_when=situation, c_first="5", c_tpm="no limit")
        assert why in words(app)
        assert numbers(app)["Workers needed"] == "none will do"


def test_too_many_for_a_lesson_are_sent_elsewhere(panel: Panel) -> None:
    app = panel(users=5_000, c_when=NOW)
    assert "5,000 people do not sit in one lesson" in app.info[0].value
    assert not app.metric


def test_a_load_too_large_to_simulate_is_shown_by_formula_alone(panel: Panel) -> None:
    app = panel(users=1_000_000, c_when=DAY, c_workers="2300", c_first="2", c_tpm="no limit", c_rpm="no limit")
    assert "nothing is simulated message by message" in words(app)
    assert len(app.get("plotly_chart")) == 1
    assert len(app.table) == 1


@pytest.mark.parametrize("situation", [LESSON, NOW, DAY])
@pytest.mark.parametrize(
    ("users", "more"),
    [
        (10_000, {"prompts_per_day": 20, "growth": 1.0, "days": 730}),
        (1_000_000, {"prompts_per_day": 200, "growth": 5.0, "days": 730}),
    ],
)
def test_a_class_beyond_any_service_is_told_so_at_once(panel: Panel, situation: str, users: int, more: dict[str, object]) -> None:
    begin = time.process_time()
    app = panel(users, more=more, c_when=situation, c_tpm="no limit")
    assert time.process_time() - begin < 5
    assert not app.get("plotly_chart")
    if situation == NOW:
        assert "do not sit in one lesson" in app.info[0].value
        return
    assert "no single service answers this class" in app.info[0].value
    assert list(numbers(app)) == ["Replies at once", "Messages a minute", "Requests a minute", "Tokens a minute"]


@pytest.mark.parametrize("growth", [1.0, 5.0])
def test_a_class_beyond_any_service_takes_no_time(growth: float) -> None:
    largest = Scenario(rates=own(Decimal("0.3"), None, Decimal("2.5")), users=1_000_000, prompts_per_day=200, growth=growth, days=730)
    begin = time.process_time()
    for load in (lesson_load(largest), day_load(largest)):
        answer = capacity(load, sim_capacity_runs.turn(largest), Service(), 8)
        assert answer.is_beyond
        assert sim_capacity_runs.points(load, answer.speed, 8, answer.least_quick)
    assert time.process_time() - begin < 0.5


@pytest.mark.parametrize("situation", [LESSON, NOW, DAY])
def test_a_class_in_which_nobody_is_left_asks_nothing(panel: Panel, situation: str) -> None:
    app = panel(1, more={"growth": -0.9, "days": 60}, c_when=situation)
    assert "nobody is left in the class" in app.info[0].value
    assert not app.metric


@pytest.mark.parametrize("situation", [LESSON, NOW])
def test_charts_have_a_table_a_csv_and_a_picture_behind_them(panel: Panel, situation: str) -> None:
    app = panel(c_when=situation)
    assert [each.label for each in app.expander] == ["Table, CSV and PNG"] * 2
    assert not app.dataframe
    for key in ("c_workers_chart", "c_queue_chart"):
        app.session_state[f"{key}_more"] = True
    app.run()
    assert [list(each.value) for each in app.dataframe] == [
        ["Workers", "95% see the first word within (s)"],
        [f"Time ({'minutes' if situation == LESSON else 'seconds'})", "Messages waiting", "Messages being answered"],
    ]
    pictures = "".join(each.proto.body for each in app.get("html"))
    assert all(f'data-chart="{key}">Download PNG' in pictures for key in ("c_workers_chart", "c_queue_chart"))
    grounds = [json.loads(each.proto.spec)["layout"]["paper_bgcolor"] for each in app.get("plotly_chart")]
    assert grounds == [colours.BACKGROUND["light"]] * 2


def test_summary_calls_are_said(panel: Panel) -> None:
    summary = MemoryPolicy(strategy="summary", max_messages_per_user=20, summarize_after_messages=10)
    app = panel(more={"policy": summary})
    assert "A message takes 1.5 requests and " in words(app)
    assert "0.5 of the requests write the summary, after the reply." in words(app)
    assert "write the summary" not in words(panel())


def test_a_message_larger_than_the_quota_is_never_answered(panel: Panel) -> None:
    app = panel(cap=400, c_tpm="125,000")
    assert "it is never answered. Lower the cap, or raise the quota." in app.warning[0].value
    assert not app.metric


DEFAULTS = {"c_when": LESSON, "c_workers": "8", "c_first": "0.5", "c_speed": "150", "c_rpm": "1,000", "c_tpm": "1,000,000"}


@pytest.mark.parametrize("text", ["inf", "-inf", "1e999", "nan", "", "-4", "0", "much", "1e99", "999999999999999999999", "<script>", "7,7"])
def test_nonsense_in_the_address_is_named_and_the_default_is_shown(panel: Panel, text: str) -> None:
    app = panel(**dict.fromkeys(DEFAULTS, text))
    said = app.caption[0].value
    for name, shown in DEFAULTS.items():
        assert f"The address asks for {as_markdown(name)}={as_markdown(text)}, but it takes " in said
        assert f"; {shown} stands in." in said
    assert "With 8 workers, 95% see the first word within 1.8 s" in words(app)
    assert not app.error
    app.number_input(key="c_workers").set_value(9).run()
    assert "The address asks" not in words(app)


def test_a_limit_that_is_no_option_is_named(panel: Panel) -> None:
    app = panel(c_rpm="7", c_tpm="77")
    assert app.caption[0].value.count("The address asks for") == 2
    assert "takes one of 5; 10; 15; 30;" in app.caption[0].value


def test_what_was_refused_is_said_until_something_is_set(panel: Panel) -> None:
    app = panel(c_workers="inf")
    app.run()
    assert "asks for c\\_workers=inf" in app.caption[0].value
    app.number_input(key="c_workers").set_value(9).run()
    assert "The address asks" not in words(app)


@pytest.mark.parametrize(("text", "workers"), [("1", 1), ("8.5", 9), ("9.4", 9), ("1e3", 1_000), ("10000", 10_000)])
def test_allowed_workers_in_the_address_are_taken(panel: Panel, text: str, workers: int) -> None:
    app = panel(c_workers=text, c_first="0.7", c_speed="200", c_rpm="no limit", c_tpm="4,000,000", c_when=DAY)
    assert f"With {count(workers, 'worker')}" in words(app)
    assert "The address asks" not in words(app)


@pytest.mark.parametrize("users", [1, 1_000_000])
@pytest.mark.parametrize("situation", [LESSON, NOW, DAY])
def test_the_smallest_and_the_largest_class_are_drawn(panel: Panel, situation: str, users: int) -> None:
    for limit in ("5", "no limit"):
        app = panel(users=users, c_when=situation, c_rpm=limit)
        assert app.metric or app.info


def test_numbers_are_said_as_people_say_them() -> None:
    assert [sim_capacity_words.span(each) for each in (0, 0.04, 3.14, 125, 7_200)] == ["0 s", "0.04 s", "3.1 s", "2 min 5 s", "2.0 h"]
    amounts = [sim_capacity_words.amount(each) for each in (0.71, 1, 13.44, 1_234, 25_480, 5.31e6, 2.5e9, 1.6e19)]
    assert amounts == ["0.71", "1", "13.4", "1,234", "25.5k", "5.31M", "2.5G", "2 \N{MULTIPLICATION SIGN} 10¹⁹"]


def test_the_series_over_time_keeps_every_peak() -> None:
    found = run(burst(60, 5.0), 4)
    for bins in (3, 300):
        seconds, waiting, busy = sim_capacity_runs.over_time(found, 0.0, found.done_s, bins)
        assert len(seconds) == bins
        assert waiting.max() == found.queue()[1].max()
        assert busy.max() == 4


def test_the_curve_begins_where_the_queue_is_stable_and_falls() -> None:
    turn = Turn(1, 1_000, 1_000, 0, 500)
    answer = capacity(3.0, turn, Service(), 40, Quota())
    found = sim_capacity_runs.points(3.0, answer.speed, 40, answer.least_quick)
    workers, seconds = zip(*found, strict=True)
    assert workers[0] == answer.least_stable
    assert {40, answer.least_quick} <= set(workers)
    assert (np.diff(seconds) <= 0).all()
    assert seconds[-1] == pytest.approx(answer.speed.first_s)


def test_a_burst_with_one_person_needs_one_worker() -> None:
    found = sim_capacity_runs.burst(1, Turn(1, 1_000, 1_000, 0, 500), Pace(1.0, 4.0), 8, Quota())
    assert found.needed == 1
    assert found.last_s == 0
    assert found.done_s > found.runs[0].starts.max()
    assert sim_capacity_words.queue_finding(found.runs[0], 0, 1) == "Nobody waits"
