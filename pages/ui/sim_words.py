"""What the simulator says about its pictures: sentences with the numbers in them. Pure text, dollars not escaped."""

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from agent.memory.policy import MemoryPolicy
from pages.ui.formats import count, money
from pages.ui.lab_words import LOOKS
from simulation.course import first_saved
from simulation.curves import ClassCurve
from simulation.lesson import Lesson
from simulation.scenario import Scenario

Floats = NDArray[np.float64]
_WHOLE_FROM, _WHOLE_FOR_ALL = 1000, 9_999.995
_UNITS = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_QUADRILLION = 1e15
_MONTH = (28, 31)


def dollars(amount: float) -> str:
    """Return an amount to the cent; in trillions where it is that large, and cents mean nothing."""
    if abs(amount) >= 0.9999995 * _UNITS[0][0]:
        return about(amount)
    return money(Decimal(repr(round(amount, 12))))


def about(amount: float) -> str:
    """Return an amount for a sentence: whole dollars from a thousand up, in millions when it is that large, and no name from 1e15 up."""
    if abs(amount) >= 0.9999995 * _QUADRILLION:
        return f"{amount:.1e} dollars".replace("e+", "e")
    if abs(amount) >= 999_999.5:
        size, unit = next(pair for pair in _UNITS if abs(amount) >= 0.9999995 * pair[0])
        return f"${amount / size:,.2f} {unit}"
    return f"${amount:,.0f}" if abs(amount) >= _WHOLE_FROM else dollars(amount)


def alike(*amounts: float) -> list[str]:
    """Return the amounts that one sentence compares: to the cent while all are below ten thousand dollars, like the numbers below it."""
    small = all(abs(amount) < _WHOLE_FOR_ALL for amount in amounts)
    return [(dollars if small else about)(amount) for amount in amounts]


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


def lesson_finding(lesson: Lesson) -> str:
    """Return what the lesson's two curves show."""
    whole, less = lesson.uncapped, lesson.capped
    if whole[-1] <= 0:
        return "At a price of $0 the class costs nothing, with a cap and without."
    paid, full = alike(float(less[-1]), float(whole[-1]))
    start = f"With a {lesson.cap:,}-message cap {_class(lesson.users)} costs {paid} instead of {full}"
    place = first_saved(whole, less)
    half = "half is not saved in this time" if place is None else f"half is saved from day {place + 1:,}"
    return f"{start} {period(lesson.days)}: {change(float(less[-1]), float(whole[-1]))}; {half}."


def scenario_finding(scenario: Scenario, whole: ClassCurve, chosen: ClassCurve) -> str:
    """Return what the chosen strategy costs against the full history."""
    paid, full = alike(chosen.total, whole.total)
    paid = f"about {paid}" if chosen.estimated else paid
    people, when = _class(scenario.users), period(scenario.days)
    if scenario.policy.strategy == "full":
        return f"With the full history {people} costs {paid} {when}."
    if whole.total <= 0:
        return f"At a price of $0 {people} costs nothing, whatever is sent."
    compared = change(chosen.total, whole.total)
    start = f"With {means(scenario.policy)} {people} costs {paid} instead of {full} {when}: {compared}"
    if chosen.total > whole.total:
        return f"{start}. {dearer(scenario, whole, chosen)}".rstrip()
    place = first_saved(whole.cumulative, chosen.cumulative)
    return f"{start}; half is saved from day {place + 1:,}." if place is not None else f"{start}."


def dearer(scenario: Scenario, whole: ClassCurve, chosen: ClassCurve) -> str:
    """Return why a strategy costs more than the full history, by what was read, said and cached; empty where those do not show it."""
    lost = _cached_share(chosen) < _cached_share(whole) and any(tier.cached < tier.plain for tier in scenario.rates.tiers)
    wrote = chosen.tokens_out.sum() > whole.tokens_out.sum() * (1 + 1e-9)
    match scenario.policy.strategy:
        case "summary" if wrote:
            return f"Each summary is written by a call of its own{', and a new one breaks the prompt cache' if lost else ''}."
        case "retrieval" if lost:
            return "The quotes at the beginning are other ones for each question, so what follows them does not come from the prompt cache."
        case "retrieval" if chosen.tokens_in.sum() > whole.tokens_in.sum():
            return "The quotes are sent on top of the last messages, and that is more than the whole chat."
        case _ if lost:
            return "What repeats comes from the prompt cache at a fraction of the price, and a window that moves breaks it."
        case _:
            return ""


def _cached_share(found: ClassCurve) -> float:
    read = float(found.tokens_in.sum())
    return float(found.tokens_cached.sum()) / read if read > 0 else 0.0


def prompt_finding(whole: Floats, less: Floats, scenario: Scenario, span: int, *, context: bool) -> str:
    """Return what the last drawn prompts of one person are sent with, or cost on average; `span` of them are taken together."""
    first, last, mine = (_sent(value) if context else dollars(value) for value in (float(whole[0]), float(whole[-1]), float(less[-1])))
    which = f"A person's prompt {len(whole):,}" if span == 1 else f"One of a person's prompts {len(whole) - span + 1:,} to {len(whole):,}"
    verb = "is sent with" if context else "costs" if span == 1 else "costs on average"
    start = f"{which} {verb} {last} with the full history"
    if scenario.policy.strategy == "full":
        return f"{start}; the first {'is sent with' if context else 'costs'} {first}."
    return f"{start} and {mine} with {means(scenario.policy)}."


def _sent(value: float) -> str:
    return f"{round(value):,} tokens"


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
