"""Messages that say more about what was just logged: how much, how long, what was in it, and whether it was any good."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from agent.demo.activities import lookup
from agent.demo.acts import Act
from agent.demo.changes import holds, is_dish
from agent.demo.context import Context
from agent.demo.exactness import with_more
from agent.demo.foods import mentions, table, words
from agent.demo.lexicon import lexicon
from agent.demo.logbook import Entry, entries_in, known_entries, logged_on
from agent.demo.meals import TIME, items
from agent.demo.moves import moves
from agent.demo.understand import understand
from agent.demo.words import MARK, amount, load, marked, numbered

LONGEST_WORDS = 8
WROTE = ("Logged", "Done")
ENERGY = re.compile(r"^(?:(?:it was|that was|roughly|about|around|maybe|probably|like|i think|was) ?)*«(\d+(?:\.\d+)?)kcal»")
LEAD = re.compile(
    r"^(?:(?:and|it was|they were|that was|that's|that is|it's|which is|i had|had|i did|did|i ran|ran|i ate|ate|drank"
    r"|it took(?: me)?|took(?: me)?|lasted|for"
    r"|about|around|like|maybe"
    r"|roughly|so|just"
    r"|only|i think|probably|oh|was|at least|almost|nearly) )*(?=[\d«])"
)
FILLING = re.compile(
    r"^(?:(?:it was|that was|with|a|just|some|it had) )*(?!.*\b(?:ate|eat|had|have|drank|log|add|and (?:a|an|some|then)|also|another"
    r"|plus|too|later|for|i)\b)"
)
DAY_BEFORE = re.compile(r"\bthe day before\b(?! yesterday)")
TOO = re.compile(r"^(?:oh |ok |yes )*(?:and|also|plus|with|then)\b(?!.*\b(?:now|today|just)\b)")
PLAIN = frozenset(
    {
        ("toast",),
        ("bagel",),
        ("pancake",),
        ("yogurt",),
        ("yoghurt",),
        ("cereal",),
        ("cake",),
        ("muffin",),
        ("salad",),
        ("pasta",),
        ("noodle",),
        ("crepe",),
    }
)
"""Dishes that are whole without what may be put on them, which then comes on top."""
ONES = re.compile(r" ones?$")
LED = re.compile(r"^(?:it|that|with|and|plus|\+|had|just|some)\b|^\W")
AGAIN = re.compile(r"^(?:i |we |then |and )*(?:ran|walked|swam|cycled|rode|did|rowed|played|jogged|ate|had|drank) ")
HEALTHY = re.compile(
    r"^(?:so |and |but |hmm |oh )*(?:is|was|are|were|isn't) (?:that|it|this|those|they|all that) (?:\w+ )?(?:really |very |any )*"
    r"(?:healthy|unhealthy|good|bad|fattening|ok|okay|fine)(?: for (?:me|you|breakfast|lunch|dinner|my \w+))?$"
)
ITS_ENERGY = re.compile(
    r"^(?:so |and |ok )*(?:how (?:many|much) (?:calories|kcals?|cals|energy)|what) (?:was|were|is|are|did|does) (?:that|it|those"
    r"|this|they|all that)"
    r"(?: have| then| in calories| come to)*$"
)


def filled(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """'Ham and cheese' right after a sandwich was logged says what was in it."""
    entry = _just_logged(context)
    foods = [item for act in acts if act.intent == "log_food" for item in act.foods]
    if entry is None or not foods or not holds(entry.name) or not FILLING.match(text) or len(text.split()) > LONGEST_WORDS:
        return ()
    if any(item.food is None or item.count or item.unit or item.kcal is not None or is_dish(item.name) for item in foods):
        return ()
    if any(act.day for act in acts) or all(item.food and item.food.name in lexicon("drinks") for item in foods):
        return ()
    filling = ONES.sub("", FILLING.sub("", text))
    if words(entry.name)[-1:] in PLAIN and filling == text and not LED.match(text):
        return ()
    if words(entry.name)[-1:] in PLAIN and words(f"{filling} {entry.name}") not in table():
        return with_more(entry, re.sub(r"^(?:and|plus|also|\W)+ ", "", filling))
    return (Act("correct", f"it was {filling} {entry.name}", tuple(foods)),)


MORE = re.compile(r"\b(?:more|another|extra|\d(?:nd|rd|th)|second)\b")


def sharpened(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """'3 eggs' right after 'eggs' were logged, '2 scoops' or '600 kcal' after one thing was, makes that entry exact."""
    entry = _just_logged(context)
    said = marked(text)
    if entry is not None and entry.kind == "food":
        if (energy := ENERGY.match(said)) and not mentions(MARK.sub("", said)):
            return (Act("correct", f"it was {energy.group(1)} kcal"),)
        if exact := _only_amount(said):
            return (Act("correct", f"it was {exact}"),)
    return _named_again(text, acts, context)


def _named_again(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    bare = LEAD.sub("", numbered(text))
    logged = [item for act in acts if act.intent == "log_food" for item in act.foods]
    if not _wrote(context) or not bare[:1].isdigit() or TIME.match(bare) or MORE.search(bare):
        return ()
    if len(acts) != 1 or len(logged) != 1 or len(bare.split()) > LONGEST_WORDS:
        return ()
    food = logged[0].food
    vague = [entry for entry in known_entries(context.tool_texts) if not re.search(r"\d", entry.name)]
    same = next((entry for entry in vague if food and [item.food for item in items(entry.name)] == [food]), None)
    return (Act("correct", f"make the {same.name} {bare}"),) if same else ()


def lengthened(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """'5 miles' or 'took me 45 min' right after a run was logged."""
    entry = _just_logged(context)
    bare = LEAD.sub("", marked(text))
    rest = MARK.sub("", bare).strip(" ,.")
    coach = [line.text for line in context.said_by("coach") if line.source == "message"]
    if AGAIN.match(text) and coach and "as a usual session" not in coach[-1]:
        return ()
    if entry is not None and entry.kind == "workout" and re.fullmatch(r"\d{1,3}", bare) and int(bare) > 2:
        return (Act("correct", f"it was {bare} minutes"),)
    if (
        entry is None
        or entry.kind != "workout"
        or not MARK.match(bare)
        or rest not in {"", "or so", "long", "total", "in", "i think", "ish", "each way", "both ways", "there and back"}
    ):
        return ()
    named = lookup(text)
    if named is not None and lookup(entry.name) is not named:
        return ()
    ways = re.search(r"\beach way\b|\bboth ways\b|\bthere and back\b", text)
    minutes = amount(bare, "min")
    if ways and minutes:
        return (Act("correct", f"it was {2 * minutes:g} minutes"),)
    return (Act("correct", f"it was {bare}", moves=moves(bare)),)


def same_day(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """'And a beer' after yesterday's pizza was logged belongs to yesterday too."""
    written = [said for said in context.tool_texts[-2:] if said.startswith("Logged")]
    day = logged_on(written[-1]) if written and _wrote(context) and TOO.match(text) else ""
    if not day or context.today is None or day == context.today.isoformat() or any(act.day for act in acts):
        return ()
    if DAY_BEFORE.search(text):
        day = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    logging = all(act.intent in {"log_food", "log_workout"} for act in acts)
    return tuple(replace(act, day=day) for act in acts) if logging else ()


