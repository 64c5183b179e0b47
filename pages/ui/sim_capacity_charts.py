"""The capacity panel's charts: the first word's time against the number of workers, and the run's queue over time."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.ui import charts, colours, sim_charts
from pages.ui.charts import Cell
from pages.ui.colours import Colour
from pages.ui.formats import count
from pages.ui.sim_capacity_runs import Points
from pages.ui.sim_capacity_words import span
from pages.ui.sim_charts import Picture
from simulation.capacity import QUICK_S
from simulation.waiting import Floats

INK = Colour("#16262B", "#E4EDEE")
"""Time and length of a queue: the text's own colour, for it means none of the things that colours mean."""
_FAST_S = 2.0


def draw_workers(finding: str, points: Points, chosen: int, needed: int | None, *, stable_from: int = 1, grows: bool = False) -> None:
    """Draw within which time 95% see their first word, for each number of workers, with the 2 s and the 3 s line.

    Below `stable_from` workers the queue grows without end; `grows` says that it does so with the chosen ones, for whatever reason.
    """
    figure = charts.plotly().Figure()
    here = None if grows else dict(points).get(chosen)
    top = 1.25 * max(4.0, here or 0.0, min((second for _, second in points), default=0.0))
    last = max([number for number, _ in points] + [chosen])
    first = min(chosen, stable_from, points[0][0] if points else chosen)
    edge = max(0.6, 0.03 * (last - first))
    figure.update_xaxes(range=[first - edge, last + edge], nticks=9, tickformat=",d")
    figure.update_yaxes(range=[0, top], ticksuffix=" s", nticks=6)
    _limits(figure, top)
    if first < stable_from:
        _unstable(figure, first - edge, stable_from)
    figure.add_trace(_line(points))
    if here is None:
        _mark_line(figure, chosen, f"{count(chosen, 'worker')}: the queue grows", chosen > (first + last) / 2)
    else:
        _mark(figure, chosen, here, (chosen - first) / max(1, last - first))
    if needed is not None and needed != chosen:
        _needed(figure, needed)
    rows: list[Mapping[str, Cell]] = [
        {"Workers": number, "95% see the first word within (s)": f"{second:.3f}"} for number, second in points
    ]
    picture = Picture("c_workers_chart", finding, "Workers (replies at the same time)", "First word, 95% within", [], lambda: rows)
    _show(picture, figure, 340)


def draw_queue(finding: str, seconds: Floats, waiting: Floats, busy: Floats) -> None:
    """Draw how many messages wait, and how many are being answered, over time."""
    minutes = seconds[-1] > 180
    x = (seconds / (60 if minutes else 1)).round(3).tolist()
    lines = (("being answered", busy, colours.FORGOTTEN), ("waiting", waiting, INK))
    figure = charts.plotly().Figure([_counts(name, x, seconds, counts, colour) for name, counts, colour in lines])
    figure.update_yaxes(range=[0, max(4.0, 1.25 * float(max(waiting.max(), busy.max())))], tickformat=",d", nticks=6)
    names = (f'<span style="color:{colour.on(charts.theme())}"><b>\u2501</b> {name}</span>' for name, _, colour in reversed(lines))
    figure.add_annotation(
        _text("   ".join(names), INK.on(charts.theme()), x=0.01, xref="paper", xanchor="left", y=1, yref="paper", yanchor="top")
    )
    unit = "minutes" if minutes else "seconds"
    rows: list[Mapping[str, Cell]] = [
        {f"Time ({unit})": f"{at:.2f}", "Messages waiting": round(line), "Messages being answered": round(now)}
        for at, line, now in zip(x, waiting.tolist(), busy.tolist(), strict=True)
    ]
    _show(Picture("c_queue_chart", finding, f"Time ({unit})", "Messages", [], lambda: rows), figure, 280)


def _show(picture: Picture, figure: Any, height: int) -> None:
    st.markdown(f"#### {picture.finding}", anchors=False)
    ground = colours.BACKGROUND[charts.theme()]
    margin = {"l": 8, "r": 24, "t": 8, "b": 8}
    figure.update_layout(height=height, margin=margin, showlegend=False, paper_bgcolor=ground, plot_bgcolor=ground)
    figure.update_xaxes(title=picture.x_title, fixedrange=True)
    figure.update_yaxes(title=picture.y_title, fixedrange=True)
    st.plotly_chart(figure, key=picture.key, config=sim_charts.config(picture.key), alt=picture.finding)
    sim_charts.behind(picture)


