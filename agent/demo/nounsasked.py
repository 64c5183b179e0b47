"""Questions of a few words without a verb, put in full: 'latest weight?' asks 'what is my latest weight?', 'sum so far?' for the day's sum.

The ways to ask so are in data/nounquestions.json, each a pattern and the question it stands for.
"""

from __future__ import annotations

import re
from functools import lru_cache

from agent.demo.words import load

LONGEST = 70
"""Characters of a question in a few words."""
ENDS = re.compile(r"(?:[?!. ]|\b(?:please|pls|plz)\b|,$)+$")
ASKS = re.compile(r"\?\s*$|\b(?:please|pls|plz)[.! ]*$")
OPENS = re.compile(
    r"^(?:my|today's|yesterday's|total|calories?|kcals?|list of|full|latest|current|remaining|biggest|largest|most recent"
    r"|(?:meals?|foods?|exercises?|workouts?|sports?|log) (?:so far|in total|logged|until now)|(?:food|meals) (?:today|yesterday)"
    r"|what(?:'s| is| are| was| were) (?:today|yesterday)'s|water (?:total|so far|count|today))(?![\w'])"
)
"""A few words that begin so ask, with or without a mark: 'my food today', 'calories remaining'."""
FRAMED = re.compile(
    r"^(?:(?:hi|hey|hello|ok|okay|so|oh|and|well|sorry|please|hm+|um+|ah)[,! ]+)*(?:i was (?:just )?wondering|just (?:to be sure|checking"
    r"|curious|wondering|to check|to make sure|for the record|out of (?:curiosity|interest))|to be (?:sure|safe)|(?:a |one "
    r"|just a )?(?:quick"
    r"|little|small|silly|short|stupid) (?:question|one)|(?:one|just one|a) (?:more|last|other) (?:thing|question)|sorry to (?:bother"
    r"|ask|trouble|disturb)(?: you)?(?: again)?|out of (?:curiosity|interest)|if you don't mind(?: me asking)?|if i may(?: ask)?"
    r"|by the way|btw|before i forget|let me (?:think|see)|let's see|be honest|tell me|question|may i ask(?: you)?|can i ask(?: you)?"
    r"|could i ask(?: you)?|i have a question|i've got a question|i'd like to ask)(?: something)?"
    r" ?(?:[,:;.!?…-]+(?: (?:but|and|so))?|but) (?=(?:and |so |please )*(?:what|how|when|where|which|who|did|do|does|have|has|am|is|are|was"
    r"|were|can|could|would|will|should|any|my|remind|tell)\b)",
    re.IGNORECASE,
)
"""The polite words before a question, with what parts them from it."""
BEGINS = re.compile(
    r"^(?:(?:and|so|ok|okay|hey|hi|also|then|now|btw|my|the|me|(?:what|where)(?:'s| is| are| was| were)(?= (?:today|yesterday)'s ))[,:]? )+"
)

TELL_ME = re.compile(
    r"^(?:please )?(?:could|can|would|will) you (?:please |kindly )?(?:mind )?(?:tell|telling|show|showing|give|giving) me (?:please )?"
    r"(?=(?:my|today's|yesterday's) [a-z' ]+(?:\?|please)$)",
    re.IGNORECASE,
)


@lru_cache(maxsize=2)
def _ways(of: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    data = load("nounquestions.json")
    found = []
    for said, full in data[of]:
        pattern = said
        for name, words in data["lists"].items():
            pattern = pattern.replace("{" + name + "}", words)
        found.append((re.compile(f"^(?:{pattern})$"), full))
    return tuple(found)


@lru_cache(maxsize=2048)
def asked_in_full(clause: str) -> str:
    """The clause as the full question that it stands for; unchanged where it is no such question.

    Args:
        clause: in the person's own words, with its question mark.
    """
    if len(clause) > LONGEST:
        return clause
    low = clause.lower()
    lists = [*(["always"] if _first_word(low) in _firsts() else []), *(["questions"] if ASKS.search(low) or OPENS.match(low) else [])]
    bare = BEGINS.sub("", ENDS.sub("", low).strip(" ,")) if lists else ""
    for said, full in (way for each in lists for way in _ways(each)):
        if found := said.match(bare):
            filled = full.format(**{name: (part or "").strip() for name, part in found.groupdict().items()})
            return " ".join(filled.split()).replace(" ?", "?")
    return clause


@lru_cache(maxsize=1)
def _firsts() -> frozenset[str]:
    """The first words of all that asks without a mark."""
    return frozenset(load("nounquestions.json")["firsts"].split())


def _first_word(low: str) -> str:
    return low.partition(" ")[0].strip(",.!?")


def unframed(message: str) -> str:
    """The message without the polite words before its question: 'I was wondering, could you tell me ...'."""
    message = message[found.end() :] if (found := FRAMED.match(message)) else message
    return message[found.end() :] if (found := TELL_ME.match(message)) else message
