"""The simulator's address: what it sets, what in it cannot be, and that it restores exactly what made it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.memory.policy import MemoryPolicy
from pages.ui import sim_prices
from pages.ui.sim_fields import FIELDS, PICTURE, Choice, Number, Refused, Switch, Value, bounds
from pages.ui.sim_state import KEEP, MOST_KEPT, Fault, State, clean, from_query, lesson, link, scenario, to_query
from simulation.lesson import Lesson
from simulation.scenario import Conversation, Scenario

NOW = datetime(2026, 11, 20, 15, 4, tzinfo=UTC)
FLASH = "google:gemini-2.5-flash"
NUMBERS = {name: field for name, field in FIELDS.items() if isinstance(field, Number)}


def number(name: str) -> Number:
    return NUMBERS[name]


def values_of(name: str) -> st.SearchStrategy[Value]:
    field = FIELDS[name]
    match field:
        case Number(whole=True):
            return st.integers(int(field.lowest), int(field.highest))
        case Number():
            return st.floats(field.lowest, field.highest).map(
                lambda value: field.checked(min(max(round(value, 6), field.lowest), field.highest))
            )
        case Choice():
            return st.sampled_from(field.options)
        case Switch():
            return st.booleans()
        case _:
            return st.sampled_from([FLASH, "openai:gpt-5", "lesson", "own"])


def states(names: list[str]) -> st.SearchStrategy[dict[str, Value]]:
    return st.fixed_dictionaries({}, optional={name: values_of(name) for name in names})


def as_lists(query: dict[str, str | list[str]]) -> dict[str, list[str]]:
    return {name: [text] if isinstance(text, str) else text for name, text in query.items()}


@given(
    states(list(FIELDS)), st.lists(st.tuples(st.text(max_size=40), states([name for name in FIELDS if name not in PICTURE])), max_size=6)
)
def test_an_address_restores_what_made_it(values: dict[str, Value], kept: list[tuple[str, dict[str, Value]]]) -> None:
    state = State()
    for name, theirs in kept:
        state = State({}, state.kept).put(theirs).keep(name)
    state = State({}, state.kept).put(values)
    found, faults = from_query(as_lists(to_query(state)))
    assert faults == []
    assert found.values == state.values
    assert [(each.name, each.values) for each in found.kept] == [(each.name, each.values) for each in state.kept]


@given(st.dictionaries(st.sampled_from([*FIELDS, KEEP, "slot", "u_budget"]), st.lists(st.text(max_size=60), max_size=6)))
def test_no_address_breaks_anything(query: dict[str, list[str]]) -> None:
    state, _ = from_query(query)
    price = sim_prices.priced(state, FLASH, NOW)
    assert lesson(state).uncapped.shape == (state.whole("days"),)
    assert scenario(state, price.rates, price.window).users == state.whole("users")
    assert len(state.kept) <= MOST_KEPT


def test_the_defaults_are_the_lessons_demo_and_the_scenarios_own() -> None:
    assert to_query(State()) == {}
    assert lesson(State()) == Lesson()
    price = sim_prices.priced(State(), FLASH, NOW)
    assert scenario(State(), price.rates, price.window) == Scenario(rates=price.rates, model_window=price.window)


@pytest.mark.parametrize(
    ("name", "model", "field", "times"),
    [
        ("users", Scenario, "users", 1),
        ("days", Scenario, "days", 1),
        ("prompts", Scenario, "prompts_per_day", 1),
        ("growth", Scenario, "growth", 100),
        ("reply", Conversation, "reply_tokens", 1),
        ("cap", MemoryPolicy, "max_messages_per_user", 1),
        ("price", Lesson, "price_per_1k", 1),
    ],
)
def test_bounds_are_those_of_the_scenario(name: str, model: Any, field: str, times: float) -> None:
    low, high = bounds(model, field)
    assert (number(name).lowest, number(name).highest) == (low * times, high * times)


def test_what_the_lesson_takes_the_scenario_takes_too() -> None:
    """One control sets both, so their bounds must agree; prompts are rounded for the lesson."""
    pairs = {"users": "users", "days": "days", "tokens": "tokens_per_message", "cap": "cap"}
    assert {name: (number(name).lowest, number(name).highest) for name in pairs} == {
        name: bounds(Lesson, field) for name, field in pairs.items()
    }
    assert number("prompts").highest == bounds(Lesson, "prompts_per_day")[1]


@pytest.mark.parametrize("name", NUMBERS)
def test_sliders_stop_only_where_a_field_allows(name: str) -> None:
    field = number(name)
    assert list(field.steps) == sorted(set(field.steps))
    assert [step for step in field.steps if field.checked(step) != step] == []
    assert not field.steps or field.default in field.steps


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,000", 1000), ("10k", 10_000), (" 250 ", 250), ("1M", 1_000_000), ("1 000", 1000), ("20.0", 20), ("1,000,000", 1_000_000)],
)
def test_numbers_are_read_as_people_write_them(text: str, value: int) -> None:
    assert number("users").read(text) == value


@pytest.mark.parametrize("text", ["", "abc", "0", "-5", "1.5", "1e9", "nan", "inf", "1000001", "9" * 500, "1,00", "٣", "1;2", "$", "%"])
def test_what_is_no_number_of_people_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        number("users").read(text)
    state, faults = from_query({"users": [text]})
    assert state == State()
    assert faults == [Fault("users", text)]


@pytest.mark.parametrize(
    ("name", "text", "value"), [("growth", "-20%", -20), ("price", "$0.002", 0.002), ("budget", "", None), ("prompts", "4.5", 4.5)]
)
def test_units_and_empty_fields(name: str, text: str, value: Value) -> None:
    assert number(name).read(text) == value


def test_what_is_allowed_is_said_with_its_bounds() -> None:
    assert number("users").allowed == "a whole number from 1 to 1,000,000"
    assert number("growth").allowed == "a number from -90% to 500%"
    assert number("budget").allowed.endswith(", or nothing")


def test_the_last_of_several_values_holds_and_foreign_names_are_left_alone() -> None:
    assert from_query({"users": ["5", "7"], "slot": ["alice"], "u_budget": ["x"]}) == (State({"users": 7}), [])


@pytest.mark.parametrize("text", ["no bar", "|users=5", "x" * 700, " \n|cap=3"])
def test_a_kept_curve_that_cannot_be_read_is_left_out(text: str) -> None:
    state, faults = from_query({KEEP: [text]})
    assert state.kept == ()
    assert faults == [Fault(KEEP, text)]


def test_a_kept_curve_keeps_what_can_be_read() -> None:
    state, faults = from_query({KEEP: ["Small|users=5,cap=0,view=quiz,nothing=1"]})
    assert [(each.name, each.values) for each in state.kept] == [("Small", {"users": 5})]
    assert faults == [Fault("cap", "0", "Small"), Fault(KEEP, "nothing", "Small")]


def test_kept_curves_are_few_and_their_names_short_and_plain() -> None:
    state = State({"users": 7})
    for name in ("One", "Two", "Three", "Four", "Five"):
        state = state.keep(name)
    assert [each.name for each in state.kept] == ["One", "Two", "Three", "Four"]
    assert state.drop("Two").keep("Five").kept[-1].name == "Five"
    assert state.put({"users": 9}).keep("One").kept[-1].values == {"users": 9}
    assert clean("  a|b\n\tc  ") == "a/b c"
    assert len(clean("x" * 100)) == 30
    assert state.keep("  ") == state


def test_links_name_only_what_differs_and_check_it() -> None:
    assert link(view="taught", users=200, prompts=15, cap=20, days=30) == "/simulator?users=200&prompts=15&cap=20"
    assert link() == "/simulator"
    with pytest.raises(Refused):
        link(users=0)


def test_the_lesson_takes_whole_prompts() -> None:
    assert lesson(State({"prompts": 4.5})).prompts_per_day == 4
    assert lesson(State({"prompts": 0.1})).prompts_per_day == 1


def test_an_unknown_model_is_named_and_the_first_known_one_stands_in() -> None:
    found = sim_prices.priced(State({"model": "google:gemini-0.1-secret"}), FLASH, NOW)
    assert (found.missing, found.rates.name) == ("gemini-0.1-secret", "gemini-2.5-flash")
    both = sim_prices.priced(State(), "nobody:nothing", NOW)
    assert (both.missing, both.rates.name) == ("nothing", "gemini-2.5-flash")


@pytest.mark.parametrize("text", ["gemini", "a:b c", ":x", "x:", "a:" + "b" * 200, "<script>"])
def test_what_cannot_be_a_model_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        FIELDS["model"].read(text)


def test_every_model_that_is_offered_has_a_price_today() -> None:
    offered = sim_prices.choices(FLASH, NOW)
    assert offered == [FLASH, *(model for model in sim_prices.MODELS if model != FLASH), "lesson", "own"]
    assert [model for model in offered if sim_prices.priced(State({"model": model}), FLASH, NOW).missing] == []


def test_prices_of_ones_own_and_the_lessons() -> None:
    own = sim_prices.priced(State({"model": "own", "own_in": 2, "own_cached": None, "own_out": 7}), FLASH, NOW).rates.tiers[0]
    assert [float(rate) for rate in (own.plain, own.cached, own.out)] == [2, 2, 7]
    taught = sim_prices.priced(State({"model": "lesson"}), FLASH, NOW).rates.tiers[0]
    assert [float(rate) for rate in (taught.plain, taught.cached, taught.out)] == [2, 2, 2]
    batch = sim_prices.priced(State({"batch": True}), FLASH, NOW)
    assert sim_prices.sentence(batch.rates) == "$0.15 in, $0.03 cached, $1.25 out a million tokens."
