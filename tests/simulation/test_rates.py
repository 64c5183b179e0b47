"""Rates as arrays say what the price of a call says, for every model and every size."""

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.pricing import price_call
from simulation.rates import dollars, of_model, own, price_of
from simulation.scenario import Scenario
from tests.simulation.scenarios import NOW, TIERED, flash

MODELS = [
    ("google", "gemini-2.5-flash"),
    ("google", "gemini-2.5-pro"),
    ("google", "gemini-2.5-flash-lite"),
    ("openai", "gpt-4o-mini"),
    ("anthropic", "claude-sonnet-4-5"),
]


@pytest.mark.parametrize(("provider", "model"), MODELS)
@pytest.mark.parametrize("size", [1, 199_999, 200_000, 200_001, 500_000])
def test_a_models_rates_are_its_price(provider: str, model: str, size: int) -> None:
    rates, price = of_model(provider, model, NOW), price_call(provider, model, size, size // 3, 700, NOW)
    assert rates
    assert price
    assert price_of(rates)(size, size // 3, 700, 0.0) == price.dollars
    assert float(dollars(rates, size, size // 3, 700)) == pytest.approx(float(price.dollars), abs=1e-9)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**5), st.booleans())
def test_arrays_and_calls_agree(size: int, hit: int, out: int, batch: bool) -> None:
    rates = TIERED.in_batch() if batch else TIERED
    one = price_of(rates)(size, min(hit, size), out, 0.0)
    assert one is not None
    found = dollars(rates, np.array([size]), np.array([min(hit, size)]), np.array([out]))
    assert found[0] == pytest.approx(float(one), abs=1e-9, rel=1e-12)


def test_a_batch_is_half_the_price() -> None:
    assert price_of(flash().in_batch())(1000, 0, 1000, 0.0) == Decimal("0.0014")
    assert price_of(flash())(1000, 0, 1000, 0.0) == Decimal("0.0028")
    assert flash().in_batch().in_batch() == flash().in_batch()


def test_a_batch_does_not_halve_what_is_cached_once_more() -> None:
    assert price_of(flash().in_batch())(1000, 1000, 0, 0.0) == price_of(flash())(1000, 1000, 0, 0.0) == Decimal("0.00003")
    dear = own(Decimal(2), Decimal("1.5"), Decimal(4)).in_batch()
    assert dear.tiers[0].cached == Decimal(1)


def test_an_unknown_model_has_no_rates() -> None:
    assert of_model("google", "gemini-99-nano", NOW) is None
    assert of_model("nobody", "x", NOW + timedelta(days=1)) is None


@pytest.mark.parametrize("price", [Decimal(-1), Decimal("NaN"), Decimal("Infinity")])
def test_a_price_that_is_none_is_refused(price: Decimal) -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        own(price, None, Decimal(1))


def test_without_a_price_for_cached_input_it_costs_as_any_other() -> None:
    assert own(Decimal(2), None, Decimal(4)).tiers[0].cached == Decimal(2)
    assert own(Decimal(2), Decimal(0), Decimal(4)).tiers[0].cached == Decimal(0)


def test_a_scenario_can_be_kept_in_a_set() -> None:
    assert len({Scenario(rates=flash()), Scenario(rates=flash()), Scenario(rates=flash(), users=7)}) == 2
