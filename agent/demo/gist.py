"""Which of the things told answers a question: by shared words, by words that mean nearly the same, and by the kind of answer.

'Which of my friends is the swimmer?' shares only 'friend' with 'my friend Lena swims every day', and yet that clause answers it:
a swimmer swims, and it names somebody. Only what was told is looked at, so what is not in the request is not found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from agent.demo.clauses import clauses, is_question
from agent.demo.context import Line
from agent.demo.memory import LABELLED, Memory, stem, stems
from agent.demo.words import load, tidy

EXACT, NEAR, KIND = 1.0, 0.75, 0.75
"""What a word of the question counts that was said, that has a near relation in what was said, and whose kind of thing is there."""
COMMON = 0.35
"""What a word counts that is too common here to tell much."""
WRONG_KIND = 0.55
"""What is left of a clause's score that has no answer of the kind asked for."""
UPDATE = re.compile(
    r"\b(?:now|moved|new|changed|instead|no longer|any ?more|actually|correction|not|gone|left|meanwhile|since)\b", re.IGNORECASE
)
OVER = re.compile(r"\b(?:any ?more|no longer|used to|isn't|wasn't)\b", re.IGNORECASE)
OVER_NOW = 0.7
"""What is left of the score of what is said to be so no more."""
UPDATE_WINS = 0.2
"""By how much a later word that says to be news may score lower and still count."""
EVERYDAY = stems(
    "breakfast lunch dinner snack meal food eat drink run walk day week month morning evening night time weekend healthy"
    " good goal plan make get go come"
)
HABITUAL = stems(
    "usually normally typically generally always often ever currently moment right exactly again still really anything else mean"
)
FRAME = re.compile(
    r"\b(?:(?:can|could|do|did|would) you (?:please )?(?:tell|remind|remember|recall|know|say|repeat)(?: me)?"
    r"|what did (?:i|we) (?:say|tell you|mention)"
    r"|(?:i|we) (?:said|told you|mentioned)|did i (?:say|tell you|mention)|as far as you know|by the way"
    r"|do you (?:still )?(?:know|remember)"
    r"|tell me|remind me|(?:can you )?summari[sz]e|which of|one of|what kind of|what sort of|what type of"
    r"|what was the name of|the name of)\b"
)
_MONTH = (
    r"january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_NUMBER = r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|half|once|twice|daily)\b"
HOLDS = {
    "person": re.compile(
        r"(?<!^)(?<![.!?] )\b[A-Z][a-z]+|^[A-Z][a-z]+ (?:is|and|was|does|has)\b"
        r"|\b(?:sister|brother|mum|mom|mother|dad|father|wife|husband|partner|friends?|son|daughter|kids?|cousin|uncle|aunt"
        r"|gran\w*|boss|colleague"
        r"|flatmate|roommate|neighbou?r|coach|trainer|doctor|nephew|niece|buddy|mate|vegetarians?|students?)\b"
    ),
    "time": re.compile(
        rf"\b(?:{_MONTH}|{_DAY}|mon|tue|wed|thu|fri|sat|sun|today|tomorrow|tonight|yesterday|noon|midnight|mornings?"
        rf"|evenings?|nights?|afternoons?|weekends?"
        r"|weeks?|months?|years?|spring|summer|autumn|winter|christmas|easter|next|last|daily)\b|\d",
        re.IGNORECASE,
    ),
    "place": re.compile(
        r"\b(?:in|at|to|from|near|by|around|outside|behind|into)\b (?!the (?:morning|evening|afternoon)|\d)\w"
        r"|(?-i:\b[A-Z][a-z]+) (?:half[ -])?(?:marathon|triathlon|ironman|10k|5k|race|festival|conference|carnival|airport|university)\b",
        re.IGNORECASE,
    ),
    "number": re.compile(_NUMBER, re.IGNORECASE),
    "reason": re.compile(r"\b(?:because|for|since|due to|so that|to|so|as|after|playing|while|'cause|cos|ramadan)\b", re.IGNORECASE),
    "day": re.compile(rf"\b(?:{_DAY}|mon|tue|wed|thu|fri|sat|sun|weekends?|{_MONTH}|today|tomorrow)\b|\d(?:st|nd|rd|th)", re.IGNORECASE),
}
ASKED = (
    (re.compile(r"^(?:\w+ )?(?:(?:on )?(?:what|which) (?:week)?days?|when)\b"), "time"),
    (re.compile(r"\b(?:what|which) (?:date|time|month|year|season)\b"), "time"),
    (re.compile(r"\bhow (?:many|much|long|old|tall|far|often|heavy|big|high|fast)\b|\bwhat (?:number|percentage|size|age)\b"), "number"),
    (re.compile(r"\b(?:who|whom|whose|who's)\b|\bwhich (?:friend|person|brother|sister|kid|child|colleague|cousin)\b"), "person"),
    (re.compile(r"\bwhere\b|\b(?:what|which) (?:city|town|country|place|village)\b"), "place"),
    (re.compile(r"\bwhy\b|\bwhat for\b|\bfor what\b|\bhow come\b"), "reason"),
)
KIND_WORDS = {
    stem(noun): kind
    for kind, nouns in {
        "day": "day weekday date",
        "time": "time",
        "place": "city town country place village",
        "number": "number year amount hour distance measurement",
        "person": "person somebody someone name",
    }.items()
    for noun in nouns.split()
}
"""Nouns that name the kind of answer: the answer has one of the kind, and seldom the noun."""


OF_LOG = re.compile(
    r"^(?:i |i've |we |just |today |yesterday |this morning |for (?:breakfast|lunch|dinner) )*"
    r"(?:ate|had|drank|ran|walked|swam|cycled|did|went for|logged|played)\b"
)
"""What was eaten or done: the log's, unless the question uses its very words."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A told clause, and how well it answers, from 0 to 1."""

    line: Line
    clause: str
    score: float


def best(question: str, memory: Memory) -> Hit | None:
    """The told clause that answers best, the later of two that answer as well; None where nothing is shared."""
    asked, kind = wanted(question)
    found: Hit | None = None
    for line in (*memory.lines, memory.question):
        for clause in told_clauses(line):
            score = _score(asked, kind, clause)
            leeway = UPDATE_WINS if found and UPDATE.search(clause) and line is not found.line else 0.0
            if score > 0 and (found is None or score >= found.score - leeway):
                found = Hit(line, clause, score)
    return found


@lru_cache(maxsize=4096)
def _told_clauses(text: str) -> tuple[str, ...]:
    return tuple(clause for clause in clauses(text) if not is_question(clause))


def told_clauses(line: Line) -> tuple[str, ...]:
    """The statements of a line."""
    return _told_clauses(LABELLED.sub(r"\2", line.text) if line.source == "summary" else line.text)


@lru_cache(maxsize=1024)
def wanted(question: str) -> tuple[frozenset[str], str]:
    """The telling words of a question as stems, and the kind of thing that would answer it ('' for any)."""
    low = tidy(question).strip(" ?!.")
    kind = next((kind for form, kind in ASKED if form.search(low)), "")
    words = stems(_joined(FRAME.sub(" ", low)))
    return (words - HABITUAL) or words, kind


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[int]]:
    """A stem to the groups it stands in."""
    found: dict[str, set[int]] = {}
    for number, group in enumerate(load("concepts.json")["groups"]):
        for word in group.split():
            found.setdefault(stem(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


@lru_cache(maxsize=1)
def _phrases() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(load('concepts.json')['phrases'], key=len, reverse=True))})\b")


