"""What the uncertainty panel says: how people differ in plain words, the bands as sentences, the numbers and what they mean. Pure text."""

import math
from collections.abc import Mapping

from pages.ui.charts import Cell
from pages.ui.formats import count
from pages.ui.lab_words import LOOKS, escape
from pages.ui.sim_words import about, dollars, means, period
from simulation.scenario import Scenario
from simulation.spread import ALIKE, Spread
from simulation.uncertainty import DRAWS, Band, Forecast

RATES: Mapping[str, float] = {"all alike": 0.0, "a little": 0.3, "usual": 0.6, "a lot": 0.9, "a few talk all day": 1.2}
LENGTHS: Mapping[str, float] = {"all alike": 0.0, "a little": 0.2, "usual": 0.4, "a lot": 0.7}
DOUBTS: Mapping[str, float] = {"known": 0.0, "roughly known": 0.2, "a guess": 0.5, "unknown": 0.8}
_TENTH, _HUNDREDTH = 1.2816, 2.3263
"""Standard deviations that a tenth, and a hundredth, of a normal distribution lies beyond."""
_SURE = 0.005


def band_finding(scenario: Scenario, found: Forecast) -> str:
    """Return what the two bands show."""
    chosen, full = found.chosen, found.full
    if chosen.bill(1) <= 0:
        return "At a price of $0 every class costs nothing"
    only = chosen is full
    rest = "" if only else f"; with the full history {_span(full)}"
    with_what = "With the full history" if only else f"With {means(scenario.policy)}"
    if is_line(chosen):
        return f"{with_what} every such class costs {about(chosen.bill(0.5))} {period(scenario.days)}{rest}"
    return f"{with_what} eight classes in ten cost {_span(chosen)} {period(scenario.days)}{rest}"


def numbers(scenario: Scenario, band: Band, budget: float) -> Mapping[str, tuple[str, str]]:
    """Return the big numbers of the chosen strategy, each with what it means."""
    return {
        "Middle bill": (about(band.bill(0.5)), f"Half of the classes cost less, half more (p50), {period(scenario.days)}."),
        "Nine in ten below": (about(band.bill(0.9)), "One class in ten costs more than this (p90)."),
        f"Over {about(budget)}": (
            chance(band.chance_over(budget)),
            f"The chance to exceed the budget: of {DRAWS:,} drawn classes, those that cost more.",
        ),
        "Dearest 1%, each": (about(band.top_cost), "People who are there all the time, ranked by what they cost."),
        "Their share": (percent(band.top_share), "Their share of the bill. If everybody cost the same, it would be 1%."),
    }


def rows(scenario: Scenario, found: Forecast, budget: float) -> list[dict[str, Cell]]:
    """Return the chosen strategy and the full history side by side."""
    bands = [found.chosen] if found.chosen is found.full else [found.chosen, found.full]
    return [
        {
            "": f"**{name(band, scenario)}**",
            "One in ten below": escape(about(band.bill(0.1))),
            "Middle": escape(about(band.bill(0.5))),
            "Nine in ten below": escape(about(band.bill(0.9))),
            escape(f"Over {about(budget)}"): chance(band.chance_over(budget)),
            "Middle person": escape(dollars(middle(band))),
            "Dearest 1%, each": escape(about(band.top_cost)),
            "Their share": percent(band.top_share),
        }
        for band in bands
    ]


def people_finding(found: Forecast) -> str:
    """Return how unequal people are in what they cost."""
    chosen, full = found.chosen, found.full
    if chosen.people[-1] <= chosen.people[0] * (1 + 1e-9):
        return "Everybody costs the same"
    start = f"The dearest hundredth of people cost {about(chosen.top_cost)} each, {percent(chosen.top_share)} of the bill"
    if chosen is full:
        return start if full.doubled is None else f"{start}: {_doubled(full.rate, full.doubled)}"
    return f"{start}; with the full history {about(full.top_cost)}, {percent(full.top_share)}"


def note(scenario: Scenario, spread: Spread) -> str:
    """Return how the classes were drawn."""
    drawn = f"{DRAWS:,} classes of {count(scenario.users, 'person', 'people')} drawn, always the same ones."
    if spread.rates < ALIKE:
        return f"{drawn} {_alike(scenario.prompts_per_day)}"
    tenth, hundredth = (math.exp(spread.rates * far) for far in (_TENTH, _HUNDREDTH))
    return (
        f"{drawn} One person in ten sends more than {tenth:.1f} times what the middle one does, one in a hundred more than "
        f"{hundredth:.1f} times; on average it is {scenario.prompts_per_day:g} prompts a day."
    )


def name(band: Band, scenario: Scenario) -> str:
    """Return what a band is called."""
    if band.strategy == "full":
        return LOOKS["full"].name
    words = means(scenario.policy)
    return words[:1].upper() + words[1:]


def middle(band: Band) -> float:
    """Return what the middle person costs."""
    return float(band.people[len(band.people) // 2 - 1] + band.people[len(band.people) // 2]) / 2


def is_line(band: Band) -> bool:
    """Return whether all classes cost the same."""
    return bool(band.bill(0.9) - band.bill(0.1) <= 1e-6 * band.bill(0.5))


def chance(share: float) -> str:
    """Return a chance in whole percent, and never a certainty that is none."""
    if share in (0.0, 1.0):
        return "0%" if share == 0 else "100%"
    if share < _SURE or share > 1 - _SURE:
        return "under 1%" if share < _SURE else "over 99%"
    return f"{100 * share:.0f}%"


def percent(share: float) -> str:
    """Return a share with one decimal below ten percent."""
    return f"{100 * share:.1f}%" if share < 0.0995 else f"{100 * share:.0f}%"


def _alike(prompts: float) -> str:
    low = math.floor(prompts)
    if low == prompts:
        return f"Everybody sends {count(low, 'prompt')} a day."
    return f"Everybody sends {low:,} or {count(low + 1, 'prompt')} a day; on average it is {prompts:g}."


def _doubled(rate: int, times: float) -> str:
    return f"{count(2 * rate, 'prompt')} a day cost {times:.1f} times as much as {count(rate, 'prompt')}"


def _span(band: Band) -> str:
    return about(band.bill(0.5)) if is_line(band) else f"{about(band.bill(0.1))} to {about(band.bill(0.9))}"
