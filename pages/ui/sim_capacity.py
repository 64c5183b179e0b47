"""The capacity panel: how many messages come at once, how long people wait for the first word, and which limit is in the way."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

import streamlit as st

from pages.ui import sim_capacity_charts as drawn
from pages.ui import sim_capacity_runs as runs
from pages.ui import sim_capacity_words as words
from pages.ui.sim_asked import Allowed, Asked, number, one_of
from pages.ui.sim_capacity_runs import MOST_BURST, MOST_IN_FLIGHT, Burst, Situation, Steady
from pages.ui.turnstile import DRAWING
from simulation.capacity import MOST_AT_ONCE, PEAK, Capacity, Pace, Quota, Service, Turn, capacity, day_load, lesson_load, pace
from simulation.curves import people
from simulation.scenario import Scenario

SITUATIONS: tuple[Situation, ...] = get_args(Situation)
MOST_WORKERS = 10_000.0
"""Not an int: Streamlit takes an address that asks for an int of `inf` for an error of the page."""
RPMS = (5, 10, 15, 30, 60, 150, 300, 500, 1_000, 2_000, 5_000, 10_000, 20_000, None)
TPMS = (125_000, 250_000, 500_000, 1_000_000, 2_000_000, 4_000_000, 8_000_000, 20_000_000, 100_000_000, None)
_WIDE = 124
"""Pixels of a control: five stand side by side beside the scenario's controls, two on a phone."""
Numbers = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the panel's own controls say."""

    situation: Situation
    workers: int
    service: Service
    quota: Quota


def draw(scenario: Scenario) -> None:
    """Draw the panel for a class."""
    chosen, each = _controls(), runs.turn(scenario)
    if chosen.quota.tokens_per_minute is not None and each.tokens_in > chosen.quota.tokens_per_minute:
        st.warning(_TOO_BIG.format(words.amount(each.tokens_in), words.amount(chosen.quota.tokens_per_minute)))
        return
    size = round(float(people(scenario)[-1]))
    if size < 1:
        st.info(_NOBODY)
    elif chosen.situation == "All at once":
        _burst(size, each, chosen)
    else:
        load = lesson_load(scenario) if chosen.situation == "In one lesson" else day_load(scenario)
        _steady(capacity(load, each, chosen.service, chosen.workers, chosen.quota), chosen)


def _controls() -> Settings:
    asked = Asked(_FIELDS)
    situation = st.segmented_control(
        "Situation", SITUATIONS, default=SITUATIONS[0], required=True, key="c_when", bind="query-params", help=_WHEN_HELP
    )
    with st.container(key="c_knobs", horizontal=True, gap="small", vertical_alignment="bottom"):
        bound: dict[str, Any] = {"bind": "query-params", "width": _WIDE}
        workers = st.number_input("Workers", 1.0, MOST_WORKERS, 8.0, 1.0, "%.0f", key="c_workers", help=_WORKERS_HELP, **bound)
        first = st.slider("First token (s)", 0.1, 10.0, 0.5, 0.1, key="c_first", help=_FIRST_HELP, **bound)
        speed = st.slider("Tokens/s", 10, 1_000, 150, 10, key="c_speed", help=_SPEED_HELP, **bound)
        rpm = st.select_slider("Requests/min", RPMS, 1_000, format_func=_limit, key="c_rpm", help=_RPM_HELP, **bound)
        tpm = st.select_slider("Tokens/min", TPMS, 1_000_000, format_func=_limit, key="c_tpm", help=_TPM_HELP, **bound)
    service = Service(first_token_s=first, tokens_per_s=speed)
    settings = Settings(situation, math.floor(workers + 0.5), service, Quota(requests_per_minute=rpm, tokens_per_minute=tpm))
    asked.say(settings)
    return settings


def _steady(answer: Capacity, chosen: Settings) -> None:
    if answer.is_beyond:
        _numbers(_asked(answer))
        st.info(_BEYOND)
        return
    _numbers(_steady_numbers(answer))
    points = runs.points(answer.turns_per_s, answer.speed, answer.workers, answer.least_quick)
    drawn.draw_workers(
        words.steady_finding(answer),
        points,
        answer.workers,
        answer.least_quick,
        stable_from=answer.least_stable,
        grows=answer.queue is None,
    )
    st.caption(_load(answer, chosen.situation))
    DRAWING.leave()
    with st.spinner("Simulating 10,000 messages"):
        ran = runs.steady(answer, chosen.quota)
    if ran is None:
        st.caption(_NO_RUN)
        _limits(answer, chosen.quota)
        return
    _hour(answer, ran)
    _limits(answer, chosen.quota)
    _agreement(answer, ran)


