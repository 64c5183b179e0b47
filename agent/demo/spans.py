"""Times of day in words and the time between two of them: 'from half six to quarter to eight' is 75 minutes."""

from __future__ import annotations

import re

_AT = r"(?:from|at|to|till|until|til|by|about|around|before|after|and|-) "
FIGURES = (
    (re.compile(r"\b(from|to|till|until|til|between|and|-) (?:noon|midday|midnight)\b"), r"\1 12:00"),
    (re.compile(rf"(?<=\b)({_AT})half (?:past )?(\d{{1,2}})\b(?! ?(?:«|min|hour))"), r"\1\2:30"),
    (re.compile(r"\bhalf past (\d{1,2})\b"), r"\1:30"),
    (re.compile(r"\b(?:a )?quarter past (\d{1,2})\b"), r"\1:15"),
    (re.compile(r"\b(?:a )?quarter to (\d{1,2})\b"), lambda found: f"{(int(found.group(1)) - 1) or 12}:45"),
    (re.compile(r"\b(\d{1,2}) o'?clock\b"), r"\1:00"),
    (re.compile(r"\b(\d{1,2})[.:](\d\d) ?(?:uhr|hrs|h)\b(?= ?(?:to|till|until|-))"), r"\1:\2"),
)
_TIME = r"(\d{1,2})(?:[:.](\d\d))?( ?[ap]\.?m\.?)?"
_FULL = r"(\d{1,2})[:.](\d\d)( ?[ap]m)?"
_END = r"(?: ?(?:km|k|miles?|min|minutes|kg|reps|steps|sets|hours?|hrs?)\b)"
_LEFT = r"(?:left|finished|finishing|was done|were done|done|stopped|ended|ending|got out|came out|was out|was back|back|home|got back)"
IN_TIME = re.compile(r"\bin (\d{1,2}):(\d\d)(:\d\d)?\b")
"""'5k in 28:30'."""
SPANS = (
    re.compile(rf"\b(?:from|between) {_TIME} ?(?:to|till|til|until|-|and) ?{_TIME}\b(?!{_END})"),
    re.compile(
        rf"\b(?:at|from|started|start|starting)(?: at)? {_TIME}(?:,| and|, and|;)? (?:i |we )?{_LEFT}(?: (?:at|by|around"
        rf"|about))? {_TIME}\b(?!{_END})"
    ),
    re.compile(rf"(?<![\d.«:-]){_FULL} ?(?:to|till|til|until) ?{_TIME}(?![\d-])(?!{_END})"),
    re.compile(r"(?<![\d.«:-])(\d{1,2})(?:[:.](\d\d))?( ?[ap]m)? ?- ?(\d{1,2})(?:[:.](\d\d) ?(?:[ap]m)?| ?[ap]m)(?![\d-])"),
    re.compile(r"(?<![\d.«:-])(\d{1,2})()( ?[ap]m) ?(?:to|till|til|until) ?(\d{1,2})(?:[:.](\d\d))?( ?[ap]m)\b"),
    re.compile(r"(?<![\d.«:-])([6-9]|1\d|2[0-3]) ?h(\d\d)?() ?(?:-|to|till|until|bis) ?([7-9]|1\d|2[0-3]) ?h(\d\d)?\b"),
)


def _clock(match: re.Match[str]) -> str:
    """A time after a distance: 1:25 is an hour and 25 minutes, 28:30 is 28 and a half minutes."""
    first, second, third = int(match.group(1)), int(match.group(2)), match.group(3)
    if third is not None or first < 5:
        return f"in «{first * 60 + second}min»"
    return f"in «{first + round(second / 60)}min»"


def after_distance(match: re.Match[str]) -> str:
    """'12 km, 1:20': the time of a distance."""
    first, second = int(match.group(2)), int(match.group(3))
    minutes = first * 60 + second if match.group(4) or first < 5 else first + round(second / 60)
    return f"{match.group(1)} «{minutes}min»"


def _span(match: re.Match[str]) -> str:
    """From 6 to 7:30 pm: an hour and a half, past noon or midnight too."""
    start, end = (int(match.group(hour)) * 60 + int(match.group(hour + 1) or 0) for hour in (1, 4))
    half, whole = 12 * 60, 24 * 60
    minutes = (end - start) % (whole if max(start, end) >= 13 * 60 else half)
    return f"«{minutes or half:g}min»"


LASTED = re.compile(
    r"(?<=[a-z»],) ?([0-4]|2[4-9]|[3-5]\d):([0-5]\d)(:[0-5]\d)?\b(?! ?(?:[ap]m\b|pace|/|per\b|a k))"
    r"|(?<=[a-z»]) (?<!\bat )(?<!around )(?<!about )(?<!by )(?<!from )(?<!since )(?<!until )(?<!before )(?<!after )"
    r"([0-4]|2[4-9]|[3-5]\d):([0-5]\d)(:[0-5]\d)?\b(?! ?(?:[ap]m\b|pace|/|per\b|a k))"
)
"""'Bike ride 2:10', 'swim, 0:45', 'run 35:20': a figure behind a sport that is no time of day."""


FAR = re.compile(r"(«[\d.]+(?:km|mi)»,?) (\d{1,2}):(\d\d)(:\d\d)?\b(?! ?[ap]m)")


def lasted(text: str) -> str:
    """The clause of a workout with a mark of minutes for how long it lasted: 1:32 is 92 minutes, 35:20 is 35."""
    return LASTED.sub(_how_long, FAR.sub(after_distance, text))


def _how_long(found: re.Match[str]) -> str:
    first, second = int(found.group(1) or found.group(4)), int(found.group(2) or found.group(5))
    hours = first < 5 or bool(found.group(3) or found.group(6))
    return f" «{first * 60 + second if hours else first + round(second / 60)}min»"


def in_figures(text: str) -> str:
    """Times of day in figures: 'half past 6' as 6:30."""
    if "half" in text or "noon" in text or "mid" in text or "quarter" in text or "clock" in text or " uhr" in text:
        for said, figures in FIGURES:
            text = said.sub(figures, text)
    return text


def spanned(text: str) -> str:
    """The numbered text with a mark of minutes for every stretch between two times of day."""
    text = IN_TIME.sub(_clock, in_figures(text))
    for pattern in SPANS:
        text = pattern.sub(_span, text)
    return text
