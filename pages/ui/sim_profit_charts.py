"""The profit panel's chart: what a user earns a month by cap, as taught and under each strategy, with the line where nothing is earned."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from agent.memory.policy import STRATEGIES, Strategy
from pages.ui import charts, colours, sim_charts
from pages.ui.charts import Cell
from pages.ui.colours import Colour
from pages.ui.lab_words import LOOKS, escape
from pages.ui.sim_charts import Picture
from pages.ui.sim_profit_words import margins, signed
from pages.ui.sim_words import dollars
from simulation.lesson import Lesson
from simulation.profit import MOST_CAP, Costs, taught_cost

_HEIGHT = 420
_DEEPEST = 2.0
"""A loss beyond so many times the price, or the least loss, lies below the chart: there nothing is learnt from how large it is."""
_CAPS_AXIS = {"fixedrange": True, "dtick": "D2", "tickformat": ",d"}
_TAUGHT = Colour("#16262B", "#E4EDEE")
"""The lesson's line: the text's own colour, for it is no strategy's."""


def draw_margins(finding: str, lesson: Lesson, known: Mapping[Strategy, Costs], chosen: Strategy, price: float) -> None:
    """Draw what a user earns by cap."""
    last = max(int(each.caps[-1]) for each in known.values())
    last = min(MOST_CAP, max(last, lesson.prompts_per_day * lesson.days))
    caps = np.unique(np.rint(np.geomspace(1, last, 120)).astype(np.int64))
    taught = [float(each) for each in price - taught_cost(lesson, caps)]
    traces = [_trace("As taught", caps.tolist(), taught, _TAUGHT, "longdash", 3.0)]
    traces += [_strategy(strategy, known[strategy], last, price, strategy == chosen) for strategy in STRATEGIES]
    picture = Picture("p_margin", escape(finding), "Cap (messages)", "", [], lambda: _rows(lesson, known, price))
    st.markdown(f"#### {picture.finding}", anchors=False)
    st.plotly_chart(
        {"data": traces, "layout": _layout(traces, price)},
        key=picture.key,
        config=sim_charts.config(picture.key),
        alt=picture.finding.replace("\\", ""),
    )
    sim_charts.behind(picture)


def _strategy(strategy: Strategy, known: Costs, last: int, price: float, chosen: bool) -> dict[str, Any]:
    look, values, caps = LOOKS[strategy], margins(known, price), known.caps.tolist()
    if caps[-1] < last:
        caps, values = [*caps, last], [*values, values[-1]]
    return _trace(f"{look.name}{' (chosen)' if chosen else ''}", caps, values, look.colour, look.dash, 3.5 if chosen else 1.8)


def _trace(name: str, caps: list[int], values: list[float], colour: Colour, dash: str, width: float) -> dict[str, Any]:
    said = [f"{name}, cap of {cap:,}: {signed(value)} a user a month" for cap, value in zip(caps, values, strict=True)]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": caps,
        "y": values,
        "customdata": said,
        "hovertemplate": "%{customdata}<extra></extra>",
        "line": {"color": colour.on(charts.theme()), "width": width, "dash": dash},
    }


def _layout(traces: list[dict[str, Any]], price: float) -> dict[str, Any]:
    theme = charts.theme()
    ground, limit = colours.BACKGROUND[theme], colours.LIMIT.on(theme)
    values = [value for trace in traces for value in trace["y"]]
    high = max(*values, 0.0)
    low = max(min(*values, 0.0), -_DEEPEST * max(price, -max(values), 0.01))
    room = 0.06 * (high - low) or 1.0
    return {
        "height": _HEIGHT,
        "margin": {"l": 8, "r": 16, "t": 60, "b": 8},
        "paper_bgcolor": ground,
        "plot_bgcolor": ground,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        "showlegend": True,
        "hoverlabel": {"align": "left"},
        "xaxis": {"type": "log", "title": {"text": "Cap (messages)"}, **_CAPS_AXIS},
        "yaxis": {
            "title": {"text": "Earned a user a month (US dollars)"},
            "tickformat": "$,.2~f",
            "fixedrange": True,
            "range": [low - room, high + 2 * room],
            "zeroline": False,
        },
        "shapes": [{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 0, "line": {"color": limit, "width": 1.5}}],
        "annotations": [
            {
                "xref": "paper",
                "x": 0.01,
                "y": 0,
                "yshift": -11,
                "xanchor": "left",
                "text": f"break-even: a user costs {dollars(price)}",
                "showarrow": False,
                "font": {"color": limit},
                "bgcolor": f"{ground}CC",
            }
        ],
    }


def _rows(lesson: Lesson, known: Mapping[Strategy, Costs], price: float) -> list[Mapping[str, Cell]]:
    caps = sorted({int(cap) for each in known.values() for cap in each.caps.tolist()})
    columns = {LOOKS[each].name: np.interp(caps, known[each].caps, price - known[each].dollars) for each in STRATEGIES}
    taught = price - taught_cost(lesson, caps)
    return [
        {
            "Cap (messages)": cap,
            "As taught (USD)": f"{taught[place]:.4f}",
            **{f"{head} (USD)": f"{values[place]:.4f}" for head, values in columns.items()},
        }
        for place, cap in enumerate(caps)
    ]
