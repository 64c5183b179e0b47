"""Under the lesson's curve: where the lesson rounds, as taught and as it is side by side, and what the share saved really depends on."""

import re
from html import escape
from typing import Any

import numpy as np
import streamlit as st

from pages.ui import charts, colours
from pages.ui.charts import Cell, Chart
from pages.ui.formats import count
from pages.ui.frame import Html
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

HEIGHT = 280
_POINTS = 120
_TAUGHT, _COUNTED = "As taught", "As it is"


def draw(lesson: Lesson) -> None:
    """Draw the differences with the numbers of this lesson, then the share that its cap saves, by the number of prompts."""
    st.markdown("#### Where the lesson rounds", anchors=False)
    st.caption(
        "What the lesson teaches holds: without a cap the bill grows with the square of the prompts, and a cap makes it a straight line. "
        "The curves above are its own, to the cent. Looked at message by message, a few figures come out a little differently."
    )
    with st.container(key="oddities"):
        st.html(Html(rows(lesson)))
    left, right = st.columns([1.5, 1], gap="large")
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
    """Draw the share saved against the prompts of a chat, with the line that it tends to and this class's own place on it."""
    go, prompts, cap = charts.plotly(), prompts_of(lesson), lesson.cap
    x = np.unique(np.round(np.geomspace(max(1, cap // 5), max(20 * cap, 4 * prompts, 1_000), _POINTS)))
    share, limit = share_saved(x, cap), limit_share(x, cap)
    meets = limit >= 0
    chart = Chart("oddities_share", finding(lesson), "Prompts in one chat", "Share saved", [], _table(x, cap))
    figure = go.Figure([_curve(x, share, cap), _tends_to(x[meets], limit[meets]), _here(prompts, cap)])
    figure.update_xaxes(type="log", tickvals=_ticks(float(x[-1])), ticktext=[f"{tick:,}" for tick in _ticks(float(x[-1]))])
    figure.update_yaxes(tickformat=".0%", range=[-0.04, 1.08], nticks=6)
    figure.update_layout(annotations=[_name_of_limit(x[meets], limit[meets])] if meets.any() else [])
    charts.show(chart, figure, HEIGHT, legend=False)


def _curve(x: Any, share: Any, cap: int) -> Any:
    said = [f"{int(n):,} prompts: a {cap:,}-message cap saves {percent(float(part))}" for n, part in zip(x, share, strict=True)]
    return _line(x, share, said, colours.CAPPED, "solid", 3)


def _tends_to(x: Any, limit: Any) -> Any:
    said = [f"{LIMIT_FORMULA} = {part:.1%}" for part in limit]
    return _line(x, limit, said, colours.FORGOTTEN, "7px,6px", 1.5)


def _line(x: Any, y: Any, said: list[str], colour: colours.Colour, dash: str, width: float) -> Any:
    return charts.plotly().Scatter(
        x=x.tolist(),
        y=y.tolist(),
        mode="lines",
        line={"color": colour.on(charts.theme()), "dash": dash, "width": width},
        customdata=said,
        hovertemplate="%{customdata}<extra></extra>",
    )


def _here(prompts: int, cap: int) -> Any:
    """This class's own place: a large mark that carries its name."""
    share, shade = float(share_saved(prompts, cap)), colours.CAPPED.on(charts.theme())
    return charts.plotly().Scatter(
        x=[prompts],
        y=[share],
        mode="markers+text",
        marker={"color": shade, "size": 13, "line": {"width": 2, "color": colours.BACKGROUND[charts.theme()]}},
        text=[f"<b>{prompts:,} prompts: {percent(share)}</b>"],
        textposition="bottom right" if share > 0.15 else "top left",
        textfont={"color": shade},
        cliponaxis=False,
        hoverinfo="skip",
    )


def _name_of_limit(x: Any, limit: Any) -> dict[str, Any]:
    place = len(x) // 4
    return {
        "x": float(np.log10(x[place])),
        "y": float(limit[place]),
        "text": LIMIT_FORMULA,
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "top",
        "xshift": 6,
        "font": {"color": colours.FORGOTTEN.on(charts.theme()), "size": 12},
    }


def _ticks(last: float) -> list[int]:
    return [10**power for power in range(8) if 10**power <= last]


def _table(x: Any, cap: int) -> list[dict[str, Cell]]:
    values = zip(x, units(x), units(x, cap), share_saved(x, cap), strict=True)
    return [
        {"Prompts": int(n), "Messages sent, no cap": int(full), "Messages sent, cap": int(capped), "Share saved (%)": f"{100 * share:.2f}"}
        for n, full, capped, share in values
    ]


def _people(lesson: Lesson) -> None:
    """Draw the same chat for one, a hundred and ten thousand people: other bills, the same share."""
    st.markdown("#### The number of people changes the bill, not the share", anchors=False)
    prompts = prompts_of(lesson)
    table = []
    for users in SHOWN_USERS:
        crowd = Lesson.model_validate({**lesson.model_dump(), "users": users})
        full, capped = (dollars_of(crowd, units(prompts, cap)) for cap in (prompts, lesson.cap))
        saved = 1 - capped / full if full else float(share_saved(prompts, lesson.cap))
        table.append(
            {
                "People": f"{users:,}",
                "No cap": dollars(full).replace("$", "\\$"),
                f"{lesson.cap:,} messages": dollars(capped).replace("$", "\\$"),
                "Saved": f"**{percent(saved)}**",
            }
        )
    with st.container(key="oddities_people"):
        st.table(table, border="horizontal", hide_index=True)
    st.caption(
        f"{prompts:,} prompts each, counted one by one. The demo's own two functions save {percent(_demo_share(lesson))}: see “A cap that "
        "is never reached”."
    )


def _demo_share(lesson: Lesson) -> float:
    full, capped = float(lesson.uncapped[-1]), float(lesson.capped[-1])
    return 1 - capped / full if full else 0.0
