"""What a model call costs, from the dated public prices that genai-prices carries. Pure: no network, no clock.

An unknown model has no price: the answer is None, never 0, and never the price of a model whose name happens to begin alike.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

from genai_prices import Usage, calc_price
from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import PriceCalculation

_NANO = Decimal("1e-9")
_PROVIDERS = {"google_genai": "google", "google_vertexai": "google", "mistralai": "mistral", "bedrock": "aws"}
_VERSION = re.compile(r"-(\d{3,8}|\d{4}-\d{2}-\d{2}|latest)$")
"""What may follow a listed name without being another model: a revision, a date, or 'latest'."""


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one call."""

    dollars: Decimal
    """Rounded once, half to even, to whole nano-dollars."""
    rates: str
    """Dollars a million tokens that applied: input/cached input/output."""


def price_call(provider: str, model: str, tokens_in: int, tokens_cached: int, tokens_out: int, at: datetime) -> Price | None:
    """Return the price of a call, or None when the model's price is not known.

    `provider` and `model` are as in `init_chat_model` ("google_genai", "gemini-2.5-flash") or genai-prices. `tokens_in` includes
    `tokens_cached`; `tokens_out` includes reasoning. `at` picks the rate that was valid then. Source: the genai-prices package.
    """
    usage = Usage(input_tokens=tokens_in, cache_read_tokens=tokens_cached or None, output_tokens=tokens_out)
    provider_id = _PROVIDERS.get(provider, provider) or None
    for name in _names(model):
        try:
            found = calc_price(usage, name, provider_id=provider_id, genai_request_timestamp=at)
        except LookupError:
            continue
        if found.model.id == name:
            return Price(found.total_price.quantize(_NANO, ROUND_HALF_EVEN), _rates(found))
    return None


@lru_cache(maxsize=64)
def context_window(provider: str, model: str) -> int | None:
    """Return how many tokens a model reads at most, or None when that is not known. Source: the genai-prices package."""
    for name in _names(model):
        try:
            _, found = get_snapshot().find_provider_model(name, None, _PROVIDERS.get(provider, provider) or None, None)
        except LookupError:
            continue
        if found.id == name:
            return found.context_window
    return None


def _names(model: str) -> list[str]:
    """Return the names that `model` may be listed under: itself, then without its revision."""
    plain = model.lower().removeprefix("models/")
    return [plain, _VERSION.sub("", plain)]


def _rates(found: PriceCalculation) -> str:
    prices = found.model_price
    return "/".join(str(rate) for rate in (prices.input_mtok, prices.cache_read_mtok, prices.output_mtok))
