"""The uncertainty panel: what a class may cost when its people differ, as a band, and what its dearest people cost."""

from collections.abc import Mapping
from functools import lru_cache

import streamlit as st

from pages.ui import sim_uncertainty_charts as drawn
from pages.ui import sim_uncertainty_words as words
from pages.ui.lab_words import escape
from pages.ui.sim_asked import Allowed, Asked, number, one_of
from pages.ui.sim_uncertainty_words import DOUBTS, LENGTHS, RATES
from pages.ui.turnstile import DRAWING
from simulation.scenario import Scenario
from simulation.spread import Spread
from simulation.uncertainty import Forecast, monte_carlo

MOST_DOLLARS = 1_000_000_000.0
_WIDE = 190
"""Pixels of a control: two stand side by side on a phone."""
AXES = ("Linear", "Log")
_FIELDS: Mapping[str, Allowed] = {
    "u_rates": one_of(list(RATES), "usual"),
    "u_lengths": one_of(list(LENGTHS), "usual"),
    "u_doubt": one_of(list(DOUBTS), "known"),
    "u_budget": number(0, MOST_DOLLARS, 150),
    "u_axis": one_of(AXES, AXES[0]),
}


def draw(scenario: Scenario) -> None:
    """Draw the panel for a class."""
    asked = Asked(_FIELDS)
    with st.container(key="u_knobs", horizontal=True, gap="medium", vertical_alignment="bottom"):
        spread = _spread()
        budget = st.number_input(
            "Budget (US dollars)", 0.0, MOST_DOLLARS, 150.0, 10.0, key="u_budget", bind="query-params", width=_WIDE, help=_BUDGET_HELP
        )
        axis = st.segmented_control("Axis", AXES, default=AXES[0], required=True, key="u_axis", bind="query-params", help=_AXIS_HELP)
    asked.say(spread, budget, axis)
    DRAWING.leave()
    with st.spinner("Drawing 2,000 classes"):
        found = forecast(scenario, spread)
    drawn.draw_band(words.band_finding(scenario, found), found, budget, log=axis == AXES[1])
    with st.container(key="u_numbers", horizontal=True, gap="medium"):
        for label, (value, meaning) in words.numbers(scenario, found.chosen, budget).items():
            st.metric(label, escape(value), width="content", help=escape(meaning))
    st.table(words.rows(scenario, found, budget), border="horizontal", hide_index=True)
    drawn.draw_people(words.people_finding(found), found)
    st.caption(escape(words.note(scenario, spread)))


@lru_cache(maxsize=16)
def forecast(scenario: Scenario, spread: Spread) -> Forecast:
    """Return the bands of a class; the budget's slider need not draw the classes again."""
    return monte_carlo(scenario, spread)


def _spread() -> Spread:
    rates = st.select_slider(
        "People's use differs", list(RATES), "usual", key="u_rates", bind="query-params", width=_WIDE, help=_RATES_HELP
    )
    lengths = st.select_slider(
        "Messages' length differs", list(LENGTHS), "usual", key="u_lengths", bind="query-params", width=_WIDE, help=_LENGTHS_HELP
    )
    doubt = st.select_slider(
        "The class's average is", list(DOUBTS), "known", key="u_doubt", bind="query-params", width=_WIDE, help=_DOUBT_HELP
    )
    return Spread(rates=RATES[rates], lengths=LENGTHS[lengths], doubt=DOUBTS[doubt])


_RATES_HELP = (
    "Some people send a few prompts a day, some talk all day; the average stays what it is. A lognormal distribution: "
    + "; ".join(f"“{name}” is a sigma of {sigma:g}" for name, sigma in RATES.items())
)
_LENGTHS_HELP = "Some write a line, some a page, and get replies to match; the average stays what it is. A lognormal distribution too."
_DOUBT_HELP = (
    "Before the class has begun nobody knows how much it will use the agent. Unlike differences between people, this does not even out "
    "in a large class: everybody uses it more, or less, than was thought."
)
_BUDGET_HELP = "In all, over the days that are simulated."
_AXIS_HELP = "On a logarithmic axis a band is as wide as it is unsure, whatever its size."
