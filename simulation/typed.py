"""What number somebody means who types one: in dollars, days, messages or percent, written as people of any country write them."""

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence

LONGEST = 60
"""Characters of an answer that are read."""
_WORDS = re.compile(r"(?i)us\$|\busd(?=[\s\d]|$)|(?<=\d)usd\b|[$€£]|\b(days?|cap|about|approx\.?|ca\.)(?=[\s\d:=]|$)|\bx(?=\d)")
_NUMBER = re.compile(
    r"(?<![\w.,])([-+]?)\s?(\d+(?:[ '_]\d{3}(?!\d)|[.,]\d+)*|[.,]\d+)[.,]?(e[+-]?\d{1,2})?\s?(k\b|thousand\b|million\b)?"
    r"(?:messages?|msgs?|days?|users?|units?|percent|times|x)?(?!\w)",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"(?i)(?<=\d)(st|nd|rd|th)\b")
_TIMES = {"": 1, "k": 1_000, "thousand": 1_000, "million": 1_000_000}


def numbers(text: str) -> Sequence[float]:
    """Return what number may be meant, the likeliest first; empty when there is none, or more than one, in `text`.

    `19,860` is nineteen thousand and then perhaps 19.86; `19.860` the other way round: where only a person's country could tell, both
    are returned.
    """
    if len(text) > LONGEST or any(unicodedata.category(each) == "No" for each in text):  # a half, a square
        return ()
    found = _NUMBER.findall(_plain(text))
    if len(found) != 1:
        return ()
    sign, digits, exponent, times = found[0]
    scale = (-1 if sign.startswith("-") else 1) * _TIMES[times.lower()]
    values = (scale * float(each + exponent) for each in _readings(re.sub(r"[ '_]", "", digits)))
    return [value for value in dict.fromkeys(values) if math.isfinite(value)]


def is_percent(text: str) -> bool:
    """Say whether `text` names its number as percent."""
    return "%" in unicodedata.normalize("NFKC", text) or "percent" in text.lower() or "per cent" in text.lower()


def _plain(text: str) -> str:
    """Return `text` with one kind of space, minus and apostrophe, and without the words and signs that may stand against a number."""
    same = unicodedata.normalize("NFKC", text).translate({0x2212: "-", 0x2013: "-", 0x2019: "'", 0xA0: " ", 0x202F: " ", 0x2009: " "})
    return _ORDINAL.sub(" ", _WORDS.sub(" ", same)).strip()


def _readings(digits: str) -> Iterator[str]:
    """Yield the ways to read digits with points and commas, in Python's own spelling."""
    marks = [each for each in digits if each in ".,"]
    last = marks[-1] if marks else ""
    if len(set(marks)) == 2:
        other = "." if last == "," else ","
        yield digits.replace(other, "").replace(last, ".")
        return
    groups = digits.split(last) if last else [digits]
    in_thousands = 1 <= len(groups[0]) <= 3 and groups[0] != "0" and all(len(each) == 3 for each in groups[1:])
    whole, broken = "".join(groups), ".".join(groups)
    if not last:
        yield whole
    elif len(marks) > 1:
        if in_thousands:
            yield whole
    elif not in_thousands:
        yield broken
    else:
        yield from (whole, broken) if last == "," else (broken, whole)
