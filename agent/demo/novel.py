"""Exercise that is not in the table: 'wakeboarding for 45 minutes', 'an hour of capoeira', 'mowed the grass, 40 min'.

Only where a time or a distance is stated, since a form of words alone shows too little.
"""

from __future__ import annotations

import re
from functools import lru_cache

from agent.demo.words import load

_AFTER = r"(?! (?:to|at home|late|early)\b)"
PLAYED = re.compile(
    r"\b(?:did|played|play|playing|practi[sc]ed|tried|went|doing|had|took|attended|finished|completed|joined) "
    r"(?:(?:some|a bit of|a|an|my|the|our|first|quick|good|long|short|of|little) ?)*(?P<v>(?!for\b)[a-z'-]+(?: (?!for\b"
    r"|with\b|at\b|in\b|and\b|about\b)[a-z'-]+)?)"
    r"(?: practice| session| class| training| lesson| match| game| course| drills?)?,? "
    r"(?:(?:for|in|about|around|with \w+|today|this \w+|yesterday|roughly|like|almost|nearly|at \w+|just) )*(?:for )?«"
)
TIMED = re.compile(
    r"«\d+(?:\.\d+)?min» (?:of )?(?:(?:some|my|a|the) )?(?P<v>[a-z'-]+(?: [a-z'-]+)?) "
    r"(?:practice|session|class|training|workout|drills?|lesson|match|game|course)\b"
    r"|«\d+(?:\.\d+)?min» (?:of|doing) (?:(?:some|my|a|the|intense|light|gentle|hard|easy) )*(?P<w>[a-z'-]+)"
    r"|\b(?P<x>[a-z'-]+) (?:practice|session|class|training|workout|drills?|lesson|match|game|course|rehearsal)\b[^«]{0,30}«"
    r"|^(?:just |today |also )*(?P<z>[a-z'-]+(?: (?!for\b|with\b|at\b|in\b|and\b|about\b)[a-z'-]+){0,2})[,:]? (?:for )?«\d+(?:\.\d+)?min»$"
)
ING = re.compile(r"\b(?:(?P<before>[a-z'-]+)[ -])?(?P<v>[a-z]{3,}ing)\b")
ED = re.compile(
    r"^(?:(?:i|we|just|also|today|then|i've|we've|yesterday|and|have) )*(?P<v>[a-z]{3,}ed|swept|dug|built|hung|laid)(?: (?:over|up|out"
    r"|down|off))?(?: (?:my|the|a|an|some"
    r"|our))?(?: (?P<what>[a-z]+))?\b[^«]*«"
)


@lru_cache(maxsize=1)
def _unsporty() -> frozenset[str]:
    data = load("lexicon.json")
    names = ("no_sport", "noise", "not_food", "meals", "articles", "stops", "others", "eat_verbs", "first_names")
    return frozenset(word for name in names for word in data[name]) - {"cleaning", "boxed"}


@lru_cache(maxsize=1)
def _weak() -> frozenset[str]:
    """Words that tell nothing when they stand before an -ing word."""
    data = load("lexicon.json")
    return _unsporty() | frozenset([*data["move_verbs"], *data["fillers"], *data["separators"]])


ASIDE = re.compile(
    r",? (?:at (?:about )?\d{1,2}(?:[:.]\d\d)?(?: ?[ap]m)?|(?:early |late )?this (?:morning|afternoon|evening)|last night|tonight|today"
    r"|yesterday(?: (?:morning|evening|afternoon))?|at (?:home|work|school|lunch(?:time)?|the gym|uni)|in the (?:morning|evening"
    r"|afternoon|park"
    r"|garden)|with (?:my|a|the) \w+|before \w+|after \w+|online)\b(?=[ ,]|$)"
)
"""When, where and with whom: nothing of it names what was done."""


def activity_in(clause: str) -> str:
    """The name of an exercise that no table has, in a marked clause that states a time or a distance; else ''."""
    clause = ASIDE.sub("", clause)
    if "min»" not in clause and "km»" not in clause and "mi»" not in clause:
        return ""
    return _by_form(clause, PLAYED) or _by_form(clause, TIMED) or _by_ing(clause) or _by_verb(clause)


def sport_before(clause: str, said: str) -> str:
    """The unknown sport that a plain word like 'training' is in: 'floorball' of 'floorball training'."""
    found = re.search(rf"\b([a-z]{{4,}}) {re.escape(said)}\b", clause)
    word = found.group(1) if found and said in {"training", "practice", "session", "class"} else ""
    return "" if word in _weak() or word.endswith(("ed", "ly")) else word


def _by_form(clause: str, form: re.Pattern[str]) -> str:
    for match in form.finditer(clause):
        name = next(group for group in match.groups() if group)
        if not set(name.split()) & _unsporty():
            return " ".join(word for word in name.split() if word not in _weak())
    return ""


def _by_ing(clause: str) -> str:
    for match in ING.finditer(clause):
        if match.group("v") not in _unsporty():
            before = match.group("before")
            return match.group("v") if not before or before in _weak() else f"{before} {match.group('v')}"
    return ""


def _by_verb(clause: str) -> str:
    match = ED.match(clause)
    if not match or match.group("v") in _unsporty():
        return ""
    what = match.group("what") or ""
    return match.group("v") if not what or what in _weak() else f"{match.group('v')} {what}"
