"""Prices: the library's to the nano-dollar for every model it lists, at any date, and none where it is not sure."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from genai_prices import Usage, calc_price
from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import TieredPrices
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.pricing import context_window, price_call, rate_tiers

LISTED = [(provider.id, model.id) for provider in get_snapshot().providers for model in provider.models]
CONDITIONAL = [(p.id, m.id) for p in get_snapshot().providers for m in p.models if isinstance(m.prices, list)]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TIERED = [(p.id, m.id) for p in get_snapshot().providers for m in p.models if isinstance(m.get_prices(NOON).input_mtok, TieredPrices)]
EARLY, LATE = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (2023, 2030))
A_CALL = [(p.id, m.id) for p in get_snapshot().providers for m in p.models if m.get_prices(NOON).requests_kcount is not None]
INSTANTS = st.datetimes(EARLY, LATE, timezones=st.just(UTC))
TOKENS = st.integers(0, 3_000_000)


def by_the_library(provider: str, model: str, tokens_in: int, cached: int, out: int, at: datetime) -> Decimal:
    usage = Usage(input_tokens=tokens_in, cache_read_tokens=cached, output_tokens=out)
    total = calc_price(usage, model, provider_id=provider, genai_request_timestamp=at).total_price
    return total.quantize(Decimal("1e-9"), ROUND_HALF_EVEN)


def has_rates(provider: str, model: str, at: datetime) -> bool:
    """Whether the library lists any rate for a model's tokens on a day; without, free and unknown look the same."""
    rates = get_snapshot().find_provider_model(model, None, provider, None)[1].get_prices(at)
    return rates.input_mtok is not None or rates.output_mtok is not None


def listed_as(provider: str, name: str) -> str | None:
    """Return the id of the model that the library takes a name for."""
    try:
        return get_snapshot().find_provider_model(name, None, provider, None)[1].id
    except LookupError:
        return None


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.sampled_from(LISTED), st.sampled_from(CONDITIONAL), st.sampled_from(TIERED)), TOKENS, st.floats(0, 1), TOKENS, INSTANTS)
def test_a_call_costs_what_the_library_says_rounded_once(
    which: tuple[str, str], tokens_in: int, share: float, out: int, at: datetime
) -> None:
    provider, model = which
    cached = int(tokens_in * share)
    price = price_call(provider, model, tokens_in, cached, out, at)
    if listed_as(provider, model) != model:
        return
    if not has_rates(provider, model, at):
        assert price is None
        return
    assert price is not None
    assert price.dollars == by_the_library(provider, model, tokens_in, cached, out, at)
    assert price.dollars == price.dollars.quantize(Decimal("1e-9"))


def test_every_listed_model_has_its_price() -> None:
    """Also those whose names have capitals, which the library looks up without."""
    known = [which for which in LISTED if listed_as(*which) == which[1] and has_rates(*which, NOON)]
    assert len(known) > 1500
    assert [which for which in known if price_call(*which, 1000, 10, 100, NOON) is None] == []


SUFFIXES = ["-foo", "-001", "-2024-08-06", "-20241022", "-latest", "-preview", "-preview-09-2025", "x", "-lite", "-mini"]


def is_never_anothers(provider: str, name: str) -> bool:
    """Whether a name has no price, or that of the model that the library takes it for, if it takes it for one."""
    price = price_call(provider, name, 300_000, 1000, 1000, NOON)
    return price is None or not listed_as(provider, name) or price.dollars == by_the_library(provider, name, 300_000, 1000, 1000, NOON)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(LISTED), st.sampled_from(SUFFIXES))
def test_a_longer_name_never_has_the_price_of_the_shorter_one_when_it_is_another_model(which: tuple[str, str], suffix: str) -> None:
    assert is_never_anothers(which[0], which[1] + suffix)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_nor_has_any_longer_name_of_google(suffix: str) -> None:
    assert [model for provider, model in LISTED if provider == "google" and not is_never_anothers(provider, model + suffix)] == []


@pytest.mark.parametrize(
    "model",
    ["gemini-2.5-flash-foo", "gemini-2.5-flash-image-foo", "gemini-2.5-flashy", "gemini-2.5", "gemini", "", "gpt-9", "../x", "-001"],
)
def test_an_unknown_name_has_no_price(model: str) -> None:
    assert price_call("google", model, 1000, 0, 1000, NOON) is None
    assert context_window("google", model) is None


@pytest.mark.parametrize("provider", ["nobody", "openai", "anthropic"])
def test_a_model_of_another_provider_has_no_price(provider: str) -> None:
    assert price_call(provider, "gemini-2.5-flash", 1000, 0, 1000, NOON) is None


