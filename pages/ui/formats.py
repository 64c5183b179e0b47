"""How numbers are written, the same on every page: money, tokens, seconds, places in a queue, days. Pure text, no Streamlit."""

import re
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal

UNKNOWN = "\N{EN DASH}"
UNPRICED = "unpriced"
MINUS = "\N{MINUS SIGN}"
_CENT = Decimal("0.01")
_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`)", re.DOTALL)
_JOINER = "\N{WORD JOINER}"


def money(dollars: Decimal | None) -> str:
    """Return `$12.40` from a cent up, two significant digits and at least four places below it, and `unpriced` for None."""
    if dollars is None:
        return UNPRICED
    amount = abs(dollars)
    sign = MINUS if dollars < 0 else ""
    if amount == 0:
        return "$0"
    if amount >= _CENT:
        return f"{sign}${amount:,.2f}"
    places = max(4, 1 - amount.adjusted())
    return f"{sign}${amount:.{places}f}"


def exact(dollars: Decimal | None) -> str:
    """Return an amount to its last digit for a tooltip, and `unpriced` for None."""
    return UNPRICED if dollars is None else f"{dollars} dollars"


def money_alike(*amounts: Decimal | None) -> list[str]:
    """Return amounts that stand under each other with as many places as the smallest needs, two where the largest is a dollar or more."""
    known = [abs(amount) for amount in amounts if amount]
    if not known:
        return [money(amount) for amount in amounts]
    small = min(known)
    places = 2 if max(known) >= 1 or small >= _CENT * 10 else max(4, 1 - small.adjusted())
    return [money(amount) if not amount else f"{MINUS if amount < 0 else ''}${abs(amount):,.{places}f}" for amount in amounts]


def tokens(count: int | None) -> str:
    """Return `1,234` below ten thousand, then `12.3k`, then `1.23M`; a dash for None."""
    if count is None:
        return UNKNOWN
    if abs(count) < 10_000:
        return f"{count:,}"
    if abs(count) < 999_950:
        return f"{count / 1_000:.1f}k"
    return f"{count / 1_000_000:.2f}M"


def seconds(milliseconds: int | None) -> str:
    """Return `0.8 s`, `0.04 s` below a tenth, `2 min 5 s` from a minute up; a dash for None."""
    if milliseconds is None:
        return UNKNOWN
    if milliseconds < 95:
        return f"{milliseconds / 1000:.2f} s"
    if milliseconds < 59_950:
        return f"{milliseconds / 1000:.1f} s"
    minutes, rest = divmod(round(milliseconds / 1000), 60)
    return f"{minutes} min {rest} s"


def count(number: int, singular: str, plural: str | None = None) -> str:
    """Return `1 message`, `34 messages`: the number with its noun."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def ordinal(place: int) -> str:
    """Return `1st`, `2nd`, `3rd`, `11th`."""
    suffix = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{suffix}"


def moment(instant: datetime, zone: tzinfo) -> str:
    """Return an instant as a person's clock shows it: `20 Nov 2026, 14:05`."""
    local = instant.astimezone(zone)
    return f"{local.day} {local:%b %Y, %H:%M}"


def day(value: date) -> str:
    """Return `20 Nov`."""
    return f"{value.day} {value:%b}"


def age_group(instant: datetime, now: datetime, zone: tzinfo) -> str:
    """Return the heading under which a chat last used at `instant` is listed: Today, This week or Older, by the person's calendar."""
    today = now.astimezone(zone).date()
    used = instant.astimezone(zone).date()
    if used >= today:
        return "Today"
    return "This week" if used > today - timedelta(days=7) else "Older"


def plain_markdown(text: str) -> str:
    """Return a model's markdown with what must not happen disarmed: dollar signs as formulas, and images fetched from elsewhere.

    An image address could carry what was said to a stranger's server, so images show as their text. They are broken in code too, and
    by an invisible character where a backslash could itself be escaped: what markdown takes for code is not decided here.
    """
    parts = _CODE.split(text.replace("![", f"!{_JOINER}["))
    return "".join(part if place % 2 else part.replace("$", "\\$") for place, part in enumerate(parts))


def as_markdown(text: str) -> str:
    """Return plain text that shows as itself where Streamlit reads markdown, as in a label."""
    return re.sub(r"([\\`*_\[\]$~:<>#|])", r"\\\1", text)