def _steady_numbers(answer: Capacity) -> Numbers:
    found, within = answer.queue, answer.first_word_s(0.95)
    at_once, needed = (words.amount(answer.in_flight), _AT_ONCE_HELP), (_needed(answer.least_quick), _NEEDED_HELP)
    if found is None or within is None:
        grows = f"{words.amount(answer.growth_per_minute or 0)} a minute"
        return {"Replies at once": at_once, "Queue grows by": (grows, _GROWS_HELP), "Workers needed": needed}
    return {
        "Replies at once": at_once,
        "Wait (95%)": (words.span(found.wait_s(0.95)), _WAIT_HELP),
        "First word (95%)": (words.span(within), _FIRST_WORD_HELP),
        "Workers needed": needed,
        "Workers busy": (f"{100 * answer.utilisation:.0f}%", _BUSY_HELP),
    }


def _asked(answer: Capacity) -> Numbers:
    return {
        "Replies at once": (words.amount(answer.in_flight), _AT_ONCE_HELP),
        "Messages a minute": (words.amount(60 * answer.turns_per_s), "That arrive on the last day."),
        "Requests a minute": (words.amount(answer.requests_per_minute), "Model calls, those for tools and summaries included."),
        "Tokens a minute": (words.amount(answer.tokens_per_minute), "Input tokens of all these calls."),
    }


def _hour(answer: Capacity, ran: Steady) -> None:
    run = ran.full
    begin = float(run.arrivals[run.warm_up]) if run.warm_up else 0.0
    end = min(begin + runs.HOUR_S, float(run.arrivals[-1]))
    seconds, waiting, busy = runs.over_time(run, begin, end)
    longest = float(waiting.max())
    shown = (run.arrivals >= begin) & (run.arrivals <= end)
    worst = float((run.starts - run.arrivals)[shown].max())
    drawn.draw_queue(words.hour_finding(end - begin, longest, worst, grows=answer.queue is None), seconds, waiting, busy)


def _agreement(answer: Capacity, ran: Steady) -> None:
    st.markdown("#### Formula and run side by side", anchors=False)
    if answer.queue is None:
        st.write("A queue that grows without end has no mean wait. Add workers, or a larger quota, until it is stable.")
        return
    st.table(words.steady_rows(answer, answer.queue, ran), border="horizontal", hide_index=True)
    st.caption(words.steady_note(answer, ran))


def _limits(answer: Capacity, quota: Quota) -> None:
    st.markdown("#### Which limit binds", anchors=False)
    st.table(words.limit_rows(answer, quota), border="horizontal", hide_index=True)
    requests = words.amount(answer.turn.requests)
    calls = f"{requests} {'request' if requests == '1' else 'requests'}"
    written = answer.turn.summaries
    summary = f"; {words.amount(written)} of the requests write the summary, after the reply" if written else ""
    st.caption(f"A message takes {calls} and {words.amount(answer.turn.tokens_in)} input tokens{summary}.")


def _burst(size: int, each: Turn, chosen: Settings) -> None:
    if size > MOST_BURST:
        st.info(f"{words.amount(size)} people do not sit in one lesson: up to {MOST_BURST:,} can ask at once here. {_CHOOSE_DAY}")
        return
    speed = pace(each, chosen.service)
    DRAWING.leave()
    with st.spinner("Simulating everybody's message"):
        found = runs.burst(size, each, speed, chosen.workers, chosen.quota)
    _burst_numbers(found, speed)
    drawn.draw_workers(words.burst_finding(found, speed, chosen.workers), found.points, chosen.workers, found.needed)
    seconds, waiting, busy = runs.over_time(found.runs[0], 0.0, found.runs[0].done_s)
    drawn.draw_queue(words.queue_finding(found.runs[0], float(waiting.max()), len(found.runs)), seconds, waiting, busy)
    st.markdown("#### By hand and run side by side", anchors=False)
    st.table(words.burst_rows(found), border="horizontal", hide_index=True)
    st.caption(words.burst_note(found, each, speed, chosen.quota))


