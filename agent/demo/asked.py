"""Answers in a word to what was just asked about oneself: 'Martin' after 'what's my name?'.

Such a word means something only after the question, so it is read as the sentence it stands for. Where the question has
dropped out of the request, so has what the word meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from agent.demo.context import Context, Line
from agent.demo.facts import expand, told
from agent.demo.foods import mentions
from agent.demo.indirect import direct
from agent.demo.measures import measure
from agent.demo.restated import restated
from agent.demo.secondthoughts import put_straight
from agent.demo.understand import understand
from agent.demo.words import load

NOT_SEEN = "I don't see that in what I was sent"
LONGEST_WORDS = 6
LEAD = re.compile(r"^(?:(?:it's|its|it is|ok|okay|oh|well|um|so|it was|i said|i told you|yes|sure)[,:]? )+", re.IGNORECASE)
NAME = re.compile(r"[A-Z][\w'-]+(?: [A-Z][\w'-]+)?")
SHE = re.compile(
    r"^(?:and |oh |btw )*(?:(?:she|he|it)(?:'s| is) (?:called|named)|(?:her|his|its) name(?:'s| is)) ([^\W\d_][\w'-]*)[.! ]*$",
    re.IGNORECASE,
)
ALSO = re.compile(
    r"^(?:oh,? |and,? |or,? |nor |also,? |plus )+(?:no |not )?((?!(?:a|an|some|i|my|the|then|he|she|it|that|what|how|no|yes"
    r"|\d+)\b)[a-z]+(?: [a-z]+)?)"
    r"(?: either| too| actually| as well| please)*$",
    re.IGNORECASE,
)
MORE_OF = {"allergy": "I'm allergic to {it}", "dislike": "I hate {it}", "diet": "I don't eat {it}", "like": "I love {it}"}
ANOTHER_GLASS = re.compile(
    r"^(?:(?:and|then|plus|had|i had|i've had|just had|drank|i drank|now|just|ok|later)[, ]+)*(?:another|one more|(?:\d|two"
    r"|three|four) more|a (?:second"
    r"|third|fourth) )(?: (?:big|small|large))? ?(?:glass|cup|bottle|pint|mug)(?:es|s)?(?= just| now| since| after| too"
    r"| later| today| before|[.! ]*$)",
    re.IGNORECASE,
)
"""'Another glass', after water: of water."""
LONGEST_SLIP = 60
MOST_NEW_WORDS = 2
"""Words by which a corrected statement may differ from the one it takes the place of."""
PUT_RIGHT = "ok"
"""What is left of a statement that was put right."""
ENDING = " .!"
LOST = frozenset({"unclear", "ask_back", "log_food", "log_workout", "acknowledge"})


def in_full(context: Context) -> Context:
    """The request with every answer in a word as the sentence it stands for."""
    lines = lines_in_full([*context.lines, Line("user", context.question, "message")])
    context.question = lines.pop().text
    context.lines = lines
    return context


def lines_in_full(said: Sequence[Line]) -> list[Line]:
    """Lines in order, each answer in a word as the sentence it stands for."""
    lines: list[Line] = []
    for line in map(_straight, said):
        full = _whole(line, lines) if len(lines) > 1 and line.role == "user" and line.source == "message" else line
        if full is not line and _takes_the_place(full.text, line.text, lines):
            lines[-2] = replace(lines[-2], text=PUT_RIGHT)
        lines.append(full)
    return lines


def _takes_the_place(full: str, said: str, before: Sequence[Line]) -> bool:
    """Whether a correction in full says again all that the message before it said, which then counts no more."""
    return len(said) <= LONGEST_SLIP and len(before) > 1 and full == restated(said, before[-2].text) and _restates(full, before[-2].text)


@lru_cache(maxsize=1024)
def _restates(full: str, before: str) -> bool:
    return "?" not in before and len(set(before.lower().split()) - set(full.lower().split())) <= MOST_NEW_WORDS


def _straight(line: Line) -> Line:
    """The line with what it puts right in itself."""
    if line.role != "user" or line.source == "summary" or (straight := put_straight(line.text)) == line.text:
        return line
    return replace(line, text=straight)


def _whole(line: Line, before: Sequence[Line]) -> Line:
    full = _read(line, *before[-2:])
    if full is line and (who := _called(line.text)) and before[-1].role == "coach" and (kin := _kin(before)):
        return replace(line, text=f"My {kin} is called {who}")
    return full


@lru_cache(maxsize=4096)
def _read(line: Line, question: Line, answer: Line) -> Line:
    """A line in full, by the two before it. The same are read again with every reply, hence the cache."""
    if answer.role != "coach" or question.role != "user" or len(line.text) > 60 or direct(line.text) != line.text:
        return line
    earlier = question.text
    if _called(line.text):
        return line
    if more := _also(line.text, earlier):
        return replace(line, text=more)
    if (glass := ANOTHER_GLASS.match(line.text)) and (drunk := measure(earlier)) and drunk.kind == "water":
        return replace(line, text=f"{glass.group()} of water{line.text[glass.end() :]}")
    if len(line.text) <= LONGEST_SLIP and (again := restated(line.text, earlier)) and _no_log(earlier):
        return replace(line, text=again)
    full = _sentence(line.text, earlier, seen=not answer.text.startswith(NOT_SEEN))
    return replace(line, text=full) if full else line


@lru_cache(maxsize=1024)
def _also(text: str, before: str) -> str:
    """'Or dairy actually' after 'I don't eat meat', in full; '' for anything else."""
    more = ALSO.match(text.strip(ENDING))
    kinds = {fact.kind for fact in told(before)} if more else set()
    sentence = next((MORE_OF[kind] for kind in MORE_OF if kind in kinds), "")
    return sentence.format(it=more.group(1)) if more and sentence and _lost(text) else ""


