"""Is it English at all? Other languages, code and emoji are recognised so that they get an honest answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from agent.demo.words import load, tidy

LAST_LATIN = 0x2000
LETTER_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


def is_emoji(text: str) -> bool:
    """Whether a text has no letter and no digit, yet is not empty."""
    return any(ord(character) > LAST_LATIN for character in text) and not any(character.isalnum() for character in text)


@lru_cache(maxsize=1)
def _code() -> re.Pattern[str]:
    return re.compile("|".join(load("rules.json")["code"]), re.IGNORECASE | re.MULTILINE)


def is_code(text: str) -> bool:
    """Whether a text looks like program text."""
    return bool(_code().search(text.strip()))


@lru_cache(maxsize=512)
def foreign(text: str) -> str:
    """The name of the language when the text is not English; empty when it is, or when one cannot tell."""
    words = LETTER_WORD.findall(tidy(text))
    if len(words) == 1 and words[0] in load("languages.json")["greetings"]:
        return str(load("languages.json")["greetings"][words[0]])
    return ("" if text.isascii() else _by_script(text)) or _latin(set(words))


def _by_script(text: str) -> str:
    """The language whose letters are more than half of a text's."""
    letters = sum(character.isalpha() for character in text)
    for language, letters_of in load("languages.json")["scripts"].items():
        if len(re.findall(f"[{letters_of}]", text)) * 2 > max(letters, 1):
            return str(language)
    return ""


@lru_cache(maxsize=1)
def _word_sets() -> tuple[frozenset[str], Mapping[str, frozenset[str]]]:
    data = load("languages.json")
    return frozenset(data["english"]), {name: frozenset(words) for name, words in data["words"].items()}


def _latin(said: set[str]) -> str:
    english, others = _word_sets()
    best, hits = max(((name, len(words & said)) for name, words in others.items()), key=lambda pair: pair[1])
    return best if hits >= 2 and hits > len(said & english) else ""


def sorry(language: str) -> str:
    """One sentence in that language which says that only English is understood."""
    return str(load("languages.json")["sorry"].get(language, ""))
