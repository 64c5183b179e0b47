"""Foods that are rich in something, without those that were told to be left out."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agent.demo.banned import conflict
from agent.demo.talk import capital, listing
from agent.demo.words import load

ASKED = re.compile(
    r"\b(?:foods?|sources?|what(?:'s| is| are)?|which|where|how (?:do|can|could|should) i (?:get|eat|have|reach))\b.{0,45}?"
    r"\b(?P<what>protein|calcium|iron|magnesium|fib(?:er|re)|vitamin c|vitamin d|vitamin b12|b12|omega[- ]?3s?|potassium|zinc)\b"
)
IN_THAT = re.compile(
    r"\b(?:breakfast|brunch|lunch|dinner|snacks?|meals?|desserts?|recipes?|how (?:much|many)"
    r"|in (?:that|it|this|my|an?)|did i|have i|what(?:'s| is) (?:protein|fib(?:er|re)|iron|calcium)$"
    r"|supplement|take|tablet)\b"
)
MOST = 6


def asks_for_sources(low: str) -> str:
    """What a question wants foods rich in, as data/advice.json calls it; '' for any other question."""
    found = ASKED.search(low)
    if not found or IN_THAT.search(low):
        return ""
    what = found.group("what").replace("fiber", "fibre").replace("vitamin b12", "b12")
    return "omega-3" if what.startswith("omega") else what


def sources_of(what: str, banned: Mapping[str, str]) -> str:
    """A sentence that names foods rich in it, none of them banned."""
    listed: list[str] = load("advice.json")["sources"][what]
    fine = [food for food in listed if not conflict(food, banned)]
    if not fine:
        return f"Everything I know to be rich in {what} is among what you told me to leave out. A dietitian can help you there."
    minded = list(dict.fromkeys(banned.values()))[-3:]
    because = f" I kept in mind that {listing(minded)}." if minded else ""
    return f"{capital(what)} is in {listing(fine[:MOST])}, among others.{because}"
