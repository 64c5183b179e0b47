"""Facts put right: 'wrong, it's 4 April' after 'my birthday is 3 April', read as the sentence it stands for.

The restated sentence is told anew; the older one stays in the messages, and the newer counts.
"""

from __future__ import annotations

import re
from functools import lru_cache

from agent.demo.facts import told

CHANGE = re.compile(
    r"^(?:please |can you |could you |ok,? )*(?:change|update|set|correct) my (?P<what>[a-z ]{3,25}?) (?:to|into) (?P<new>.{1,40})$",
    re.IGNORECASE,
)
SLIP = re.compile(
    r"^(?:(?:oh|no|wrong|oops|sorry|wait|typo|correction|actually|well|hmm|rather|nope)[,:. ]+|(?:i (?:mean|meant)"
    r"|make (?:it|that)|it's|it is"
    r"|it was|rather|not \w+ but|measured again)[,: ]+)+(?P<new>(?!i\b|my\b|you\b|what|how|can"
    r"|a walk).{1,40}?)(?: from now on| instead| actually| please)*$",
    re.IGNORECASE,
)
HEAD = re.compile(r"^(?P<head>.*\b(?:is|are|was|on|to|am|i'm|called))\b (?P<old>.+)$", re.IGNORECASE)
NUMBER = re.compile(r"\b(?:\d[\d.,]*|one|once|two|twice|three|four|five|six|seven|eight|nine|ten)\b", re.IGNORECASE)
KINDS = frozenset(
    {"name", "age", "height", "goal", "plan", "attr", "habit", "place", "allergy", "injury", "person", "diet", "like", "dislike"}
)


@lru_cache(maxsize=1024)
def restated(text: str, before: str) -> str:
    """What a correction of a told fact says in full; '' when it corrects none.

    Args:
        text: the correction.
        before: what was told before it.
    """
    text = text.strip(" .!")
    if (change := CHANGE.match(text)) and not told(text):
        return f"My {change.group('what')} is {change.group('new')}"
    slip = SLIP.match(text)
    facts = [fact for fact in told(before) if fact.kind in KINDS] if slip else []
    if not slip or not facts:
        return ""
    new = re.sub(r"^(?:to|on|at|the|a) (?=\w)", "", slip.group("new")) if not NUMBER.search(slip.group("new")) else slip.group("new")
    said = before.strip(" .!")
    numbers = list(NUMBER.finditer(said))
    if NUMBER.search(new) and len(numbers) == 1 and len(new.split()) > 2 and " is " not in said:
        return said[: numbers[0].start()] + new
    head = HEAD.match(said)
    return f"{head.group('head')} {new}" if head else ""