def _burst_numbers(found: Burst, speed: Pace) -> None:
    within = runs.first_word(found.waits, speed)
    _numbers(
        {
            "Messages at once": (f"{found.people:,}", "Everybody in the class sends one message within 10 seconds."),
            "Wait (95%)": (words.span(within - speed.first_s), _WAIT_HELP),
            "First word (95%)": (words.span(within), _FIRST_WORD_HELP),
            "Workers needed": (_needed(found.needed), _NEEDED_HELP),
            "All answered": (words.span(found.done_s), _DONE_HELP),
        }
    )


def _numbers(cells: Numbers) -> None:
    with st.container(key="c_numbers", horizontal=True, gap="small"):
        for label, (value, meaning) in cells.items():
            st.metric(label, value, width="content", help=meaning)


def _load(answer: Capacity, situation: Situation) -> str:
    when = (
        "all the day's messages within one lesson hour"
        if situation == "In one lesson"
        else f"the busiest hour of the day, with {PEAK:.0f} times the mean hour's messages"
    )
    alone = "" if answer.queue or answer.binding.name == "workers" else ": what the workers alone would mean, were it not for the quota"
    return (
        f"{words.amount(60 * answer.turns_per_s)} messages a minute ({when}); a reply takes {words.span(answer.speed.turn_s)}, "
        f"{words.span(answer.speed.first_s)} of them to the first word. As on the last day, when chats are longest. "
        f"By formula (Erlang C){alone}."
    )


def _needed(workers: int | None) -> str:
    return "none will do" if workers is None else f"{workers:,}"


def _limit(number: int | None) -> str:
    return "no limit" if number is None else f"{number:,}"


_FIELDS: Mapping[str, Allowed] = {
    "c_when": one_of(SITUATIONS, SITUATIONS[0]),
    "c_workers": number(1, MOST_WORKERS, 8),
    "c_first": number(0.1, 10, 0.5),
    "c_speed": number(10, 1_000, 150),
    "c_rpm": one_of(tuple(map(_limit, RPMS)), _limit(1_000)),
    "c_tpm": one_of(tuple(map(_limit, TPMS)), _limit(1_000_000)),
}
_WHEN_HELP = (
    "A lesson: the class sends all the messages of its day within one hour. Now: everybody presses Enter within ten seconds. "
    f"The day: the busiest hour has {PEAK:.0f} times the mean hour's messages."
)
_WORKERS_HELP = "How many replies the app writes at the same time: concurrent model calls. Who comes when all are busy waits in line."
_FIRST_HELP = "Seconds until the model says the first token of a short context; reading a long one comes on top, 20,000 tokens a second."
_SPEED_HELP = "How fast the model writes once it has begun. The longer the reply, the longer its worker is busy."
_RPM_HELP = "The provider's limit of model calls a minute, for all people together (RPM). Each tool call and each summary call is one more."
_TPM_HELP = "The provider's limit of input tokens a minute, for all people together (TPM). A smaller cap sends fewer."
_AT_ONCE_HELP = "Replies being written at the same time, on average: messages a second times seconds a reply takes (Little's law)."
_GROWS_HELP = "More messages arrive than are answered, so the line becomes longer all the time, and so does the wait."
_WAIT_HELP = "95% of the messages wait no longer than this for a worker (p95)."
_FIRST_WORD_HELP = "The wait, reading the context, and tool calls, until the reply's first word shows: p95 of the time to first token."
_NEEDED_HELP = "The fewest workers with which 95% see the first word within 3 s, if no quota holds them up."
_BUSY_HELP = "Share of the time that workers are busy (utilisation). From about 80% on, waiting grows fast."
_DONE_HELP = "From the beginning to the last word of the last reply, on average over the runs."
_TOO_BIG = (
    "A message sends {} tokens, more than the {} a minute that the quota allows: it is never answered. Lower the cap, or raise the quota."
)
_NOBODY = "On the last day nobody is left in the class: nothing is asked, and nobody waits. Let it shrink less, or for fewer days."
_BEYOND = (
    f"With more than {MOST_AT_ONCE:,} replies at once, no single service answers this class, with however many workers. The numbers above "
    "are messages a second times seconds a reply takes (Little's law). For waits, choose a smaller class, fewer days or less growth."
)
_CHOOSE_DAY = "Choose another situation, or a smaller class."
_NO_RUN = f"With more than {MOST_IN_FLIGHT:,} replies at once nothing is simulated message by message; the formula holds all the same."
