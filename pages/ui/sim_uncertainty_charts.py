"""The uncertainty panel's charts: two bands that grow, with the budget across them, and people ranked by what they cost."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from pages.ui import charts, colours, sim_charts
from pages.ui.charts import Cell
from pages.ui.colours import Colour
from pages.ui.lab_words import LOOKS, escape
from pages.ui.sim_charts import Floats, Line, Picture
from pages.ui.sim_uncertainty_words import is_line
from pages.ui.sim_words import about, dollars
from simulation.uncertainty import Band, Forecast

_FAINT = "38"
"""How opaque a band is, in hexadecimal."""
_FAR = 3.0
"""A budget beyond so many times the dearest class is not drawn: it would press everything else to the ground."""


def draw_band(finding: str, found: Forecast, budget: float, *, log: bool) -> None:
    """Draw what classes cost by day: from the tenth that costs least to the tenth that costs most, the middle one as a line."""
    bands = _bands(found)
    lines = [_middle(band, colour) for band, colour in bands]
    top = max(float(band.p90[-1]) for band, _ in bands)
    if top > 0 and budget < _FAR * top:
        lines.append(_budget(budget, len(found.chosen.p50)))
    else:
        finding = f"{finding}; the budget is far above"
    picture = Picture("u_band", escape(finding), "Day", "Cost so far (US dollars)", lines, lambda: _band_rows(found), log=log)
    figure = sim_charts.figure(picture)
    figure["data"] = [each for band, colour in bands for each in _filled(band, colour, picture)] + figure["data"]
    low, high = picture.span
    edge = max(math.log10(top) + 0.1 if picture.is_log else top * 1.05, high)
    figure["layout"]["yaxis"].update({"range": [low, edge], **({"dtick": 1} if picture.is_log else {})})
    _show(picture, figure)


def draw_people(finding: str, found: Forecast) -> None:
    """Draw what people cost, the cheapest first."""
    lines = [_ranked(band, colour) for band, colour in _bands(found)]
    axis = "People who are there all the time, the cheapest first (%)"
    picture = Picture("u_people", escape(finding), axis, "Cost of one person (US dollars)", lines, lambda: _people_rows(found))
    _show(picture, sim_charts.figure(picture))


def _show(picture: Picture, figure: dict[str, Any]) -> None:
    st.markdown(f"#### {picture.finding}", anchors=False)
    st.plotly_chart(figure, key=picture.key, config=sim_charts.config(picture.key), alt=picture.finding.replace("\\", ""))
    sim_charts.behind(picture)


def _bands(found: Forecast) -> list[tuple[Band, Colour]]:
    both = [(found.full, colours.UNCAPPED), (found.chosen, colours.CAPPED)]
    return both[:1] if found.chosen is found.full else both


def _middle(band: Band, colour: Colour) -> Line:
    words = LOOKS[band.strategy].name

    def hover(place: int) -> str:
        spread = f"{dollars(float(band.p10[place]))} to {dollars(float(band.p90[place]))} in eight classes of ten"
        return f"Day {place + 1:,}, {words.lower()}: {dollars(float(band.p50[place]))} in the middle.<br>{spread}"

    dash = "7px,6px" if colour is colours.UNCAPPED else "solid"
    return Line(words, f"{words} {about(float(band.p50[-1]))}", band.p50, hover, colour, dash)


def _budget(budget: float, days: int) -> Line:
    words = f"Budget {about(budget)}"
    return Line("Budget", words, np.full(days, budget), lambda _: words, colours.LIMIT, "dash", 1.8)


def _filled(band: Band, colour: Colour, picture: Picture) -> list[dict[str, Any]]:
    """Return a band as two invisible lines with colour between them."""
    if is_line(band):
        return []
    places = sim_charts.thinned(len(band.p50))
    floor = 10 ** picture.span[0] if picture.is_log else 0.0
    plain = {"type": "scatter", "mode": "lines", "x": [place + 1 for place in places], "line": {"width": 0}, "hoverinfo": "skip"}
    shade = colour.on(charts.theme())
    return [
        {**plain, "y": [max(float(band.p10[place]), floor) for place in places]},
        {**plain, "y": [max(float(band.p90[place]), floor) for place in places], "fill": "tonexty", "fillcolor": f"{shade}{_FAINT}"},
    ]


def _ranked(band: Band, colour: Colour) -> Line:
    words = LOOKS[band.strategy].name

    def hover(place: int) -> str:
        return f"{words}: {place}% of people cost less than {dollars(float(band.people[place]))}"

    dash = "7px,6px" if colour is colours.UNCAPPED else "solid"
    return Line(words, f"{words} {about(band.top_cost)}", band.people, hover, colour, dash)


def _band_rows(found: Forecast) -> list[Mapping[str, Cell]]:
    shares: list[tuple[str, str]] = [("p10", "one in ten below"), ("p50", "middle"), ("p90", "nine in ten below")]
    columns: dict[str, Floats] = {
        f"{LOOKS[band.strategy].name}, {words} (USD)": getattr(band, share) for band, _ in _bands(found)[::-1] for share, words in shares
    }
    return [
        {"Day": day + 1, **{head: f"{float(values[day]):.4f}" for head, values in columns.items()}} for day in range(len(found.chosen.p50))
    ]


def _people_rows(found: Forecast) -> list[Mapping[str, Cell]]:
    bands = [band for band, _ in _bands(found)[::-1]]
    return [
        {"Hundredth of people": place + 1, **{f"{LOOKS[band.strategy].name} (USD each)": f"{band.people[place]:.4f}" for band in bands}}
        for place in range(len(found.chosen.people))
    ]
