"""Slips of the keyboard in the names of foods and activities: 'sandwhich', 'brocolli', 'chikcen'.

Only a word that is none of ours is mended, only to a name of the tables with the same first letter, and never by another
consonant or by an ending, for 'oliver' is no olive and 'martin' no martini.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from agent.demo import activities, foods
from agent.demo.slips import SHORTEST, is_slip
from agent.demo.words import load, singular


@lru_cache(maxsize=1)
def _names() -> dict[str, tuple[str, ...]]:
    """The words of all names in the tables, by first letter."""
    words = {word for table in (foods.table(), activities.table()) for name in table for word in name}
    words |= {singular(word) for word in load("lexicon.json")["meals"]}
    found: dict[str, list[str]] = {}
    for word in sorted(words):
        if word.isalpha() and len(word) >= SHORTEST:
            found.setdefault(word[0], []).append(word)
    return {letter: tuple(listed) for letter, listed in found.items()}


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """Words that are right as they stand."""
    lists: Iterable[list[str]] = (listed for name, listed in load("lexicon.json").items() if name != "about")
    known = {word for listed in lists for word in listed} | set(load("languages.json")["english"]) | set(load("units.json")["numbers"])
    known |= {word for listed in load("units.json")["words"].values() for word in listed}
    return frozenset(known | {word for listed in _names().values() for word in listed})


@lru_cache(maxsize=4096)
def mended(word: str) -> str:
    """The word, or the name in the tables that it is a slip of."""
    one = singular(word)
    if len(word) < SHORTEST or not word.isalpha() or word in _known() or one in _known():
        return word
    return next((name for name in _names().get(word[0], ()) if is_slip(one, name)), word)
