"""The word lists that tell food from what stands around it, each read once."""

from __future__ import annotations

from functools import lru_cache

from agent.demo.words import load


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, frozenset[str]]:
    return {name: frozenset(listed) for name, listed in load("lexicon.json").items() if name != "about"}


@lru_cache(maxsize=1)
def unit_of() -> dict[str, str]:
    """A unit's spellings to the unit: 'tablespoons' to 'tbsp'."""
    return {word: unit for unit, spelled in load("units.json")["words"].items() for word in spelled}


def lexicon(name: str) -> frozenset[str]:
    """One of the word lists."""
    return _lexicon()[name]
