"""Questions of a few words without a verb, put in full: 'latest weight?' asks 'what is my latest weight?', 'sum so far?' for the day's sum.

The ways to ask so are in data/nounquestions.json, each a pattern and the question it stands for.
"""

from __future__ import annotations

import re
from functools import lru_cache

from agent.demo.words import load

LONGEST = 70
"""Characters of a question in a few words."""
ENDS = re.compile(r"(?:[?!. ]|\b(?:please|pls|plz)\b|,$)+$")
ASKS = re.compile(r"\?\s*$|\b(?:please|pls|plz)[.! ]*$")
BEGINS = re.compile(r"^(?:(?:and|so|ok|okay|hey|hi|also|then|now|btw|my|the|me)[,:]? )+")


@lru_cache(maxsize=1)
def _ways() -> tuple[tuple[re.Pattern[str], str], ...]:
    data = load("nounquestions.json")
    found = []
    for said, full in data["questions"]:
        pattern = said
        for name, words in data["lists"].items():
            pattern = pattern.replace("{" + name + "}", words)
        found.append((re.compile(f"^(?:{pattern})$"), full))
    return tuple(found)


@lru_cache(maxsize=2048)
def asked_in_full(clause: str) -> str:
    """The clause as the full question that it stands for; unchanged where it is no such question.

    Args:
        clause: in the person's own words, with its question mark.
    """
    if len(clause) > LONGEST or not ASKS.search(clause.lower()):
        return clause
    bare = BEGINS.sub("", ENDS.sub("", clause.lower()).strip(" ,"))
    for said, full in _ways():
        if found := said.match(bare):
            filled = full.format(**{name: (part or "").strip() for name, part in found.groupdict().items()})
            return " ".join(filled.split()).replace(" ?", "?")
    return clause
