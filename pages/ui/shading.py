"""How the messages of a chat show where they stand for the next question: sent, pinned, in the summary, recalled or forgotten.

One small style sheet colours the whole history, a rule for each run of messages that stand alike; nothing is added to the messages
themselves, so a change of the cap recolours a long chat at once. Each standing has its own colour, its own line and its own word.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from agent.memory.context import Placement

Standing = Placement | Literal["pinned"]

HISTORY = "history"
"""Key of the container that holds the messages, and nothing else but the line between them."""

IN_CONTEXT = "in context"
"""What is usual is said quietly, but for the first message that it holds for."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a standing is drawn."""

    word: str
    colour: str
    """The name of the colour in pages/ui/colours.py."""
    line: str
    """The kind of line along the message's edge."""


LOOKS: Mapping[Standing, Look] = {
    "sent": Look(IN_CONTEXT, "capped", "solid"),
    "pinned": Look("pinned", "capped", "solid"),
    "summarised": Look("in summary", "summarised", "double"),
    "retrieved": Look("recalled", "recalled", "dashed"),
    "left_out": Look("forgotten", "forgotten", "dotted"),
}
_STRONGEST: Sequence[Standing] = ("sent", "pinned", "retrieved", "summarised", "left_out")


def strongest(standings: Iterable[Standing]) -> Standing:
    """Return how an answer stands that is made of several messages: by the one that is seen best."""
    found = set(standings)
    return next((each for each in _STRONGEST if each in found), "left_out")


def sheet(drawn: Sequence[Standing], line_at: int | None) -> str:
    """Return the style sheet for messages drawn in this order, with a line drawn before the one at `line_at`."""
    rules = [_rule(look, first, last) for look, first, last in _runs(drawn, line_at)]
    return f"<style>{''.join(rules)}</style>"


def _runs(drawn: Sequence[Standing], line_at: int | None) -> Iterable[tuple[Look, int, int]]:
    """Yield each run of equal standing as the first and last of the container's children, counted from 1."""
    places = [(standing, place + 1 + (line_at is not None and place >= line_at)) for place, standing in enumerate(drawn)]
    for standing, group in groupby(places, key=lambda item: item[0]):
        numbers = [number for _, number in group]
        yield LOOKS[standing], numbers[0], numbers[-1]


def _rule(look: Look, first: int, last: int) -> str:
    dim = ";--tl-dim:.62" if look.word == "forgotten" else ""
    return (
        f".st-key-{HISTORY}>:nth-child(n+{first}):nth-child(-n+{last})"
        f"{{--tl-edge:var(--tl-{look.colour});--tl-line:{look.line};--tl-word:'{look.word}'{dim}}}"
        f".st-key-{HISTORY}>:nth-child(n+{first}):nth-child(-n+{first if look.word == IN_CONTEXT else last}){{--tl-said:1}}"
    )
