"""The budget question: we have $50 for this course; which strategy, cap, model and rate limit stay inside in 95 of 100 classes?"""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

import streamlit as st

from agent.pricing import context_window
from pages.ui import charts
from pages.ui.charts import Cell
from pages.ui.formats import count
from pages.ui.lab_words import LOOKS, escape
from pages.ui.services import services
from pages.ui.sim_asked import Asked, number, one_of
from pages.ui.sim_uncertainty_words import RATES, chance, percent
from pages.ui.sim_words import about, period
from simulation.budget import Bills, Offer, Option, Way, bills, options, recommended, usual_caps
from simulation.rates import of_model
from simulation.scenario import Scenario
from simulation.spread import Spread

MODELS = (("google", "gemini-2.5-pro"), ("google", "gemini-2.5-flash"), ("google", "gemini-2.5-flash-lite"))
"""Offered beside the class's own model, where their price is known."""
MOST_DOLLARS = 1_000_000_000.0
_LENGTHS = 0.4


def draw(scenario: Scenario) -> None:
    """Draw the question, its answer, and what stays inside."""
    st.markdown("### What a budget has room for", anchors=False)
    asked = Asked({"p_budget": number(0, MOST_DOLLARS, 50), "p_use": one_of(list(RATES), "usual")})
    with st.container(key="p_knobs", horizontal=True, gap="medium", vertical_alignment="bottom"):
        budget = st.number_input(
            "Budget (US dollars)", 0.0, MOST_DOLLARS, 50.0, 10.0, key="p_budget", bind="query-params", width=190, help=_BUDGET_HELP
        )
        use = st.select_slider("People's use differs", list(RATES), "usual", key="p_use", bind="query-params", width=230, help=_USE_HELP)
    asked.say(budget, use)
    found = options(_bills(question(scenario, RATES[use], models(scenario, services().clock.now()))), budget)
    st.markdown(f"#### {escape(finding(scenario, found, budget))}", anchors=False)
    best = recommended(found)
    if best is not None:
        with st.container(key="p_budget_numbers", horizontal=True, gap="medium"):
            st.metric("Stays inside", chance(best.chance), width="content", help="In so many of 2,000 drawn classes.")
            st.metric("Left in 95 of 100", escape(about(best.left)), width="content", help="What is left at least (at the p95 bill).")
            st.metric("Middle bill", escape(about(best.p50)), width="content", help="Half of the classes cost less (p50).")
            st.metric("Held back", percent(best.held), width="content", help="Prompts that are not sent because of the limit.")
    if best is not None:
        st.write("The most memory that stays inside in 95 of 100 classes, by model and by what a person may send a day:")
        st.table(grid(found), border="horizontal", hide_index=True)
    st.caption(f"{tried(scenario)} {_ORDER}")
    with st.expander("Every way, with its price: table and CSV", key="p_ways", on_change="rerun", type="compact") as more:
        if more.open:
            rows = way_rows(found)
            st.dataframe(rows, hide_index=True, key="p_ways_table")
            st.download_button("Download CSV", charts.to_csv(rows), "tideline-budget.csv", "text/csv", key="p_ways_csv", on_click="ignore")


class Question:
    """What every way costs in the drawn classes, once it was worked out: the budget's field need not draw them again."""

    def __init__(self, scenario: Scenario, sigma: float, offered: tuple[Offer, ...]) -> None:
        self._scenario, self._spread, self._offered = scenario, Spread(rates=sigma, lengths=_LENGTHS), offered
        self.answer: Bills | None = None

    def work_out(self, progress: Callable[[float], object] | None = None) -> Bills:
        """Return the bills, worked out now if they were not yet."""
        if self.answer is None:
            self.answer = bills(self._scenario, self._spread, self._offered, progress=progress)
        return self.answer


@lru_cache(maxsize=4)
def question(scenario: Scenario, sigma: float, offered: tuple[Offer, ...]) -> Question:
    """Return what is asked of a class, the same for everybody who asks it."""
    return Question(scenario, sigma, offered)


def _bills(asked: Question) -> Bills:
    if asked.answer is not None:
        return asked.answer
    words = "Putting every cap, model and limit to 2,000 classes"
    bar = st.progress(0.0, words)
    found = asked.work_out(lambda share: bar.progress(share, words))
    bar.empty()
    return found


