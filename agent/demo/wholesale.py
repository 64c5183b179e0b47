"""Several entries removed by one order: 'delete both', 'remove everything I logged today'; and which one 'the first one' is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.demo.acts import Act
from agent.demo.context import Context
from agent.demo.logbook import Entry, day_in, entries_in, known_entries, written_on
from agent.demo.reply import Call

EVERYTHING = re.compile(
    r"\b(?:everything|(?<!after )(?<!at )all|(?:whole|entire|(?<!off )(?<!from )(?<!of )(?<!in )my|today's|the) log|both|(?:those"
    r"|these|the last) (?:two|2|three|3)"
    r"|(?<=last )(?:two|2|three|3)|(?<!of )them|(?<=wipe )today|(?<=clear )today)\b(?! (?:the|my) last)",
    re.IGNORECASE,
)
TWO = re.compile(r"\b(?:both|two|2)\b", re.IGNORECASE)
THREE = re.compile(r"\b(?:all|last|those|these) (?:three|3)\b", re.IGNORECASE)
THEM = re.compile(r"\b(?:them|those|these)\b", re.IGNORECASE)
OF_DAY = re.compile(r"\b(?:today|today's|this day)\b", re.IGNORECASE)
WHOLE_LOG = re.compile(r"\b(?:everything|log|diary|entries|meals|food|workouts)\b", re.IGNORECASE)
"""All there is goes only where its day is named, and is asked about otherwise."""
OTHER_DAY = re.compile(r"\b(?:yesterday|week|month|ever|\w+day's|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b", re.IGNORECASE)
ORDINAL = re.compile(
    r"\b(?:the )?(?P<nth>first|1st|second|2nd|third|3rd)(?: (?:one|entry|thing|item)|$)|\b(?P<before>the (?:one|entry) before(?: that| it)?"
    r"|second(?: to)? last(?: one| entry)?|(?:the )?previous(?: one| entry)|(?:the )?last but one|the former|the other (?:one"
    r"|entry))\b|\b(?P<end>the latter)\b",
    re.IGNORECASE,
)
NTH = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2}
WORKOUTS = re.compile(r"\b(?:workouts?|exercises?|sessions?|runs|training|activit(?:y|ies))\b", re.IGNORECASE)
FOODS = re.compile(r"\b(?:foods?|meals?|snacks|drinks|eaten|ate)\b", re.IGNORECASE)
MOST = 4
"""Entries that one turn can remove, once it has read the log."""


def placed_at(said: str, entries: Sequence[Entry], context: Context) -> Entry | None:
    """The entry that 'the first one' or 'the one before that' means, among those written in this conversation."""
    found = ORDINAL.search(said)
    written = [entry for entry in entries if not context.today or written_on(context.tool_texts, entry.number)]
    last = [entry for text in context.last_results for entry in entries_in(text) if text.startswith("Logged")]
    among = last if len(last) > 1 else sorted(written, key=lambda entry: entry.number)
    if not found or len(among) < 2:
        return None
    if found.group("before"):
        return among[-2]
    if found.group("end"):
        return among[-1]
    place = NTH[found.group("nth").lower()]
    return among[place] if place < len(among) else None


def removals(act: Act, context: Context) -> tuple[Call, ...]:
    """The calls that remove all that is meant, or read the day first; none where that is not sure enough, so that it is asked."""
    meant = _meant(act.text, context)
    if meant is None:
        return (Call("read_log", {"day": "today"}),)
    kind = "workout" if WORKOUTS.search(act.text) else "food" if FOODS.search(act.text) else ""
    meant = [entry for entry in meant if entry.kind == (kind or entry.kind)]
    return tuple(Call("remove_entry", {"entry_id": entry.number}) for entry in meant) if len(meant) <= MOST else ()


def _meant(said: str, context: Context) -> Sequence[Entry] | None:
    """The entries that are to go; None where the day has to be read for them."""
    known = sorted(known_entries(context.tool_texts), key=lambda entry: entry.number)
    last = [entry for text in context.last_results if text.startswith("Logged") for entry in entries_in(text)]
    if OTHER_DAY.search(said):
        return ()
    if counted := _counted(said, known, last):
        return counted
    some = bool(THREE.search(said) or TWO.search(said) or (THEM.search(said) and not re.search(r"\ball\b", said, re.IGNORECASE)))
    if some or (len(last) > 1 and not OF_DAY.search(said)):
        return last if len(last) > 1 and not THREE.search(said) and not TWO.search(said) else ()
    if WHOLE_LOG.search(said) and not OF_DAY.search(said):
        return ()
    day = next((day for text in context.results if (day := day_in(text))), None)
    if day is None:
        return None
    everything = OF_DAY.search(said) or {entry.number for entry in day.entries} <= {entry.number for entry in known}
    return day.entries if everything else ()


def _counted(said: str, known: Sequence[Entry], last: Sequence[Entry]) -> Sequence[Entry]:
    """'Both', 'the last three': so many of the latest entries."""
    if THREE.search(said):
        return known[-3:] if len(known) >= 3 else ()
    if not TWO.search(said):
        return ()
    return last if len(last) == 2 else known[-2:] if len(known) >= 2 else ()
