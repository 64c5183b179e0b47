"""Whether a word is another one mistyped. Knows no words itself, so that spelling and tables can both lean on it."""

from __future__ import annotations

import re

SHORTEST = 5
SHORTEST_ADDED = 6
SHORTEST_VOWEL = 7
DOUBLED = re.compile(r"(.)\1")
VOWEL = re.compile("[aeiou]")


def is_slip(typed: str, meant: str) -> bool:
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
