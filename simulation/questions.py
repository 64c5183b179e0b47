"""The questions of the quiz: the lesson's "Test your knowledge", its 500-user exercise, its milestones, and three that need a closer count.

No expected number is written down: all come from the lesson's own two functions and from simulation.oddities.
"""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from simulation.course import first_saved
from simulation.lesson import Lesson
from simulation.milestones import MILESTONES
from simulation.oddities import LECTURE_CAP, LECTURE_PROMPTS, LIMIT_FORMULA, limit_share, share_saved, units
from simulation.profit import taught_cost, taught_profitable
from simulation.quiz import Expected, NumberQuestion, Question

MONTH = Lesson(users=200, days=30, prompts_per_day=15, cap=20)
"""The class of "Test your knowledge"."""
CAPS = (20, 50, 100)
CHARGED = 10.0
"""Dollars that each user of the quiz pays a month."""
DEMO = Lesson()
EXERCISE = Lesson(users=500)
LECTURE = Lesson(users=100, days=1, prompts_per_day=LECTURE_PROMPTS, cap=LECTURE_CAP)
LONGER = 100
"""Prompts of the longer chat that is asked about beside the lecture's."""


@lru_cache(maxsize=1)
def questions() -> Mapping[str, Question]:
    """Return the questions in their order, by their ids."""
    month = (_gap(), *(_half(cap) for cap in CAPS), _profit())
    found: tuple[Question, ...] = (*month, _exercise_gap(), _exercise_times(), _units(), _saving(), _longer(), *MILESTONES)
    return {each.id: each for each in found}


def first_day_saved(lesson: Lesson, share: float = 0.5, *, daily: bool = False) -> int | None:
    """Return the first day (from 1) by which the capped run has saved `share`, or, with `daily`, on which it does; None when never."""
    uncapped, capped = lesson.uncapped, lesson.capped
    if daily:
        uncapped, capped = np.diff(uncapped, prepend=0.0), np.diff(capped, prepend=0.0)
    place = first_saved(uncapped, capped, share)
    return None if place is None else place + 1


def _gap() -> NumberQuestion:
    full, capped = _ends(MONTH)
    others = [(cap, _ends(_capped(cap))[1]) for cap in CAPS[1:]]
    return NumberQuestion(
        "gap_20",
        "month",
        "No cap against 20 messages",
        "200 users send 15 prompts a day for 30 days. How much less does the month cost with a 20-message cap than with no cap?",
        "dollars",
        Expected(full - capped),
        f"No cap: {_usd(full)}. With 20 messages: {_usd(capped)}. The difference is {_usd(full - capped)}, "
        f"{1 - capped / full:.0%} of the bill.",
        MONTH,
        also=(Expected(capped - full, "Right, counted as a change. As a saving it has no minus."),),
        slips=(
            *(Expected(full - other, f"That is the difference to the {cap}-message cap.") for cap, other in others),
            Expected((full - capped) / MONTH.users, "That is the difference for one user. There are 200."),
            Expected(full, "That is the whole bill without a cap. Take the capped bill off it."),
            Expected(capped, "That is the bill with the cap. How much less is it than the one without?"),
            Expected(100 * (1 - capped / full), "That is the share saved, in percent. Here the dollars are asked."),
            Expected((full - capped) / MONTH.days, "That is the difference for a day, on average. The question is about the month."),
        ),
    )


def _half(cap: int) -> NumberQuestion:
    lesson = _capped(cap)
    day, own = first_day_saved(lesson), first_day_saved(lesson, daily=True)
    assert day is not None
    assert own is not None
    others = [(other, first_day_saved(_capped(other))) for other in CAPS if other != cap]
    daily = f"By each day's own cost, half is saved on day {own}: that day costs {_share_of_day(lesson, own)} of the uncapped day."
    return NumberQuestion(
        f"half_{cap}",
        "month",
        f"Half saved, with {cap} messages",
        f"The same class, with a {cap}-message cap. On which day has the capped run cost no more than half as much as the uncapped one?",
        "day",
        Expected(float(day)),
        f"{_so_far(lesson, day)} The day before it was {lesson.capped[day - 2] / lesson.uncapped[day - 2]:.1%}."
        f"{'' if own == day else ' ' + daily}",
        lesson,
        also=() if own == day else (Expected(float(own), f"Right for the cost of single days; added up, it is day {day}."),),
        slips=(
            Expected(float(day - 1), "One short: Python counts days from 0, and people from 1."),
            *(Expected(float(other), f"That is the day for the {which}-message cap.") for which, other in others if other),
        ),
        most=Expected(float(lesson.days), f"The month has {lesson.days} days."),
    )


