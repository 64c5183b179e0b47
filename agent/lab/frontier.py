"""The frontier: of all strategies and caps, those that no other beats in both dollars and facts kept. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from agent.memory.policy import Strategy


@dataclass(frozen=True, slots=True)
class Point:
    """What one strategy costs and keeps at one cap."""

    strategy: Strategy
    cap: int | None
    """None where no cap applies."""
    dollars: Decimal
    known: int
    """Questions answered with the fact."""


def frontier(points: Sequence[Point]) -> list[Point]:
    """Return the points that cost less than every other that keeps as much or more, the cheapest first."""
    best: list[Point] = []
    for point in sorted(points, key=lambda each: (each.dollars, -each.known)):
        if not best or point.known > best[-1].known:
            best.append(point)
    return best