@pytest.mark.parametrize(
    ("provider", "model"),
    [
        ("google_genai", "gemini-2.5-flash"),
        ("google_vertexai", "gemini-2.5-flash"),
        ("google", "models/gemini-2.5-flash"),
        ("google", "Gemini-2.5-Flash"),
        ("google", "gemini-2.5-flash-001"),
        ("google", "gemini-2.5-flash-latest"),
        ("", "gemini-2.5-flash"),
    ],
)
def test_the_names_of_init_chat_model_and_revisions_find_the_listed_model(provider: str, model: str) -> None:
    price = price_call(provider, model, 1_000_000, 500_000, 1_000_000, NOON)
    assert price is not None
    assert price.dollars == Decimal("0.15") + Decimal("0.015") + Decimal("2.5")
    assert price.rates == "0.3/0.03/2.5"
    assert context_window(provider, model) == 1_048_576


def test_a_latest_that_is_another_model_is_not_priced_as_the_old_one() -> None:
    """`gemini-pro` of 2023 costs a thirtieth of what `gemini-pro-latest` stands for."""
    assert listed_as("google", "gemini-pro-latest") not in (None, "gemini-pro")
    assert price_call("google", "gemini-pro-latest", 1000, 0, 1000, NOON) is None


def test_the_rate_is_that_of_the_day() -> None:
    """A rate that changed on a date is not applied to the calls before it."""
    before = datetime(2024, 1, 1, tzinfo=UTC)
    known = [which for which in CONDITIONAL if listed_as(*which) == which[1]]
    moved = [w for w in known if by_the_library(*w, 10**6, 0, 10**6, before) != by_the_library(*w, 10**6, 0, 10**6, NOON)]
    assert moved
    for which in moved:
        old, new = (price_call(*which, 10**6, 0, 10**6, at) for at in (before, NOON))
        assert old is not None
        assert new is not None
        assert old.dollars != new.dollars


def test_cached_tokens_are_part_of_the_input_and_cost_less() -> None:
    nothing, half, everything = (price_call("google", "gemini-2.5-flash", 1000, cached, 0, NOON) for cached in (0, 500, 1000))
    assert nothing is not None
    assert half is not None
    assert everything is not None
    assert (nothing.dollars, half.dollars, everything.dollars) == (Decimal("0.0003"), Decimal("0.000165"), Decimal("0.00003"))


def test_a_tier_applies_to_the_whole_call() -> None:
    """gemini-2.5-pro: 1.25 up to 200,000 tokens of input, 2.50 for every token of a longer one."""
    below, above = (price_call("google", "gemini-2.5-pro", tokens, 0, 0, NOON) for tokens in (200_000, 200_001))
    assert below is not None
    assert above is not None
    assert (below.dollars, above.dollars) == (Decimal("0.25"), Decimal("0.5000025"))
    assert (below.rates, above.rates) == ("1.25/0.125/10", "2.5/0.25/15")


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.sampled_from(LISTED), st.sampled_from(TIERED), st.sampled_from(A_CALL)), TOKENS, TOKENS)
def test_the_rates_told_are_those_that_were_applied(which: tuple[str, str], tokens_in: int, out: int) -> None:
    price = price_call(*which, tokens_in, 0, out, NOON)
    if price is not None:
        told, _, a_call = price.rates.partition("+")
        rates = [Decimal(0) if rate == "None" else Decimal(rate) for rate in told.split("/")]
        assert price.dollars == ((rates[0] * tokens_in + rates[2] * out) / 10**6 + Decimal(a_call or 0)).quantize(Decimal("1e-9"))


def test_what_each_call_costs_by_itself_is_told_and_no_model_priced_so_has_rates_by_the_token_alone() -> None:
    price = price_call("perplexity", "sonar", 1_000_000, 0, 0, NOON)
    assert price is not None
    assert (price.dollars, price.rates) == (Decimal("1.012"), "1/None/1+0.012")
    assert {rate_tiers(*which, NOON) for which in A_CALL} == {None}


def test_half_a_nano_dollar_goes_to_the_even_one() -> None:
    """At $0.0375 a million a token costs 37.5 nano-dollars."""
    halves = [which for which in LISTED if (p := price_call(*which, 10**6, 0, 0, NOON)) and p.rates.startswith("0.0375/")]
    one, three = (price_call(*halves[0], tokens, 0, 0, NOON) for tokens in (1, 3))
    assert one is not None
    assert three is not None
    assert (one.dollars, three.dollars) == (Decimal("0.000000038"), Decimal("0.000000112"))
