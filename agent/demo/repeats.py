"""How often something was done in one clause: 'twice, 20 minutes each' and '15 min each way' are told once and done more than once."""

from __future__ import annotations

import re

EACH = re.compile(r"\b(?:each|apiece|per (?:half|round|set|session|walk|run|ride|go|class|lap|time)|a time|every time|a piece|at a time)\b")
WAYS = re.compile(r"\beach way\b|\bboth ways\b|\b(?:each|every) direction\b")
THERE_AND_BACK = re.compile(r"\b(?:there and back|both ways)\b")
ALTOGETHER = re.compile(r"\b(?:in total|total|altogether|all in all|in all|all together|combined|overall|all up)\b")
BOTH = re.compile(r"\b(?:twice|both)\b")
_THINGS = (
    r"(?:halves|rounds?|sets|periods|quarters|sessions?|classes|games|matches|walks|runs|rides|swims|times|trips|laps|dogs? walks"
    r"|workouts|lessons|thirds|blocks|intervals|goes|bouts|hikes|strolls|jogs)"
)
COUNT = re.compile(rf"\b(?P<n>[2-9])(?: (?!«)[a-z-]+)? {_THINGS}\b")
AGAIN = re.compile(
    r"«[\d.]+min»(?: [a-z-]+){1,4} (?:twice|(?P<n>[2-6]) times)\b(?! (?:a|per|this) )|(?P<two>\btwice) (?:for )?«[\d.]+min»$"
)


LAST = re.compile(r"^[^«]*«[\d.]+min»,? (?:twice|(?P<n>[2-6]) times)(?: today| now)?$")


def factor(part: str, clause: str) -> float:
    """What the minutes of a part are to be multiplied by.

    Args:
        part: the stretch that states them, marked.
        clause: the whole marked clause, which may say how often.
    """
    if ALTOGETHER.search(part):
        return 1.0
    if WAYS.search(part) or THERE_AND_BACK.search(part):
        return 2.0
    if not EACH.search(part):
        again = AGAIN.search(part) or LAST.search(clause)
        return float(again.group("n") or 2) if again else 1.0
    count = COUNT.search(part) or COUNT.search(clause)
    if count:
        return float(count.group("n"))
    return 2.0 if BOTH.search(clause) else 1.0
