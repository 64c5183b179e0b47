"""Ways of saying a thing that are read as a plainer one: '4 dinner', '3 dl', 'oops meant 3', 'put away a pie', '71,5 kg'.

They are in data/shorthand.json, each a pattern and what it is read as. Knows nothing else of the reading, for all of it rests on this.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from agent.demo.gates import Gates

DATA = Path(__file__).parent / "data" / "shorthand.json"
LONGEST = 400
"""Characters of a text in which such sayings are looked for."""


@dataclass(frozen=True, slots=True)
class _Saying:
    said: re.Pattern[str]
    plain: str


@cache
def _sayings() -> tuple[tuple[_Saying, ...], Gates]:
    data = json.loads(DATA.read_text(encoding="utf-8"))
    rows = data["sayings"]
    return tuple(_Saying(_compiled(row["said"], data["lists"]), row["as"]) for row in rows), Gates([row["need"] for row in rows])


def _compiled(pattern: str, lists: Mapping[str, str]) -> re.Pattern[str]:
    for name, words in lists.items():
        pattern = pattern.replace("{" + name + "}", words)
    return re.compile(pattern, re.IGNORECASE)


@lru_cache(maxsize=4096)
def plainly(text: str) -> str:
    """The text with every such way of saying put more plainly."""
    if len(text) > LONGEST:
        return text
    sayings, gates = _sayings()
    worth, done = gates.open(text.lower()), -1
    while (place := next((each for each in worth if each > done), None)) is not None:
        done, plain = place, sayings[place].said.sub(sayings[place].plain, text)
        if plain != text:
            text, worth = plain, gates.open(plain.lower())
    return text
