"""What the cap saves: what was spent, what the full history would have cost, and the small picture of both. Pure: no Streamlit, no SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from pages.ui.formats import money, money_alike, tokens
from storage.counterfactuals import Sum, TurnCost
from storage.records import Totals

WIDTH, HEIGHT, EDGE = 240, 56, 4
ABOUT = "≈ "
"""Stands before a figure that is partly a guess."""


@dataclass(frozen=True, slots=True)
class Savings:
    """Dollars and tokens spent, and what the same replies would have taken with the full history."""

    spent: Decimal | None
    """None when a call has no known price."""
    uncapped: Decimal | None
    spent_tokens: int
    uncapped_tokens: int
    estimated: bool
    """Whether the uncapped figures are partly a guess."""
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0
    replies: int = 0
    compared: int = 0
    """Replies that a comparison is stored for; the others count as costing the same either way."""

    @property
    def saved(self) -> Decimal | None:
        """Dollars saved; negative when the full history would have been cheaper."""
        return None if self.spent is None or self.uncapped is None else self.uncapped - self.spent

    @property
    def is_loss(self) -> bool:
        """Whether the cap cost more than it saved."""
        return self.saved is not None and self.saved < 0

    @property
    def share(self) -> int | None:
        """Per cent of the uncapped cost that was saved; None where there was none."""
        saved = self.saved
        return None if saved is None or not self.uncapped else round(100 * saved / self.uncapped)


NO_SAVINGS = Savings(Decimal(0), Decimal(0), 0, 0, estimated=False)


def chat_savings(totals: Totals, compared: Totals, uncapped: Sum | None) -> Savings:
    """Return what `totals` come to beside the full history; `compared` are those of them that `uncapped` was worked out for."""
    spent = None if totals.unpriced_calls else totals.cost
    used = totals.tokens_in + totals.tokens_out
    counts = (totals.tokens_in, totals.tokens_out, totals.tokens_cached, totals.turns)
    if uncapped is None:
        return Savings(spent, spent, used, used, False, *counts)
    known = spent is not None and not uncapped.unpriced_turns
    full = totals.cost - compared.cost + uncapped.cost if known else None
    more = uncapped.tokens_in + uncapped.tokens_out - compared.tokens_in - compared.tokens_out
    return Savings(spent, full, used, used + more, uncapped.estimated_turns > 0, *counts, compared=uncapped.turns)


def figures(savings: Savings) -> tuple[str, str, str]:
    """Return what was spent, would have been and was saved, written alike, and marked where they rest on a guess."""
    spent, uncapped, saved = money_alike(savings.spent, savings.uncapped, savings.saved)
    mark = ABOUT if savings.estimated and savings.saved is not None else ""
    return spent, mark + uncapped, mark + saved


def verdict(savings: Savings) -> str:
    """Return what the cap came to in a few words: `61% less, 12.3k tokens`."""
    fewer = savings.uncapped_tokens - savings.spent_tokens
    weight = f"{tokens(abs(fewer))} tokens {'fewer' if fewer >= 0 else 'more'}"
    if savings.share is None:
        return weight if savings.compared else ""
    if savings.is_loss:
        return f"{abs(savings.share)}% dearer than uncapped, {weight}"
    return f"{savings.share}% less than uncapped, {weight}" if savings.saved else "Nothing was left out so far."


def sums(curve: Sequence[TurnCost]) -> tuple[list[float], list[float]]:
    """Return what was spent and what full history would have cost, adding up turn by turn, from zero; one without a price adds nothing."""
    priced = [turn if turn.spent is not None and turn.uncapped is not None else None for turn in curve]
    spent = accumulate((float(turn.spent or 0) if turn else 0.0 for turn in priced), initial=0.0)
    uncapped = accumulate((float(turn.uncapped or 0) if turn else 0.0 for turn in priced), initial=0.0)
    return list(spent), list(uncapped)


def sparkline(curve: Sequence[TurnCost]) -> str:
    """Return the two curves as a small SVG on one line; empty for fewer than two turns."""
    spent, uncapped = sums(curve)
    highest = max(spent[-1], uncapped[-1])
    if len(curve) < 2 or highest <= 0:
        return ""
    said = f"Spent {_dollars(spent[-1])}, full history {_dollars(uncapped[-1])}, over the last {len(curve)} replies"
    return (
        f'<svg class="tl-spark" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{said}"><title>{said}</title>'
        f'<polygon class="gap" points="{_points(uncapped, highest)} {_points(spent, highest, back=True)}"/>'
        f'<polyline class="full" points="{_points(uncapped, highest)}"/><polyline class="capped" points="{_points(spent, highest)}"/></svg>'
    )


def _points(values: Sequence[float], highest: float, *, back: bool = False) -> str:
    step = (WIDTH - 2 * EDGE) / (len(values) - 1)
    places = [(EDGE + place * step, HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * value / highest) for place, value in enumerate(values)]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in (reversed(places) if back else places))


def _dollars(value: float) -> str:
    return money(Decimal(str(value)))
