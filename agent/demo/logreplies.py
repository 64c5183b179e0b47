"""Answers from the log: what the tools gave back, said as the log's knowledge, apart from what was told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from agent.demo.activities import lookup
from agent.demo.acts import Act
from agent.demo.context import date_of, spoken_day
from agent.demo.entryasked import ASKED, answer_entries
from agent.demo.foods import lookup as food_lookup
from agent.demo.kinds import KIND, answer_kind, of_kind
from agent.demo.logbook import Day, Entry, entries_in, failed, logged_on
from agent.demo.logburn import burned, net
from agent.demo.logpicks import UNITS, average_entry, describe, drunk, picked, same_sport
from agent.demo.logspans import HOW_MANY_DAYS, days_with, distance, empty, in_order, logged_thing, streak
from agent.demo.logsums import LEFT, SPLIT, beyond, calorie_goal, compared, counted, left_of, limit_in, minutes_goal, with_more, within
from agent.demo.mealtold import as_meal, of_meal
from agent.demo.memory import Memory, stems
from agent.demo.talk import capital, listing
from agent.demo.toldtimes import clock_of
from agent.demo.words import show


def day_name(day: Day, today: date | None) -> str:
    """'today', 'yesterday', 'on Monday'."""
    found = date_of(day.name)
    return spoken_day(found, today or found) if found else day.name


def answer_log(act: Act, days: Sequence[Day], memory: Memory) -> str:
    """The answer to a question about the log.

    Args:
        act: the question.
        days: the days that were read for it, newest first.
        memory: what the person told, for goals and body weight.
    """
    if special := _special(act, days, memory):
        return special
    if act.intent in {"ask_total", "ask_average"}:
        return _numbers(act, days, memory)
    if act.intent in {"ask_when", "ask_log"}:
        return _when(act, days, memory) if act.intent == "ask_when" else _all_of(act, days, memory)
    kind = "food" if act.intent == "ask_food" else "workout"
    if len(days) == 1:
        return _kind(act, days[0], kind, memory)
    filled = [day for day in days if (_named(act, day.of(kind)) if act.topic and act.topic not in MEALS else day.of(kind))]
    if not filled:
        return f"Your log shows no {act.topic or kind} in the last {len(days)} days, which is as far as I can read in one go."
    return " ".join(_kind(act, day, kind, memory) for day in filled)


def _special(act: Act, days: Sequence[Day], memory: Memory) -> str:
    """What is no list and no sum of one day: two days side by side, a distance, a count of days; '' where none is asked for."""

    def name(day: Day) -> str:
        return day_name(day, memory.today)

    low = act.text.lower()
    if SPLIT in act.day and len(days) > 1:
        return compared(act, days, name)
    if act.intent in {"ask_food", "ask_workout"} and len(days) > 1 and HOW_MANY_DAYS.search(low):
        return days_with("food" if act.intent == "ask_food" else "workout", days, name)
    if act.topic in {"net", "streak"}:
        return net(days, memory) if act.topic == "net" else streak(days)
    if act.topic.startswith(ASKED):
        return answer_entries(act, days[0], name(days[0]))
    if act.topic.startswith(KIND):
        return answer_kind(low, act.topic.removeprefix(KIND), days, name)
    return distance(low, days, name(days[0]) if len(days) == 1 else f"for the last {len(days)} days")


def _all_of(act: Act, days: Sequence[Day], memory: Memory) -> str:
    """All that the days hold, or the first or last entry where only that is asked for."""
    if act.topic != "one" or not days[0].entries:
        sure = logged_thing(act.text.lower(), days[0].entries, day_name(days[0], memory.today)) if len(days) == 1 else ""
        return sure or " ".join(_whole(day, memory) for day in days if day.entries) or empty(days, day_name(days[0], memory.today))
    first = "first" in act.text.lower()
    one = days[0].entries[0 if first else -1]
    return f"The {'first' if first else 'last'} entry in your log {day_name(days[0], memory.today)} is {describe(one)}."


def _kind(act: Act, day: Day, kind: str, memory: Memory) -> str:
    entries = day.of(kind)
    when = day_name(day, memory.today)
    named = _named(act, entries)
    if act.topic and act.topic not in MEALS and re.match(r"^(?:and |so )?(?:did|have)\b", act.text.lower()):
        if named:
            return f"Yes, your log {when} shows {listing([describe(entry) for entry in named])}."
        return f"No, I don't see {act.topic} in your log {when}.{_rest(entries)}"
    if not entries:
        what = "no food" if kind == "food" else "no workout"
        return f"Your log shows {what} {when}{' yet' if when == 'today' else ''}.{_other(day, kind)}"
    if re.search(r"\blast\b|\blatest\b|\bmost recent\b", act.text.lower()):
        return f"The last one in your log {when} is {describe(entries[-1])}."
    low = act.text.lower()
    if kind == "food" and act.topic in MEALS and (eaten := of_meal(act.topic, entries, memory)):
        return as_meal(act.topic, eaten, when)
    return (
        in_order(low, entries, when)
        or picked(low, entries, when)
        or counted(low, entries, when)
        or _listed(act, named if named and kind == "workout" else entries, when, kind)
    )


def _listed(act: Act, entries: Sequence[Entry], when: str, kind: str) -> str:
    """All entries of a kind with their sum."""
    shown, total = listing([describe(entry) for entry in entries]), show(sum(entry.amount for entry in entries))
    if kind == "food":
        note = " The log doesn't say which meal it was, so this is the whole day." if act.topic in MEALS else ""
        return f"Your log {when} shows {shown}, {total} kcal in all.{note}"
    return f"Your log {when} shows {shown}{f', {total} min in all' if len(entries) > 1 else ''}."


MEALS = frozenset({"breakfast", "lunch", "dinner", "supper", "snack", "brunch", "dessert", "tea", "meal"})


def _named(act: Act, entries: Sequence[Entry]) -> list[Entry]:
    wanted = stems(act.topic)
    activity = lookup(act.topic) if act.topic else None
    return [
        entry
        for entry in entries
        if wanted & stems(entry.name)
        or (activity and entry.kind == "workout" and same_sport(lookup(entry.name), activity))
        or (act.topic and entry in of_kind(act.topic, [entry]))
        or (entry.kind == "food" and act.topic and (food := food_lookup(entry.name)) is not None and food is food_lookup(act.topic))
    ]


def _rest(entries: Sequence[Entry]) -> str:
    return f" It shows {listing([describe(entry) for entry in entries])}." if entries else ""


def _other(day: Day, kind: str) -> str:
    other = day.of("workout" if kind == "food" else "food")
    return f" It does show {listing([describe(entry) for entry in other])}." if other else ""


def _whole(day: Day, memory: Memory) -> str:
    when = day_name(day, memory.today)
    if not day.entries:
        return f"Your log {when} is empty so far."
    parts = []
    if day.of("food"):
        parts.append(f"{listing([describe(entry) for entry in day.of('food')])}, {show(day.total('food'))} kcal in all")
    if day.of("workout"):
        parts.append(f"{listing([describe(entry) for entry in day.of('workout')])}, {show(day.total('workout'))} min of exercise")
    return f"Your log {when} shows {'; and '.join(parts)}."


MOVING = re.compile(r"\b(?:minute|min|mins|hour|long|exercis|work ?out|worked|train|active|workouts?|run|ran|moved?)\w*")
MUCH = re.compile(r"\ba lot\b|\btoo (?:much|many)\b|\benough\b")
TIMES = re.compile(r"\bhow (?:many times|often)\b|\bhow many (?:workouts|sessions|runs|meals)\b")


def _numbers(act: Act, days: Sequence[Day], memory: Memory) -> str:
    """Totals, averages and counts."""
    low = act.text.lower()
    moving = MOVING.search(low) or (act.topic and lookup(act.topic) and not food_lookup(act.topic))
    kind = "workout" if moving and "calor" not in low else "food"
    if TIMES.search(low):
        return _count(act, days, kind, memory)
    if re.search(r"\bburn", low):
        eaten = _one_day(act, days[0], "food", memory) if re.search(r"\b(?:eat|ate|eaten)\b", low) and len(days) == 1 else ""
        return f"{eaten} {burned(days, memory)}".strip()
    entries = [entry for day in days for entry in day.of(kind)]
    chosen = _named(act, entries) if act.topic and act.topic not in MEALS else entries
    if act.intent == "ask_average" and (average := average_entry(low, chosen, act.topic if kind == "workout" else "")):
        return average
    return _over_days(act, days, kind) if len(days) > 1 else _one_day(act, days[0], kind, memory)


def _count(act: Act, days: Sequence[Day], kind: str, memory: Memory) -> str:
    count = sum(len(_named(act, day.of(kind)) if act.topic else day.of(kind)) for day in days)
    span = f"over the last {len(days)} days" if len(days) > 1 else day_name(days[0], memory.today)
    return f"Your log shows {count} {'workout' if kind == 'workout' else 'food item'}{'' if count == 1 else 's'} {span}."


def _over_days(act: Act, days: Sequence[Day], kind: str) -> str:
    """A sum or an average over several days."""
    unit = UNITS[kind]
    total = sum(day.total(kind) for day in days)
    filled = sum(1 for day in days if day.entries)
    limit = f"I can read {len(days)} days in one go"
    if act.intent != "ask_average":
        return f"Over the last {len(days)} days your log shows {show(total)} {unit} in all ({limit})."
    if not filled:
        return f"Your log is empty for the last {len(days)} days, so there is no average yet."
    average = show(round(total / filled))
    return f"Over the last {len(days)} days your log shows {average} {unit} a day on average (entries on {filled} of them; {limit})."


def _one_day(act: Act, day: Day, kind: str, memory: Memory) -> str:
    """The sum of one day, with what it is made of, and what is left of a goal that was told."""
    when, unit = day_name(day, memory.today), UNITS[kind]
    entries = day.of(kind)
    low = act.text.lower()
    told = within(low, day.total(kind), calorie_goal(memory)) if kind == "food" else ""
    if (
        pick := (with_more(low, day.total(kind)) if kind == "food" else "")
        or in_order(low, entries, when)
        or picked(low, entries, when)
        or counted(low, entries, when)
        or beyond(low, day.total(kind), unit)
        or told
        or drunk(low, entries, when)
    ):
        return pick
    if kind == "food" and act.topic in MEALS and (eaten := of_meal(act.topic, entries, memory)):
        return as_meal(act.topic, eaten, when)
    if act.topic and act.topic not in MEALS and (named := _named(act, entries)):
        summed = f", {show(sum(entry.amount for entry in named))} {unit} in all" if len(named) > 1 else ""
        return f"Your log {when} shows {listing([describe(entry) for entry in named])}{summed}."
    if kind == "food" and not entries and day.entries and not re.search(r"cal|eat|ate|food|left", low):
        return _whole(day, memory)
    left = _left(low, day.total(kind), memory) if kind == "food" else _left_to_move(low, day.total(kind), memory)
    if not day.entries:
        return f"Your log {when} is empty{' so far' if when == 'today' else ''}, so that is 0 {unit}.{left}"
    made_of = f": {listing([describe(entry) for entry in entries])}" if 0 < len(entries) <= 6 else ""
    scale = " Most adults need roughly 1,800 to 2,600 kcal a day." if MUCH.search(act.text.lower()) and kind == "food" else ""
    return f"Your log {when} shows {show(day.total(kind))} {unit}{'' if kind == 'food' else ' of exercise'}{made_of}.{left}{scale}"


def _left(low: str, total: float, memory: Memory) -> str:
    """What is left of a calorie goal the person told."""
    if (goal := limit_in(low)) and "percent" in low:
        return f" That is about {show(round(100 * total / goal))} % of {show(goal)} kcal."
    if (goal := limit_in(low) or limit_in(memory.question.text.lower())) is not None and LEFT.search(low):
        return left_of(low, total, "kcal", goal)
    if goal := calorie_goal(memory):
        rest = goal - total
        return (
            f" Of the {show(goal)} kcal you told me as your goal, {show(rest)} are left."
            if rest >= 0
            else f" That's {show(-rest)} above the {show(goal)} kcal you told me as your goal."
        )
    return (
        " I don't see a calorie goal in what I was sent, so I can't say what is left." if re.search(r"\bleft\b|\bremaining\b", low) else ""
    )


def _left_to_move(low: str, total: float, memory: Memory) -> str:
    """What is left of the minutes a day that were told as a goal."""
    return left_of(low, total, "min", limit_in(low) or minutes_goal(memory)) if LEFT.search(low) else ""


def _when(act: Act, days: Sequence[Day], memory: Memory) -> str:
    for day in days:
        for entry in reversed(_named(act, day.entries)):
            return f"Your log shows {describe(entry)} {day_name(day, memory.today)}.{clock_of(entry.name, memory)}"
    wanted = stems(act.topic)
    for line in reversed(memory.lines):
        if wanted & stems(line.text) and not line.text.endswith("?"):
            return (
                f"I don't see it in the {len(days)} {'day' if len(days) == 1 else 'days'} of your log I read, but "
                f'{memory.source(line)}: "{line.text.strip()[:160]}"'
            )
    return (
        f"I don't see {act.topic or 'that'} in your log for the last {len(days)} "
        f"{'day' if len(days) == 1 else 'days'}, which is as far as I can read in one go."
    )


def _when_logged(text: str, today: date | None) -> str:
    """' for yesterday', ' for Monday'; '' for today."""
    day = date_of(logged_on(text))
    return f" for {spoken_day(day, today).removeprefix('on ')}" if day and today and day != today else ""


def logged(results: Sequence[str], today: date | None = None) -> str:
    """A sentence for what the tools wrote, one for each day."""
    days: dict[str, list[Entry]] = {}
    for text in results:
        if text.startswith("Logged"):
            days.setdefault(_when_logged(text, today), []).extend(entries_in(text))
    good = any(days.values())
    said = " ".join(f"Logged{day}: {listing([describe(entry) for entry in entries])}." for day, entries in days.items() if entries)
    bad = [text for text in results if failed(text)]
    if bad:
        reason = bad[0].removeprefix("Error:").strip().rstrip(".")
        said = f"{said} {'One entry' if good else 'That'} didn't go into your log: {reason[:200]}.".strip()
    return capital(said)
