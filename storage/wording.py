"""The words of a question that are worth looking for, and the other words that what it asks about may have been told in.

A hand-made list, `data/thesaurus.txt`, stands in for a language model: it needs no download and can be read. English only; a question in
another language is looked for by its own words.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

MAX_WORDS = 24
"""Words of a question that are looked for; a long text says what it is about in fewer."""
_STOP_WORDS = """
a about after all am an and any are as at be been before but by can could did do does doing for from had has have he her him his how
i if in into is it its just me more most my no not of on or our she should so some than that the their them then there these they
this those to too up us was we were what when where which who whom why will with would you your yours mine again ever tell told say
said know remember mention mentioned don doesn didn isn wasn s t re ve ll d m
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
_DAY_WORDS = """
monday tuesday wednesday thursday friday saturday sunday
january february march april may june july august september october november december
"""
DAY_WORDS = frozenset(_DAY_WORDS.split())
"""Words that are also looked for in the day on which something was said."""
_WORD = re.compile(r"[^\W_]+")
_ENDINGS = (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("ly", ""), ("es", ""), ("s", ""), ("e", ""))
_DOUBLES_THAT_STAY = "lsz"


def words_of(question: str) -> list[str]:
    """Return the words of a question that are looked for, each once, in order."""
    found = (word for word in _WORD.findall(question.lower()) if word not in STOP_WORDS)
    return list(dict.fromkeys(found))[:MAX_WORDS]


def kin(word: str) -> Sequence[str]:
    """Return the words and phrases that may stand where `word` is meant; none for most words."""
    return _thesaurus().get(stem(word), ())


def stem(word: str) -> str:
    """Return what `word` and its forms have in common, so that a question finds its line in the thesaurus."""
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not (ending == "s" and word.endswith("ss")):
            word = word[: -len(ending)] + instead
            break
    if len(word) <= 3:
        return word
    if word[-1] == word[-2] and word[-1] not in _DOUBLES_THAT_STAY:
        return word[:-1]
    word = word.removesuffix("e")
    return word[:-1] + "i" if word.endswith("y") else word


@lru_cache(maxsize=1)
def _thesaurus() -> Mapping[str, tuple[str, ...]]:
    text = (Path(__file__).parent / "data" / "thesaurus.txt").read_text(encoding="utf-8")
    found: dict[str, dict[str, None]] = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        kind, colon, members = line.partition(":")
        phrases = [member.replace("_", " ") for member in (members if colon else line).split()]
        for asked in [kind] if colon else phrases:
            found.setdefault(stem(asked), {}).update(dict.fromkeys(phrases))
    return {asked: tuple(each for each in told if stem(each) != asked) for asked, told in found.items()}
