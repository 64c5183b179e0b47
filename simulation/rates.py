"""What tokens cost, as numbers that arrays can be multiplied with: a model's public rates, or a price of one's own.

The simulator multiplies whole populations in float64; `price_of` gives the same rates as the exact price of one call, for a replay.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agent.memory.replay import PriceOf
from agent.pricing import RateTier, rate_tiers

BATCH = Decimal("0.5")
"""What a batch call's tokens cost of a plain one's, at Google, OpenAI and Anthropic alike. Cached input is taken at its own price as it
is, or at the batch price where that is lower: the two discounts do not add up. https://ai.google.dev/gemini-api/docs/batch-api"""
_NANO = Decimal("1e-9")
_MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Rates:
    """Dollars a million tokens. A call is priced whole by the last tier whose `above` its input exceeds."""

    name: str
    """The model, or what else the price is called."""
    tiers: tuple[RateTier, ...]
    """By rising `above`, the first from 0 on."""
    batch: bool = False
    """Whether these are the rates of a batch, which is answered within a day instead of at once."""

    def in_batch(self) -> "Rates":
        """Return the same rates at the batch price."""
        if self.batch:
            return self
        tiers = (RateTier(tier.above, tier.plain * BATCH, min(tier.cached, tier.plain * BATCH), tier.out * BATCH) for tier in self.tiers)
        return replace(self, tiers=tuple(tiers), batch=True)


def of_model(provider: str, model: str, at: datetime) -> Rates | None:
    """Return a model's rates at an instant, None when they are not known. Source: the genai-prices package."""
    tiers = rate_tiers(provider, model, at)
    return None if tiers is None else Rates(model, tiers)


def own(tokens_in: Decimal, cached: Decimal | None, out: Decimal, name: str = "own price") -> Rates:
    """Return rates of one's own, in dollars a million tokens; without a price for cached input, it costs as any other.

    Raises ValueError when one is negative or not a number.
    """
    given = (tokens_in, tokens_in if cached is None else cached, out)
    if any(not rate.is_finite() or rate < 0 for rate in given):
        raise ValueError(f"A price cannot be negative; got {given}.")
    return Rates(name, (RateTier(0, *given),))


def price_of(rates: Rates) -> PriceOf:
    """Return the exact price of a call by these rates, rounded once to whole nano-dollars; the time does not matter."""

    def price(tokens_in: int, tokens_cached: int, tokens_out: int, at: float) -> Decimal:
        tier = next((each for each in reversed(rates.tiers) if tokens_in > each.above), rates.tiers[0])
        total = (tokens_in - tokens_cached) * tier.plain + tokens_cached * tier.cached + tokens_out * tier.out
        return (total / _MILLION).quantize(_NANO, ROUND_HALF_EVEN)

    return price


def dollars(rates: Rates, tokens_in: ArrayLike, tokens_cached: ArrayLike, tokens_out: ArrayLike) -> NDArray[np.float64]:
    """Return what calls cost, one for each place of the arrays, which broadcast."""
    size, cached, out = (np.asarray(each, dtype=np.float64) for each in (tokens_in, tokens_cached, tokens_out))
    total = np.zeros(())
    for tier in rates.tiers:
        plain, hit, said = (float(rate) / 1e6 for rate in (tier.plain, tier.cached, tier.out))
        cost = size * plain - cached * (plain - hit) + out * said
        total = cost if tier is rates.tiers[0] else np.where(size > tier.above, cost, total)
    return np.asarray(total, dtype=np.float64)


def cold_dollars(rates: Rates, warm: NDArray[np.float64], tokens_in: ArrayLike, cached: ArrayLike, out: ArrayLike) -> NDArray[np.float64]:
    """Return what calls that cost `warm` with so much of their input cached cost when nothing of it is."""
    if len(rates.tiers) > 1:
        return dollars(rates, tokens_in, 0.0, out)
    return warm + np.asarray(cached, dtype=np.float64) * (float(rates.tiers[0].plain - rates.tiers[0].cached) / 1e6)
