"""Which entry some words name: 'the bike ride' is the cycling, 'the stew' the beef stew, 'the bar' the muesli bar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from agent.demo.activities import lookup
from agent.demo.exactness import base_of, other_names, units
from agent.demo.logbook import Entry
from agent.demo.logpicks import SAME_SPORT, same_sport
from agent.demo.memory import stems
from agent.demo.moves import moves

THE = re.compile(r"\b(?:the|my|that|those) ([a-z]+)")


@lru_cache(maxsize=512)
def names_of(entry: Entry) -> frozenset[str]:
    """The stems that an entry answers to, without its amount and measure."""
    done = {move.activity.name for move in moves(entry.name.lower())} if entry.kind == "workout" else set()
    more = " ".join(name for group in SAME_SPORT if group & done for name in group)
    names = stems(f"{base_of(entry)} {other_names(entry)} {more}")
    return names - _measures() if entry.kind == "food" else names - stems("class session training workout")


@lru_cache(maxsize=1)
def _measures() -> frozenset[str]:
    return stems(" ".join(units()) + " big small large")


def named_in(said: str, entries: Sequence[Entry]) -> Entry | None:
    """The entry that the words name best; the one written last of several."""
    there = stems(said)
    scored = [(len(there & names_of(entry)), place) for place, entry in enumerate(entries)]
    best = max(scored, default=(0, 0))
    if best[0]:
        return entries[best[1]]
    done = moves(said)
    if done:
        own = [
            entry for entry in entries if entry.kind == "workout" and any(same_sport(lookup(entry.name), move.activity) for move in done)
        ]
        return own[-1] if own else None
    the = stems(" ".join(THE.findall(said))) & _measures()
    return next((entry for entry in reversed(entries) if the & stems(entry.name)), None)
