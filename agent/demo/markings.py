"""What two numbers side by side come to, as a mark: sets of a distance, rounds of minutes, the middle of a range."""

from __future__ import annotations

import re


def sets(match: re.Match[str]) -> str:
    """6 x 400 m, in kilometres."""
    return f"«{float(match.group(1)) * float(match.group(2)) / 1000:g}km»"


def middle(match: re.Match[str]) -> str:
    """20-30 minutes: 25 of them."""
    return f"«{(float(match.group(1)) + float(match.group(2))) / 2:g}min»"


def rounds(match: re.Match[str]) -> str:
    """Two 30 minute walks: an hour."""
    return f"«{float(match.group(1)) * float(match.group(2)):g}min»"


def kilometres(match: re.Match[str]) -> str:
    """3 x 1 km, '2 runs of 5k': all of them together."""
    return f"«{float(match.group(1)) * float(match.group(3)):g}km» {match.group(2) or ''}".rstrip()


def hm(match: re.Match[str]) -> str:
    """1 h 20, in minutes."""
    return f"«{float(match.group(1)) * 60 + float(match.group(2)):g}min»"
