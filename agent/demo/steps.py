"""Which tools to call next, given what was asked and which answers are already there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from agent.demo.acts import Act
from agent.demo.changes import find_entry, kind_of, new_values, requested
from agent.demo.context import Context
from agent.demo.dating import dated, moved
from agent.demo.days import log_day, named_day
from agent.demo.fooditem import FoodItem
from agent.demo.logbook import Entry, day_in, failed, known_entries
from agent.demo.logsums import SPLIT
from agent.demo.meals import items
from agent.demo.mealtold import meal_entries
from agent.demo.reply import Call
from agent.demo.talk import listing
from agent.demo.wholesale import EVERYTHING, placed_at, removals
from agent.demo.words import amount as energy_in
from agent.demo.words import marked, singular, tidy

MOST_CALLS = 5
"""Calls a turn may make; a longer meal shares the last one."""
READS = frozenset({"ask_food", "ask_workout", "ask_log", "ask_total", "ask_average", "ask_when"})
EXCEPT = re.compile(r"\b(?:except|apart from|other than|(?:all|everything) but)\b")
"""What is named behind such words is just what is to stay."""
SOME_OF = re.compile(r"\b(?:delete|remove|erase|scrap|unlog|discard|out|off|away|rid of) (\d) (?!kcal|min)")
"""'Remove one coffee' of three leaves two."""
CHANGES = frozenset({"correct", "remove"})


def next_calls(acts: Sequence[Act], context: Context, tools: frozenset[str], *, any_day: bool = False) -> tuple[Call, ...]:
    """The calls of this step; none when it is time to answer.

    Args:
        acts: what the message does.
        context: the request.
        tools: the names of the bound tools.
        any_day: whether the tools that log take a day.
    """
    results = context.results
    if any(failed(text) for text in results):
        return ()
    if not results and (calls := [call for call in logging_calls(acts) if call.name in tools]):
        gone = _change(acts, context, results, any_day=any_day) if any(act.intent == "remove" for act in acts) else ()
        return (*(call for call in gone if call.name == "remove_entry" and call.name in tools), *calls)[:MOST_CALLS]
    if change := _change(acts, context, results, any_day=any_day):
        return change if all(call.name in tools for call in change) else ()
    room = MOST_CALLS - len(results)
    if "read_log" in tools and room > 0 and not any(day_in(text) for text in results):
        return tuple(reading_calls(acts, context)[:room])
    return ()


def logging_calls(acts: Sequence[Act]) -> list[Call]:
    """One call for each thing eaten or done; foods beyond the limit share a call."""
    done = [
        dated(Call("log_workout", {"name": move.label, "minutes": move.length}), act.day)
        for act in acts
        if act.intent in {"log_workout", "log_food"}
        for move in act.moves
    ]
    eaten = [
        (item.label, item.energy, act.day) for act in acts if act.intent == "log_food" for item in act.foods if item.energy is not None
    ]
    room = max(1, MOST_CALLS - len(done))
    if len(eaten) > room:
        rest = eaten[room - 1 :]
        eaten = [*eaten[: room - 1], (listing([name for name, _, _ in rest]), sum(energy or 0 for _, energy, _ in rest), rest[0][2])]
    return [*(dated(Call("log_food", {"name": name, "calories": energy}), day) for name, energy, day in eaten), *done][:MOST_CALLS]


def target_of(act: Act, entries: Sequence[Entry]) -> Entry | None:
    """The entry that a correction or deletion means, among those known to exist."""
    if act.intent == "correct":
        change = requested(act)
        named = find_entry(entries, change.target)
        if change.target and named is None and not any(find_entry(entries, item.name) for item in act.foods):
            return None
        if change.target and named:
            return named
        same = [hit for item in items(change.new) if item.food and (hit := find_entry(entries, item.name, "food"))]
        return same[0] if same else find_entry(entries, "", kind_of(change))
    words = " ".join([*(item.name for item in act.foods if item.food), *(move.name for move in act.moves)])
    if re.search(r"#\d|\bentry (?:number |no\.? )?\d", act.text.lower()):
        words = words or act.text
    kind = "food" if any(word in act.text.lower() for word in ("meal", "food", "snack", "breakfast", "lunch", "dinner")) else ""
    kind = kind or ("workout" if "workout" in act.text.lower() or "exercise" in act.text.lower() else "")
    return find_entry(entries, words, "" if words else kind)


def _change(acts: Sequence[Act], context: Context, results: Sequence[str], *, any_day: bool) -> tuple[Call, ...]:
    """The calls that correct, move or remove, or the reading that has to come before."""
    orders = [act for act in acts if act.intent in CHANGES]
    if len(orders) > 1 and not results and all(re.match(r"\w+ #\d", act.text) for act in orders):
        return tuple(call for act in orders[:MOST_CALLS] for call in _change([act], context, results, any_day=any_day))
    act = next(iter(orders), None)
    done = any(text.startswith(("Changed", "Removed")) for text in results)
    if act is None or done or _of_the_removed(act, context) or (act.intent == "remove" and EXCEPT.search(act.text.lower())):
        return ()
    if act.intent == "remove" and EVERYTHING.search(act.text) and not named_in(act):
        return removals(act, context)
    entries = known_entries([*context.tool_texts, *results])
    entry = placed_at(act.text, entries, context) if act.intent == "remove" and not named_in(act) else None
    meal = meal_entries(act.text.lower(), entries, context) if act.intent == "remove" and not named_in(act) else []
    entry = entry or (meal[0] if len(meal) == 1 else target_of(act, entries))
    if entry is None:
        return () if any(day_in(text) for text in results) else (Call("read_log", {"day": _day_of(act, context)}),)
    return (_removal(act, entry),) if act.intent == "remove" else _correction(act, entry, context, any_day=any_day)


def _day_of(act: Act, context: Context) -> str:
    """The day whose log holds what is to go: 'remove yesterday's pizza'; else today."""
    named = named_day(tidy(act.text)) if act.intent == "remove" else ""
    return log_day(named, context.today) or "today"


