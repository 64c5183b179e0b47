"""What follows an announcement: 'I'd like to log my lunch' and then 'it was a bowl of chili', 'I did some sport' and 'it was basketball'.

Taken by itself 'it was a latte' puts an entry right. Behind a message that only announces something there is no entry yet, so it is told.
"""

from __future__ import annotations

import re
from dataclasses import replace

from agent.demo.acts import Act
from agent.demo.days import named_day
from agent.demo.meals import items
from agent.demo.understand import understand
from agent.demo.words import marked, tidy

IT_WAS = re.compile(
    r"^(?:(?:so|ok|okay|well|right|yes|and)[, ]+)*(?:it|that|they|this|those) (?:was|were|is|are)(?: just| only)? ", re.IGNORECASE
)
SOME_OF_IT = re.compile(
    r"^(?:(?:and|so|but|ok|okay|yes|then|well)[, ]+)*(?:i |we |i've |i just )?(?:just |only |also )?(?:had|ate|tried|took|eaten) "
    r"(?P<much>(?:an?|one|two|three|four|half|some|\d)(?: (?:small|big|large|little|tiny|huge|generous|second|whole))*"
    r"(?P<unit> (?:bowl|slice|piece|portion|plate|cup|glass|serving|bag|packet|helping|handful|can|bottle)s?)?)"
    r"(?: of (?:it|them|that|those))?,?(?: (?P<day>yesterday|last night|today|this morning|tonight|just now))?$",
    re.IGNORECASE,
)
LOGGING = frozenset({"log_food", "log_workout", "other_day"})
UNCLEAR = frozenset({"unclear", "tell_fact", "ask_back", "correct"})
ANNOUNCES = frozenset({"announced", "ask_back"})


def told_after(acts: tuple[Act, ...], said: str, before: str) -> tuple[Act, ...]:
    """The acts of what the message before announced; none where this is no such message.

    Args:
        acts: what the message does by itself.
        said: the message.
        before: the person's message before it.
    """
    if all(act.intent in UNCLEAR for act in acts) and (some := SOME_OF_IT.match(said.rstrip(" .!"))):
        return _of_the_named(some, before)
    found = IT_WAS.match(said)
    if not found or not any(act.intent in {"correct", "unclear"} for act in acts):
        return ()
    if not all(act.intent in ANNOUNCES for act in understand(before)):
        return ()
    told = next((again for lead in ("I had ", "I did ") if _logs(again := understand(lead + said[found.end() :]))), ())
    day = named_day(tidy(before))
    return tuple(replace(act, intent="other_day", day=day) if day not in {"", "today"} and not act.day else act for act in told)


def _of_the_named(some: re.Match[str], before: str) -> tuple[Act, ...]:
    """'I had a small bowl' behind 'my wife made apple crumble': of the one food that the message before names and does not log."""
    spoken = understand(before)
    named = [item for item in items(marked(before)) if item.food]
    if len(named) != 1 or any(act.intent in LOGGING or act.intent in {"remove", "correct"} for act in spoken):
        return ()
    much = re.sub("^some$", "", some["much"].strip(), flags=re.IGNORECASE)
    what = named[0].name
    told = understand(f"{some['day'] or ''} I had {much} {'of ' if some['unit'] else ''}{what}".strip())
    return told if _logs(told) else ()


def _logs(acts: tuple[Act, ...]) -> bool:
    return all(act.intent in LOGGING for act in acts)
