"""The simulator's curves: few points, names at the lines' ends, hover in words, and a table, a CSV and a picture of each.

A figure is a plain mapping rather than Plotly's own objects, which would take longer to build than the curves to work out: this is what
is redrawn while a slider moves.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log10
from typing import Any, Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.ui import charts, colours
from pages.ui.charts import Cell
from pages.ui.colours import Colour
from pages.ui.frame import Html
from pages.ui.lab_charts import apart

Floats = NDArray[np.float64]
MOST_POINTS = 160
"""More points than these take longer to draw and show nothing more."""
HEIGHT, TALL = 400, 690
_APART = 0.075
_MOST_NAMES = 3
_SHORT_FROM = 1e6
"""From here on an axis counts in millions."""
_ROOM = 0.3
"""Share of the picture's width that a mark's words take."""
_LOG_SPAN = 4.0
"""Decades that a logarithmic axis shows at most below the largest value."""


@dataclass(frozen=True, slots=True)
class Line:
    """One curve."""

    name: str
    label: str
    """Its name and last value, at its end; empty for none."""
    y: Floats
    hover: Callable[[int], str]
    """Says the point at a place, in words."""
    colour: Colour
    dash: str = "solid"
    width: float = 3.0
    value: Callable[[int], str] = str
    """Says the value at a place, short, while the line is played."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A day that is pointed out."""

    place: int
    words: str
    low: float
    high: float
    """Between which values the mark stands."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn, and the same as a table."""

    key: str
    finding: str
    x_title: str
    y_title: str
    lines: Sequence[Line]
    table: Callable[[], list[Mapping[str, Cell]]]
    """Made only when it is looked at."""
    marks: Sequence[Mark] = ()
    log: bool = False
    y_prefix: str = "$"
    large: bool = False
    """For a projector."""

    @property
    def top(self) -> float:
        """The largest value."""
        return max((float(line.y.max()) for line in self.lines if len(line.y)), default=0.0)

    @property
    def crowded(self) -> bool:
        """Whether there are more lines than names find room at their ends; then the names stand above."""
        return len(self.lines) > _MOST_NAMES

    @property
    def is_log(self) -> bool:
        """Whether the axis can be logarithmic: nothing at all has no logarithm."""
        return self.log and self.top > 0

    @property
    def span(self) -> tuple[float, float]:
        """The axis's ends, in its own units."""
        if not self.is_log:
            return 0.0, self.top * 1.08 or 1.0
        least = min((float(line.y[line.y > 0].min()) for line in self.lines if (line.y > 0).any()), default=self.top)
        high = log10(self.top)
        return max(log10(least), high - _LOG_SPAN) - 0.1, high + 0.08 * min(high - log10(least) + 0.2, _LOG_SPAN) + 0.05

    def at(self, value: float) -> float:
        """Return where a value stands on the axis."""
        low, _ = self.span
        return max(log10(value), low) if self.is_log and value > 0 else low if self.is_log else value


def draw(picture: Picture) -> None:
    """Draw a picture."""
    st.plotly_chart(figure(picture), key=picture.key, config=config(picture.key), alt=picture.finding)


def behind(picture: Picture, label: str = "Table, CSV and PNG", above: Callable[[], None] | None = None) -> None:
    """Draw what is behind a picture, once it is opened: the table, the CSV, and the button that saves the picture; `above` comes first."""
    more = st.expander(label, key=f"{picture.key}_more", on_change="rerun", type="compact")
    if not more.open:
        return
    rows = picture.table()
    with more:
        if above is not None:
            above()
        st.dataframe([dict(row) for row in rows], hide_index=True, key=f"{picture.key}_table")
        with st.container(horizontal=True, vertical_alignment="center"):
            name = f"{picture.key}.csv"
            st.download_button("Download CSV", charts.to_csv(rows), name, "text/csv", key=f"{picture.key}_csv", on_click="ignore")
            png = f'<button type="button" class="tl-button tl-png" data-chart="{picture.key}">Download PNG</button>'
            st.html(Html(png), width="content")


def config(name: str) -> dict[str, Any]:
    """Return how a picture behaves: the button that makes a PNG of it is there for our own button to press."""
    picture = {"format": "png", "filename": f"tideline-{name}", "scale": 2}
    return {"displayModeBar": True, "modeBarButtons": [["toImage"]], "displaylogo": False, "toImageButtonOptions": picture}


def figure(picture: Picture) -> dict[str, Any]:
    """Return a picture as Plotly takes it."""
    return {"data": [*(trace(line, picture.large) for line in picture.lines), *_marks(picture)], "layout": layout(picture)}


def trace(line: Line, large: bool = False) -> dict[str, Any]:
    """Return one curve as Plotly takes it."""
    places = thinned(len(line.y))
    return {
        "type": "scatter",
        "mode": "lines" if len(places) > 1 else "markers",
        "name": line.label or line.name,
        "x": [place + 1 for place in places],
        "y": [float(line.y[place]) for place in places],
        "customdata": [line.hover(place) for place in places],
        "hovertemplate": "%{customdata}<extra></extra>",
        "line": {"color": line.colour.on(charts.theme()), "width": line.width * (1.7 if large else 1), "dash": line.dash},
        "cliponaxis": False,
    }


