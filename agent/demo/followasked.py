"""Questions of a few words that lean on what was just asked, logged or put right: 'list them', 'yesterday?', 'and for dinner?'."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from agent.demo.acts import Act
from agent.demo.context import Context
from agent.demo.days import named_day
from agent.demo.logbook import entries_in, known_entries
from agent.demo.logpicks import describe
from agent.demo.naming import named_in
from agent.demo.understand import understand

LONGEST = 60
"""Characters of a question that leans."""
LOOK_BACK = 3
ASKED = frozenset({"ask_food", "ask_workout", "ask_log", "ask_total", "ask_average"})
SUM_SO_FAR = "how many calories did i eat in total today?"
LEADS = r"^(?:so|and|ok|okay|then|well|but|now|please|can you|could you|would you|,|\s)*"
MEALS = {"evening": "dinner", "tonight": "dinner", "night": "dinner", "morning": "breakfast", "noon": "lunch"}
OF_MEAL = re.compile(
    LEADS + r"(?:what about |how about )?(?:for |at |in |my |the |this )*(?P<meal>breakfast|brunch|lunch|dinner|supper|snacks?"
    r"|dessert|evening|tonight"
    r"|night|morning|noon)(?: then| today)?$"
)
OF_DAY = re.compile(
    LEADS + r"(?:(?:what|how (?:much|many)|same)? ?(?:was (?:it|that)|is (?:it|that)|were they|question|thing|again"
    r"|about)? ?)(?:for |on |with |the )*"
    r"(?:yesterday|today|(?:last )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?P<before>day before)(?: that| today)?)(?:'s)?"
    r"(?: food| meals| then)?$"
)
LIST = re.compile(
    LEADS
    + r"(?:(?:list|show|name|tell|give|read)(?: me)?(?: (?:them|it|that|those|everything|all|the list|the entries|one by one))*(?: please)?"
    r"|which(?: ones?| foods?| things?| entries)?(?: (?:was|were|is|are) (?:that|those|it|they))?|what (?:are|were|was|is) (?:they"
    r"|those|these|that|it)"
    r"(?: all)?(?: from| made of| made up of)?|(?:made )?(?:from|of|up of) what(?: exactly)?|what(?:'s| is| was"
    r"| went) in(?:to)? (?:that|it|there)"
    r"|what exactly"
    r"|break (?:it|that|this|them) down(?: for me)?|(?:tell me |show me |and )?which(?: (?:foods|things|meals))?(?: (?:were"
    r"|was|are) (?:they|that|those))?"
    r"|(?:what|which) (?:foods|things|meals) (?:were|are|was|is) (?:they|those|that|it)(?: from)?|what(?:'s| is"
    r"| was) (?:that|it) (?:all )?(?:made (?:up )?of|from|composed of))$"
)
NOW = re.compile(
    LEADS + r"(?:now|what about now|how about now|how (?:much|many)(?: is (?:it|that)| are (?:they|those))?(?: now)?"
    r"|what(?:'s| is| does)(?: it| that)?(?: say| stand at)?(?: now)?|is it (?:ok|right|changed) now|it(?:'s| is)? \d+(?: \w+)? now)$"
)
BEFORE = re.compile(
    LEADS + r"(?:(?:what|how (?:much|many)|which)\b.{0,30}\b(?:was|were|did|had|have)\b.{0,25}\b(?:before|first|originally|earlier"
    r"|previously)\b.*"
    r"|before(?: that)?)$"
)
CHECKS = re.compile(
    r"^(?:and |so |oh |hm+ |wait )*(?:(?:are |is )?(?:you |that )?(?:really |very |100% )?(?:sure|certain|positive)(?: about (?:that"
    r"|it))?|really"
    r"|(?:is|was) (?:that|it|this) (?:really )?(?:everything|all(?: of it| there is)?|right|correct|it|complete)"
    r"|(?:that's|that is|only) (?:all|it|everything|that))$"
)
OF_THE_OTHER = re.compile(
    LEADS + r"(?:what about |how about )?(?:for |with |the |my )*(?P<other>exercise|sports?|workouts?|training|activity"
    r"|movement|food|meals|eating)"
    r"(?: then| today)?$"
)
OF_THING = re.compile(LEADS + r"(?:what about |how about )?(?:for |in |with )?(?:the|my) (?P<thing>[a-z][a-z' -]{2,25}?)(?: then)?$")
HOURS = re.compile(
    LEADS + r"(?:how (?:many hours|long|much)(?: sleep| of sleep)?(?: (?:is|was|does|did|would)(?: that| it)(?: (?:make|be|come to))?)?"
    r"|that(?:'s| is| makes) how (?:many hours|long|much))(?: in total| altogether)?$"
)


def asked_after(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """The acts of a short question that leans on what came before it; none when it stands by itself.

    Args:
        text: the message, tidied.
        acts: what it says taken by itself.
        context: the request.
    """
    if len(text) > LONGEST or not context.lines or any(not act.intent.startswith(LEANS) for act in acts):
        return ()
    bare = text.strip(" ?!.,")
    readings: tuple[Callable[[str, Context], tuple[Act, ...]], ...] = (_put_right, _slept, _of_water, _of_the_log, _of_another, _so_far)
    return next((found for read in readings if (found := read(bare, context))), ())


SUM = re.compile(
    LEADS + r"(?:(?:in )?total|altogether|in all|(?:how|so how) (?:many|much)(?: glasses)?(?: (?:is|are|was) (?:that|it"
    r"|those))?(?: (?:now|so far|in total"
    r"|altogether))*|the total|what(?:'s| is) (?:the|my) total)(?: now| so far)?$"
)
OWN_MEALS = frozenset({"breakfast", "brunch", "lunch", "dinner", "supper", "snack", "dessert"})
MOVING = re.compile(r"\b(?:exercis|train|minutes|workout|moved?|active)")
LEANS = (
    "ask", "off_topic", "unclear", "advise_meal", "advise_workout", "small", "correct", "remove", "acknowledge", "about_bot", "bye"
)  # fmt: skip


def _user(context: Context) -> list[str]:
    return [line.text for line in context.said_by("user") if line.source == "message"]


def _put_right(bare: str, context: Context) -> tuple[Act, ...]:
    """'What was it before?' and 'what does it say now?' right after a change."""
    last = context.last_results[-1] if context.last_results else ""
    if not last.startswith("Changed") or not (changed := entries_in(last)):
        return ()
    if NOW.match(bare):
        return (Act("says", bare, topic=f"It now says: {describe(changed[0])}."),)
    if not BEFORE.match(bare):
        return ()
    versions = [one for text in context.tool_texts for one in entries_in(text) if one.number == changed[0].number]
    return (Act("says", bare, topic=f"Before the change it said: {describe(versions[-2])}."),) if len(versions) > 1 else ()


def _slept(bare: str, context: Context) -> tuple[Act, ...]:
    """'How many hours is that?' after the times of going to bed and getting up."""
    if not HOURS.match(bare) or not (said := _user(context)):
        return ()
    slept = any(act.intent == "sleep" for text in said[-2:] for act in understand(text))
    return understand("how many hours did i sleep?") if slept else ()


def _of_the_log(bare: str, context: Context) -> tuple[Act, ...]:
    """The last question of the log once more, for another day or meal, or with all that it is made of."""
    again = context.question.rstrip().endswith("?") and CHECKS.match(bare)
    day, meal, each = OF_DAY.match(bare), OF_MEAL.match(bare), LIST.match(bare)
    before = _log_question(context) if again or day or meal or each else None
    if before is None or again:
        return (before,) if before else ()
    if day:
        named = _day_before(before, context) if day["before"] else named_day(bare)
        return (replace(before, day=named),) if named else ()
    if meal:
        asked = f"what did i have for {MEALS.get(meal['meal'], meal['meal'])}?" if before.topic in OWN_MEALS else ""
    else:
        asked = "what workouts did i do?" if before.intent == "ask_workout" or MOVING.search(before.text.lower()) else "what did i eat?"
    return tuple(replace(act, day=before.day) for act in understand(asked)) if asked else ()


def _of_another(bare: str, context: Context) -> tuple[Act, ...]:
    """'And exercise?' after a sum of food, 'and the apple?' after the energy of the toast."""
    kind, thing = OF_THE_OTHER.match(bare), OF_THING.match(bare)
    before = _log_question(context) if kind or thing else None
    if before is None:
        return ()
    if kind:
        asked = "what did i eat?" if kind["other"] in {"food", "meals", "eating"} else "what workouts did i do?"
        return tuple(replace(act, day=before.day) for act in understand(asked))
    named = named_in(thing["thing"], known_entries(context.tool_texts)) if thing else None
    return (Act("says", bare, topic=f"Your log shows {describe(named)}."),) if named else ()


def _of_water(bare: str, context: Context) -> tuple[Act, ...]:
    """'And in total?' after glasses of water."""
    if not SUM.match(bare) or not (said := _user(context)):
        return ()
    water = any(act.intent == "water" for act in understand(said[-1]))
    return understand("how much water did i drink in total today?") if water else ()


def _log_question(context: Context) -> Act | None:
    """The question of the log that the last message asked, past others that lean on it."""
    for said in reversed(_user(context)[-LOOK_BACK:]):
        if found := next((act for act in understand(said) if act.intent in ASKED), None):
            return found
        low = said.lower().strip(" ?!.,")
        if not (OF_DAY.match(low) or OF_MEAL.match(low) or LIST.match(low)):
            return None
    return None


def _day_before(before: Act, context: Context) -> str:
    if before.day in {"", "today"}:
        return "yesterday"
    return (context.today - timedelta(days=2)).isoformat() if before.day == "yesterday" and context.today else ""


def _so_far(bare: str, context: Context) -> tuple[Act, ...]:
    """'How much now?' right after an entry, where nothing was asked before."""
    if not NOW.match(bare) or not context.last_results or not context.last_results[-1].startswith(("Logged", "Removed")):
        return ()
    if any(act.intent in ASKED for said in _user(context)[-LOOK_BACK:] for act in understand(said)):
        return ()
    return understand(SUM_SO_FAR)