def models(scenario: Scenario, at: datetime) -> tuple[Offer, ...]:
    """Return the models to choose from, the class's own among them, the dearest first: it counts as the best."""
    own = scenario.rates
    found = {own.name: Offer(own, scenario.model_window)}
    for provider, model in MODELS:
        rates = of_model(provider, model, at.replace(hour=0, minute=0, second=0, microsecond=0))
        if rates is not None and model not in found:
            found[model] = Offer(rates.in_batch() if own.batch else rates, context_window(provider, model))
    return tuple(sorted(found.values(), key=lambda model: (model.rates.tiers[0].out, model.rates.tiers[0].plain), reverse=True))


def finding(scenario: Scenario, found: Sequence[Option], budget: float) -> str:
    """Return what to recommend, or how much is missing."""
    best, when = recommended(found), period(scenario.days)
    if best is None:
        least = found[0]
        return (
            f"Nothing here stays inside {about(budget)}: the cheapest way, {said(least.way)}, needs {about(least.p95)} {when} "
            "to be safe in 95 classes of 100"
        )
    return f"With {about(budget)} {when}, take {said(best.way)}: {about(best.left)} or more is left in 95 classes of 100"


def said(way: Way) -> str:
    """Return a way within a sentence."""
    memory = LOOKS[way.strategy].said if way.cap is None else f"{LOOKS[way.strategy].said} with a cap of {way.cap:,}"
    limit = "without a limit" if way.limit is None else f"at most {count(way.limit, 'prompt')} a day"
    return f"{memory} on {way.rates.name}, {limit}"


def tried(scenario: Scenario) -> str:
    """Return which caps were tried."""
    own = scenario.policy.max_messages_per_user
    *most, last = (f"{cap:,}{' (the one that is set)' if cap == own else ''}" for cap in usual_caps(scenario))
    return f"Tried are the full history and caps of {', '.join(most)} and {last} messages."


def grid(found: Sequence[Option]) -> list[dict[str, Cell]]:
    """Return for each model and each limit the most memory that stays inside; `found` has the recommended ones first."""
    limits = sorted({option.way.limit for option in found}, key=lambda limit: -(limit or math.inf))
    names = list(dict.fromkeys(option.way.rates.name for option in sorted(found, key=_dear)))
    best: dict[tuple[str, int | None], Way] = {}
    for option in found:
        if option.safe:
            best.setdefault((option.way.rates.name, option.way.limit), option.way)
    return [{"Model": f"**{name}**", **{_limit(limit): _memory(best.get((name, limit))) for limit in limits}} for name in names]


def way_rows(found: Sequence[Option]) -> list[Mapping[str, Cell]]:
    """Return every way, the recommended one first."""
    return [
        {
            "Strategy": LOOKS[option.way.strategy].name,
            "Cap (messages)": option.way.cap,
            "Model": option.way.rates.name,
            "Prompts a day at most": option.way.limit,
            "Held back (%)": f"{100 * option.held:.1f}",
            "Stays inside (%)": f"{100 * option.chance:.1f}",
            "Middle bill (USD)": f"{option.p50:.2f}",
            "95 of 100 below (USD)": f"{option.p95:.2f}",
            "Left then (USD)": f"{option.left:.2f}",
        }
        for option in found
    ]


def _dear(option: Option) -> tuple[float, float]:
    first = option.way.rates.tiers[0]
    return -float(first.out), -float(first.plain)


def _limit(limit: int | None) -> str:
    return "No limit" if limit is None else f"{limit} a day"


def _memory(way: Way | None) -> str:
    if way is None:
        return "\N{EN DASH}"
    return "everything" if way.cap is None else f"{LOOKS[way.strategy].name.lower()}, {way.cap:,}"


_BUDGET_HELP = "For the whole class, over the days that are simulated."
_USE_HELP = "Some people send a few prompts a day, some talk all day; the average is the one on the left."
_ORDER = (
    "Recommended is what remembers most: the full history, then the larger cap; with the same cap retrieval, then a summary, then the last "
    "messages. Of those the best model (the dearest counts as that), then the loosest limit. A limit holds back whoever would send more; "
    "nobody sends more because of it."
)
