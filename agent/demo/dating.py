"""Meals and workouts of another day: which day they belong to, and moving an entry there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from agent.demo.acts import Act
from agent.demo.days import log_day, named_day
from agent.demo.logbook import Entry
from agent.demo.reply import Call
from agent.demo.words import tidy

TODAYS = frozenset({"", "today", "week"})
NOW = re.compile(r"\b(?:just|now)\b")
ONLY_THE_DAY = re.compile(
    r"\b(?:the|my|that) [a-z ]{3,30}? (?:was|were) (?:actually |really |from )?(?:on )?(?:yesterday|last night|\w+day)$"
)
"""'The rowing was yesterday' names an entry and changes nothing but its day."""
LOGGED = frozenset({"log_food", "log_workout"})


def carried(acts: Sequence[Act]) -> tuple[Act, ...]:
    """A day named once holds for what follows it: 'yesterday I had pizza and went for a run'."""
    found: list[Act] = []
    day = ""
    for act in acts:
        if act.intent == "other_day":
            day = act.day
        elif act.day not in {"", "week"}:
            day = ""
        follows = day and act.intent in LOGGED and not act.day and not NOW.search(act.text.lower())
        found.append(replace(act, intent="other_day", day=day) if follows else act)
    return tuple(found)


WENT = re.compile(r"\b(?:went|go|got|made it|was|were|headed|drove|joined|met)\b")
OWN_SUBJECT = re.compile(r"(?:and |then |so |but )*(?:i|i'?ve|we|my|today|this|for)\b", re.IGNORECASE)


def day_kept(acts: Sequence[Act]) -> list[Act]:
    """'Yesterday I went to the pool and swam for 30 minutes': the day of a clause that logs nothing holds for the rest of its sentence."""
    found = list(acts)
    for place, (before, act) in enumerate(pairwise(acts), start=1):
        if before.intent not in {"unclear", "tell_fact"} or act.intent not in LOGGED or act.day or OWN_SUBJECT.match(act.text):
            continue
        if WENT.search(before.text.lower()) and (day := named_day(tidy(before.text))) not in TODAYS:
            found[place] = replace(act, intent="other_day", day=day)
    return found


def placed(acts: Sequence[Act], today: date | None) -> tuple[Act, ...]:
    """What was eaten or done on another day, to be logged on that day where it can be worked out."""
    return tuple(_placed(act, today) if act.intent == "other_day" else act for act in acts)


def _placed(act: Act, today: date | None) -> Act:
    day = log_day(act.day, today)
    if day is None:
        return replace(act, topic="which")
    return replace(act, intent="log_food" if act.foods else "log_workout", day=day)


def dated(call: Call, day: str) -> Call:
    """A logging call for a day; today needs no saying."""
    return call if day in TODAYS else Call(call.name, {**call.args, "day": day})


def moved(act: Act, entry: Entry, today: date | None) -> tuple[Call, ...]:
    """The calls that put an entry on another day: 'that was yesterday'; none when the correction is about something else."""
    named = named_day(tidy(act.text))
    day = log_day(named, today) if named not in TODAYS else None
    if day is None or ((act.foods or act.moves) and not ONLY_THE_DAY.search(tidy(act.text).strip(" .!"))):
        return ()
    amount = "calories" if entry.kind == "food" else "minutes"
    again = Call(f"log_{entry.kind}", {"name": entry.name, amount: entry.amount, "day": day})
    return (Call("remove_entry", {"entry_id": entry.number}), again)
