"""The day a clause speaks of, and what it is for the log."""

from __future__ import annotations

import re
from datetime import date, timedelta

from agent.demo.context import DAYS, day_before

WEEKDAY = {name[:3].lower(): number for number, name in enumerate(DAYS)}
NAMED = re.compile(
    r"\b(?P<today>today|this (?:morning|afternoon|evening)|tonight|so far|just now)\b"
    r"|\b(?P<before>day before yesterday)\b|\b(?P<yesterday>yesterday|last night|last evening)\b|\b(?P<week>(?:this"
    r"|last|past|the past|the last|per|each|a) week|weekly|(?:last|past) (?:7|seven|few) days|lately|recently)\b"
    r"|\b(?P<month>(?:this|last|past) month|last year|last summer)\b|\b(?P<ago>\d+|a few|a couple|two"
    r"|three) days ago\b|\b(?P<iso>\d{4}-\d\d-\d\d)\b|\b(?:on |last |this )?(?P<weekday>monday|tuesday|wednesday"
    r"|thursday|friday|saturday|sunday)s?\b(?! roasts?\b| lunch\b| brunch\b)|\b(?P<other>the other day|last (?:time|weekend)|at the weekend"
    r"|over the weekend|ages ago|a while ago)\b"
)
COUNTS = {"a few": 3, "a couple": 2, "two": 2, "three": 3}


def named_day(text: str) -> str:
    """The day a tidied clause names: 'today', 'yesterday', 'week', 'month', 'other', '-3', 'monday', an ISO date, or ''."""
    found = ""
    for match in NAMED.finditer(text):
        kind = str(match.lastgroup)
        if kind == "today":
            return "today"
        if not found:
            found = _value(kind, match.group(kind))
    return found


def _value(kind: str, said: str) -> str:
    if kind == "before":
        return "-2"
    if kind == "ago":
        return f"-{COUNTS.get(said, said)}"
    return said if kind in {"iso", "weekday"} else kind


def log_day(named: str, today: date | None) -> str | None:
    """What read_log is asked for: 'today', 'yesterday' or an ISO date; None when the day cannot be worked out."""
    if named in {"", "today"}:
        return "today"
    if named == "yesterday":
        return "yesterday"
    if re.fullmatch(r"\d{4}-\d\d-\d\d", named):
        return named
    if today is None or named in {"week", "month", "other"}:
        return None
    if named.startswith("-"):
        return (today - timedelta(days=int(named[1:]))).isoformat()
    return day_before(today, WEEKDAY[named[:3]]).isoformat() if named[:3] in WEEKDAY else None
