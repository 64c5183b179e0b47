"""Slips of the keyboard in the names of foods and activities: 'sandwhich', 'brocolli', 'chikcen'.

Only a word that is none of ours is mended, only to a name of the tables with the same first letter, and never by another
consonant or by an ending, for 'oliver' is no olive and 'martin' no martini.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from agent.demo import activities, foods
from agent.demo.words import load, singular

SHORTEST = 5
SHORTEST_ADDED = 6
SHORTEST_VOWEL = 7
DOUBLED = re.compile(r"(.)\1")
VOWEL = re.compile("[aeiou]")


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
    return next((name for name in _names().get(word[0], ()) if _slip(one, name)), word)


def _slip(typed: str, meant: str) -> bool:
    """Whether one letter doubled, left out, added, swapped with its neighbour, or one vowel for another, explains the word."""
    plain, right = DOUBLED.sub(r"\1", typed), DOUBLED.sub(r"\1", meant)
    if plain.startswith(right) or right.startswith(plain):
        return plain == right
    if abs(len(plain) - len(right)) == 1:
        return len(typed) >= SHORTEST_ADDED and _without_one(*sorted((plain, right), key=len))
    if len(plain) != len(right):
        return False
    places = [place for place, (a, b) in enumerate(zip(plain, right, strict=True)) if a != b]
    if len(places) == 1:
        a, b = plain[places[0]], right[places[0]]
        return len(typed) >= SHORTEST_VOWEL and bool(VOWEL.match(a) and VOWEL.match(b))
    return len(places) == 2 and places[1] == places[0] + 1 and plain[places[0]] == right[places[1]] and plain[places[1]] == right[places[0]]


def _without_one(short: str, long: str) -> bool:
    """Whether taking one letter out of the longer word gives the shorter."""
    return any(long[:place] + long[place + 1 :] == short for place in range(1, len(long)))
