"""The profit panel: the quiz's question, nothing profitable, everything profitable, two ranges of caps, and budgets of all sizes."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from agent.memory.policy import STRATEGIES, MemoryPolicy
from agent.pricing import context_window
from pages.ui import sim_profit, sim_profit_budget, sim_profit_words
from pages.ui.lab_words import LOOKS
from pages.ui.sim_profit_words import fine, spans
from scaling.services import Services
from simulation.budget import Offer, options, recommended
from simulation.profit import Range
from simulation.scenario import Scenario
from tests.pages.conftest import words
from tests.simulation.scenarios import PLAIN, flash

Panel = Callable[..., AppTest]


def page(users: int, days: int, prompts: int, strategy: str, cap: int) -> None:
    """A page that is nothing but the panel, with the lesson's numbers and public rates."""
    from agent.memory.policy import MemoryPolicy
    from pages.ui import sim_profit
    from simulation.lesson import Lesson
    from simulation.scenario import Scenario
    from tests.simulation.scenarios import flash

    policy = MemoryPolicy.model_validate({"max_messages_per_user": cap, "strategy": strategy})
    scenario = Scenario(rates=flash(), users=users, days=days, prompts_per_day=prompts, policy=policy)
    sim_profit.draw(scenario, Lesson(users=users, days=days, prompts_per_day=prompts, cap=cap))


@pytest.fixture
def panel(running: Services) -> Iterator[Panel]:
    """Draw the panel with what the address says."""

    def draw(users: int = 20, days: int = 30, prompts: int = 5, strategy: str = "window", cap: int = 20, **params: str) -> AppTest:
        app = AppTest.from_function(page, args=(users, days, prompts, strategy, cap), default_timeout=60)
        app.query_params.update(params)
        app.run()
        assert not app.exception
        return app

    yield draw
    sim_profit.by_cap.cache_clear()
    sim_profit_budget.question.cache_clear()


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value.replace("\\", "") for metric in app.metric}


def column(app: AppTest, place: int, name: str) -> list[str]:
    return [str(cell).replace("\\", "") for cell in app.table[place].value[name]]


def test_the_lessons_question(panel: Panel) -> None:
    app = panel(200, 30, 15)
    said = words(app).replace("\\", "")
    assert "The largest profitable cap at $10.00 is 22 messages as taught" in said
    assert "22 messages or fewer: with 22 a user costs $9.795, with 23 already $10.23." in said
    assert metrics(app)["Largest cap, as taught"] == "22"
    assert metrics(app)["A user costs, as taught"] == "$8.925"
    rows = dict(zip(column(app, 0, "Cap"), column(app, 0, "A user costs"), strict=True))
    assert rows == {"20": "$8.925", "22": "$9.795", "23": "$10.23", "50": "$21.60", "100": "$40.725", "no cap": "$108.225"}
    assert column(app, 0, "Profitable") == ["yes", "yes", "no", "no", "no", "no"]
    assert len(app.get("plotly_chart")) == 1


def test_with_a_prompt_cache_the_quizs_caps_are_two_ranges(panel: Panel) -> None:
    app = panel(200, 30, 15)
    assert "1 to 162 and from 885" in words(app)
    assert "A larger cap can pay where a smaller one does not (the window, retrieval)" in words(app)
    assert "breaks the prompt cache" in words(app)


def test_another_price_is_answered_at_once(panel: Panel) -> None:
    app = panel(200, 30, 15)
    worked_out = sim_profit.by_cap.cache_info().misses
    app.number_input(key="p_price").set_value(2.0).run()
    assert not app.exception
    assert "is 4 messages as taught; as it is the window pays with a cap of 1 to 20" in words(app)
    assert sim_profit.by_cap.cache_info().misses == worked_out


def test_a_very_long_chat_shows_how_many_caps_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    bar = SimpleNamespace(progress=lambda share, words: told.append(f"{share:.2f} {words}"), empty=lambda: told.append("gone"))
    monkeypatch.setattr("streamlit.progress", lambda share, words: bar)
    scenario = Scenario(rates=flash(), days=730, prompts_per_day=30)
    monkeypatch.setattr(sim_profit, "by_strategy", lambda scenario, progress: [progress(1, 4), progress(4, 4)])
    sim_profit._known(sim_profit.by_cap(scenario))
    assert told == ["0.25 Working out the caps: 1 of 4", "1.00 Working out the caps: 4 of 4", "gone"]
    assert sim_profit_words.note(scenario).endswith("So long a chat is tried with fewer caps.")
    assert "fewer caps" not in sim_profit_words.note(Scenario(rates=flash()))


def test_nothing_is_profitable(panel: Panel) -> None:
    app = panel(p_price="0")
    assert "At \\$0 no cap is profitable as taught; as it is no cap of the window pays" in words(app)
    assert "nothing is profitable: charge more" in words(app)
    assert metrics(app)["Largest cap, as taught"] == "none"
    assert set(column(app, 1, "Profitable caps")) == {"none", "no"}


def test_everything_is_profitable(panel: Panel) -> None:
    app = panel(p_price="500")
    assert "any cap is profitable as taught; as it is the window pays with any cap" in words(app)
    assert "and no cap at all too" in words(app)
    assert set(column(app, 1, "Profitable caps")) == {"any", "yes"}


def test_the_full_history_pays_or_it_does_not(panel: Panel) -> None:
    assert "as it is the full history pays" in words(panel(strategy="full"))
    assert "as it is the full history does not pay" in words(panel(strategy="full", p_price="0.1"))


