"""How likely a message is to answer, by its kind: what its words have in common with the question is not asked here.

A number answers "how many", a day answers "when", a question answers nothing, and what a person said of themselves says more than what
the agent replied. The weights were tuned on one part of the conversations in tests/data/recall and checked on the others.
"""

import re
from dataclasses import dataclass

from storage.records import Message

QUESTION = 0.5
"""The weight of a message that only asks: it has the words of the next question, and no answer."""
ASSISTANT = 0.9
NUMBER = 1.3
DAY = 1.2
_ASKS_DAY = re.compile(r"\bwhen\b|\b(which|what) (day|date|month|year)|how long ago")
_ASKS_NUMBER = re.compile(
    r"\bhow (much|many|old|long|tall|heavy|high|fast|far|big|low|wide|often)\b|\bwhat (age|dose|value|time|price)\b"
    r"|\b(weigh|cost|salary|reading|height)"
)
_NUMBER = re.compile(
    r"\d|\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|half)\b"
)
_DAY = re.compile(
    r"\d|\b(mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(jan(uary)?|feb(ruary)?|march|april|may|june|july|august|september|october|november"
    r"|december|yesterday|today|tonight|tomorrow|last|next|week|month|year|ago|since|until|o.clock|morning|evening)\b"
)
_SENTENCE_END = re.compile(r"[.!?](?:\s|$)")


@dataclass(frozen=True, slots=True)
class Wish:
    """What kind of answer a question wants."""

    number: bool
    day: bool


def wish_of(question: str) -> Wish:
    """Return what kind of answer a question wants."""
    text = question.lower()
    day = _ASKS_DAY.search(text) is not None
    return Wish(day or _ASKS_NUMBER.search(text) is not None, day)


def leaning(wish: Wish, message: Message) -> float:
    """Return by how much more likely, or less, a message of this kind is to answer."""
    text = message.text.lower()
    weight = ASSISTANT if message.role == "assistant" else 1.0
    if text.rstrip().endswith("?") and len(_SENTENCE_END.findall(text)) == 1:
        weight *= QUESTION
    if wish.number and _NUMBER.search(text):
        weight *= NUMBER
    if wish.day and _DAY.search(text):
        weight *= DAY
    return weight
