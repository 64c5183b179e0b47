"""What the usage page says: one person's tokens and cost, as numbers, by day and by chat."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal

from sqlite_utils import Database

from pages.ui import colours
from pages.ui.charts import Cell, Chart, Series
from pages.ui.formats import UNKNOWN, UNPRICED, as_markdown, count, day, moment, money, money_alike, tokens
from pages.ui.savings import ABOUT, sums
from storage import counterfactuals, usage
from storage.counterfactuals import TurnCost
from storage.records import Totals
from storage.usage import ChatUsage, DayUsage

PERIODS = {"7 days": 7, "30 days": 30, "All": None}
NANO = Decimal("0.000000001")
AXES = ("By reply", "By time")
CURVE = 1_000
"""Replies in the growing curves, at most."""
NOTHING = Totals(0, 0, 0, 0, 0, Decimal(0), 0, 0)


@dataclass(frozen=True, slots=True)
class Report:
    """One person's use in a period."""

    totals: Totals
    days: Sequence[DayUsage]
    chats: Sequence[ChatUsage]
    turns: Sequence[TurnCost]
    """The last of them, beside what they would have cost with the full history."""


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
        counterfactuals.user_by_turn(db, user_id, start, CURVE),
    )


def cost_of(totals: Totals) -> str:
    """Return the cost as people read it, saying how much of it has no price."""
    if totals.unpriced_calls == 0:
        return money(totals.cost)
    return UNPRICED if totals.cost == 0 else f"{money(totals.cost)} + {totals.unpriced_calls} {UNPRICED}"


def numbers(report: Report) -> dict[str, str]:
    """Return the four numbers on top."""
    totals, gain = report.totals, saved(report.turns)
    cost, less = money_alike(totals.cost, gain)
    cells = {
        "Cost": cost_of(totals) if totals.unpriced_calls else cost,
        "Saved" if len(report.turns) < CURVE else f"Saved, last {CURVE:,} replies": _marked(report.turns, less),
        "Tokens": tokens(totals.tokens_in + totals.tokens_out),
        "Replies": f"{totals.turns:,}",
    }
    return {label: value.replace("$", "\\$") for label, value in cells.items()}


def saved(turns: Sequence[TurnCost]) -> Decimal | None:
    """Return what the cap saved in those replies that have a price; None when none has."""
    spent, uncapped = sums(turns)
    priced = any(turn.spent is not None and turn.uncapped is not None for turn in turns)
    return Decimal(str(uncapped[-1] - spent[-1])).quantize(NANO) if priced else None


def growth_chart(turns: Sequence[TurnCost], axis: str, zone: tzinfo) -> Chart:
    """Return two growing curves: what was spent, and what the full history would have cost, by reply or by time."""
    spent, uncapped = sums(turns)
    when = [turn.at.astimezone(zone).replace(tzinfo=None) for turn in turns]
    by_time = axis == "By time"
    x: Sequence[int | datetime] = [when[0], *when] if by_time else list(range(len(turns) + 1))
    said = ["", *(f"reply {number}, {at:%d %b %H:%M}" for number, at in enumerate(when, 1))]
    lines = [
        Series("Full history", x, uncapped, _hovers("full history", said, uncapped), colours.UNCAPPED, dashed=True),
        Series("Spent", x, spent, _hovers("spent", said, spent), colours.CAPPED),
    ]
    table = [_turn_row(number, turn, when[number - 1]) for number, turn in enumerate(turns, 1)]
    return Chart("growth", _growth_finding(turns), "Time" if by_time else "Reply", "Cost so far (US dollars)", lines, table, y_prefix="$")


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


def _marked(turns: Sequence[TurnCost], figure: str) -> str:
    """Return a figure over turns, marked when it rests on a guess; a dash when there are none."""
    return (ABOUT if any(turn.estimated for turn in turns) else "") + figure if turns else UNKNOWN


def _growth_finding(turns: Sequence[TurnCost]) -> str:
    spent, uncapped = sums(turns)
    dollars, full = money_alike(*(Decimal(str(curve[-1])).quantize(NANO) for curve in (spent, uncapped)))
    about = ABOUT if any(turn.estimated for turn in turns) else ""
    share = round(100 * (1 - spent[-1] / uncapped[-1])) if uncapped[-1] else 0
    if share == 0:
        found = f"You spent {dollars}, as much as the full history would have cost"
    else:
        found = f"You spent {dollars}, {abs(share)}% {'less' if share > 0 else 'more'} than the {about}{full} of the full history"
    return found.replace("$", "\\$")


def _hovers(name: str, said: Sequence[str], values: Sequence[float]) -> list[str]:
    return [f"{words}: {name} {money(Decimal(str(value)))} so far" if words else "" for words, value in zip(said, values, strict=True)]


def _turn_row(number: int, turn: TurnCost, at: datetime) -> dict[str, Cell]:
    return {
        "Reply": number,
        "Asked at": f"{at:%Y-%m-%d %H:%M:%S}",
        "Spent (USD)": None if turn.spent is None else str(turn.spent),
        "Full history (USD)": None if turn.uncapped is None else str(turn.uncapped),
        "Spent tokens": turn.spent_tokens,
        "Full history tokens": turn.uncapped_tokens,
        "Estimated": "yes" if turn.estimated else "no",
    }


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
