"""Under the lesson's curve: where the lesson rounds, as taught and as it is side by side, and what the share saved really depends on.

It is drawn again with every move of a slider, below the curve that is looked at, so it is kept cheap: one piece of HTML and one figure.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.ui import charts, colours, sim_charts
from pages.ui.charts import Cell
from pages.ui.colours import Colour
from pages.ui.formats import count
from pages.ui.frame import Html
from pages.ui.sim_charts import Picture
from simulation.lesson import Lesson
from simulation.oddities import (
    LIMIT_FORMULA,
    SHOWN_USERS,
    Oddity,
    dollars,
    dollars_of,
    limit_share,
    oddities,
    percent,
    prompts_of,
    share_saved,
    units,
)

Floats = NDArray[np.float64]
HEIGHT = 270
_KEY = "oddities_share"
_POINTS = 80
_TAUGHT, _COUNTED = "As taught", "As it is"
_WHOLE = 1_000
"""Dollars from which cents are left out."""


def draw(lesson: Lesson) -> None:
    """Draw the differences with the numbers of this lesson, then the share that its cap saves, by the number of prompts."""
    st.markdown("#### Where the lesson rounds", anchors=False)
    st.caption(
        "What the lesson teaches holds: without a cap the bill grows with the square of the prompts, and a cap makes it a straight line. "
        "The curves above are its own, to the cent. Looked at message by message, a few figures come out a little differently."
    )
    with st.container(key="oddities"):
        st.html(Html(rows(lesson)))
    left, right = st.columns([1.15, 1], gap="medium")
    with left:
        _chart(lesson)
    with right:
        _people(lesson)


def rows(lesson: Lesson) -> str:
    """Return the differences as HTML."""
    return "".join(_row(each) for each in oddities(lesson))


def finding(lesson: Lesson) -> str:
    """Return what the chart shows: the share that this cap saves of this many prompts."""
    prompts, share = prompts_of(lesson), float(share_saved(prompts_of(lesson), lesson.cap))
    if not share:
        return f"A {lesson.cap:,}-message cap saves nothing of {count(prompts, 'prompt')}: it is never reached"
    return f"A {lesson.cap:,}-message cap saves {percent(share)} of {prompts:,} prompts, however many people send them"


def people(lesson: Lesson) -> Sequence[Mapping[str, str]]:
    """Return the same chat for few and for many people: other bills, the same share."""
    prompts = prompts_of(lesson)
    found = []
    for users in SHOWN_USERS:
        crowd = Lesson.model_validate({**lesson.model_dump(), "users": users})
        full, capped = (dollars_of(crowd, units(prompts, cap)) for cap in (prompts, lesson.cap))
        share = 1 - capped / full if full else float(share_saved(prompts, lesson.cap))
        bills = {"No cap": _short(full), f"Cap of {lesson.cap:,}": _short(capped)}
        found.append({"People": f"{users:,}", **bills, "Saved": f"**{percent(share)}**"})
    return found


def _row(oddity: Oddity) -> str:
    cells = "".join(
        f'<div class="{kind}"><dt>{label}</dt><dd>{_rich(text)}</dd></div>'
        for kind, label, text in (("taught", _TAUGHT, oddity.taught), ("counted", _COUNTED, oddity.counted))
    )
    return f'<article class="tl-odd {oddity.key}"><h5>{_rich(oddity.title)}</h5><dl>{cells}</dl><p>{_rich(oddity.why)}</p></article>'


def _rich(text: str) -> str:
    """Return plain text as HTML, what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _chart(lesson: Lesson) -> None:
    """Draw the share saved against the prompts of a chat, with what it tends to and this class's own place on it."""
    said = finding(lesson)
    st.markdown(f"#### {said}", anchors=False)
    st.plotly_chart(figure(lesson), key=_KEY, config=sim_charts.config(_KEY), alt=said)
    sim_charts.behind(Picture(_KEY, said, "Prompts in one chat", "Share saved", [], lambda: _table(lesson)))


