"""Putting answers into words: several phrasings each, picked by the request so that the same request reads the same."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

from agent.demo.words import load


def say(kind: str, seed: str, **values: str) -> str:
    """One phrasing of this kind with the values put in.

    Args:
        kind: a key of data/replies.json.
        seed: what picks the phrasing; the same seed picks the same one.
        values: texts for the places in braces.
    """
    phrasings: list[str] = load("replies.json")[kind]
    return phrasings[crc32(f"{kind}:{seed}".encode("utf-8", "replace")) % len(phrasings)].format(**values)


def listing(things: Sequence[str], last: str = "and") -> str:
    """'a, b and c'."""
    if len(things) < 2:
        return "".join(things)
    return f"{', '.join(things[:-1])} {last} {things[-1]}"


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


SECOND = (
    (" i'm ", " you're "),
    (" i am ", " you are "),
    (" i've ", " you've "),
    (" i'll ", " you'll "),
    (" i'd ", " you'd "),
    (" i was ", " you were "),
    (" my ", " your "),
    (" mine ", " yours "),
    (" i ", " you "),
    (" me ", " you "),
    (" myself ", " yourself "),
    (" our ", " your "),
    (" we ", " you "),
)


def to_you(text: str) -> str:
    """'my left knee' as 'your left knee'."""
    padded = f" {text} "
    for mine, yours in SECOND:
        low = padded.lower()
        place = low.find(mine)
        while place >= 0:
            padded = padded[:place] + yours + padded[place + len(mine) :]
            low = padded.lower()
            place = low.find(mine, place + len(yours) - 1)
    return padded.strip()