@lru_cache(maxsize=4096)
def _called(text: str) -> str:
    """Anna of 'she's called Anna', else ''."""
    she = SHE.match(text)
    return she.group(1) if she else ""


@lru_cache(maxsize=1024)
def _no_log(text: str) -> bool:
    """Whether a message put nothing into the log, so that a correction of it speaks of a fact."""
    return not any(act.intent in {"log_food", "log_workout", "other_day"} for act in understand(text))


def _kin(before: Sequence[Line]) -> str:
    """Whom 'she' may mean: the person or animal spoken of last."""
    said = [line.text for line in before if line.role == "user"][-2:]
    found = [match.group(1) for text in said for match in re.finditer(expand(r"\b(?:my|the|our) ({kin})\b"), text.lower())]
    return found[-1] if found else ""


@lru_cache(maxsize=1024)
def _sentence(text: str, asked: str, *, seen: bool) -> str:
    """What a short answer stands for after this question; '' when it stands by itself."""
    bare = LEAD.sub("", text.strip(ENDING))
    if not bare or len(bare.split()) > LONGEST_WORDS or "?" in text or (seen and not NAME.fullmatch(bare)) or told(text):
        return ""
    question = understand(asked)[0]
    if question.intent == "greet" and NAME.fullmatch(bare):
        return f"My name is {bare}" if not mentions(bare) and _lost(text) else ""
    sentence = load("facts.json")["answers"].get(question.topic) if question.intent == "ask_fact" and not seen else None
    if not sentence or not _lost(text):
        return ""
    full = str(sentence).format(it=bare)
    return full if told(full) or understand(full)[0].measure else ""


def _lost(text: str) -> bool:
    """Whether the words mean nothing of their own: no act, or a bare name of a food with no word of eating it."""
    return all(act.intent in LOST for act in understand(text)) and not re.search(
        r"\b(?:ate|had|drank|ran|did|went|log|no|yes|not)\b", text.lower()
    )
