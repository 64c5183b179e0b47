"""Questions about entries by their names: 'bagel and brownie together?', 'without the rice?', 'what is the stew down as now?'.

They are recognised where the conversation shows the entries; the answer comes from the day that is then read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.demo.acts import Act
from agent.demo.context import Context
from agent.demo.logbook import Day, Entry, known_entries, written_on
from agent.demo.logpicks import UNITS, describe
from agent.demo.mealtold import MEAL, meal_entries
from agent.demo.memory import stems
from agent.demo.naming import names_of
from agent.demo.talk import listing
from agent.demo.words import show, tidy

ASKED = "entries:"
"""Begins the topic of such a question; what is asked and the numbers of the entries follow."""
ASKS = re.compile(
    r"^(?:(?:so|and|ok|okay|but|hey|well|please|coach|now|hm+|then|also|wait)[, ]+)*(?:what|which|how|was|were|is|are|did|does|do|has|have"
    r"|can you (?:remind|tell)|remind me|tell me|calories|kcal|sum|total|without|any)\b"
)
TOGETHER = re.compile(r"\b(?:together|altogether|combined|sum|in total|in all|plus|both|add(?:ed)? up|add up to|come to)\b")
WITHOUT = re.compile(
    r"\b(?:without|minus|except(?: for)?|excluding|not counting|leaving out|apart from|if i (?:had )?(?:skip(?:ped)?|left? out"
    r"|hadn't (?:had|eaten)"
    r"|didn't (?:have|eat|count)|drop(?:ped)?|don't count)|besides|other than) (?P<rest>.+)$"
)
COMPARED = re.compile(
    r"\b(?:more|less|fewer|longer|shorter|higher|lower|bigger|smaller|heavier|lighter|difference|worse|than|most|least|longest|shortest)\b"
)
DOWN_AS = re.compile(
    r"\b(?:now|again|down (?:as|for|at)|logged (?:as|at|for|with)|listed|recorded|saved|in (?:my|the) log|noted|count(?:ed)? (?:as|for)"
    r"|remind|(?:the|my|that|those) [a-z' -]{3,30}? (?:had|have|has|was|were|say|says|at|is|took|last(?:ed)?)"
    r"|(?:was|were|is|did|does|do) (?:the|my|that|those))\b"
)
QUANTITY = re.compile(r"\b(?:how (?:many|much|long)|what(?:'s| is| was| does| did| were| are)?)\b")
COUNT = re.compile(r"\bhow many (?:different )?(?P<of>things|items|entries|foods?|dishes|workouts|sessions|activities|exercises|meals)\b")
WHICH = re.compile(
    r"\bdifference between (?:the two|them|those|both)\b"
    r"|^(?:(?:so|and|ok|then)[, ]+)*(?:which|what) (?:(?:one|workout|session|meal|food|of (?:the|them|those|these)(?: two)?) )?(?:was"
    r"|is|took|had|has)\b"
)
OTHER_DAYS = re.compile(r"\b(?:week|month|yesterday|days?)\b")
FIRST = re.compile(r"\b(?:have|eat|log|do|drink|was|came) (?:today )?first\b|\bfirst (?:thing|entry|one)\b")
STILL = re.compile(
    r"\b(?:(?:is|are|was) (?:it|that|the [a-z ]{3,25}|my [a-z ]{3,25}) (?:really |still |now )*(?:gone|there|in there|in (?:the|my) log"
    r"|in my (?:list|diary)|removed|deleted|logged|saved|recorded|changed|corrected|updated)"
    r"|did (?:you|u) (?:really |already )?(?:get|remove|delete|change|save|log|correct|update|note|record|catch) (?:it|that|this"
    r"|the [a-z ]{3,25}|my [a-z ]{3,25}))(?: (?:now|already|yet|still|today|for me))*$"
)
OWN_ELSE = re.compile(
    r"\b(?:should|healthy|recipe|instead of|burn|burned|allergic|goal|protein|carbs?|fat|sugar|vitamin|water"
    r"|tomorrow|usually|favou?rite|prefer|like|plan\w*|going to|will|always|often)\b"
)
GENERAL = re.compile(r"\b(?:an?|one|100 g|per)\b")
LONGEST = 110


def entry_question(context: Context) -> Act | None:
    """The question of a message that is one about entries by their names; None for any other message."""
    said = context.question
    if not context.tool_texts or len(said) > LONGEST:
        return None
    low = tidy(said).strip(" ?.!")
    if not (said.rstrip().endswith("?") or ASKS.match(low)) or OWN_ELSE.search(low):
        return None
    entries = known_entries(context.tool_texts)
    what, about = _asked(low, entries, context)
    if not what:
        return None
    days = {written_on(context.tool_texts, entry.number) for entry in about} - {""}
    today = context.today.isoformat() if context.today else ""
    if len(days) > 1:
        return None
    day = next(iter(days), today)
    numbers = ",".join(str(entry.number) for entry in about)
    return Act("ask_log", said, topic=f"{ASKED}{what}:{numbers}", day="today" if day == today else day)


def _asked(low: str, entries: Sequence[Entry], context: Context) -> tuple[str, Sequence[Entry]]:
    """What is asked, and of which entries."""
    named = [] if re.search(r"\bhow many \w+s\b(?<!calories)(?<!minutes)(?<!kcals)(?<!hours)|\bwhat time\b", low) else _those(low, entries)
    left_out = WITHOUT.search(low)
    counted = COUNT.search(low)
    if STILL.search(low):
        return "still", named
    if left_out and (gone := _those(left_out.group("rest"), entries)):
        return ("others" if re.search(r"\bwhat (?:else|other)\b|\bdid i\b", low) else "without"), gone
    if counted and not OTHER_DAYS.search(low):
        return f"count {counted.group('of')}", ()
    return _of_several(low, named) if len(named) > 1 else _of_one(low, named, entries, context)


def _of_several(low: str, named: Sequence[Entry]) -> tuple[str, Sequence[Entry]]:
    """The sum or the difference of the entries that are named."""
    if len({entry.kind for entry in named}) > 1:
        return "", ()
    if COMPARED.search(low):
        return "compare", named
    return ("sum", named) if TOGETHER.search(low) or QUANTITY.search(low) else ("", ())


def _of_one(low: str, named: Sequence[Entry], entries: Sequence[Entry], context: Context) -> tuple[str, Sequence[Entry]]:
    """What one entry says, which of the last two is more, what came first, or what a meal was."""
    if named:
        return ("show", named) if QUANTITY.search(low) and DOWN_AS.search(low) and not GENERAL.search(low) else ("", ())
    if WHICH.search(low) and COMPARED.search(low) and not re.search(r"\b(?:most|least|\w+(?:ng|rt|gh|st|gg)est)\b", low):
        kind = "workout" if re.search(r"\blong|\bshort|\bworkout|\bsession", low) else entries[-1].kind
        last = [entry for entry in entries if entry.kind == kind][-2:]
        return ("compare", last) if len(last) > 1 else ("", ())
    if TOGETHER.search(low) and re.search(r"\b(?:the two|both|those two|these two|the last two)\b", low) and len(entries) > 1:
        last = [entry for entry in entries if entry.kind == entries[-1].kind][-2:]
        return ("sum", last) if len(last) > 1 else ("", ())
    if FIRST.search(low) and QUANTITY.search(low):
        return "first", ()
    eaten = QUANTITY.search(low) and MEAL.search(low) and re.search(r"\b(?:did|have|had|was|were|eat|ate|eaten)\b", low)
    meal = meal_entries(low, entries, context) if eaten else []
    return ("meal", meal) if meal else ("", ())


def _those(low: str, entries: Sequence[Entry]) -> list[Entry]:
    """The entries that the words name: of several that share a word, those that are named best."""
    there = stems(low)
    scored = [(entry, there & names_of(entry)) for entry in entries]
    best: dict[str, int] = {}
    for _, words in scored:
        best |= {word: max(best.get(word, 0), len(words)) for word in words}
    return [entry for entry, words in scored if any(len(words) == best[word] for word in words)]


def answer_entries(act: Act, day: Day, when: str) -> str:
    """The answer, from the day that was read.

    Args:
        act: the question.
        day: the day of the entries.
        when: the day as said: 'today'.
    """
    what, _, numbers = act.topic.removeprefix(ASKED).partition(":")
    wanted = {int(number) for number in numbers.split(",") if number}
    named = [entry for entry in day.entries if entry.number in wanted]
    if what == "still":
        return _still(act.text.lower(), named, day, when)
    if what.startswith("count"):
        return _count(what, day, when)
    if what == "first" and day.entries:
        return f"The first entry in your log {when} is {describe(day.entries[0])}."
    return _of_these(what, act.text.lower(), named, day, when) if named else ""


def _of_these(what: str, low: str, named: Sequence[Entry], day: Day, when: str) -> str:
    """What the named entries come to, alone, beside each other or left out."""
    unit, shown = UNITS[named[0].kind], listing([describe(entry) for entry in named])
    rest = [entry for entry in day.of(named[0].kind) if entry not in named]
    others = listing([describe(entry) for entry in rest])
    if what == "compare" and len(named) > 1:
        return _compared(low, named, unit)
    if what == "others":
        return f"Besides {shown}, your log {when} shows {others or 'nothing else'}."
    if what == "without":
        left = show(sum(entry.amount for entry in rest))
        return f"Without {listing([entry.name for entry in named])}, your log {when} shows {left} {unit}{f': {others}' if rest else ''}."
    summed = f", {show(sum(entry.amount for entry in named))} {unit} in all" if len(named) > 1 else ""
    return f"By what you told me, that was {shown}{summed}." if what == "meal" else f"Your log {when} shows {shown}{summed}."


def _still(low: str, named: Sequence[Entry], day: Day, when: str) -> str:
    """Whether an entry is there, or is gone, as the question has it."""
    there = listing([describe(entry) for entry in named or day.entries])
    yes = bool(there) != bool(re.search(r"\b(?:gone|removed?|deleted?)\b", low))
    return f"{'Yes' if yes else 'No'}, your log {when} {f'shows {there}' if there else 'does not show it'}."


def _count(what: str, day: Day, when: str) -> str:
    """How many entries of a kind there are."""
    word = what.removeprefix("count ")
    moved = word in {"workouts", "sessions", "activities", "exercises"}
    every = list(day.entries) if word in {"things", "items", "entries"} else day.of("workout" if moved else "food")
    shown = f": {listing([describe(entry) for entry in every])}" if every else ""
    return f"Your log {when} shows {len(every)} {'entry' if len(every) == 1 else 'entries'}{shown}."


def _compared(low: str, named: Sequence[Entry], unit: str) -> str:
    """The largest beside the smallest of the entries, seen from the side that is asked for."""
    most, least = max(named, key=lambda entry: entry.amount), min(named, key=lambda entry: entry.amount)
    if most.amount == least.amount:
        return f"They are the same: {listing([describe(entry) for entry in named])}."
    few = bool(re.search(r"\b(?:less|fewer|shorter|shortest|lower|smaller|lighter|least)\b", low))
    word = ("shorter" if few else "longer") if unit == "min" else "less" if few else "more"
    one, other = (least, most) if few else (most, least)
    by = show(most.amount - least.amount)
    much = {"longer": "more", "shorter": "less"}.get(word, word)
    name = f"{word} one" if unit == "min" else f"one with {word}"
    return f"The {name} is {describe(one)}: {by} {unit} {much} than {describe(other)}."
