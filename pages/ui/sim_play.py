"""Play the month: the curves grow day by day with their running totals, all in the browser, for the front of a class.

Every frame is in the figure, so nothing is asked of the server while it plays. Plotly's own buttons cannot be reached by keyboard, so
real ones lie over them and the page's script passes their clicks on. It presses Play itself, unless somebody wants less motion.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.ui import charts, colours, sim_charts
from pages.ui.frame import Html
from pages.ui.lab_charts import apart
from pages.ui.sim_charts import Line, Picture
from pages.ui.sim_state import State

MOST_FRAMES = 60
LASTS_MS = 9_000
KEY = "sim_play"
_LEAST_MS = 60
_BUTTONS = ("Play", "Pause", "From the start")


def draw(picture: Picture, state: State) -> None:
    """Draw a picture, to be played where that is chosen."""
    if not state.on("play"):
        sim_charts.draw(picture)
        return
    with st.container(key=KEY):
        st.html(Html(_buttons()))
        st.plotly_chart(figure(picture), key=picture.key, config=sim_charts.config(picture.key), alt=picture.finding)


def figure(picture: Picture) -> dict[str, Any]:
    """Return a picture that begins on its first day, with a frame for each day after it."""
    shown = [line for line in picture.lines if len(line.y)]
    stops = frames_of(max((len(line.y) for line in shown), default=1))
    frames = [_frame(picture, shown, stop) for stop in stops]
    layout = {**sim_charts.layout(picture), "showlegend": False, **frames[0]["layout"], "updatemenus": [_menu(picture, len(frames))]}
    layout["margin"] = {**layout["margin"], "t": 96 if picture.large else 64}
    lines = [{**sim_charts.trace(line, picture.large), **data} for line, data in zip(shown, frames[0]["data"], strict=True)]
    return {"data": lines, "layout": layout, "frames": frames}


def _buttons() -> str:
    each = (f'<button type="button" class="tl-button" data-step="{step}">{label}</button>' for step, label in enumerate(_BUTTONS))
    return f'<div class="tl-play" role="group" aria-label="Play the curves">{" ".join(each)}</div>'


def frames_of(count: int) -> list[int]:
    """Return after how many days each frame is, the last of them all days."""
    if count <= MOST_FRAMES:
        return list(range(1, count + 1))
    return sorted({max(1, round(count * number / MOST_FRAMES)) for number in range(1, MOST_FRAMES + 1)})


def _frame(picture: Picture, lines: Sequence[Line], stop: int) -> dict[str, Any]:
    places = [[place for place in sim_charts.thinned(len(line.y)) if place < stop] or [0] for line in lines]
    ends = [min(stop, len(line.y)) - 1 for line in lines]
    drawn = [sorted({*mine, end}) for mine, end in zip(places, ends, strict=True)]
    return {
        "name": str(stop),
        "data": [
            {"x": [place + 1 for place in mine], "y": [float(line.y[place]) for place in mine], "customdata": [line.hover(p) for p in mine]}
            for line, mine in zip(lines, drawn, strict=True)
        ],
        "traces": list(range(len(lines))),
        "layout": {"annotations": [_clock(picture, stop), *_tips(picture, lines, ends)]},
    }


def _clock(picture: Picture, stop: int) -> dict[str, Any]:
    unit = picture.x_title.partition(" ")[0]
    return {
        "text": f"<b>{unit} {stop:,}</b>",
        "x": 0.02,
        "y": 0.98,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "top",
        "showarrow": False,
        "font": {"size": 44 if picture.large else 26, "color": colours.FORGOTTEN.on(charts.theme())},
    }


def _tips(picture: Picture, lines: Sequence[Line], ends: Sequence[int]) -> list[dict[str, Any]]:
    """Return each line's name and value at its tip, no two on top of each other."""
    low, high = picture.span
    size = 24 if picture.large else 14
    least = (high - low) * (0.1 if picture.large else 0.08)
    heights = apart([picture.at(float(line.y[end])) - low for line, end in zip(lines, ends, strict=True)], least)
    return [
        {
            "text": f"{line.name} <b>{line.value(end)}</b>",
            "x": end + 1,
            "y": min(height + low, high),
            "xanchor": "left" if end < 0.55 * len(line.y) else "right",
            "yanchor": "bottom",
            "yshift": 6,
            "xshift": 8 if end < 0.55 * len(line.y) else -8,
            "showarrow": False,
            "font": {"size": size, "color": line.colour.on(charts.theme())},
        }
        for line, end, height in zip(lines, ends, heights, strict=True)
    ]


def _menu(picture: Picture, frames: int) -> dict[str, Any]:
    each = max(_LEAST_MS, LASTS_MS // max(1, frames))
    still = {"frame": {"duration": 0, "redraw": True}, "transition": {"duration": 0}, "mode": "immediate"}
    moving = {**still, "frame": {"duration": each, "redraw": True}, "fromcurrent": True}
    stopped = {**still, "frame": {"duration": 0, "redraw": False}}
    does: list[list[Any]] = [[None, moving], [[None], stopped], [None, {**moving, "fromcurrent": False}]]
    theme = charts.theme()
    return {
        "type": "buttons",
        "direction": "left",
        "showactive": False,
        "x": 0,
        "y": 1.02,
        "xanchor": "left",
        "yanchor": "bottom",
        "pad": {"t": 0, "b": 6},
        "font": {"size": 20 if picture.large else 14, "color": colours.CAPPED.on(theme)},
        "bgcolor": colours.BACKGROUND[theme],
        "bordercolor": colours.FORGOTTEN.on(theme),
        "buttons": [{"label": label, "method": "animate", "args": args} for label, args in zip(_BUTTONS, does, strict=True)],
    }