def test_a_loss_is_said_with_its_sign(panel: Panel) -> None:
    assert metrics(panel(p_price="0"))["Profit, as it is"].startswith("\N{MINUS SIGN}$")


def test_a_budget_is_answered_by_the_recommended_way(panel: Panel, running: Services) -> None:
    app = panel(p_budget="25")
    found = options(sim_profit_budget.question(*_asked(running)).work_out(), 25)
    best = recommended(found)
    assert best is not None
    assert sim_profit_budget.said(best.way) in words(app)
    assert metrics(app)["Left in 95 of 100"] == f"${best.left:.2f}"
    assert column(app, 2, "Model")[0] == "**gemini-2.5-pro**"
    assert app.table[2].value.columns.tolist() == ["Model", "No limit", "15 a day", "10 a day", "5 a day"]


def test_the_caption_says_which_caps_were_tried(panel: Panel) -> None:
    app = panel(cap=77)
    assert "Tried are the full history and caps of 6, 10, 20, 30, 50, 77 (the one that is set), 100 and 300 messages." in words(app)


def test_a_budget_for_everything(panel: Panel) -> None:
    app = panel(p_budget="1000000")
    assert "take the full history on gemini-2.5-pro, without a limit" in words(app)
    assert metrics(app)["Stays inside"] == "100%"
    assert metrics(app)["Held back"] == "0.0%"
    assert set(column(app, 2, "No limit")) == {"everything"}


def test_a_budget_for_nothing(panel: Panel) -> None:
    app = panel(p_budget="0")
    assert "Nothing here stays inside \\$0: the cheapest way" in words(app)
    assert "Stays inside" not in metrics(app)
    assert len(app.table) == 2


def test_all_alike_need_less(panel: Panel) -> None:
    usual, alike = (metrics(panel(p_budget="100", p_use=use)) for use in ("usual", "all alike"))
    assert alike["Middle bill"] != usual["Middle bill"]


def test_every_way_is_a_row(running: Services) -> None:
    found = options(sim_profit_budget.question(*_asked(running)).work_out(), 25)
    rows = sim_profit_budget.way_rows(found)
    assert len(rows) == len(found)
    assert rows[0]["Strategy"] == LOOKS[found[0].way.strategy].name


@pytest.mark.parametrize("value", ["-3", "much", "1e99", "1e999", "inf", "nan", ""])
def test_nonsense_in_the_address_is_said_and_the_default_shown(panel: Panel, value: str) -> None:
    app, usual = panel(p_price=value, p_budget=value, p_use=value), panel()
    assert metrics(app) == metrics(usual)
    said = words(app)
    assert f"The address asks for p\\_price={value}, but it takes a number from 0 to 100,000; 10 stands in." in said
    assert f"The address asks for p\\_budget={value}, but it takes a number from 0 to 1,000,000,000; 50 stands in." in said
    assert "The address asks" not in words(usual)


def test_one_day_one_person(panel: Panel) -> None:
    app = panel(1, 1, 1, p_price="0.04", p_budget="0.002")
    assert "At \\$0.04 any cap is profitable as taught" in words(app)
    assert "Any cap, but without a cap a user costs \\$0.06" in words(app)
    assert "in 1 day" in words(app)


def test_models_are_the_dearest_first_with_the_classs_own_among_them() -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    offered = sim_profit_budget.models(Scenario(rates=PLAIN, model_window=128_000), at)
    windows = {model.rates.name: model.window for model in offered}
    others = {name: context_window("google", name) for name in windows if name != "own price"}
    assert windows == {**others, "own price": 128_000}
    assert windows["gemini-2.5-flash"] == 1_048_576
    assert [model.rates.name for model in offered] == ["gemini-2.5-pro", "own price", "gemini-2.5-flash", "gemini-2.5-flash-lite"]
    assert all(model.rates.batch for model in sim_profit_budget.models(Scenario(rates=flash().in_batch()), at))


def test_ranges_in_words() -> None:
    ranges = [Range(1, 18), Range(40, 40), Range(64, None)]
    assert spans(ranges, "window") == "1 to 18 and 40 and from 64"
    assert (spans([], "window"), spans([], "full"), spans([Range(1, None)], "full")) == ("none", "no", "yes")
    assert spans([Range(1, 10_000)], "window") == "up to 10,000"
    assert spans([Range(1, 5), Range(64, 10_000)], "window") == "1 to 5 and 64 to 10,000"
    assert [fine(amount) for amount in (9.795, -0.205, 10.23, 0.0004, 1234.567)] == [
        "$9.795",
        "\N{MINUS SIGN}$0.205",
        "$10.23",
        "$0.00040",
        "$1,234.57",
    ]


def test_without_a_cache_a_split_has_another_reason() -> None:
    scenario = Scenario(rates=PLAIN, cache=None)
    ranges: Any = {strategy: [Range(1, None)] for strategy in STRATEGIES} | {"summary": [Range(9, None)]}
    assert "a small cap makes more calls of its own" in sim_profit_words.real_answer(scenario, ranges, 1.0)


def _asked(running: Services) -> tuple[Scenario, float, tuple[Offer, ...]]:
    """Return what the panel asks the budget question for."""
    scenario = Scenario(rates=flash(), users=20, prompts_per_day=5, policy=MemoryPolicy(max_messages_per_user=20))
    return scenario, 0.6, sim_profit_budget.models(scenario, running.clock.now())
