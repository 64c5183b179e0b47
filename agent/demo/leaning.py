"""Messages that add to what was just said: 'I only have dumbbells', '3 eggs', 'just had it', 'put it back', 'is that a lot?'."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from agent.demo.activities import lookup, table
from agent.demo.acts import Act, Measure
from agent.demo.afterthoughts import afterthought
from agent.demo.clauses import clauses, is_question
from agent.demo.context import Context
from agent.demo.days import named_day
from agent.demo.fooditem import FoodItem
from agent.demo.logbook import Entry, entries_in
from agent.demo.meals import items
from agent.demo.measures import WATER_UNITS
from agent.demo.moves import Move
from agent.demo.putright import put_right
from agent.demo.sharpening import filled, judged, lengthened, same_day, sharpened
from agent.demo.understand import understand
from agent.demo.withdrawn import UNDO, withdrawn
from agent.demo.words import amount, marked, numbered

LOST = frozenset({"unclear", "off_topic", "ask_fact", "ask_back"})
ADVICE = frozenset({"advise_meal", "advise_workout"})
TOLD = frozenset({"sleep", "mood", "water", "tell_injury"})
LOOK_BACK = 3
LONGEST_WORDS = 8
REFUSED = re.compile(
    r"\b(?:don't|do not|didn't|not) (?:\w+ )?(?:like|want|fancy|feel like|eat|have) (?:that|it|those|these|either|any)\b"
    r"|^(?:no,? |hmm,? |nah,? )*(?:not (?:that|those)(?: one)?|something else|another(?: one| idea)?|anything else|next)\b"
)
ADDED = re.compile(
    r"\b(?:something|with|without|only have|just have|have no|no equipment|at home|and \d+|lighter|quicker|easier|harder|warm)\b"
)
ADVISED = re.compile(r"^(?:(?P<meal>How about this|For (?P<topic>\w+)):|Try )")
HAD_IT = re.compile(
    r"^(?:ok|okay|yes|yep|and|so|i|i've|just|right|now|,|\s)*(?:had|ate|eaten|drank|drunk|did|done|finished) (?:it|that|them|those)\b"
)
PUT_BACK = re.compile(r"\b(?:put|add|bring|get) (?:it|that|them|this) back\b|\b(?:restore|undelete|un-delete) (?:it|that)\b")
MUCH = re.compile(
    r"^(?:so |and |hmm |oh )*(?:too (?:much|many)|a lot|enough)\?$|^(?:so |and |hmm |oh )*(?:is|was|isn't|are) (?:that|it|this"
    r"|those) (?:\w+ )?(?:a lot|too (?:much|many)|much|enough|ok|okay|bad)\b"
)
HELP = re.compile(
    r"^(?:so |and |ok |but )*(?:what (?:can|should|do) i do(?: about (?:it|that|this))?"
    r"|how (?:can|do) i (?:fix|change|stop) (?:it|that|this)|any tips)$"
)
TOPICS = {"sleep": "sleep", "water": "water"}


def leaning(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """The acts of a message that adds to an earlier one; none when it stands by itself.

    Args:
        text: the message, tidied.
        acts: what it says taken by itself.
        context: the request.
    """
    readings: tuple[Callable[[str, tuple[Act, ...], Context], tuple[Act, ...]], ...] = (
        _help,
        _back,
        _had_it,
        withdrawn,
        afterthought,
        put_right,
        filled,
        sharpened,
        same_day,
        lengthened,
        judged,
        _much,
        _another_day,
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
    if not (PUT_BACK.search(text) or UNDO.match(text)) or not context.tool_texts or not context.tool_texts[-1].startswith("Removed"):
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


def _much(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """'Is that a lot?' after something was logged."""
    coach = _said(context, "coach")
    if MUCH.match(text) and coach and coach[-1].startswith(("Logged", "Done", "Your log")):
        return (Act("ask_total", "is that too much", day="today"),)
    return ()


def _another_day(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """'What about yesterday?' or 'what about lunch?' when no question came before."""
    meal = re.fullmatch(r"(?:ok |and |so )*(?:what|how) about (?:for )?(breakfast|lunch|dinner|a snack|dessert)\??", text)
    if meal and _lost(acts):
        return (Act("advise_meal", f"what should i have for {meal.group(1)}", topic=meal.group(1).removeprefix("a ")),)
    thing = re.fullmatch(r"(?:ok |and |so |hmm )*(?:what|how) about (?:some |a |an |the )?([a-z ]{3,30})\??", text)
    if thing and _lost(acts) and (foods := items(thing.group(1))) and foods[0].food:
        return (Act("advise_meal", f"can i eat {thing.group(1)}", foods),)
    day = named_day(text)
    return (Act("ask_log", text, day=day),) if day and re.match(r"^(?:and |so )?(?:what|how) about\b", text) and _lost(acts) else ()


def _help(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """'What can I do about it?' after bad sleep, a low mood or pain."""
    if not HELP.match(marked(acts[-1].text).strip(" ?")):
        return ()
    before = [understand(said) for said in _said(context, "user")[-LOOK_BACK:]]
    for said in reversed([*before, acts[:-1]]):
        told = next((act for act in said if act.intent in TOLD), None)
        if told and told.intent == "tell_injury":
            return (Act("advise_workout", text),)
        if told:
            tired = told.measure is not None and told.measure.word in {"tired", "exhausted", "knackered", "sleepy", "drained", "shattered"}
            return (Act("advise_wellness", text, topic="sleep" if tired else TOPICS.get(told.intent, "stress")),)
    return ()


MORE_OF_IT = re.compile(
    r"^(?:and |then |plus |also |another |i had |had )*(\d{1,2}) (?:more|others?)\b(?! ?(?:kg|kcal|min|minutes|km|hours))"
)
"""'3 more at lunch', after glasses of water."""


def _measured(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """'Maybe 5 hours' after a bad night, 'about 1.5 litres' after a question about water."""
    said = _said(context, "user")
    if not said or not _lost(acts) or len(text.split()) > LONGEST_WORDS:
        return ()
    before, told = said[-1].lower(), [clause for clause in clauses(text) if not is_question(clause)]
    asked = tuple(act for act in acts if act.intent == "ask_fact")
    act = _amount_told(" ".join(told) if asked else text, before, acts)
    return (act, *asked) if act else ()


def _amount_told(text: str, before: str, acts: tuple[Act, ...]) -> Act | None:
    found = marked(text)
    minutes, ml = amount(found, "min"), amount(found, "ml")
    if minutes and re.search(r"\b(?:sleep|slept|woke|night)\b", before):
        return Act("sleep", text, measure=Measure("sleep", minutes / 60, "h"))
    cups = WATER_UNITS.search(numbered(text))
    if cups and "water" in before and not any(act.foods for act in acts):
        return Act("water", text, measure=Measure("water", float(cups.group(1)), cups.group(2)))
    if ml and re.search(r"\b(?:water|hydrat\w*|drink|drunk|drank)\b", before):
        return Act("water", text, measure=Measure("water", ml / 1000 if ml >= 1000 else ml, "l" if ml >= 1000 else "ml"))
    more = MORE_OF_IT.match(numbered(text.lower())) if "water" in before else None
    if more and (cups := WATER_UNITS.search(numbered(before))):
        return Act("water", text, measure=Measure("water", float(more.group(1)), cups.group(2)))
    return None


def _added(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """A wish or a limit added to a question for advice: the advice is given anew with all of it in mind."""
    adds = REFUSED.search(text) or ADDED.search(text)
    if not adds or len(text.split()) > LONGEST_WORDS + 2 or not all(act.intent in LOST | {"correct"} for act in acts):
        return ()
    added = [text]
    for said in reversed(_said(context, "user")[-LOOK_BACK:]):
        advice = next((act for act in understand(said) if act.intent in ADVICE), None)
        if advice:
            return (replace(advice, text=" ".join([advice.text.strip(" ?"), *reversed(added)])),)
        added.append(said)
    return _advised(text, context)


def _advised(text: str, context: Context) -> tuple[Act, ...]:
    """The advice that the coach gave last, to be given anew, where the question itself leaned on an earlier one."""
    coach = _said(context, "coach")
    given = ADVISED.match(coach[-1]) if coach else None
    if not given:
        return ()
    if given.group("meal"):
        return (Act("advise_meal", f"{text} {len(context.lines)}", topic=(given.group("topic") or "").lower()),)
    return (Act("advise_workout", f"{text} {len(context.lines)}"),)
