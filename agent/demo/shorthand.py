"""Ways of saying a thing that are read as a plainer one: '4 dinner', '3 dl', 'oops meant 3', 'put away a pie', '71,5 kg'.

They are in data/shorthand.json, each a pattern and what it is read as. Knows no other module, so that all the reading can rest on it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "shorthand.json"
LONGEST = 400
"""Characters of a text in which such sayings are looked for."""


@dataclass(frozen=True, slots=True)
class _Saying:
    said: re.Pattern[str]
    plain: str
    need: tuple[str, ...]
    """One of these stands in the text, or the saying is not tried: far quicker than the pattern itself."""


@cache
def _sayings() -> tuple[_Saying, ...]:
    data = json.loads(DATA.read_text(encoding="utf-8"))
    return tuple(_Saying(_compiled(row["said"], data["lists"]), row["as"], tuple(row["need"])) for row in data["sayings"])


def _compiled(pattern: str, lists: Mapping[str, str]) -> re.Pattern[str]:
    for name, words in lists.items():
        pattern = pattern.replace("{" + name + "}", words)
    return re.compile(pattern, re.IGNORECASE)


@lru_cache(maxsize=4096)
def plainly(text: str) -> str:
    """The text with every such way of saying put more plainly."""
    if len(text) > LONGEST:
        return text
    low = text.lower()
    for saying in _sayings():
        if any(word in low for word in saying.need) and (plain := saying.said.sub(saying.plain, text)) != text:
            text, low = plain, plain.lower()
    return text
