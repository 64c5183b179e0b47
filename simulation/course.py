"""The lesson's two cost curves, in closed form: what a class costs when the context grows for ever, and when it is capped.

Equal, to floating-point accuracy, to the lesson's own loops `simulate_no_cap` and `simulate_with_cap`, with their ways kept: with no
cap a day's prompts start from the whole day's messages and grow by one each, with a cap they all send the same capped number.
"""

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.float64]


def no_cap(
    num_users: int,
    days: int,
    prompts_per_day: int,
    *,
    tokens_per_message: float = 500,
    price_per_1k: float = 0.002,
) -> Curve:
    """Return the cumulative cost, in dollars, at the end of each day, shape (days,), when every prompt sends the whole history.

    `price_per_1k` is dollars per 1,000 tokens. Raises ValueError when a count is negative.
    """
    _check(num_users, days, prompts_per_day)
    day = np.arange(1, days + 1, dtype=np.float64)
    prompts = float(prompts_per_day)
    messages = np.cumsum(prompts * (day * prompts) + prompts * (prompts + 1) / 2)
    return _dollars(messages, num_users, tokens_per_message, price_per_1k)


def with_cap(
    num_users: int,
    days: int,
    prompts_per_day: int,
    cap: int,
    *,
    tokens_per_message: float = 500,
    price_per_1k: float = 0.002,
) -> Curve:
    """Return the cumulative cost, in dollars, at the end of each day, shape (days,), when a prompt sends at most `cap` messages.

    `price_per_1k` is dollars per 1,000 tokens. Raises ValueError when a count is negative.
    """
    _check(num_users, days, prompts_per_day, cap)
    day = np.arange(1, days + 1, dtype=np.float64)
    messages = np.cumsum(prompts_per_day * np.minimum(float(cap), day * prompts_per_day))
    return _dollars(messages, num_users, tokens_per_message, price_per_1k)


def _dollars(messages: Curve, num_users: int, tokens_per_message: float, price_per_1k: float) -> Curve:
    return num_users * messages * tokens_per_message / 1000 * price_per_1k


def _check(*counts: int) -> None:
    if min(counts) < 0:
        raise ValueError(f"Users, days, prompts and the cap cannot be negative; got {counts}.")


def first_saved(whole: Curve, less: Curve, share: float = 0.5) -> int | None:
    """Return the place of the first day on which `less` is at most what is left of `whole` when `share` of it is saved; None when none is.

    Both are dollars by day, of the same days. A day that costs nothing saves nothing.
    """
    reached = np.flatnonzero((less <= whole * (1 - share) * (1 + 1e-12)) & (whole > 0))
    return int(reached[0]) if reached.size else None
