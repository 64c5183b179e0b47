"""The picture on the login page: the lesson's two cost curves parting, as a small inline SVG. No chart library."""

from decimal import Decimal
from functools import lru_cache

from pages.ui.formats import money
from simulation.course import Curve, no_cap, with_cap

USERS, DAYS, PROMPTS, CAP = 50, 30, 10, 50
WIDTH, HEIGHT = 560, 270
LEFT, RIGHT, TOP, BOTTOM = 6, 130, 22, 34


@lru_cache(maxsize=1)
def picture() -> str:
    """Return the SVG, in colours that follow the theme."""
    full, capped = no_cap(USERS, DAYS, PROMPTS), with_cap(USERS, DAYS, PROMPTS, CAP)
    upper, lower = _points(full, full[-1]), _points(capped, full[-1])
    base, end = HEIGHT - BOTTOM, WIDTH - RIGHT
    return (
        f'<svg class="tl-hero" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{_sentence(full, capped)}">'
        f'<line class="axis" x1="{LEFT}" y1="{base}" x2="{end}" y2="{base}"/>'
        f'<polygon class="gap" points="{_path(upper)} {_path(lower[::-1])}"/>'
        f'<polyline class="full" points="{_path(upper)}"/><polyline class="capped" points="{_path(lower)}"/>'
        f"{_label(upper[-1], 'full', full[-1], 'full history')}"
        f"{_label(lower[-1], 'capped', capped[-1], f'last {CAP} messages')}"
        f'<text class="tick" x="{LEFT}" y="{base + 22}">day 1</text>'
        f'<text class="tick" x="{end}" y="{base + 22}" text-anchor="end">day {DAYS}</text></svg>'
    )


def caption() -> str:
    """Return what the picture shows, for the line under it."""
    return f"The lesson's class: {USERS} people, {PROMPTS} messages a day each, {DAYS} days."


def _sentence(full: Curve, capped: Curve) -> str:
    return (
        f"In {DAYS} days a class of {USERS} costs {_dollars(full[-1])} with full history, "
        f"{_dollars(capped[-1])} when only the last {CAP} messages are sent."
    )


def _points(curve: Curve, highest: float) -> list[tuple[float, float]]:
    across, up = WIDTH - RIGHT - LEFT, HEIGHT - BOTTOM - TOP
    last = len(curve) - 1
    return [(LEFT + across * day / last, HEIGHT - BOTTOM - up * value / highest) for day, value in enumerate(curve)]


def _path(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _label(point: tuple[float, float], kind: str, value: float, name: str) -> str:
    x, y = point
    return (
        f'<circle class="dot {kind}" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>'
        f'<text class="value {kind}" x="{x + 12:.1f}" y="{y + 4:.1f}">{_dollars(value)}</text>'
        f'<text class="name" x="{x + 12:.1f}" y="{y + 21:.1f}">{name}</text>'
    )


def _dollars(value: float) -> str:
    return money(Decimal(round(value, 2)).quantize(Decimal("0.01")))
