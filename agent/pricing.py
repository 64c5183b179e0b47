"""What a model call costs, from the dated public prices that genai-prices carries. Pure: no network, no clock.

An unknown model has no price: the answer is None, never 0, and never the price of a model whose name happens to begin alike.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

from genai_prices import Usage
from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import ModelInfo, ModelPrice, TieredPrices

_NANO = Decimal("1e-9")
_THOUSAND, _MILLION = Decimal(1_000), Decimal(1_000_000)
_PROVIDERS = {"google_genai": "google", "google_vertexai": "google", "mistralai": "mistral", "bedrock": "aws"}
_VERSION = re.compile(r"-(\d{3,8}|\d{4}-\d{2}-\d{2}|latest)$")
"""What may follow a listed name without being another model: a revision, a date, or 'latest'."""


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one call."""

    dollars: Decimal
    """Rounded once, half to even, to whole nano-dollars."""
    rates: str
    """Dollars a million tokens that applied: input/cached input/output; then, where each call costs something by itself, `+` that."""


@dataclass(frozen=True, slots=True)
class RateTier:
    """Dollars a million tokens for calls whose input is larger than `above` tokens."""

    above: int
    plain: Decimal
    cached: Decimal
    out: Decimal


def rate_tiers(provider: str, model: str, at: datetime) -> tuple[RateTier, ...] | None:
    """Return a model's rates at an instant by the size of the input, None when they are not known. Source: the genai-prices package.

    Names are as in `price_call`. A tier holds for the whole call; the first is for any input. A model whose calls cost something beside
    their tokens has no such rates: None too.
    """
    found = _rates(provider, model, at.replace(second=0, microsecond=0))
    if found is None or found[0].requests_kcount is not None:
        return None
    given = (found[0].input_mtok, found[0].cache_read_mtok, found[0].output_mtok)
    starts = {0} | {tier.start for rate in given if isinstance(rate, TieredPrices) for tier in rate.tiers}
    tiers = []
    for start in sorted(starts):
        plain, cached, out = (_applied(rate, start + 1) for rate in given)
        known = plain or Decimal(0)
        tiers.append(RateTier(start, known, known if cached is None else cached, out or Decimal(0)))
    return tuple(tiers)


def price_call(provider: str, model: str, tokens_in: int, tokens_cached: int, tokens_out: int, at: datetime) -> Price | None:
    """Return the price of a call, or None when the model's price is not known.

    `provider` and `model` are as in `init_chat_model` ("google_genai", "gemini-2.5-flash") or genai-prices. `tokens_in` includes
    `tokens_cached`; `tokens_out` includes reasoning. `at` picks the rate that was valid then. Source: the genai-prices package.
    """
    found = _rates(provider, model, at.replace(second=0, microsecond=0))
    if found is None:
        return None
    rates, flat, names = found
    if flat is None:
        usage = Usage(input_tokens=tokens_in, cache_read_tokens=tokens_cached or None, output_tokens=tokens_out)
        total = rates.calc_price(usage)["total_price"]
    else:
        plain, cached, out = flat
        total = ((tokens_in - tokens_cached) * plain + tokens_cached * cached + tokens_out * out) / _MILLION
    return Price(total.quantize(_NANO, ROUND_HALF_EVEN), names or _named(rates, tokens_in))


@lru_cache(maxsize=1024)
def _rates(provider: str, model: str, at: datetime) -> tuple[ModelPrice, tuple[Decimal, Decimal, Decimal] | None, str | None] | None:
    """Return a model's rates at a minute, as plain numbers where they are, and what they are recorded as where that is always the same."""
    found = _find(provider, model)
    rates = found.get_prices(at) if found else None
    if rates is None or (rates.input_mtok is None and rates.output_mtok is None):
        return None  # listed without rates: free or not known, and the list does not say which
    flat = _flat(rates)
    return rates, flat, _named(rates, 0) if flat else None


def _named(rates: ModelPrice, tokens_in: int) -> str:
    applied = (_applied(rate, tokens_in) for rate in (rates.input_mtok, rates.cache_read_mtok, rates.output_mtok))
    a_call = "" if rates.requests_kcount is None else f"+{(_applied(rates.requests_kcount, 1) or 0) / _THOUSAND}"
    return "/".join(map(str, applied)) + a_call


def _applied(rate: Decimal | TieredPrices | None, tokens_in: int) -> Decimal | None:
    """Return the rate of the tier that an input of this size is in; a tier holds for the whole call."""
    if isinstance(rate, TieredPrices):
        return next((tier.price for tier in reversed(rate.tiers) if tokens_in > tier.start), rate.base)
    return rate


def _flat(rates: ModelPrice) -> tuple[Decimal, Decimal, Decimal] | None:
    """Return the three rates where they are plain numbers, for which the sum is done here (genai-prices takes 0.3 ms for it)."""
    plain, cached, out = rates.input_mtok, rates.cache_read_mtok, rates.output_mtok
    if rates.requests_kcount is None and isinstance(plain, Decimal) and isinstance(out, Decimal):
        if cached is None:
            return plain, plain, out
        if isinstance(cached, Decimal):
            return plain, cached, out
    return None


def context_window(provider: str, model: str) -> int | None:
    """Return how many tokens a model reads at most, or None when that is not known. Source: the genai-prices package."""
    found = _find(provider, model)
    return found.context_window if found else None


@lru_cache(maxsize=64)
def _find(provider: str, model: str) -> ModelInfo | None:
    """Return the listed model of exactly this name, or of this name without its revision.

    Where the list knows the name with its revision as another model (`gemini-pro-latest` is not `gemini-pro`), it has no price here.
    """
    provider_id = _PROVIDERS.get(provider, provider) or None
    plain = model.lower().removeprefix("models/")
    base = _VERSION.sub("", plain)
    found = _listed(provider_id, plain) or _listed(provider_id, base)
    return found if found and found.id.lower() in (plain, base) else None


def _listed(provider_id: str | None, name: str) -> ModelInfo | None:
    try:
        return get_snapshot().find_provider_model(name, None, provider_id, None)[1]
    except LookupError:
        return None