def _profit() -> NumberQuestion:
    found = taught_profitable(MONTH, CHARGED)
    assert found is not None
    assert found.high is not None
    cap = found.high
    kept, next_up, at_50, at_100 = taught_cost(MONTH, [cap, cap + 1, 50, 100]).tolist()
    prompts = MONTH.days * MONTH.prompts_per_day
    return NumberQuestion(
        "profit_10",
        "month",
        "Ten dollars a month",
        f"Each of these users pays ${CHARGED:.0f} a month. What is the largest cap with which you still make a profit?",
        "messages",
        Expected(float(cap)),
        f"With {cap} messages a user costs ${kept:.3f} a month, which leaves ${CHARGED - kept:.3f}; with {cap + 1} it is ${next_up:.3f}: "
        "a loss. "
        f"A user sends {prompts} prompts, so each message of the cap adds up to ${prompts * _per_message(MONTH):.2f} a month.",
        _capped(cap),
        slips=(
            Expected(float(cap + 1), f"Just over: with {cap + 1} a user costs ${next_up:.3f}. It is the first cap that makes a loss."),
            Expected(20.0, "A profit, and the only one of the three caps you tested. But a larger cap still makes one: try those between."),
            Expected(50.0, f"With 50 a user costs ${at_50:.2f} a month."),
            Expected(100.0, f"With 100 a user costs ${at_100:.2f} a month."),
        ),
        most=Expected(float(prompts), f"A user sends {prompts} prompts in all; a cap beyond them leaves nothing out."),
    )


def _exercise_gap() -> NumberQuestion:
    full, capped = _ends(EXERCISE)
    small_full, small = _ends(DEMO)
    return NumberQuestion(
        "gap_500",
        "exercise",
        "The demo with 500 users",
        "The demo's numbers (30 days, 10 prompts a day, a cap of 50), but 500 users. How large is the gap between the curves at the end?",
        "dollars",
        Expected(full - capped),
        f"No cap: {_usd(full)}. With 50 messages: {_usd(capped)}. The gap is {_usd(full - capped)}.",
        EXERCISE,
        also=(Expected(capped - full, "Right, counted as a change. As a gap it has no minus."),),
        slips=(
            Expected(small_full - small, "That is the gap with 50 users. Set users to 500."),
            Expected(full, "That is the whole bill without a cap. Take the capped bill off it."),
            Expected(capped, "That is the bill with the cap. How far below the other is it?"),
            Expected(100 * (1 - capped / full), "That is the share saved, in percent. Here the dollars are asked."),
        ),
    )


def _exercise_times() -> NumberQuestion:
    (full, capped), (small_full, small) = _ends(EXERCISE), _ends(DEMO)
    times = round((full - capped) / (small_full - small), 9)
    return NumberQuestion(
        "times_500",
        "exercise",
        "What happens to the gap",
        "How many times as large is that gap as with 50 users?",
        "times",
        Expected(times),
        f"{_usd(full - capped)} is {times:.0f} times {_usd(small_full - small)}: {EXERCISE.users // DEMO.users} times the users are "
        f"{times:.0f} times both bills. The share saved stays {1 - small / small_full:.1%}: each user's chat is as long as before.",
        EXERCISE,
        slips=(
            Expected(times**2, "The cost is quadratic in the prompts of one chat, not in the users: everybody has a chat of their own."),
            Expected(1.0, "The share saved is the same. The gap in dollars is not."),
            Expected(times - 1, "So many times more. How many times as large?"),
        ),
    )


