"""Questions about what was just logged that no rule knows by their words: 'what do they add up to?', 'which of the two had more?'.

They are read as questions for the log only where the log is known to hold something and the question points at it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.demo.activities import lookup as activity_named
from agent.demo.acts import Act
from agent.demo.context import Context
from agent.demo.days import NAMED, named_day
from agent.demo.entryasked import entry_question
from agent.demo.foods import lookup
from agent.demo.kinds import KIND, of_kind
from agent.demo.logbook import Entry, entries_in, known_entries, logged_on
from agent.demo.logpicks import same_sport
from agent.demo.logsums import SPLIT
from agent.demo.memory import stems
from agent.demo.words import tidy

LOST = frozenset({"off_topic", "unclear", "ask_fact", "ask_back"})
OF_ONE_DAY = frozenset({"ask_food", "ask_workout", "ask_log", "ask_total"})
NO_THING = frozenset({"one", "breakfast", "lunch", "dinner", "supper", "snack", "brunch", "dessert", "meal"})
CHANGES = frozenset({"correct", "remove"})
SUMS = re.compile(
    r"\b(?:total|sum|add(?:s|ed)? up|adds? to|al+together|in all|calori\w*|kcals?|cals|left|remain\w*|missing|past|over"
    r"|above|under|below|more|less|most|least"
    r"|heaviest|lightest|biggest|smallest|longest|shortest|worst|how (?:many|much|long)|longer|shorter|bigger|smaller"
    r"|higher|lower|heavier|lighter|count|tally|score|standing|so far"
    r"|came to|comes? to|average|difference|highest|lowest|in order|sort(?:ed)?)\b"
)
LISTS = re.compile(r"\b(?:log(?:ged)?|entry|entries|diary|last|latest|first|recorded|tracked|written down|noted)\b")
BARE_SUM = re.compile(
    r"^(?:(?:so|and|ok|the|my|what|what's|how much|is|day's|current|calories|kcal)[, ]+)*(?:sum|total|tally|left|remain\w*|calories|kcal)"
    r"(?: (?:so far|now|today|for today|altogether|then|of (?:the|my) day|is left|of that|calories|kcal))*$"
    r"|^(?:so |and )*(?:what|which)(?: one)?(?:'s| was| is) the (?:biggest|largest|smallest|longest|shortest|highest|lowest|heaviest"
    r"|lightest|worst)$"
)
POINTS = re.compile(
    r"\b(?:that|they|those|these|them|it|the two|the three|both|i|my|me|calori\w*|kcals?|cals|minutes|exercise|log(?:ged)?"
    r"|entry|entries|food|meals?|workouts?|sessions?|everything|the two)\b"
)
BOTH_DAYS = re.compile(r"\b(?:both|the two|these two|the last two) days\b")
TOGETHER = re.compile(r"\b(?:together|total|average|in all|al+together|combined|both|sum|plus|add(?:ed)? up|how (?:many|much|long))\b")
NOT_LOG = re.compile(
    r"\b(?:should|could|can|would|allergic|weigh|weight|sleep|slept|water|told|tell you|name|live|old|tall|goal weight"
    r"|kilos?|kg|lose|euros?|money|cost|birthday)\b"
)
MEAL = re.compile(r"\b(?:breakfast|lunch|dinner|supper|brunch|dessert)\b")
OTHER = re.compile(r"\b(?:weather|date|news|plans?|happening|going on|rain|on tv|appointment|meeting)\b")
THAT_ONE = re.compile(r"\b(?:in|of|for) (?:that|my|the) (?!last\b)[a-z]")
"""'How many calories in that cinnamon roll?', of what was logged with its calories."""
MORE = re.compile(r"\b(?:more|less|fewer|better|worse|compare[ds]?|difference|higher|lower)\b")


def about_log(acts: Sequence[Act], context: Context) -> tuple[Act, ...]:
    """The acts, with each question that only the log can answer made one for the log."""
    entries = known_entries(context.tool_texts)
    if entries and not any(act.intent in CHANGES for act in acts) and (asked := entry_question(context)):
        return (asked,)
    read = [(act, _two_days(act) or (_of_log(act, entries) if entries else None) or act) for act in acts]
    return tuple(found if act.day else _where_it_is(found, context) for act, found in read)


def _where_it_is(act: Act, context: Context) -> Act:
    """'How long did I play tennis?', of the day that tennis was logged for, where that was not today."""
    if act.intent not in OF_ONE_DAY or act.day not in {"", "today"} or not act.topic or act.topic in NO_THING:
        return act
    logged = [(one, logged_on(text)) for text in context.tool_texts if text.startswith("Logged") for one in entries_in(text)]
    fitting = [(one, day) for one, day in logged if _is_it(act.topic, one)]
    if not fitting or not context.today or any(day == context.today.isoformat() for _, day in fitting):
        return act
    entry, day = fitting[-1]
    if entry.kind == "workout" and act.intent == "ask_food":
        return replace(act, intent="ask_workout", topic=entry.name, day=day)
    return replace(act, day=day)


def _is_it(topic: str, entry: Entry) -> bool:
    if topic.startswith(KIND):
        return bool(of_kind(topic.removeprefix(KIND), [entry]))
    activity = activity_named(topic)
    return bool(stems(topic) & stems(entry.name)) or (activity is not None and same_sport(activity_named(entry.name), activity))


def _two_days(act: Act) -> Act | None:
    """'Did I eat more today or yesterday?'"""
    low = tidy(act.text)
    days = list(dict.fromkeys(named_day(found.group()) for found in NAMED.finditer(low)))
    days = days or (["today", "yesterday"] if BOTH_DAYS.search(low) else days)
    if (
        len(days) != 2
        or not (MORE.search(low) or TOGETHER.search(low))
        or not act.intent.startswith(("ask", "off_topic"))
        or {"week", "month", "other"} & set(days)
    ):
        return None
    return replace(act, intent="ask_total", topic="", day=SPLIT.join(days))


def _of_log(act: Act, entries: Sequence[Entry]) -> Act | None:
    low = tidy(act.text).strip(" ?!.")
    if act.intent == "ask_calories" and THAT_ONE.search(low) and (one := next((one for one in entries if _names(low, one)), None)):
        return replace(act, intent="ask_total", day=act.day or "today", topic=one.name)
    if act.intent not in LOST or (act.intent == "ask_fact" and act.topic) or NOT_LOG.search(low) or not _asks(act, low):
        return None
    named = next((entry for entry in entries if _names(low, entry)), None)
    if (
        act.day in {"today", "yesterday"}
        and re.match(r"^(?:was|were|is|did|have|had|any|anything|something)\b", low)
        and not OTHER.search(low)
    ):
        return Act("ask_log", act.text, day=act.day)
    if not (SUMS.search(low) or LISTS.search(low)) or not (named or POINTS.search(low) or BARE_SUM.match(low)):
        return None
    day = act.day or "today"
    if LISTS.search(low) and not SUMS.search(low):
        return Act("ask_log", act.text, day=day, topic="one" if re.search(r"\b(?:last|latest|first)\b", low) else "")
    food = lookup(named.name) if named and named.kind == "food" else None
    return Act(
        "ask_total",
        act.text,
        day=day,
        topic=food.name if food else named.name if named and "two" not in low else meal.group() if (meal := MEAL.search(low)) else "",
    )


def _asks(act: Act, low: str) -> bool:
    return (
        act.text.rstrip().endswith("?")
        or act.intent in {"off_topic", "ask_fact"}
        or bool(re.match(r"^(?:sum|total|my total|and the total)\b", low))
    )


def _names(low: str, entry: Entry) -> bool:
    return bool(stems(low) & stems(entry.name))