def _counts(name: str, x: list[float], seconds: Floats, counts: Floats, colour: Colour) -> Any:
    shade = colour.on(charts.theme())
    hover = [
        f"After {span(at)}: {count(round(many), 'message')} {name}" for at, many in zip(seconds.tolist(), counts.tolist(), strict=True)
    ]
    return charts.plotly().Scatter(
        x=x,
        y=counts.tolist(),
        mode="lines",
        line={"color": shade, "width": 1.5, "shape": "hv"},
        fill="tozeroy" if colour is INK else None,
        fillcolor=_faint(shade),
        customdata=hover,
        hovertemplate="%{customdata}<extra></extra>",
    )


def _line(points: Points) -> Any:
    shade = INK.on(charts.theme())
    return charts.plotly().Scatter(
        x=[number for number, _ in points],
        y=[second for _, second in points],
        mode="lines+markers",
        line={"color": shade, "width": 3},
        marker={"color": shade, "size": 6 if len(points) <= 30 else 1},
        customdata=[_spoken(number, second) for number, second in points],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _limits(figure: Any, top: float) -> None:
    shade = colours.LIMIT.on(charts.theme())
    names = ((QUICK_S, "expected within 3 s"), (_FAST_S, "2 s"))
    for second, name in names:
        figure.add_hline(second, line={"color": shade, "width": 2 if second == QUICK_S else 1.2, "dash": "dash"})
        if second == QUICK_S or top < 20:
            figure.add_annotation(_text(name, shade, x=1, xref="paper", xanchor="right", y=second, yshift=11))


def _unstable(figure: Any, begin: float, end: float) -> None:
    shade = colours.FORGOTTEN.on(charts.theme())
    figure.add_vrect(begin, end - 0.5, fillcolor=shade, opacity=0.13, line_width=0, layer="below")


def _mark(figure: Any, chosen: int, second: float, place: float) -> None:
    shade, paper = colours.CAPPED.on(charts.theme()), colours.BACKGROUND[charts.theme()]
    trace = charts.plotly().Scatter(
        x=[chosen],
        y=[second],
        mode="markers",
        marker={"color": shade, "size": 15, "line": {"width": 2, "color": paper}},
        cliponaxis=False,
        customdata=[_spoken(chosen, second)],
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.add_trace(trace)
    anchor = "left" if place < 0.2 else ("right" if place > 0.8 else "center")
    words = _text(f"<b>{count(chosen, 'worker')}: {span(second)}</b>", shade, x=chosen, y=second, xanchor=anchor, yshift=20)
    figure.add_annotation({**words, "bgcolor": paper, "borderpad": 1})


def _mark_line(figure: Any, chosen: int, name: str, right: bool) -> None:
    shade = colours.LIMIT.on(charts.theme())
    figure.add_vline(chosen, line={"color": shade, "width": 2})
    side: dict[str, str | float] = {"xanchor": "right", "xshift": -6} if right else {"xanchor": "left", "xshift": 6}
    figure.add_annotation(_text(f"<b>{name}</b>", shade, x=chosen, y=1, yref="paper", yanchor="top", **side))


def _needed(figure: Any, needed: int) -> None:
    shade = INK.on(charts.theme())
    figure.add_annotation({**_text(f"{needed:,} needed", shade, x=needed, y=0, yshift=11), "bgcolor": colours.BACKGROUND[charts.theme()]})
    figure.add_shape(type="line", x0=needed, x1=needed, y0=0, y1=QUICK_S, line={"color": shade, "width": 1, "dash": "dot"}, layer="below")


def _text(text: str, shade: str, **place: str | float) -> dict[str, Any]:
    return {"text": text, "showarrow": False, "font": {"color": shade, "size": 13}, **place}


def _spoken(number: int, second: float) -> str:
    return f"{count(number, 'worker')}: 95% see the first word within {span(second)}"


def _faint(shade: str) -> str:
    red, green, blue = (int(shade[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.12)"
