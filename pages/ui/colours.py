"""What each colour means, once. Every pair is a light and a dark theme's shade; tests hold them to their contrast.

Never say a thing by colour alone: each meaning also has a mark (a dash, a word, an order).
"""

from dataclasses import dataclass
from typing import Literal

Theme = Literal["light", "dark"]

BACKGROUND = {"light": "#FFFFFF", "dark": "#0F181B"}
"""The page's background in .streamlit/config.toml."""


@dataclass(frozen=True, slots=True)
class Colour:
    """One meaning's shade in the light and in the dark theme."""

    light: str
    dark: str

    def on(self, theme: str | None) -> str:
        """Return the shade for `theme`; light when the browser has not said."""
        return self.dark if theme == "dark" else self.light

    @property
    def css(self) -> str:
        """The shade as CSS that follows the theme by itself."""
        return f"light-dark({self.light}, {self.dark})"


UNCAPPED = Colour("#C8432B", "#FF8A70")
"""Full history, what it would have cost: drawn as a dashed line."""
CAPPED = Colour("#0F766E", "#3CC7B5")
"""Capped, what was spent, and a message that is in the context: drawn as a solid line."""
SUMMARISED = Colour("#946200", "#E3B341")
"""Folded into the summary."""
RECALLED = Colour("#6D4BC3", "#B79CF5")
"""Found by retrieval."""
FORGOTTEN = Colour("#66757C", "#93A1A7")
"""Left out of the context."""
INPUT = Colour("#12427F", "#3579C7")
"""Input tokens; the lowest part of a stack."""
CACHED = Colour("#2F74C0", "#7AADE8")
"""Cached input tokens; the middle part of a stack."""
OUTPUT = Colour("#5B9BDC", "#D6E8FC")
"""Output tokens; the top part of a stack."""
LIMIT = Colour("#B45309", "#F5A05A")
"""A limit that bit, named with its number."""

MEANINGS = {
    "uncapped": UNCAPPED,
    "capped": CAPPED,
    "summarised": SUMMARISED,
    "recalled": RECALLED,
    "forgotten": FORGOTTEN,
    "input": INPUT,
    "cached": CACHED,
    "output": OUTPUT,
    "limit": LIMIT,
}


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio of two `#RRGGBB` colours, from 1 to 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
