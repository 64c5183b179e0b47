"""What the usage page says: one person's tokens and cost, as numbers, by day and by chat."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal

from sqlite_utils import Database

from pages.ui import colours
from pages.ui.charts import Cell, Chart, Series
from pages.ui.formats import UNPRICED, as_markdown, count, day, moment, money, tokens
from storage import usage
from storage.records import Totals
from storage.usage import ChatUsage, DayUsage

PERIODS = {"7 days": 7, "30 days": 30, "All": None}
NOTHING = Totals(0, 0, 0, 0, 0, Decimal(0), 0, 0)


@dataclass(frozen=True, slots=True)
class Report:
    """One person's use in a period."""

    totals: Totals
    days: Sequence[DayUsage]
    chats: Sequence[ChatUsage]


def since(period: str, now: datetime, zone: tzinfo) -> datetime | None:
    """Return the midnight at which a period of PERIODS begins on the person's calendar; None for all time."""
    days = PERIODS[period]
    if days is None:
        return None
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=days - 1)


def read(db: Database, user_id: str, start: datetime | None, offset_minutes: int) -> Report:
    """Read the report of `user_id` from `start` on; days begin at midnight `offset_minutes` east of UTC."""
    return Report(
        usage.mine(db, user_id, since=start),
        usage.by_day(db, user_id, since=start, utc_offset_minutes=offset_minutes),
        usage.by_chat(db, user_id, since=start),
    )


def cost_of(totals: Totals) -> str:
    """Return the cost as people read it, saying how much of it has no price."""
    if totals.unpriced_calls == 0:
        return money(totals.cost)
    return UNPRICED if totals.cost == 0 else f"{money(totals.cost)} + {totals.unpriced_calls} {UNPRICED}"


def cost_chart(days: Sequence[DayUsage]) -> Chart:
    """Return cost by day."""
    filled = list(_every_day(days))
    names = [day(on) for on, _ in filled]
    hover = [f"{day(on)}: {cost_of(totals)}, {count(totals.turns, 'reply', 'replies')}" for on, totals in filled]
    spent = Series("Spent", names, [float(totals.cost) for _, totals in filled], hover, colours.CAPPED)
    table = [_day_row(on, totals) for on, totals in filled]
    return Chart("cost_by_day", _cost_finding(filled), "Day", "Cost (US dollars)", [spent], table, y_prefix="$")


def token_chart(days: Sequence[DayUsage]) -> Chart:
    """Return tokens by day: input, cached input and output, stacked."""
    filled = list(_every_day(days))
    names = [day(on) for on, _ in filled]
    whole = sum(totals.tokens_in for _, totals in filled)
    cached = sum(totals.tokens_cached for _, totals in filled)
    share = f", {100 * cached / whole:.0f}% of it cached" if cached else ""
    finding = f"{tokens(whole)} tokens went in{share}; {tokens(sum(t.tokens_out for _, t in filled))} came out"
    parts = (
        ("Input", colours.INPUT, [t.tokens_in - t.tokens_cached for _, t in filled]),
        ("Cached input", colours.CACHED, [t.tokens_cached for _, t in filled]),
        ("Output", colours.OUTPUT, [t.tokens_out for _, t in filled]),
    )
    series = [Series(name, names, values, [f"{name}: {tokens(v)} tokens" for v in values], colour) for name, colour, values in parts]
    return Chart("tokens_by_day", finding, "Day", "Tokens", series, [_day_row(on, totals) for on, totals in filled])


def chat_rows(chats: Sequence[ChatUsage], zone: tzinfo) -> list[dict[str, Cell]]:
    """Return the table of chats, as text."""
    return [
        {
            "Chat": as_markdown(chat.title) + (" (deleted)" if chat.deleted else ""),
            "Replies": f"{chat.totals.turns:,}",
            "Input": tokens(chat.totals.tokens_in),
            "Output": tokens(chat.totals.tokens_out),
            "Cost": cost_of(chat.totals).replace("$", "\\$"),
            "Last used": moment(chat.last_at, zone),
        }
        for chat in chats
    ]


def _cost_finding(filled: Sequence[tuple[date, Totals]]) -> str:
    spent = sum((totals.cost for _, totals in filled), Decimal(0))
    dearest, most = max(filled, key=lambda item: item[1].cost)
    if len(filled) == 1 or most.cost == 0:
        return f"You spent {money(spent)} on {day(dearest)}".replace("$", "\\$")
    return f"You spent {money(spent)}; the dearest day was {day(dearest)} ({money(most.cost)})".replace("$", "\\$")


def _every_day(days: Sequence[DayUsage]) -> Iterator[tuple[date, Totals]]:
    """Yield each day from the first with use to the last, those without use too."""
    used = {date.fromisoformat(item.day): item.totals for item in days}
    for place in range((max(used) - min(used)).days + 1):
        on = min(used) + timedelta(days=place)
        yield on, used.get(on, NOTHING)


def _day_row(on: date, totals: Totals) -> dict[str, Cell]:
    return {
        "Day": on.isoformat(),
        "Replies": totals.turns,
        "Input tokens": totals.tokens_in,
        "Cached input tokens": totals.tokens_cached,
        "Output tokens": totals.tokens_out,
        "Cost (USD)": str(totals.cost),
        "Unpriced calls": totals.unpriced_calls,
    }
