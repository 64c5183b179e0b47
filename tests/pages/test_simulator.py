"""The simulator's page: every view, the presets, fields and addresses that say what cannot be, and that hidden views work nothing out."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import sim, sim_bridge, sim_held, sim_prices, sim_real, sim_taught
from pages.ui.sim_fields import VIEWS, Value
from pages.ui.sim_state import State, scenario
from scaling.services import Services
from simulation.curves import curve
from storage.records import User
from tests.pages.conftest import Draw, drawn, named, words

LogIn = Callable[[str], User]


@pytest.fixture
def at(log_in: LogIn, draw: Draw) -> Callable[..., AppTest]:
    """Draw the simulator for Alice, at an address."""
    log_in("alice")
    return lambda **params: draw("simulator", slot="alice", **params)


def param(app: AppTest, name: str) -> str | None:
    """Return what the address says, None when it says nothing."""
    found = app.query_params.get(name)
    return found[-1] if isinstance(found, list) else found


def curves_of(app: AppTest) -> list[Any]:
    return list(app.get("plotly_chart"))


def test_a_control_that_was_away_comes_back_with_what_is_set(at: Callable[..., AppTest]) -> None:
    app = at(view="real")
    drawn(app.text_input, "sim_text_cap").set_value("104").run()
    drawn(app.selectbox, "sim_strategy").set_value("full").run()
    assert not [box for box in app.text_input if named(box) == "sim_text_cap"]
    drawn(app.selectbox, "sim_strategy").set_value("window").run()
    assert drawn(app.text_input, "sim_text_cap").value == "104"


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_draws(at: Callable[..., AppTest], view: str) -> None:
    app = at(view=view)
    assert not app.error
    assert "cannot" not in "".join(each.value for each in app.caption)


def test_without_a_login_nothing_shows(draw: Draw) -> None:
    app = draw("simulator")
    assert not app.title or app.title[0].value != "Simulator"
    assert not curves_of(app)


def test_the_lessons_demo_to_the_cent(at: Callable[..., AppTest]) -> None:
    said = words(at())
    assert "With a 50-message cap a class of 50 costs $700.00 instead of $2,407.50 a month: 71% less; half is saved from day 16." in said
    for number in ("$2,407.50", "$700.00", "$1,707.50 (70.9%)"):
        assert number in said


@pytest.mark.parametrize("more", [{"model": "own", "own_in": "0.3"}, {"reset": "daily"}, {"tokens": "20000"}, {"chart": "prompt"}])
def test_a_prompt_of_the_full_history_is_compared_with_the_first(at: Callable[..., AppTest], more: dict[str, str]) -> None:
    said = words(at(**{"view": "real", "strategy": "full", "chart": "context", **more}))
    assert "adds up to" not in said
    assert "with the full history; the first " in said


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        (1, "a class of 500 costs $7,000 instead of $24,075 a month: 71% less"),
        (2, "With a 20-message cap a class of 200 costs $1,785 instead of $21,645 a month: 92% less; half is saved from day 3."),
    ],
)
def test_presets(at: Callable[..., AppTest], place: int, sentence: str) -> None:
    app = at(users="7", cap="3")
    app.button(key=f"sim_preset_{place}").click().run()
    assert not app.exception
    assert sentence in words(app)
    assert app.query_params.get("view") is None


def test_every_preset_draws_and_is_in_the_address(at: Callable[..., AppTest]) -> None:
    app = at()
    for place, values in enumerate(sim.PRESETS.values()):
        app.button(key=f"sim_preset_{place}").click().run()
        assert not app.exception
        asked = {name: str(value) for name, value in values.items() if (name, value) != ("view", "taught")}
        assert {name: param(app, name) for name in app.query_params if name != "slot"} == asked
    app.button(key="sim_preset_class").click().run()
    assert param(app, "view") == "class"


@pytest.mark.parametrize("text", ["abc", "0", "-3", "1000001", "2.5", ""])
def test_a_field_says_what_is_allowed_and_the_last_good_curve_stays(at: Callable[..., AppTest], text: str) -> None:
    app = at(users="200")
    before = words(app)
    drawn(app.text_input, "sim_text_users").set_value(text).run()
    after = words(app)
    assert not app.exception
    assert "Write a whole number from 1 to 1,000,000. Until then it stays at 200." in after
    assert "a class of 200 costs" in before
    assert "a class of 200 costs" in after
    assert drawn(app.text_input, "sim_text_users").value == text
    drawn(app.text_input, "sim_text_users").set_value("10k").run()
    assert "Until then" not in words(app)
    assert "a class of 10,000 costs" in words(app)
    assert drawn(app.text_input, "sim_text_users").value == "10,000"
    assert param(app, "users") == "10000"


def test_a_slider_and_its_field_say_the_same(at: Callable[..., AppTest]) -> None:
    app = at(cap="23")
    assert drawn(app.select_slider, "sim_step_cap").value == 23
    drawn(app.select_slider, "sim_step_cap").set_value(100).run()
    assert drawn(app.text_input, "sim_text_cap").value == "100"
    drawn(app.text_input, "sim_text_cap").set_value("104").run()
    assert drawn(app.select_slider, "sim_step_cap").value == 100
    assert "104-message cap" in words(app)


@pytest.mark.parametrize("view", ["taught", "real"])
@pytest.mark.parametrize(
    ("name", "text"),
    [("users", "0"), ("users", "-1"), ("days", "99999999999999999999"), ("prompts", "many"), ("cap", "nan"), ("tokens", ""), ("view", "x")],
)
def test_what_cannot_be_in_the_address_is_named_and_the_default_stands(at: Callable[..., AppTest], view: str, name: str, text: str) -> None:
    app = at(**{"view": view, name: text})
    said = words(app)
    assert f"The address asks for {name}=" in said
    assert "stands in." in said
    assert len(curves_of(app)) == 1
    assert name not in app.query_params or name == "view"


@pytest.mark.parametrize(
    ("kept", "sentence"),
    [
        ("a|foo=1", "The kept curve a sets what the simulator does not have, and that was left out: foo."),
        ("a|x,y=2", "The kept curve a sets what the simulator does not have, and that was left out: x, y."),
        ("a|=", "Simulator"),
        ("a|users=nan", "The kept curve a asks for users=nan, but it takes a whole number from 1 to 1,000,000; 50 stands in."),
        ("no bar", "A kept curve in the address could not be read and was left out."),
    ],
)
def test_what_cannot_be_in_a_kept_curve_is_said_of_that_curve(at: Callable[..., AppTest], kept: str, sentence: str) -> None:
    app = at(keep=kept, users="70")
    assert sentence in words(app)
    assert "a class of 70 costs" in words(app)
    assert "The address asks" not in words(app)
    assert len(curves_of(app)) == 1


@pytest.mark.parametrize("view", ["taught", "real", "profit"])
def test_a_model_without_a_price_is_named(at: Callable[..., AppTest], view: str) -> None:
    app = at(view=view, model="google:gemini-0-nobody")
    assert "No public price is known for gemini-0-nobody. Choose another model or give your own price." in words(app).replace("\\", "")
    assert "model" not in app.query_params


def test_markup_in_the_address_shows_as_it_is_written(at: Callable[..., AppTest]) -> None:
    app = at(users="<b>5</b>", keep="<img src=x>|users=5")
    assert r"users=\<b\>5\</b\>" in words(app)
    assert "&lt;img src=x&gt;" in curves_of(app)[0].proto.spec
    assert "<img" not in curves_of(app)[0].proto.spec


def test_a_price_of_zero_is_said_and_breaks_nothing(at: Callable[..., AppTest]) -> None:
    assert "costs nothing" in words(at(price="0", axis="log"))
    assert "costs nothing" in words(at(view="real", model="own", own_in="0", own_out="0", own_cached="", axis="log"))


@pytest.mark.parametrize("chart", ["total", "daily", "prompt", "context"])
@pytest.mark.parametrize("more", [{}, {"all": "1", "axis": "log"}, {"strategy": "full"}, {"strategy": "summary", "reset": "daily"}])
def test_every_chart_draws(at: Callable[..., AppTest], chart: str, more: dict[str, str]) -> None:
    app = at(view="real", chart=chart, **more)
    assert len(curves_of(app)) == 1


@pytest.mark.parametrize("view", ["taught", "real"])
@pytest.mark.parametrize(
    "values", [{"users": "1", "days": "1", "prompts": "0.1", "cap": "1"}, {"users": "1000000", "days": "730", "prompts": "200"}]
)
def test_the_least_and_the_most_draw(at: Callable[..., AppTest], view: str, values: dict[str, str]) -> None:
    app = at(view=view, **values, **({} if view == "taught" else {"tokens": "20000", "reply": "20000"}))
    assert len(curves_of(app)) == 1


def test_a_kept_curve_is_drawn_named_and_let_go(at: Callable[..., AppTest]) -> None:
    app = at(cap="20")
    app.session_state["sim_curve_more"] = True
    app.run()
    drawn(app.text_input, "sim_keep_name").set_value("Cap 20").run()
    assert param(app, "keep") == "Cap 20|cap=20"
    drawn(app.text_input, "sim_text_cap").set_value("100").run()
    assert "Cap 20 $" in curves_of(app)[0].proto.spec
    app.button(key="sim_drop_Cap 20").click().run()
    assert "keep" not in app.query_params
    assert "Cap 20 $" not in curves_of(app)[0].proto.spec


@pytest.mark.parametrize(
    ("more", "column", "last"),
    [
        ({}, "Kept: Mine (USD)", "295.00"),
        ({"view": "real"}, "Kept: Mine, so far (USD)", None),
        ({"view": "real", "chart": "daily"}, "Kept: Mine (USD)", None),
        ({"view": "real", "chart": "prompt"}, "Kept: Mine (USD)", None),
        ({"view": "real", "chart": "context"}, "Kept: Mine, context (tokens)", None),
    ],
)
def test_a_kept_curve_has_a_column_as_long_as_it_is(
    at: Callable[..., AppTest], more: dict[str, str], column: str, last: str | None
) -> None:
    app = at(**more, days="5", prompts="4", keep="Mine|cap=20,days=30")
    app.session_state["sim_curve_more"] = True
    app.run()
    table = app.dataframe[0].value
    assert len(table) == (100 if "chart" in more and more["chart"] != "daily" else 30)
    assert table[column].notna().all()
    assert table.iloc[:, 0].tolist() == list(range(1, len(table) + 1))
    assert last is None or table[column].iloc[-1] == last


@pytest.mark.parametrize(("view", "first"), [("taught", "picture"), ("real", "picture"), ("capacity", "controls"), ("class", "controls")])
def test_controls_come_before_a_panel_that_takes_long(
    at: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch, view: str, first: str
) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(sim, "_view", lambda *_: drawn.append("picture"))
    monkeypatch.setattr(sim, "_controls", lambda *_: drawn.append("controls"))
    at(view=view)
    assert drawn[0] == first
    assert sorted(drawn) == ["controls", "picture"]


def test_played_curves_carry_a_frame_a_day_and_few_for_a_year(at: Callable[..., AppTest]) -> None:
    assert curves_of(at(play="1"))[0].proto.spec.count('"name":"') >= 30
    assert len(curves_of(at(view="real", play="1", days="365"))[0].proto.spec) < 1_500_000


def test_a_projector_shows_the_picture_alone(at: Callable[..., AppTest]) -> None:
    app = at(projector="1")
    assert not app.text_input
    assert not app.title
    assert len(curves_of(app)) == 1
    app.button(key="sim_projector").click().run()
    assert app.title[0].value == "Simulator"


def test_a_hidden_view_works_nothing_out(at: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("A hidden view was worked out.")

    for name in ("curve", "person"):
        monkeypatch.setattr(sim_real, name, refuse)
    monkeypatch.setattr(sim_bridge, "curve", refuse)
    for view in VIEWS:
        if view != "real":
            assert not at(view=view).exception
    monkeypatch.setattr(sim_taught, "lesson", refuse)
    assert not at(view="quiz").exception


def test_the_way_from_the_lessons_total_ends_at_the_real_one(
    running: Services, at: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = running.clock.now()
    monkeypatch.setattr(sim_held, "now", lambda: now)
    mixed: dict[str, Value] = {"strategy": "summary", "reset": "daily", "growth": 20, "batch": True, "model": "openai:gpt-5"}
    taught: dict[str, Value] = {"model": "lesson"}
    for values in ({}, mixed, taught):
        state = State().put(values)
        price = sim_prices.priced(state, sim_held.default_model(), now)
        steps = sim_bridge.steps(state, price)
        real = curve(scenario(state, price.rates, price.window)).total
        assert steps[0].total == pytest.approx(700)
        assert steps[-1].total == pytest.approx(real, rel=1e-9)


def bridge(running: Services, monkeypatch: pytest.MonkeyPatch, values: dict[str, Value]) -> tuple[list[sim_bridge.Step], float]:
    """Return the steps from the lesson's total, and the real one."""
    now = running.clock.now()
    monkeypatch.setattr(sim_held, "now", lambda: now)
    state = State().put(values)
    price = sim_prices.priced(state, sim_held.default_model(), now)
    return sim_bridge.steps(state, price), curve(scenario(state, price.rates, price.window)).total