def thinned(count: int) -> list[int]:
    """Return the places that are drawn of so many: all of few, evenly spread ones of many, the first and the last among them."""
    if count <= MOST_POINTS:
        return list(range(count))
    return sorted({round(place) for place in np.linspace(0, count - 1, MOST_POINTS).tolist()})


def layout(picture: Picture) -> dict[str, Any]:
    """Return the axes, the ground and the names at the lines' ends."""
    theme, size = charts.theme(), 22 if picture.large else 13
    ground = colours.BACKGROUND[theme]
    axis = {"fixedrange": True, "tickfont": {"size": size - 1}}
    title = {"font": {"size": size}}
    count = max((len(line.y) for line in picture.lines), default=1)
    low, high = picture.span
    return {
        "height": TALL if picture.large else HEIGHT,
        "margin": {"l": 8, "r": 16, "t": 12, "b": 8},
        "showlegend": picture.crowded,
        "legend": {
            "orientation": "h",
            "y": 1.02,
            "yanchor": "bottom",
            "x": 0,
            "font": {"size": size},
            "traceorder": "normal",
            "entrywidth": 12.5 * size,  # a saved picture is written in another, wider font
        },
        "paper_bgcolor": ground,
        "plot_bgcolor": ground,
        "hoverlabel": {"font": {"size": size}, "align": "left"},
        "xaxis": {**axis, "title": {"text": picture.x_title, **title}, "range": [0.5, count + 0.5], "nticks": 10},
        "yaxis": {
            **axis,
            "title": {"text": picture.y_title, **title},
            "tickprefix": picture.y_prefix,
            "tickformat": "~s" if picture.top >= _SHORT_FROM else ",.6~f",
            "range": [low, high],
            "type": "log" if picture.is_log else "linear",
            "nticks": 6,
        },
        "annotations": [*_names(picture, size), *(_mark_words(mark, picture, size) for mark in picture.marks)],
    }


def _names(picture: Picture, size: int) -> list[dict[str, Any]]:
    """Return each line's name above its end, no two on top of each other."""
    lines = [] if picture.crowded else [line for line in picture.lines if len(line.y) and line.label]
    low, high = picture.span
    wide = high - low
    places = apart([picture.at(float(line.y[-1])) - low for line in lines], wide * _APART * (1.5 if picture.large else 1))
    return [
        _words(
            line.label,
            len(line.y),
            min(place, wide * 0.97) + low,
            line.colour,
            size,
            xanchor="right",
            yanchor="bottom",
            yshift=2,
        )
        for line, place in zip(lines, places, strict=True)
    ]


def _marks(picture: Picture) -> list[dict[str, Any]]:
    shade, size = colours.FORGOTTEN.on(charts.theme()), 18 if picture.large else 11
    return [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": [mark.place + 1] * 3,
            "y": [mark.low, mark.high, _flag(mark, picture)],
            "line": {"color": shade, "width": 1.5, "dash": "dot"},
            "marker": {"size": [size, 0.65 * size, 0], "color": [colours.CAPPED.on(charts.theme()), shade, shade]},
            "hovertemplate": f"{mark.words}<extra></extra>",
            "showlegend": False,
        }
        for mark in picture.marks
    ]


def _mark_words(mark: Mark, picture: Picture, size: int) -> dict[str, Any]:
    """Return a mark's words where no curve runs: left of it above the higher curve, or below the lower one where that is near the top."""
    low, high = picture.span
    value = _flag(mark, picture)
    below = (picture.at(value) - low) / (high - low) > 0.85
    side: Literal["left", "right"] = "left" if value > mark.high else "right"
    more = {"xanchor": side, "yanchor": "top" if below else "bottom", "yshift": -10 if below else 4}
    return _words(mark.words, mark.place + 1, picture.at(mark.low if below else value), colours.FORGOTTEN, size, **more)


def _flag(mark: Mark, picture: Picture) -> float:
    """Return how high a mark's words stand: near the left edge they stand right of it, above what the highest curve is where they end."""
    y = next((line.y for line in reversed(picture.lines) if len(line.y) and float(line.y.max()) == picture.top), None)
    if y is None or mark.place >= _ROOM * len(y):
        return mark.high
    return max(mark.high, float(y[min(len(y) - 1, mark.place + round(_ROOM * len(y)))]))


def _words(text: str, x: float, y: float, colour: Colour, size: int, **more: Any) -> dict[str, Any]:
    theme = charts.theme()
    return {
        "x": x,
        "y": y,
        "text": text,
        "showarrow": False,
        "font": {"size": size, "color": colour.on(theme)},
        "bgcolor": f"{colours.BACKGROUND[theme]}CC",
        **more,
    }