def _joined(low: str) -> str:
    return _phrases().sub(lambda match: load("concepts.json")["phrases"][match.group()], low)


@lru_cache(maxsize=8192)
def _said(clause: str) -> tuple[frozenset[str], frozenset[int]]:
    """The stems of a clause and all groups that they stand in."""
    words = stems(_joined(tidy(clause)))
    return words, frozenset(number for word in words for number in _groups().get(word, ()))


def _score(asked: frozenset[str], kind: str, clause: str) -> float:
    words, groups = _said(clause)
    got = total = 0.0
    telling = exact = False
    for word in asked:
        weight = COMMON if word in EVERYDAY else 1.0
        total += weight
        noun = KIND_WORDS.get(word, "")
        if word in words:
            got, telling, exact = got + weight * EXACT, telling or weight == 1.0, True
        elif groups & _groups().get(word, frozenset()):
            got, telling = got + weight * NEAR, telling or weight == 1.0
        elif noun and HOLDS[noun].search(clause):
            got, telling, exact = got + weight * KIND, True, True
    if not got or not (telling or asked <= words) or (not exact and OF_LOG.match(clause.lower())):
        return 0.0
    fits = not kind or bool(HOLDS[kind].search(clause))
    return got / total * (1.0 if fits else WRONG_KIND) * (OVER_NOW if OVER.search(clause) else 1.0)
