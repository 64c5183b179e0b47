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
    r"^(?:please |can you |could you |ok,? |actually,? |no,? |sorry,? |oh,? |let's |rather )*(?:(?:change|update|set|correct|raise|lower)"
    r"|i(?:'ve| have)? (?:changed|updated)) my (?P<what>[a-z ]{3,25}?) (?:to|into) (?P<new>.{1,40})$"
    r"|^(?:please |can you |could you |ok,? |actually,? |no,? |sorry,? |oh,? |let's |rather )*make my (?P<that>[a-z ]{3,25}?) (?:to |be )?"
    r"(?P<fresh>\d.{0,40}?)(?: instead| please| now)*$",
    re.IGNORECASE,
)
SLIP = re.compile(
    r"^(?:(?:oh|no|wrong|oops|sorry|wait|typo|correction|actually|well|hmm|rather|nope)[,:. ]+|(?:"
    r"(?:it|that)(?:'s| is| has|'s been| has been| was)?(?: now| been)* (?:moved|changed|postponed|rescheduled|shifted"
    r"|brought forward)(?: to)?"
    r"|(?:they|we)(?:'ve| have)? (?:moved|changed|postponed|rescheduled|shifted) (?:it|that)(?: to)?|i (?:mean|meant)"
    r"|(?:let's )?make (?:it|that)|(?:change|set|update|correct|switch|raise|lower) (?:it|that|this) (?:to|into)|it's|it is"
    r"|it was|rather|not \w+ but|measured again)[,: ]+)+(?P<new>(?!i\b|my\b|you\b|what|how|can"
    r"|a walk).{1,40}?)(?: from now on| instead| actually| please)*$",
    re.IGNORECASE,
)
MEASURE_SLIP = re.compile(
    r"^(?:(?:oh|no|wrong|oops|sorry|wait|typo|correction|actually|well|nope|make that|i meant?)[,:. ]+)+(?P<n>\d+(?:\.\d+)?)"
    r" ?(?:kgs?|kilos?|lbs?|pounds|hours?|hrs?|h|l|lit(?:re|er)s?|ml|glasses)?[,;:. ]+(?:-+ )?(?:(?:the|my|an?) )?(?:old|wrong|bad"
    r"|broken|scales?|typo|my|mis\w+|i |sorry)"
    r"[a-z' ]*$",
    re.IGNORECASE,
)
"""'Sorry, 71 kg, old scale'."""
NOT_BUT = re.compile(
    r"^(?:(?:oh|no|oops|sorry|wait|actually|well|hmm|nope|correction)[,:. ]+)*(?:it's |it is |i'm )?not (?:allergic to |a "
    r"|an |the )?(?P<old>[a-z' -]{2,30}?)"
    r"(?:[,;:.]* (?:but |i mean(?:t)? |it's |it is |rather |i said |make (?:it|that) )+|[,;:] )(?:to )?(?P<new>(?!i\b)[\w' -]{2,30}?)$",
    re.IGNORECASE,
)
"""'Not nuts, I meant soy'."""
NUMBER = re.compile(r"\d+(?:[.,]\d+)?(?= ?(?:kg|kgs|kilos|lbs?|hours?|h|litres?|liters?|l|glasses|cups)?(?:$|[,;]))")
NUMBER_FIRST = re.compile(r"\d")
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
        what, new = change.group("what") or change.group("that"), change.group("new") or change.group("fresh")
        same = NUMBER_FIRST.match(new) and any(fact.kind in {"goal", "habit"} for fact in told(before))
        return (substituted(before, new) if same else "") or f"My {what} is {new}"
    if (other := NOT_BUT.match(text)) and re.search(rf"\b{re.escape(other.group('old'))}\b", before, re.IGNORECASE) and told(before):
        return re.sub(rf"\b{re.escape(other.group('old'))}\b", other.group("new"), before, flags=re.IGNORECASE)
    left = residue(text)
    if (left.sure or left.of_it) and (number := NUMBER.match(left.said)) and measure(before) and not measure(text) and not told(text):
        return substituted(before, number.group())
    if (weighed := MEASURE_SLIP.match(text)) and measure(before):
        return substituted(before, weighed.group("n"))
    slip = SLIP.match(text)
    facts = [fact for fact in told(before) if fact.kind in KINDS] if slip else []
    if not slip or not facts:
        return ""
    return substituted(before, slip.group("new"))