def figure(lesson: Lesson) -> Mapping[str, Any]:
    """Return the chart as Plotly takes it."""
    x, cap = _lengths(lesson), lesson.cap
    share, limit = share_saved(x, cap), limit_share(x, cap)
    shown = limit >= 0
    exact = [f"{int(n):,} prompts: {percent(float(part))} saved" for n, part in zip(x, share, strict=True)]
    rule = [f"{LIMIT_FORMULA} = {part:.1%}" for part in limit[shown]]
    lines = [_line(x, share, exact, colours.CAPPED, "solid", 3), _line(x[shown], limit[shown], rule, colours.FORGOTTEN, "7px,6px", 1.5)]
    return {"data": [*lines, _here(lesson)], "layout": _layout(x, limit)}


def _lengths(lesson: Lesson) -> Floats:
    """Return the lengths of chat that are drawn: from well below the cap to well above it, and this class's own in between."""
    prompts, cap = prompts_of(lesson), lesson.cap
    first, last = max(1, min(cap // 5, prompts)), max(20 * cap, 4 * prompts, 1_000)
    found: Floats = np.unique(np.round(np.geomspace(first, last, _POINTS)))
    return found


def _line(x: Floats, y: Floats, said: Sequence[str], colour: Colour, dash: str, width: float) -> Mapping[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x.tolist(),
        "y": y.tolist(),
        "line": {"color": colour.on(charts.theme()), "dash": dash, "width": width},
        "customdata": list(said),
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _here(lesson: Lesson) -> Mapping[str, Any]:
    """This class's own place: a large mark that carries its name."""
    prompts, theme = prompts_of(lesson), charts.theme()
    share, shade = float(share_saved(prompts, lesson.cap)), colours.CAPPED.on(theme)
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [prompts],
        "y": [share],
        "marker": {"color": shade, "size": 13, "line": {"width": 2, "color": colours.BACKGROUND[theme]}},
        "text": [f"<b>{prompts:,} prompts: {percent(share)}</b>"],
        "textposition": "top left" if prompts > lesson.cap else "top right",
        "textfont": {"color": shade},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _layout(x: Floats, limit: Floats) -> Mapping[str, Any]:
    first, last = float(x[0]), float(x[-1])
    ticks = [10**power for power in range(9) if first <= 10**power <= last]
    axis = {"fixedrange": True}
    return {
        "height": HEIGHT,
        "margin": {"l": 8, "r": 16, "t": 8, "b": 8},
        "showlegend": False,
        "xaxis": {
            **axis,
            "type": "log",
            "title": {"text": "Prompts in one chat"},
            "tickvals": ticks,
            "ticktext": [f"{n:,}" for n in ticks],
        },
        "yaxis": {**axis, "tickformat": ".0%", "range": [-0.04, 1.08], "nticks": 6, "title": {"text": "Share saved"}},
        "annotations": _name_of_limit(x[limit >= 0], limit[limit >= 0]),
    }


def _name_of_limit(x: Floats, limit: Floats) -> Sequence[Mapping[str, Any]]:
    """The formula, beside the lower part of its line."""
    if not len(x):
        return ()
    place, shade = len(x) // 8, colours.FORGOTTEN.on(charts.theme())
    words = {"text": LIMIT_FORMULA, "font": {"color": shade, "size": 12}, "showarrow": False}
    return ({**words, "x": float(np.log10(x[place])), "y": float(limit[place]), "xanchor": "left", "yanchor": "top", "xshift": 8},)


def _table(lesson: Lesson) -> list[Mapping[str, Cell]]:
    x, cap = _lengths(lesson), lesson.cap
    values = zip(x, units(x), units(x, cap), share_saved(x, cap), strict=True)
    return [
        {"Prompts": int(n), "Messages, no cap": int(full), f"Messages, cap of {cap}": int(sent), "Saved (%)": f"{100 * saved:.2f}"}
        for n, full, sent, saved in values
    ]


def _people(lesson: Lesson) -> None:
    st.markdown("#### More people change the bill, not the share", anchors=False)
    with st.container(key="oddities_people"):
        st.table(people(lesson), border="horizontal", hide_index=True)
    full, capped = float(lesson.uncapped[-1]), float(lesson.capped[-1])
    demo = f" The demo's own two functions save {percent(1 - capped / full)}: see “A cap that is never reached”." if full else ""
    st.caption(f"{count(prompts_of(lesson), 'prompt')} each, counted one by one.{demo}")


def _short(amount: float) -> str:
    """Return an amount as markdown, without cents where it is large."""
    return (f"${amount:,.0f}" if amount >= _WHOLE else dollars(amount)).replace("$", "\\$")