def judged(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """'Is that healthy?' and 'how many calories was that?' about what was just logged."""
    asked = text.strip(" ?")
    if not _wrote(context):
        return ()
    if HEALTHY.match(asked):
        return (Act("advise_wellness", text, topic="moderation"),)
    said = [line.text for line in context.said_by("user") if line.source == "message"]
    before = [act for act in understand(said[-1]) if act.foods or act.moves] if said else []
    if ITS_ENERGY.match(asked) and before:
        return tuple(replace(act, intent="ask_calories" if act.foods else "ask_burn", text=text, day="") for act in before)
    return ()


def _wrote(context: Context) -> bool:
    coach = [line.text for line in context.said_by("coach") if line.source == "message"]
    return bool(coach) and coach[-1].startswith(WROTE)


def _just_logged(context: Context) -> Entry | None:
    """The entry of the message before, where it put exactly one into the log or changed one."""
    if not _wrote(context) or not context.tool_texts:
        return None
    entries = entries_in(context.tool_texts[-1])
    said = [line.text for line in context.said_by("user") if line.source == "message"]
    several = sum(len(act.foods) + len(act.moves) for act in understand(said[-1])) > 1 if said else False
    return entries[0] if len(entries) == 1 and not several and not context.tool_texts[-1].startswith("Removed") else None


def _only_amount(said: str) -> str:
    """The amount of a marked text that is nothing but a number with at most a unit: '12 pieces', '2', '«200g»'; else ''."""
    bare = LEAD.sub("", said).strip(" .!")
    units = {word for listed in load("units.json")["words"].values() for word in listed}
    found = re.fullmatch(
        r"(«[\d.]+(?:g|ml)»|[\d.]+(?: ([a-z]+))?)(?: of (?:it|them)| or so| i think| in the end| in total| altogether)*", bare
    )
    return found.group(1) if found and (found.group(2) is None or found.group(2) in units) else ""
