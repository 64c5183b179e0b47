"""How a summary and quoted messages are written into the system message. Pure text: what is sent is what a replay counts."""

from collections.abc import Sequence
from datetime import date

SUMMARY_HEAD = "Summary of the earlier conversation:"
QUOTES_HEAD = "Earlier messages that may help:"
LONGEST_QUOTE = 600
"""Characters of a message that are quoted at most."""


def system_text(prompt: str, summary: str | None, quotes: Sequence[str]) -> str:
    """Return the system message: the prompt, then the summary and the quoted messages where there are any."""
    parts = [prompt]
    if summary:
        parts.append(f"{SUMMARY_HEAD}\n{summary}")
    if quotes:
        parts.append("\n".join((QUOTES_HEAD, *quotes)))
    return "\n\n".join(parts)


def quoted_line(day: date, role: str, text: str, *, whole: bool = False) -> str:
    """Return a message as one dated line, cut at a word where it is too long, unless the `whole` of it is wanted."""
    folded = " ".join(text.split())
    if len(folded) > LONGEST_QUOTE and not whole:
        word_end = folded.rfind(" ", LONGEST_QUOTE // 2, LONGEST_QUOTE)  # none in a script without spaces
        folded = folded[: word_end if word_end > 0 else LONGEST_QUOTE] + " …"
    return f"[{day.isoformat()}] {role}: {folded}"
