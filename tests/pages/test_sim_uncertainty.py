"""The uncertainty panel: a usual class, one whose people are all alike, a budget that is surely exceeded, and nonsense in the address."""

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from agent.memory.policy import MemoryPolicy
from pages.ui import sim_uncertainty, sim_uncertainty_words
from pages.ui.formats import as_markdown
from pages.ui.sim_uncertainty_words import chance, percent
from simulation.scenario import Scenario
from simulation.spread import Spread
from simulation.uncertainty import monte_carlo
from tests.pages.conftest import words
from tests.simulation.scenarios import flash

Panel = Callable[..., AppTest]
CLASS = Scenario(rates=flash())
USUAL = Spread(rates=0.6, lengths=0.4)


def page(strategy: str, users: int, cost: str) -> None:
    """A page that is nothing but the panel, for a class with public rates, or with a price of its own."""
    from decimal import Decimal

    from agent.memory.policy import MemoryPolicy
    from pages.ui import sim_uncertainty
    from simulation.rates import own
    from simulation.scenario import Scenario
    from tests.simulation.scenarios import flash

    rates = own(Decimal(cost), None, Decimal(cost)) if cost else flash()
    policy = MemoryPolicy.model_validate({"max_messages_per_user": 50, "strategy": strategy})
    sim_uncertainty.draw(Scenario(rates=rates, users=users, policy=policy))


@pytest.fixture
def panel() -> Iterator[Panel]:
    """Draw the panel with what the address says."""

    def draw(strategy: str = "window", users: int = 50, cost: str = "", **params: str) -> AppTest:
        app = AppTest.from_function(page, args=(strategy, users, cost), default_timeout=30)
        app.query_params.update(params)
        app.run()
        assert not app.exception
        return app

    yield draw
    sim_uncertainty.forecast.cache_clear()


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value.replace("\\", "") for metric in app.metric}


def test_a_usual_class(panel: Panel) -> None:
    app, band = panel(), monte_carlo(CLASS, USUAL).chosen
    found = metrics(app)
    assert found["Middle bill"] == f"${band.bill(0.5):.2f}"
    assert found["Nine in ten below"] == f"${band.bill(0.9):.2f}"
    assert found["Over $150.00"] == chance(band.chance_over(150))
    assert found["Dearest 1%, each"] == f"${band.top_cost:.2f}"
    assert found["Their share"] == percent(band.top_share)
    said = words(app)
    assert f"With a 50-message cap eight classes in ten cost \\${band.bill(0.1):.2f} to \\${band.bill(0.9):.2f} a month" in said
    assert "with the full history" in said
    assert "2,000 classes of 50 people drawn" in said
    assert len(app.get("plotly_chart")) == 2
    assert len(app.table[0].value) == 2


def test_people_who_are_all_alike_leave_a_line(panel: Panel) -> None:
    app = panel(u_rates="all alike", u_lengths="all alike")
    assert metrics(app)["Middle bill"] == metrics(app)["Nine in ten below"] == "$125.40"
    assert metrics(app)["Their share"] == "1.0%"
    assert "every such class costs \\$125.40" in words(app)
    assert "Everybody costs the same" in words(app)
    assert "Everybody sends 10 prompts a day" in words(app)


def test_a_budget_that_is_surely_exceeded_and_one_that_never_is(panel: Panel) -> None:
    assert metrics(panel(u_budget="1"))["Over $1.00"] == "100%"
    app = panel(u_budget="100000")
    assert metrics(app)["Over $100,000"] == "0%"
    assert "the budget is far above" in words(app)


def test_more_doubt_makes_a_wider_band(panel: Panel) -> None:
    sure, unsure = metrics(panel()), metrics(panel(u_doubt="unknown"))
    assert float(unsure["Nine in ten below"][1:]) > 1.3 * float(sure["Nine in ten below"][1:])


def test_the_budget_moves_without_drawing_the_classes_again(panel: Panel) -> None:
    app = panel()
    before = sim_uncertainty.forecast.cache_info().misses
    app.number_input(key="u_budget").set_value(120.0).run()
    assert not app.exception
    assert "Over $120.00" in metrics(app)
    assert sim_uncertainty.forecast.cache_info().misses == before


def test_with_the_full_history_there_is_one_band(panel: Panel) -> None:
    app = panel("full")
    assert len(app.table[0].value) == 1
    assert "With the full history eight classes in ten cost" in words(app)
    full = monte_carlo(CLASS, USUAL).full
    assert full.doubled is not None
    assert 2 < full.doubled < 4
    assert f"20 prompts a day cost {full.doubled:.1f} times as much as 10 prompts" in words(app)


@pytest.mark.parametrize("cost", ["0", "0.000001"])
def test_a_price_of_nothing_or_nearly(panel: Panel, cost: str) -> None:
    app = panel(cost=cost, u_axis="Log")
    if cost == "0":
        assert "every class costs nothing" in words(app)
        assert metrics(app)["Their share"] == "0.0%"


def test_a_broken_average_is_two_whole_rates() -> None:
    said = sim_uncertainty_words.note(CLASS.model_copy(update={"prompts_per_day": 0.5}), Spread(rates=0))
    assert said.endswith("Everybody sends 0 or 1 prompt a day; on average it is 0.5.")


def test_one_person_and_ten_thousand(panel: Panel) -> None:
    assert "2,000 classes of 1 person drawn" in words(panel(users=1))
    assert "2,000 classes of 10,000 people drawn" in words(panel(users=10_000))


@pytest.mark.parametrize("value", ["-3", "much", "1e99", "1e999", "inf", "nan", ""])
def test_nonsense_in_the_address_is_said_and_the_default_shown(panel: Panel, value: str) -> None:
    app, usual = panel(u_budget=value, u_rates=value, u_lengths=value, u_doubt=value, u_axis=value), panel()
    assert metrics(app) == metrics(usual)
    for name, allowed in (
        ("u_budget", "a number from 0 to 1,000,000,000; 150 stands in."),
        ("u_rates", "one of all alike; a little"),
        ("u_axis", "one of Linear; Log; Linear stands in."),
    ):
        assert f"The address asks for {as_markdown(name)}={value}, but it takes {allowed}" in words(app)
    assert "The address asks" not in words(usual)


def test_what_was_refused_is_said_until_a_control_moves(panel: Panel) -> None:
    app = panel(u_budget="much", u_rates="a lot")
    refused = "The address asks for u\\_budget=much, but it takes a number from 0 to 1,000,000,000; 150 stands in."
    assert refused in words(app)
    assert refused in words(app.run())
    app.number_input(key="u_budget").set_value(120.0).run()
    assert "The address asks" not in words(app)


def test_markdown_in_the_address_is_shown_as_it_is(panel: Panel) -> None:
    assert "u\\_rates=\\*\\*a\\*\\*, but it takes" in words(panel(u_rates="**a**"))


def test_chances_are_never_made_certain() -> None:
    assert [chance(share) for share in (0.0, 0.001, 0.06, 0.999, 1.0)] == ["0%", "under 1%", "6%", "over 99%", "100%"]
    assert [percent(share) for share in (0.01, 0.0994, 0.0996, 0.5)] == ["1.0%", "9.9%", "10%", "50%"]


def test_strategies_are_named_by_what_they_send() -> None:
    for strategy, said in (("retrieval", "The last 10 messages and 10 looked up"), ("full", "Full history"), ("summary", "The summary")):
        policy = MemoryPolicy.model_validate({"strategy": strategy})
        scenario = CLASS.model_copy(update={"policy": policy})
        assert sim_uncertainty_words.name(monte_carlo(scenario, USUAL, draws=10).chosen, scenario) == said
