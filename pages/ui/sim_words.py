"""What the simulator says about its pictures: sentences with the numbers in them. Pure text, dollars not escaped."""

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from agent.memory.policy import MemoryPolicy
from pages.ui.formats import count, money
from pages.ui.lab_words import LOOKS
from simulation.lesson import Lesson
from simulation.scenario import Scenario

Floats = NDArray[np.float64]
_WHOLE_FROM = 1000
_MONTH = (28, 31)


def dollars(amount: float) -> str:
    """Return an amount to the cent."""
    return money(Decimal(repr(round(amount, 12))))


def about(amount: float) -> str:
    """Return an amount for a sentence: whole dollars from a thousand up, and in millions when it is that large."""
    if abs(amount) >= 999_999.5:
        size, unit = next(pair for pair in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")) if abs(amount) >= 0.9999995 * pair[0])
        return f"${amount / size:,.2f} {unit}"
    return f"${amount:,.0f}" if abs(amount) >= _WHOLE_FROM else dollars(amount)


def period(days: int) -> str:
    """Return over which time: `a month`, or so many days."""
    return "a month" if _MONTH[0] <= days <= _MONTH[1] else f"in {count(days, 'day')}"


def change(less: float, more: float) -> str:
    """Return how `less` compares with `more`: `92% less`, `8% more`, `the same`."""
    if more <= 0:
        return "the same" if less <= 0 else "more than nothing"
    share = 100 * (less - more) / more
    size = abs(share)
    if size < 0.05:
        return "the same"
    words = f"{size:.0f}%" if 1 <= size < 99 else f"{size:.1f}%" if size < 1000 else f"{size / 100:,.0f} times"
    return f"{words} {'less' if share < 0 else 'more'}"


def half_saved(whole: Floats, less: Floats) -> int | None:
    """Return the place of the first day up to which `less` has cost at most half of `whole`; None when there is none."""
    there = np.flatnonzero((less <= whole / 2) & (whole > 0))
    return int(there[0]) if len(there) else None


def lesson_finding(lesson: Lesson) -> str:
    """Return what the lesson's two curves show."""
    whole, less = lesson.uncapped, lesson.capped
    if whole[-1] <= 0:
        return "At a price of $0 the class costs nothing, with a cap and without."
    start = f"With a {lesson.cap:,}-message cap {_class(lesson.users)} costs {about(float(less[-1]))} instead of {about(float(whole[-1]))}"
    place = half_saved(whole, less)
    half = "half is not saved in this time" if place is None else f"half is saved from day {place + 1:,}"
    return f"{start} {period(lesson.days)}: {change(float(less[-1]), float(whole[-1]))}; {half}."


def scenario_finding(scenario: Scenario, whole: Floats, less: Floats, *, estimated: bool) -> str:
    """Return what the chosen strategy costs against the full history; `whole` and `less` are what both have cost by each day."""
    paid = f"{'about ' if estimated else ''}{about(float(less[-1]))}"
    people, when = _class(scenario.users), period(scenario.days)
    if scenario.policy.strategy == "full":
        return f"With the full history {people} costs {paid} {when}."
    if whole[-1] <= 0:
        return f"At a price of $0 {people} costs nothing, whatever is sent."
    compared = change(float(less[-1]), float(whole[-1]))
    start = f"With {means(scenario.policy)} {people} costs {paid} instead of {about(float(whole[-1]))} {when}: {compared}"
    place = half_saved(whole, less)
    if less[-1] > whole[-1]:
        why = "what repeats comes from the prompt cache at a fraction of the price, and a window that moves breaks it"
        return f"{start}. {why[:1].upper()}{why[1:]}." if scenario.cache else f"{start}."
    return f"{start}; half is saved from day {place + 1:,}." if place is not None else f"{start}."


def prompt_finding(whole: Floats, less: Floats, scenario: Scenario, span: int, *, context: bool) -> str:
    """Return what the last drawn prompts of one person are sent with, or cost on average; `span` of them are taken together."""
    said = [f"{round(float(values[-1])):,} tokens" if context else dollars(float(values[-1])) for values in (whole, less)]
    which = f"A person's prompt {len(whole):,}" if span == 1 else f"One of a person's prompts {len(whole) - span + 1:,} to {len(whole):,}"
    start = f"{which} {'is sent with' if context else 'costs'} {said[0]} with the full history"
    if scenario.policy.strategy == "full":
        return f"{start}, {'as many as' if context else 'as much as'} everything said before it adds up to."
    return f"{start} and {said[1]} with {means(scenario.policy)}."


def means(policy: MemoryPolicy) -> str:
    """Return what a policy does, within a sentence."""
    match policy.strategy:
        case "window":
            return f"a {policy.max_messages_per_user:,}-message cap"
        case "chunked_window":
            return f"a {policy.max_messages_per_user:,}-message cap in chunks"
        case "retrieval":
            return f"the last {count(policy.retrieval_window, 'message')} and {policy.retrieval_k} looked up"
        case _:
            return LOOKS[policy.strategy].said


def _class(users: int) -> str:
    return "one person" if users == 1 else f"a class of {users:,}"
