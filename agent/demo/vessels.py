"""Bottles and glasses whose size is told: '3 bottles of 600 ml' as what they hold in all."""

from __future__ import annotations

import re

from agent.demo.words import numbered

EACH_HOLDS = re.compile(
    r"\b(?P<n>\d+|an?|one) (?:(?:big|small|large|full|tall) )?(?:bottle|glass|cup|can|mug|jug|carafe"
    r"|flask)(?:e?s)?(?: of water)?(?: today| so far)?,?"
    r" ?(?:of|with|at|x|à|\()? ?(?P<each>\d+(?:\.\d+)?) ?(?P<u>ml|cl|l|lit(?:re|er)s?)\b(?: each)?\)?(?: of water)?"
)
"""'3 bottles of 600 ml' are 1,800 ml of water."""


def poured(text: str) -> str:
    """The text with vessels whose size is told as what they hold in all.

    Args:
        text: tidied.
    """
    return EACH_HOLDS.sub(_in_all, numbered(text)) if "water" in text else text


def _in_all(found: re.Match[str]) -> str:
    count = float(found["n"]) if found["n"].isdigit() else 1.0
    return f"{count * float(found['each']):g} {found['u']} of water"
