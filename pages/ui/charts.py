"""Plotly charts as Tideline draws them: the finding as the heading, axes with units, a table and a CSV behind each.

Plotly is imported when the first chart is drawn. A chart whose data did not change is the same to the browser and stays as it is.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import streamlit as st

from pages.ui import colours
from pages.ui.colours import Colour

Cell = str | int | Decimal | None
CONFIG = {"displayModeBar": False, "scrollZoom": False}
HEIGHT = 300


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one part of a stack. `hover` says each point in words."""

    name: str
    x: Sequence[str | int | datetime]
    y: Sequence[float]
    hover: Sequence[str]
    colour: Colour
    dashed: bool = False
    """Drawn as a dashed line."""


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows, and the same as a table: column heads, then rows of plain values."""

    key: str
    finding: str
    x_title: str
    y_title: str
    series: Sequence[Series]
    table: Sequence[Mapping[str, Cell]]
    y_prefix: str = ""


def numbers(cells: Mapping[str, str]) -> None:
    """Draw big numbers side by side, each under its label; on a phone they wrap."""
    with st.container(key="numbers", horizontal=True, gap="large"):
        for label, value in cells.items():
            st.metric(label, value, width="content")


def bars(chart: Chart) -> None:
    """Draw vertical bars; several series are stacked in their order."""
    go = plotly()
    traces = [go.Bar(**_common(part), marker={"color": part.colour.on(theme())}) for part in chart.series]
    show(chart, go.Figure(traces, {"barmode": "stack", "bargap": 0.35}))


def line(chart: Chart) -> None:
    """Draw lines that keep a value until the next."""
    go = plotly()
    show(chart, go.Figure([go.Scatter(**_common(part), mode="lines", line=_stroke(part)) for part in chart.series]))


def ranked(chart: Chart) -> None:
    """Draw one horizontal bar for each name, the longest on top; `x` holds the names, `y` the values."""
    go = plotly()
    part = chart.series[0]
    trace = go.Bar(
        x=list(part.y),
        y=[str(name) for name in part.x],
        orientation="h",
        text=list(part.hover),
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{text}<extra></extra>",
        marker={"color": part.colour.on(theme())},
    )
    figure = go.Figure([trace])
    figure.update_yaxes(autorange="reversed", title="", type="category")
    show(chart, figure, height=max(140, 34 * len(part.x) + 70), flipped=True)


def theme() -> colours.Theme:
    """Return the theme that the browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


def plotly() -> Any:
    """Return Plotly, imported when it is first needed (0.2 s)."""
    import plotly.graph_objects as go

    return go


def to_csv(table: Sequence[Mapping[str, Cell]]) -> str:
    """Return a table as CSV text; unknown values are empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(table[0]) if table else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _csv_cell(value) for name, value in row.items()} for row in table)
    return out.getvalue()


def show(chart: Chart, figure: Any, height: int = HEIGHT, *, flipped: bool = False, legend: bool = True) -> None:
    """Draw a Plotly figure under its finding, with its table and CSV; without `legend` where lines carry their names themselves."""
    st.markdown(f"#### {chart.finding}", anchors=False)
    many = legend and len(chart.series) > 1
    place = {"orientation": "h", "y": 1.12, "x": 0, "traceorder": "normal"}
    figure.update_layout(
        height=height, margin={"l": 8, "r": figure.layout.margin.r or 24, "t": 36 if many else 8, "b": 8}, showlegend=many, legend=place
    )
    values, names = (figure.update_xaxes, figure.update_yaxes) if flipped else (figure.update_yaxes, figure.update_xaxes)
    values(title=chart.y_title, tickprefix=chart.y_prefix, rangemode="tozero", fixedrange=True)
    names(title=chart.x_title, fixedrange=True)
    st.plotly_chart(figure, key=chart.key, config=CONFIG, alt=chart.finding.replace("\\", ""))
    with st.expander("Table and CSV"):
        st.dataframe([dict(row) for row in chart.table], hide_index=True, key=f"{chart.key}_table")
        st.download_button("Download CSV", to_csv(chart.table), f"{chart.key}.csv", "text/csv", key=f"{chart.key}_csv", on_click="ignore")


def _stroke(part: Series) -> dict[str, Any]:
    return {"color": part.colour.on(theme()), "width": 3, "shape": "hv", "dash": "7px,6px" if part.dashed else "solid"}


def _common(part: Series) -> dict[str, Any]:
    return {
        "name": part.name,
        "x": list(part.x),
        "y": list(part.y),
        "customdata": list(part.hover),
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _csv_cell(value: Cell) -> str | int:
    """Return a value that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value if isinstance(value, int) else str(value)
