"""What the pictures in a message stand for, where the words alone say too little."""

from __future__ import annotations

import re
from functools import lru_cache

from agent.demo.words import load


@lru_cache(maxsize=1)
def _picture() -> re.Pattern[str]:
    return re.compile(f"(?:({'|'.join(load('spelling.json')['pictures'])})[\ufe0f\u200d\u2640\u2642\U0001f3fb-\U0001f3ff]*)+")


def _word(match: re.Match[str]) -> str:
    return f" {load('spelling.json')['pictures'][match.group(1)]} "


def in_words(text: str) -> str:
    """The text with each picture of a food or a sport as its word, once however often it is repeated."""
    return " ".join(_picture().sub(_word, text).split())


def shown(text: str) -> tuple[str, str]:
    """What a message of pictures shows: 'food' and which, or a mood ('tired', 'low', 'happy') and ''; else two empty texts."""
    food = _picture().search(text)
    if food:
        return "food", _word(food).strip()
    return next(((mood, "") for mood, faces in load("spelling.json")["faces"].items() if any(face in text for face in faces)), ("", ""))
