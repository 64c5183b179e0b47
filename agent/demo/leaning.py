"""Messages that add to what was just said: 'I only have dumbbells', '3 eggs', 'just had it', 'put it back', 'is that a lot?'."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from agent.demo.activities import lookup, table
from agent.demo.acts import Act, Measure
from agent.demo.changes import holds, is_dish
from agent.demo.context import Context
from agent.demo.days import named_day
from agent.demo.logbook import Entry, entries_in, known_entries
from agent.demo.meals import FoodItem, items
from agent.demo.moves import Move
from agent.demo.understand import understand
from agent.demo.words import amount, marked

LOST = frozenset({"unclear", "off_topic", "ask_fact", "ask_back"})
ADVICE = frozenset({"advise_meal", "advise_workout"})
TOLD = frozenset({"sleep", "mood", "water", "tell_injury"})
LOOK_BACK = 3
LONGEST_WORDS = 8
REFUSED = re.compile(r"\b(?:don't|do not|didn't|not) (?:\w+ )?(?:like|want|fancy|feel like|eat|have) (?:that|it|those|these|either|any)\b")
ADDED = re.compile(
    r"\b(?:something|with|without|only have|just have|have no|no equipment|at home|and \d+|lighter|quicker|easier|harder|warm)\b"
)
HAD_IT = re.compile(
    r"^(?:ok|okay|yes|yep|and|so|i|i've|just|right|now|,|\s)*(?:had|ate|eaten|drank|drunk|did|done|finished) (?:it|that|them|those)\b"
)
PUT_BACK = re.compile(r"\b(?:put|add|bring|get) (?:it|that|them|this) back\b|\b(?:restore|undelete|un-delete) (?:it|that)\b")
MUCH = re.compile(
    r"^(?:so |and |hmm |oh )*(?:is|was|isn't|are) (?:that|it|this|those) (?:\w+ )?(?:a lot|too (?:much|many)|much|enough|ok|okay|bad)\b"
)
HELP = re.compile(
    r"^(?:so |and |ok |but )*(?:what (?:can|should|do) i do(?: about (?:it|that|this))?"
    r"|how (?:can|do) i (?:fix|change|stop) (?:it|that|this)|any tips)$"
)
ENERGY_ONLY = re.compile(
    r"^(?:(?:it was|that was|roughly|about|around|maybe|probably|like|i think|was) ?)*«\d+(?:\.\d+)?kcal»(?: i think| maybe| or so)*$"
)
FILLING = re.compile(
    r"^(?:(?:it was|that was|with|a|just|some) )*(?!.*\b(?:ate|eat|had|have|drank|log|add|and (?:a|an|some|then)|also|another|plus"
    r"|too|later|for|i)\b)"
)
MORE_EXACT = re.compile(r"^(?:and |it was |they were |like |about )*(?=\d)")
TOPICS = {"sleep": "sleep", "water": "water"}


def leaning(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """The acts of a message that adds to an earlier one; none when it stands by itself.

    Args:
        text: the message, tidied.
        acts: what it says taken by itself.
        context: the request.
    """
    readings: tuple[Callable[[str, tuple[Act, ...], Context], tuple[Act, ...]], ...] = (
        _back,
        _had_it,
        _filled,
        _exactly,
        _much,
        _another_day,
        _help,
        _measured,
        _added,
    )
    return next((found for read in readings if (found := read(text, acts, context))), ())


def _said(context: Context, role: str) -> list[str]:
    return [line.text for line in context.said_by(role) if line.source == "message"]


def _earlier(context: Context) -> tuple[Act, ...]:
    """What the message before did."""
    said = _said(context, "user")
    return understand(said[-1]) if said else ()


def _lost(acts: tuple[Act, ...]) -> bool:
    return all(act.intent in LOST for act in acts)


def _back(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """'Put it back' after a removal."""
    if not PUT_BACK.search(text) or not context.tool_texts or not context.tool_texts[-1].startswith("Removed"):
        return ()
    return tuple(_again(entry, text) for entry in entries_in(context.tool_texts[-1]))


def _again(entry: Entry, text: str) -> Act:
    if entry.kind == "food":
        return Act("log_food", text, (FoodItem(entry.name, kcal=entry.amount),))
    activity = lookup(entry.name) or table()[("workout",)]
    return Act("log_workout", text, moves=(Move(entry.name, activity, entry.amount),))


def _had_it(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """'Just had it' about a meal that was planned or longed for, with what else is said."""
    if not HAD_IT.match(text):
        return ()
    meant = [act for act in _planned(context) if act.foods or act.moves]
    again = [replace(act, intent="log_food" if act.foods else "log_workout", day="") for act in meant]
    return (*again, *(act for act in acts if act.intent in {"log_food", "log_workout"}))


def _planned(context: Context) -> list[Act]:
    """Foods and workouts in the last message that has some, read as if they had been eaten or done."""
    for said in reversed(_said(context, "user")[-LOOK_BACK:]):
        before = understand(said)
        if any(act.intent in {"log_food", "log_workout"} for act in before):
            return []
        found = [act if act.foods or act.moves else replace(act, foods=items(marked(act.text))) for act in before]
        if any(act.foods or act.moves for act in found):
            return found
    return []


def _filled(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """'Ham and cheese' right after a sandwich was logged says what was in it."""
    coach = _said(context, "coach")
    if not coach or not coach[-1].startswith(("Logged", "Done")) or not _one_logged(context) or len(text.split()) > LONGEST_WORDS:
        return ()
    entries = entries_in(context.tool_texts[-1]) if context.tool_texts else []
    foods = [item for act in acts if act.intent == "log_food" for item in act.foods]
    if len(entries) != 1 or not foods or not holds(entries[0].name) or not FILLING.match(text):
        return ()
    if any(item.food is None or item.count or item.unit or is_dish(item.name) for item in foods):
        return ()
    return (Act("correct", f"it was {FILLING.sub('', text)} {entries[0].name}", tuple(foods)),)


def _exactly(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """'3 eggs' right after 'eggs' were logged, or '600 kcal' after one thing was, makes that entry exact."""
    coach = _said(context, "coach")
    if not coach or not coach[-1].startswith(("Logged", "Done")):
        return ()
    if ENERGY_ONLY.match(marked(text)):
        return (Act("correct", f"it was {text}"),) if len(entries_in(context.tool_texts[-1])) == 1 and _one_logged(context) else ()
    bare = MORE_EXACT.sub("", text)
    logged = [item for act in acts if act.intent == "log_food" for item in act.foods]
    if not bare[:1].isdigit() or len(acts) != 1 or len(logged) != 1 or len(bare.split()) > LONGEST_WORDS:
        return ()
    food = logged[0].food
    vague = [entry for entry in known_entries(context.tool_texts) if not re.search(r"\d", entry.name)]
    same = next((entry for entry in vague if food and [item.food for item in items(entry.name)] == [food]), None)
    return (Act("correct", f"make the {same.name} {bare}"),) if same else ()


def _one_logged(context: Context) -> bool:
    """Whether the message before put one thing into the log."""
    return sum(len(act.foods) + len(act.moves) for act in _earlier(context)) == 1


def _much(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """'Is that a lot?' after something was logged."""
    coach = _said(context, "coach")
    if MUCH.match(text) and coach and coach[-1].startswith(("Logged", "Done", "Your log")):
        return (Act("ask_total", text, day="today"),)
    return ()


def _another_day(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """'What about yesterday?' or 'what about lunch?' when no question came before."""
    meal = re.fullmatch(r"(?:ok |and |so )*(?:what|how) about (?:for )?(breakfast|lunch|dinner|a snack|dessert)\??", text)
    if meal and _lost(acts):
        return (Act("advise_meal", f"what should i have for {meal.group(1)}", topic=meal.group(1).removeprefix("a ")),)
    day = named_day(text)
    return (Act("ask_log", text, day=day),) if day and re.match(r"^(?:and |so )?(?:what|how) about\b", text) and _lost(acts) else ()


def _help(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """'What can I do about it?' after bad sleep, a low mood or pain."""
    if not HELP.match(text.strip(" ?")):
        return ()
    for said in reversed(_said(context, "user")[-LOOK_BACK:]):
        told = next((act for act in understand(said) if act.intent in TOLD), None)
        if told and told.intent == "tell_injury":
            return (Act("advise_workout", text),)
        if told:
            tired = told.measure is not None and told.measure.word in {"tired", "exhausted", "knackered", "sleepy", "drained", "shattered"}
            return (Act("advise_wellness", text, topic="sleep" if tired else TOPICS.get(told.intent, "stress")),)
    return ()


def _measured(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """'Maybe 5 hours' after a bad night, 'about 1.5 litres' after a question about water."""
    said = _said(context, "user")
    if not said or not _lost(acts) or len(text.split()) > LONGEST_WORDS:
        return ()
    before, found = said[-1].lower(), marked(text)
    minutes, ml = amount(found, "min"), amount(found, "ml")
    if minutes and re.search(r"\b(?:sleep|slept|woke|night)\b", before):
        return (Act("sleep", text, measure=Measure("sleep", minutes / 60, "h")),)
    if ml and re.search(r"\b(?:water|hydrat\w*|drink|drunk|drank)\b", before):
        return (Act("water", text, measure=Measure("water", ml / 1000 if ml >= 1000 else ml, "l" if ml >= 1000 else "ml")),)
    return ()


def _added(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """A wish or a limit added to a question for advice: the advice is given anew with all of it in mind."""
    adds = REFUSED.search(text) or ADDED.search(text)
    if not adds or not _lost(acts) or len(text.split()) > LONGEST_WORDS:
        return ()
    added = [text]
    for said in reversed(_said(context, "user")[-LOOK_BACK:]):
        advice = next((act for act in understand(said) if act.intent in ADVICE), None)
        if advice:
            return (replace(advice, text=" ".join([advice.text.strip(" ?"), *reversed(added)])),)
        added.append(said)
    return ()