def _correction(act: Act, entry: Entry, context: Context, *, any_day: bool) -> tuple[Call, ...]:
    """The calls that make an entry say what it should, or move it to its day."""
    if any_day and (calls := moved(act, entry, context.today)):
        return calls
    name, amount = (act.topic, energy_in(act.text, "kcal")) if act.topic else new_values(requested(act), entry)
    if name is None and amount is None:
        return ()
    return (Call("change_entry", {"entry_id": entry.number, "name": name, "amount": amount}),)


def named_in(act: Act) -> bool:
    """Whether a deletion names a food or a workout."""
    return bool(act.moves) or any(item.food for item in act.foods) or bool(re.search(r"#\d", act.text))


def _of_the_removed(act: Act, context: Context) -> bool:
    """Whether the last thing done was a removal: 'just one of them' then changes no other entry."""
    coach = [line.text for line in context.said_by("coach") if line.source == "message"]
    after = bool(coach) and coach[-1].startswith("Done, I removed")
    return after and act.intent == "correct" and not requested(act).target


def _removal(act: Act, entry: Entry) -> Call:
    """Remove the entry, or, where it holds several foods and one is named, only that one."""
    named = {item.food for item in act.foods if item.food}
    parts = items(marked(entry.name))
    if (some := SOME_OF.search(marked(act.text))) and len(parts) == 1 and (count := parts[0].count or 0) > (gone := float(some.group(1))):
        fewer = {"name": _fewer(parts[0], count - gone).label, "amount": round(entry.amount * (count - gone) / count)}
        return Call("change_entry", {"entry_id": entry.number, **fewer})
    left = [item for item in parts if item.food not in named]
    if entry.kind == "workout" or not named or not left or len(left) == len(parts):
        return Call("remove_entry", {"entry_id": entry.number})
    taken = sum(item.energy or 0.0 for item in parts if item.food in named)
    rest = {"name": listing([item.label for item in left]), "amount": max(0.0, entry.amount - taken)}
    return Call("change_entry", {"entry_id": entry.number, **rest})


def _fewer(item: FoodItem, count: float) -> FoodItem:
    """So many of them, a single one in the singular."""
    return replace(item, count=count, name=singular(item.name) if count == 1 and item.unit is None and " " not in item.name else item.name)


def reading_calls(acts: Sequence[Act], context: Context) -> list[Call]:
    """The days to read for the first question about the log."""
    act = next((act for act in acts if act.intent in READS), None)
    if act is None:
        return []
    several = act.intent in {"ask_average", "ask_when"} or act.topic == "streak" or act.day in {"week", "month"}
    if several and act.day in {"", "week", "month", "other"}:
        days = ["today"]
        if context.today:
            days += [(context.today - timedelta(days=ago)).isoformat() for ago in range(1, MOST_CALLS)]
        else:
            days.append("yesterday")
        return [Call("read_log", {"day": day}) for day in days]
    if SPLIT in act.day:
        both = [log_day(day, context.today) for day in act.day.split(SPLIT)]
        return [Call("read_log", {"day": day}) for day in both if day]
    named = log_day(act.day, context.today)
    return [Call("read_log", {"day": named})] if named else []