def test_a_broken_number_of_prompts_is_a_step_of_its_own(running: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, real = bridge(running, monkeypatch, {"prompts": 2.5})
    whole, _ = bridge(running, monkeypatch, {"prompts": 2})
    assert [step.total for step in broken[:2]] == pytest.approx([step.total for step in whole[:2]])
    assert broken[2].words == "A person sends 2.5 prompts a day; the lesson knows whole ones and takes 2"
    assert broken[2].total > broken[1].total
    assert broken[-1].total == pytest.approx(real, rel=1e-9)
    assert "A person sends" not in " ".join(step.words for step in whole)


@pytest.mark.parametrize(
    ("growth", "words_of_it"), [(20, "The class grows by 20% in 30 days"), (-20, "The class shrinks by 20% in 30 days")]
)
def test_a_class_that_shrinks_is_said_to_shrink(running: Services, monkeypatch: pytest.MonkeyPatch, growth: int, words_of_it: str) -> None:
    steps, _ = bridge(running, monkeypatch, {"growth": growth})
    assert words_of_it in [step.words for step in steps]


def test_a_context_window_that_bites_is_a_step_of_its_own(running: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    long: dict[str, Value] = {"strategy": "full", "model": "deepseek:deepseek-chat", "tokens": 5000, "reply": 5000}
    steps, real = bridge(running, monkeypatch, long)
    place = next(number for number, step in enumerate(steps) if "reads at most" in step.words)
    assert steps[place].total < steps[place - 1].total
    assert "The price is" in steps[place - 1].words
    assert steps[-1].total == pytest.approx(real, rel=1e-9)
    short, real = bridge(running, monkeypatch, {"model": "deepseek:deepseek-chat"})
    assert "reads at most" not in " ".join(step.words for step in short)
    assert short[-1].total == pytest.approx(real, rel=1e-9)


def test_another_panel_fills_the_sliders(at: Callable[..., AppTest]) -> None:
    app = at()

    def fill() -> None:
        from pages.ui import sim_held

        sim_held.fill({"users": 12.4, "prompts": 4.23456, "cap": 0, "nothing": 1}, view="real")

    fake = AppTest.from_function(fill)
    fake.run()
    state = fake.session_state["sim_state"]
    assert {name: state[name] for name in ("users", "prompts", "cap", "view")} == {"users": 12, "prompts": 4.235, "cap": 50, "view": "real"}
    assert not app.exception
