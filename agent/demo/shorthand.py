"""Ways of saying a thing that are read as a plainer one: '4 dinner', '3 dl', 'oops meant 3', 'put away a pie', '71,5 kg'.

They are in data/shorthand.json, each a pattern and what it is read as. Knows no other module, so that all the reading can rest on it.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "shorthand.json"
LONGEST = 400
"""Characters of a text in which such sayings are looked for."""


@cache
def _sayings() -> tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], str], ...]]:
    """What finds the words without which no saying need be tried, and the sayings in order."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    read_as = []
    for said, plain in data["read_as"]:
        pattern = said
        for name, words in data["lists"].items():
            pattern = pattern.replace("{" + name + "}", words)
        read_as.append((re.compile(pattern, re.IGNORECASE), plain))
    return re.compile(data["tried"], re.IGNORECASE), tuple(read_as)


@lru_cache(maxsize=4096)
def plainly(text: str) -> str:
    """The text with every such way of saying put more plainly."""
    tried, read_as = _sayings()
    if len(text) > LONGEST or not tried.search(text):
        return text
    for pattern, plain in read_as:
        text = pattern.sub(plain, text)
    return text
