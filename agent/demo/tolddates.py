"""The day that a told clause names for something to come: '12 June', 'in 3 weeks', 'on Friday', 'tomorrow'."""

from __future__ import annotations

import re
from datetime import date, timedelta

from agent.demo.context import DAYS
from agent.demo.words import numbered, tidy

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join(MONTHS)})[a-z]*"
DAY_MONTH = re.compile(rf"\b(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}\b")
MONTH_DAY = re.compile(rf"\b{_MONTH}\.? (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b")
AHEAD = re.compile(
    r"\bin (?:about |exactly )?(?P<n>\d+|an?) (?P<unit>day|week|month|year|fortnight)s?\b|\b(?P<n2>\d+) (?P<unit2>day|week"
    r"|month)s? (?:from now|away|left|to go)\b"
)
WEEKDAY = re.compile(rf"\b(?P<next>next )?(?P<name>{'|'.join(DAYS)})\b", re.IGNORECASE)
LENGTH = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365}


def day_told(clause: str, today: date) -> date | None:
    """The day a clause names, seen from the day it was said on; None where it names none."""
    low = numbered(tidy(clause))
    if found := DAY_MONTH.search(low) or MONTH_DAY.search(low):
        return _in_year(MONTHS.index(found.group("month")) + 1, int(found.group("day")), today)
    if found := AHEAD.search(low):
        count, unit = found.group("n") or found.group("n2"), found.group("unit") or found.group("unit2")
        return today + timedelta(days=LENGTH[unit] * (int(count) if count.isdigit() else 1))
    if "tomorrow" in low:
        return today + timedelta(days=2 if "day after tomorrow" in low else 1)
    if found := WEEKDAY.search(low):
        ahead = (DAYS.index(found.group("name").capitalize()) - today.weekday() - 1) % 7 + 1
        return today + timedelta(days=ahead)
    return None


def _in_year(month: int, day: int, today: date) -> date | None:
    """The next such day from today on."""
    for year in (today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None
