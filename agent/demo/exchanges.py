"""One entry out and another in, by one message: 'remove that please, my kid had it. But log a banana'."""

from __future__ import annotations

import re

OUT_AND_IN = re.compile(
    r"^(?P<out>(?=.*\b(?:remove|delete|erase|take|drop|cancel|scrap|undo|forget)\b).+?)(?:[.,;:!]+ *(?:(?:but|and|then|instead"
    r"|also)[, ]+)*|,? (?:but|and)"
    r"(?: then| instead)? )(?P<into>(?:please |can you |instead )*(?:log|add|record|enter|note(?: down)?|put in) (?!it\b|that\b|this\b"
    r"|them\b).+)$",
    re.IGNORECASE,
)
BACK = re.compile(r"\b(?:to|back|again)\b[^,.]*$", re.IGNORECASE)


def out_and_in(text: str) -> tuple[str, str]:
    """The part of a message that takes an entry out and the part that puts another in; two times '' for any other."""
    found = OUT_AND_IN.match(text) if " " in text and not text.endswith("?") else None
    if not found or BACK.search(found.group("into")):
        return "", ""
    return found.group("out"), found.group("into")