def _units() -> NumberQuestion:
    n, cap = LECTURE_PROMPTS, LECTURE_CAP
    full, capped = float(units(n)), float(units(n, cap))
    return NumberQuestion(
        "units_20",
        "closer",
        f"{n} prompts with {cap} messages",
        f"One chat, {n} prompts, a {cap}-message cap, replies left aside. Prompt 1 sends 1 message, prompt 2 sends 2, and so on up to the "
        "cap. How many messages are sent in all?",
        "units",
        Expected(capped),
        f"1 + 2 + … + {cap} = {float(units(cap)):.0f}, then {n - cap} prompts with {cap} each: {float(units(cap)):.0f} + {(n - cap) * cap} "
        f"= {capped:.0f}. The lesson's {n * cap} takes the full cap for every prompt.",
        LECTURE,
        slips=(
            Expected(float(n * cap), f"That is the lesson's own figure, {cap} for every prompt. But prompt 1 has only itself to send."),
            Expected(full, "That is without a cap."),
            Expected(float(units(cap)), f"The first {cap} prompts send so many, and the cap saves as many. How many are sent in all?"),
        ),
        most=Expected(full, f"Without a cap it is {full:.0f}; with one it cannot be more."),
    )


def _saving() -> NumberQuestion:
    n, cap = LECTURE_PROMPTS, LECTURE_CAP
    full, capped = float(units(n)), float(units(n, cap))
    share = 100 * float(share_saved(n, cap))
    return NumberQuestion(
        "saving_20",
        "closer",
        "What that saves",
        f"Without a cap those {n} prompts send 1 + 2 + … + {n} = {full:.0f} messages. Which share does the {cap}-message cap save?",
        "percent",
        Expected(share),
        f"({full:.0f} \N{MINUS SIGN} {capped:.0f}) / {full:.0f} = {share:.2f}%. With 10,000 users it is the same share: each has a chat of "
        "their own.",
        LECTURE,
        slips=(
            Expected(100 * (1 - n * cap / full), f"That is the lesson's figure, from {n * cap} messages. Counted one by one it is more."),
            Expected(100 - share, "That is the share that is still paid."),
            Expected(100 * (full / capped - 1), "That is by how much no cap costs more. Seen from no cap, how much is saved?"),
        ),
        most=Expected(100.0, "No cap can save more than all."),
    )


def _longer() -> NumberQuestion:
    cap, share, short = LECTURE_CAP, 100 * float(share_saved(LONGER, LECTURE_CAP)), 100 * float(share_saved(LECTURE_PROMPTS, LECTURE_CAP))
    rule = 100 * float(limit_share(LONGER, cap))
    return NumberQuestion(
        "saving_100",
        "closer",
        "A longer chat",
        f"The same cap of {cap} messages, but {LONGER} prompts in the chat. Which share is saved now?",
        "percent",
        Expected(share),
        f"{float(units(LONGER, cap)):,.0f} messages instead of {float(units(LONGER)):,.0f}: {share:.1f}% saved, where {LECTURE_PROMPTS} "
        f"prompts saved {short:.0f}%. For long chats it tends to {LIMIT_FORMULA}, here {rule:.0f}%.",
        _with(LECTURE, days=LONGER // LECTURE_PROMPTS),
        slips=(
            Expected(short, f"That is for {LECTURE_PROMPTS} prompts. Longer chats save more."),
            Expected(rule, "That is the rule for long chats. Near; counted exactly it is a little more."),
            Expected(100 - share, "That is the share that is still paid."),
            Expected(100 - LECTURE_CAP, f"That would be so if every prompt without a cap sent {LONGER} messages. The first sends one."),
        ),
        most=Expected(100.0, "No cap can save more than all."),
    )


def _capped(cap: int) -> Lesson:
    return _with(MONTH, cap=cap)


def _with(lesson: Lesson, **changes: int) -> Lesson:
    """Return a lesson with other constants; `model_copy` would keep the curves that the old ones gave."""
    return Lesson.model_validate({**lesson.model_dump(), **changes})


def _ends(lesson: Lesson) -> tuple[float, float]:
    """Return what the month costs without and with the cap."""
    return float(lesson.uncapped[-1]), float(lesson.capped[-1])


def _per_message(lesson: Lesson) -> float:
    return lesson.tokens_per_message / 1000 * lesson.price_per_1k


def _so_far(lesson: Lesson, day: int) -> str:
    capped, full = float(lesson.capped[day - 1]), float(lesson.uncapped[day - 1])
    return f"By the end of day {day} the capped run has cost {_usd(capped)}, the uncapped one {_usd(full)}: {capped / full:.1%}."


def _share_of_day(lesson: Lesson, day: int) -> str:
    capped, full = (np.diff(curve, prepend=0.0)[day - 1] for curve in (lesson.capped, lesson.uncapped))
    return f"{capped / full:.0%}"


def _usd(amount: float) -> str:
    return f"${amount:,.2f}"
