"""Answers that pick from the entries of the log or compare them: the longest run, the average meal, one food's energy."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.demo.activities import Activity
from agent.demo.lexicon import lexicon
from agent.demo.logbook import Entry
from agent.demo.talk import listing
from agent.demo.words import show, singular

UNITS = {"food": "kcal", "workout": "min"}
MOST = re.compile(
    r"\b(?:longe(?:st|r)|bigge(?:st|r)|large(?:st|r)|highe(?:st|r)|heavie(?:st|r)|hardest|worst|worse|most|(?<=had )more"
    r"|(?<=has )more|(?<=was )more)\b"
)
LEAST = re.compile(r"\b(?:shorte(?:st|r)|smalle(?:st|r)|lowe(?:st|r)|lighte(?:st|r)|least|fewest|(?<=had )(?:less|fewer))\b")
MUCH = frozenset({"more", "most"})
FEW = frozenset({"less", "fewer", "least", "fewest"})
NO_PICK = re.compile(r"\bmost recent\b|\bat (?:most|least)\b")
EACH = re.compile(
    r"\b(?:per|a|each|every) (?:meal|entry|item|food|workout|session|run|walk|ride|swim)\b"
    r"|\b(?:of|for|in) (?:my|the|these|those|all my|today's) (?:\w+ )?(?:meals|entries|items|foods|snacks|workouts|sessions"
    r"|runs|walks|rides|swims)\b"
    r"|\baverage (?:\w+ )?(?:meal|run|walk|ride|swim|workout|session|snack)\b"
)
DRINKS = re.compile(r"\b(?:drinks?|drinking|drank|drunk|beverages?|liquids?|liquid calories)\b")
SAME_SPORT = (frozenset({"bike ride", "cycling", "spinning", "mountain biking"}), frozenset({"run", "jog", "treadmill"}))
"""Activities that are asked for by each other's names."""


def describe(entry: Entry) -> str:
    """'salad (180 kcal)', 'run (30 min)'."""
    return f"{entry.name} ({show(entry.amount)} {UNITS[entry.kind]})"


def picked(low: str, entries: Sequence[Entry], when: str) -> str:
    """The largest or smallest entry, where the question asks for it; else ''.

    Args:
        low: the question in lower case.
        entries: the entries of one kind.
        when: the days they are of, as said: 'today'.
    """
    most, least = MOST.search(low), LEAST.search(low)
    if not entries or not (most or least) or NO_PICK.search(low):
        return ""
    one = (max if most else min)(entries, key=lambda entry: entry.amount)
    word = (most or least or [""])[0]
    name = "one with the most" if word in MUCH else "one with the least" if word in FEW else f"{word} one"
    return f"The {name} in your log {when} is {describe(one)}."


def drunk(low: str, entries: Sequence[Entry], when: str) -> str:
    """What the drinks among the entries come to, where only they are asked for; else ''."""
    if not DRINKS.search(low) or re.search(r"\b(?:food|ate|eat|eaten|meals?)\b", low):
        return ""
    drinks = [entry for entry in entries if {singular(word) for word in re.findall(r"[a-z]+", entry.name.lower())} & lexicon("drinks")]
    total = show(sum(entry.amount for entry in drinks))
    return f"The drinks in your log {when} come to {total} kcal: {listing([describe(one) for one in drinks])}." if drinks else ""


def same_sport(done: Activity | None, asked: Activity) -> bool:
    """Whether an activity is the one asked for, or one that goes by its name too."""
    return done is not None and (done is asked or any({done.name, asked.name} <= names for names in SAME_SPORT))


def average_entry(low: str, entries: Sequence[Entry], topic: str) -> str:
    """The average of the entries, where it is asked for each meal or each run rather than each day; else ''."""
    if not entries or not (EACH.search(low) or topic):
        return ""
    average = show(round(sum(entry.amount for entry in entries) / len(entries)))
    shown = f": {listing([describe(entry) for entry in entries])}" if len(entries) <= 6 else ""
    return f"The average of the {len(entries)} in your log is {average} {UNITS[entries[0].kind]}{shown}."
