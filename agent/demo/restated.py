"""Facts put right: 'wrong, it's 4 April' after 'my birthday is 3 April', read as the sentence it stands for.

The restated sentence is told anew; the older one stays in the messages, and the newer counts.
"""

from __future__ import annotations

import re
from functools import lru_cache

from agent.demo.facts import told
from agent.demo.measures import measure
from agent.demo.residue import residue
from agent.demo.secondthoughts import substituted

CHANGE = re.compile(
    r"^(?:please |can you |could you |ok,? )*(?:(?:change|update|set|correct)|i(?:'ve| have)? (?:changed|updated))"
    r" my (?P<what>[a-z ]{3,25}?) (?:to|into) (?P<new>.{1,40})$",
    re.IGNORECASE,
)
SLIP = re.compile(
    r"^(?:(?:oh|no|wrong|oops|sorry|wait|typo|correction|actually|well|hmm|rather|nope)[,:. ]+|(?:i (?:mean|meant)"
    r"|make (?:it|that)|it's|it is"
    r"|it was|rather|not \w+ but|measured again)[,: ]+)+(?P<new>(?!i\b|my\b|you\b|what|how|can"
    r"|a walk).{1,40}?)(?: from now on| instead| actually| please)*$",
    re.IGNORECASE,
)
NOT_BUT = re.compile(
    r"^(?:(?:oh|no|oops|sorry|wait|actually|well|hmm|nope|correction)[,:. ]+)*(?:it's |it is |i'm )?not (?:allergic to |a "
    r"|an |the )?(?P<old>[a-z' -]{2,30}?)"
    r"[,;:.]* (?:but |i mean(?:t)? |it's |it is |rather |i said |make (?:it|that) )+(?:to )?(?P<new>(?!i\b)[\w' -]{2,30}?)$",
    re.IGNORECASE,
)
"""'Not nuts, I meant soy'."""
NUMBER = re.compile(r"\d+(?:[.,]\d+)?(?= ?(?:kg|kgs|kilos|lbs?|hours?|h|litres?|liters?|l|glasses|cups)?$)")
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
    if (other := NOT_BUT.match(text)) and re.search(rf"\b{re.escape(other.group('old'))}\b", before, re.IGNORECASE) and told(before):
        return re.sub(rf"\b{re.escape(other.group('old'))}\b", other.group("new"), before, flags=re.IGNORECASE)
    left = residue(text)
    if (left.sure or left.of_it) and (number := NUMBER.match(left.said)) and measure(before) and not measure(text) and not told(text):
        return substituted(before, number.group())
    slip = SLIP.match(text)
    facts = [fact for fact in told(before) if fact.kind in KINDS] if slip else []
    if not slip or not facts:
        return ""
    return substituted(before, slip.group("new"))
