"""What a quiz question is, and what to say to an answer. The questions themselves are in simulation.questions.

An answer is judged by its text alone, so that a stored answer can be judged again; nothing is kept here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from simulation.lesson import Lesson
from simulation.typed import LONGEST, is_percent, numbers

Unit = Literal["dollars", "day", "messages", "times", "units", "percent"]
Group = Literal["month", "exercise", "closer", "milestones"]

DOLLARS_WITHIN = 0.01
"""How far an amount may be off, as a share of it."""
POINTS_WITHIN = 0.5
"""How far a percentage may be off, in percentage points."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A number that somebody may come to, and what to say to it."""

    value: float
    said: str = ""


@dataclass(frozen=True, slots=True)
class NumberQuestion:
    """A question that a number answers."""

    id: str
    group: Group
    title: str
    text: str
    unit: Unit
    expected: Expected
    explanation: str
    """How to get there, with the numbers on the way."""
    lesson: Lesson
    """What the simulator has to show for one to read the answer off."""
    also: Sequence[Expected] = ()
    """Other readings of the question that are right too; each says which reading it is."""
    slips: Sequence[Expected] = ()
    """What one comes to by a common slip; each says which."""
    most: Expected | None = None
    """The largest number that makes sense, where there is one, and what to say beyond it."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose. `said` says what is right or missing in it."""

    id: str
    text: str
    said: str
    right: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceQuestion:
    """A question with answers to choose from."""

    id: str
    group: Group
    title: str
    text: str
    options: Sequence[Option]
    explanation: str
    """The lesson's own answer."""


Question = NumberQuestion | ChoiceQuestion


@dataclass(frozen=True, slots=True)
class Verdict:
    """What comes of an answer."""

    kind: Literal["right", "wrong", "unreadable"]
    said: str
    value: float | None = None
    """The number that was meant; None where there is none."""


def check(question: Question, typed: str) -> Verdict:
    """Judge an answer: the text that was typed, or the id of the option that was chosen."""
    return _check_number(question, typed) if isinstance(question, NumberQuestion) else _check_choice(question, typed)


def tolerance(unit: Unit) -> str:
    """Return in words how near an answer has to be."""
    match unit:
        case "dollars":
            return f"{DOLLARS_WITHIN:.0%} either way is near enough"
        case "percent":
            return "half a percentage point either way is near enough"
        case _:
            return "the exact number counts"


def _check_number(question: NumberQuestion, typed: str) -> Verdict:
    values = _values(question.unit, typed)
    if not values:
        return Verdict("unreadable", _how_to_answer(question.unit, typed))
    for value in values:
        if _near(question.unit, value, question.expected.value):
            return Verdict("right", question.expected.said, value)
        for reading in question.also:
            if _near(question.unit, value, reading.value):
                return Verdict("right", reading.said, value)
    for value in values:
        for slip in question.slips:
            if _near(question.unit, value, slip.value):
                return Verdict("wrong", slip.said, value)
    return Verdict("wrong", _what_is_off(question, values[0]), values[0])


def _check_choice(question: ChoiceQuestion, typed: str) -> Verdict:
    chosen = next((option for option in question.options if option.id == typed), None)
    if chosen is None:
        return Verdict("unreadable", "Choose one of the answers.")
    return Verdict("right" if chosen.right else "wrong", chosen.said)


def _values(unit: Unit, typed: str) -> Sequence[float]:
    """Return what may be meant; a share below 1 may be meant as percent."""
    found = numbers(typed)
    if unit != "percent" or is_percent(typed):
        return found
    return [value for each in found for value in ((100 * each, each) if 0 < abs(each) < 1 else (each,))]


def _near(unit: Unit, value: float, target: float) -> bool:
    match unit:
        case "dollars":
            return abs(value - target) <= DOLLARS_WITHIN * abs(target)
        case "percent":
            return abs(value - target) <= POINTS_WITHIN
        case _:
            return abs(value - target) < 1e-9


_EXAMPLES: Mapping[Unit, str] = {
    "dollars": "an amount in dollars, such as $1,234.50 or 1.2k",
    "day": "the number of a day, such as 5",
    "messages": "a whole number of messages, such as 30",
    "times": "a number, such as 3",
    "units": "a whole number, such as 120",
    "percent": "a percentage, such as 40% or 0.4",
}


def _how_to_answer(unit: Unit, typed: str) -> str:
    wanted = f"Type {_EXAMPLES[unit]}."
    if not typed.strip():
        return wanted
    if len(typed) > LONGEST:
        return f"That is longer than {LONGEST} characters. {wanted}"
    return f"That does not read as one number. {wanted}"


def _what_is_off(question: NumberQuestion, value: float) -> str:
    """Return what can be said to a number that no slip explains."""
    if value < 0:
        return "Less than nothing is not possible here. Check the sign."
    if question.unit in ("day", "messages", "units") and not value.is_integer():
        return f"This is a whole number of {'days' if question.unit == 'day' else question.unit}. Which one?"
    if question.most is not None and value > question.most.value:
        return question.most.said
    return f"Not yet: it is {'less' if value > question.expected.value else 'more'}."
