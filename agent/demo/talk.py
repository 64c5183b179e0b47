"""Putting answers into words: several phrasings each, picked by the request so that the same request reads the same."""

from __future__ import annotations

import re
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


SECOND = {
    "i'm": "you're",
    "i am": "you are",
    "am i": "are you",
    "i've": "you've",
    "i'll": "you'll",
    "i'd": "you'd",
    "i was": "you were",
    "i wasn't": "you weren't",
    "was i": "were you",
    "my": "your",
    "mine": "yours",
    "i": "you",
    "me": "you",
    "myself": "yourself",
    "our": "your",
    "ours": "yours",
    "we": "you",
    "we're": "you're",
    "we've": "you've",
    "we'll": "you'll",
    "we'd": "you'd",
    "ourselves": "yourselves",
    "im": "you're",
    "ive": "you've",
}
_MINE = "|".join(sorted(map(re.escape, SECOND), key=len, reverse=True))
FIRST_PERSON = re.compile(rf"(?<![\w'.-])(?:{_MINE})(?![\w'-])", re.IGNORECASE)
BE = re.compile(
    r"^(?:not allowed|unable|allergic|banned|recovering|off work|on (?:a|the|my|\d)[^,]*(?:diet|tablets?|meds|medication|pills))\b"
)
DID = re.compile(
    r"^(?:just |also |recently |now )*(?:[a-z]{2,}ed|broke|tore|hurt|threw|put|did|got|had|have|has|been|was|am|took|take|need|want|work"
    r"|live|hate|love"
    r"|like|can|can't|cannot|don't|won't|must|should|sleep|slept|ate|ran|went|came|lost|won|quit|gave|felt|bought|made|started|only have"
    r"|usually"
    r"|always|never|mostly|normally)\b(?! (?:is|are|was|were)\b)"
)


def to_you(text: str) -> str:
    """'my left knee' as 'your left knee'."""
    return FIRST_PERSON.sub(lambda found: SECOND[found.group().lower()], text)


def said_back(text: str) -> str:
    """What was told as a sentence about the person: 'sprained my ankle' as 'you sprained your ankle'."""
    if BE.match(text.lower()):
        return f"you're {to_you(text[:1].lower() + text[1:])}"
    low = text[:1].lower() + text[1:] if text[:2].istitle() or text[:1] == "I" else text
    if DID.match(low):
        low = f"i {'am' + low[2:] if low.startswith('am ') else low}"
    return to_you(low if DID.match(text[:1].lower() + text[1:]) else text)
