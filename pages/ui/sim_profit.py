"""The profit panel: at a price a user a month, which caps earn money, as taught and as it is; then what a budget has room for."""

from collections.abc import Callable, Mapping
from functools import lru_cache

import streamlit as st

from agent.memory.policy import Strategy
from pages.ui import sim_profit_budget, sim_profit_charts
from pages.ui import sim_profit_words as words
from pages.ui.lab_words import escape
from pages.ui.sim_asked import Asked, number
from pages.ui.turnstile import DRAWING
from simulation.lesson import Lesson
from simulation.profit import Costs, by_strategy, is_long, profitable
from simulation.scenario import Scenario

MOST_DOLLARS = 100_000.0
_WIDE = 190
"""Pixels of a control: two stand side by side on a phone."""


def draw(scenario: Scenario, lesson: Lesson) -> None:
    """Draw the panel for a class, and for the lesson's own numbers."""
    asked = Asked({"p_price": number(0, MOST_DOLLARS, 10)})
    price = st.number_input(
        "Price a user a month (US dollars)", 0.0, MOST_DOLLARS, 10.0, 1.0, key="p_price", bind="query-params", width=260, help=_PRICE_HELP
    )
    asked.say(price)
    DRAWING.leave()
    known = _known(by_cap(scenario))
    with st.spinner("Finding the caps that pay"):
        ranges = {strategy: profitable(scenario, each, price) for strategy, each in known.items()}
    strategy = scenario.policy.strategy
    finding = words.finding(lesson, strategy, ranges[strategy], price)
    sim_profit_charts.draw_margins(finding, lesson, known, strategy, price)
    with st.container(key="p_numbers", horizontal=True, gap="medium"):
        for label, (value, meaning) in words.numbers(scenario, lesson, known[strategy], price).items():
            st.metric(label, escape(value), width="content", help=escape(meaning))
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("#### As taught", anchors=False)
        st.write(escape(words.answer(lesson, price)))
        st.table(words.taught_rows(lesson, price), border="horizontal", hide_index=True)
    with right:
        st.markdown("#### As it is", anchors=False)
        st.write(escape(words.real_answer(scenario, ranges, price)))
        st.table(words.real_rows(scenario, known, ranges, price), border="horizontal", hide_index=True)
    st.caption(escape(words.note(scenario)))
    st.divider()
    sim_profit_budget.draw(scenario)


class ByCap:
    """What a user costs a month by cap, once it was worked out: the price's field need not work it out again."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.answer: Mapping[Strategy, Costs] | None = None

    def work_out(self, progress: Callable[[int, int], object] | None = None) -> Mapping[Strategy, Costs]:
        """Return the costs, worked out now if they were not yet; `progress` is told how many caps are done, of how many."""
        if self.answer is None:
            self.answer = by_strategy(self.scenario, progress)
        return self.answer


@lru_cache(maxsize=16)
def by_cap(scenario: Scenario) -> ByCap:
    """Return what is asked of a class, the same for everybody who asks it."""
    return ByCap(scenario)


def _known(asked: ByCap) -> Mapping[Strategy, Costs]:
    if asked.answer is not None:
        return asked.answer
    if not is_long(asked.scenario):
        with st.spinner("Working out every cap"):
            return asked.work_out()
    bar = st.progress(0.0, "Working out the caps")
    found = asked.work_out(lambda done, of: bar.progress(done / of, f"Working out the caps: {done} of {of}"))
    bar.empty()
    return found


_PRICE_HELP = "What each user pays a month of 30 days. A cap is profitable when a user costs less than that."
