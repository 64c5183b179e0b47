"""Answers from the log over days and by order: how many days, days in a row, from the highest to the lowest, is it in there."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from agent.demo.logbook import Day, Entry
from agent.demo.logpicks import UNITS, describe
from agent.demo.memory import stems
from agent.demo.talk import listing
from agent.demo.words import show

HOW_MANY_DAYS = re.compile(r"\b(?:how many|which|what|on how many) (?:of the )?days\b")
APART = re.compile(r"\bdifference\b|\bhow (?:much|many) (?:more|less|fewer|longer|shorter)\b.*\bthan\b")
SORTED = re.compile(
    r"\bfrom (?:the )?(?P<from>highest|lowest|biggest|smallest|most|least|longest|shortest) to\b"
    r"|\b(?:sort|rank"
    r"|order)(?:ed)? (?:by|them|it)\b"
)
FAR = re.compile(r"\bhow far\b|\bhow many (?:km|kilomet(?:re|er)s|miles)\b")
DISTANCE = re.compile(r"\b(\d+(?:\.\d+)?) ?(km|miles?|mi)\b")
FAST = re.compile(r"\bhow fast\b|\b(?:pace|speed)\b")
YES_NO = re.compile(r"^(?:and |so |ok |but )*(?:did|have|has|is|was) ")


def streak(days: Sequence[Day]) -> str:
    """On how many days in a row, back from the first of them, there is an entry."""
    row = next((place for place, day in enumerate(days) if not day.entries), len(days))
    return f"Your log has entries on {row} day{'' if row == 1 else 's'} in a row up to today (I can read {len(days)} days in one go)."


def days_with(kind: str, days: Sequence[Day], name: Callable[[Day], str]) -> str:
    """On how many of the days there was a workout or a meal."""
    filled = [day for day in days if day.of(kind)]
    what = "a workout" if kind == "workout" else "food"
    which = f": {listing([name(day) for day in filled])}" if filled else ""
    return f"Your log shows {what} on {len(filled)} of the last {len(days)} days{which} ({len(days)} days are what I can read in one go)."


def _pace(minutes: float, way: float, unit: str) -> str:
    """'5:24 min a km, 11.1 km/h'."""
    seconds = round(minutes * 60 / way)
    each, speed = ("km", "km/h") if unit == "km" else ("mile", "mph")
    return f"{seconds // 60}:{seconds % 60:02d} min a {each}, {way / minutes * 60:.1f} {speed}"


def distance(low: str, days: Sequence[Day], when: str) -> str:
    """The kilometres or miles in the names of what was done, or how fast that was, where they are asked for; else ''."""
    fast = FAST.search(low)
    if not FAR.search(low) and not fast:
        return ""
    found = [(entry, DISTANCE.search(entry.name)) for day in days for entry in day.of("workout")]
    told = [(entry, float(match.group(1)), match.group(2)) for entry, match in found if match]
    if told and fast:
        return " ".join(
            f"Your log shows {describe(entry)}: that is {_pace(entry.amount, way, unit[:2])}." for entry, way, unit in told[-1:]
        )
    if not told:
        return ""
    units = {unit[:2] for _, _, unit in told}
    total = f", {show(sum(number for _, number, _ in told))} {told[0][2]} in all" if len(units) == 1 and len(told) > 1 else ""
    return f"Your log {when} shows {listing([describe(entry) for entry, _, _ in told])}{total}."


def empty(days: Sequence[Day], when: str) -> str:
    """That there is nothing in the days."""
    if len(days) > 1:
        return f"Your log is empty for the last {len(days)} days, which is as far as I can read in one go."
    return f"Your log {when} is empty so far."


def in_order(low: str, entries: Sequence[Entry], when: str) -> str:
    """The entries by size, or how far two are apart, where that is asked for; else ''."""
    if len(entries) < 2:
        return ""
    if asked := SORTED.search(low):
        falling = asked.group("from") not in {"lowest", "smallest", "least", "shortest"}
        by_size = sorted(entries, key=lambda entry: entry.amount, reverse=falling)
        return f"Your log {when}, by size: {listing([describe(entry) for entry in by_size])}."
    if not APART.search(low):
        return ""
    named = [entry for entry in entries if stems(low) & stems(entry.name)]
    one, other = (named if len(named) == 2 else entries)[-2:]
    unit = UNITS[one.kind]
    return f"Between {describe(one)} and {describe(other)} in your log {when} there are {show(abs(one.amount - other.amount))} {unit}."


def logged_thing(low: str, entries: Sequence[Entry], when: str) -> str:
    """'Yes' to 'did I log my cola?', where it is there; else ''."""
    named = [entry for entry in entries if stems(low) & stems(entry.name)] if YES_NO.match(low) else []
    return f"Yes, your log {when} shows {listing([describe(entry) for entry in named])}." if named else ""
