"""What stands below a curve: what it says, its numbers, the curves kept beside it, and, once opened, the table, the CSV and the picture."""

from collections.abc import Mapping
from html import escape

import streamlit as st

from pages.ui import colours, knobs, sim_charts, sim_held, sim_words
from pages.ui.charts import Cell
from pages.ui.formats import as_markdown, tokens
from pages.ui.frame import Html
from pages.ui.sim_charts import Floats, Line, Picture
from pages.ui.sim_state import LONGEST_NAME, MOST_KEPT, State
from pages.ui.sim_words import about

_DASHES = ("solid", "dot", "dashdot", "longdash")
_NAME, _AXIS = "sim_keep_name", "sim_axis"


def says(words: str, cells: Mapping[str, str], note: str = "") -> None:
    """Draw what the picture says, its numbers and a note; in one piece, because each piece that is redrawn takes its time."""
    parts = "".join(f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>" for label, value in cells.items())
    more = f'<p class="tl-note">{escape(note)}</p>' if note else ""
    st.html(Html(f'<p class="tl-says">{escape(words)}</p><dl class="tl-cells">{parts}</dl>{more}'))


def behind(picture: Picture, state: State) -> None:
    """Draw what is behind a picture, once it is opened: the kept curves, then the table, the CSV and the PNG."""
    if not state.on("projector"):
        sim_charts.behind(picture, "Keep this curve, table, CSV and PNG", lambda: _keep(state))


def line(place: int, name: str, values: Floats, *, money: bool = True) -> Line:
    """Return a kept curve: thin, grey, under its name."""
    words = escape(name)

    def said(value: float) -> str:
        return sim_words.dollars(value) if money else f"{tokens(round(value))} tokens"

    def hover(at: int) -> str:
        return f"{words}: {said(float(values[at]))}"

    def short(at: int) -> str:
        return about(float(values[at])) if money else said(float(values[at]))

    dash = _DASHES[place % MOST_KEPT]
    return Line(words, f"{words} {short(len(values) - 1)}", values, hover, colours.FORGOTTEN, dash, 1.5, short)


def rows(table: list[Mapping[str, Cell]], kept: Mapping[str, Floats], unit: str, digits: int) -> list[Mapping[str, Cell]]:
    """Return a table with a column for each kept curve, as long as the longest of them; the first column counts."""
    longest = max((len(table), *(len(values) for values in kept.values())))
    first, *rest = table[0]
    whole: list[Mapping[str, Cell]] = []
    for place in range(longest):
        row = dict(table[place]) if place < len(table) else {first: place + 1, **dict.fromkeys(rest)}
        for name, values in kept.items():
            row[f"Kept: {name}{unit}"] = f"{values[place]:.{digits}f}" if place < len(values) else None
        whole.append(row)
    return whole


def log_axis(state: State) -> None:
    """Draw the switch for a logarithmic axis."""
    chosen = knobs.knob(_AXIS, state["axis"] == "log")
    about = "Each line of the grid stands for ten times the one below it."
    st.toggle("Log axis", bool(chosen.start), key=chosen.key, help=about, on_change=_take_axis, args=(chosen.key,))


def _keep(state: State) -> None:
    with st.container(horizontal=True, key="sim_keep", vertical_alignment="center", gap="small"):
        for kept in state.kept:
            st.button(
                as_markdown(kept.name),
                key=f"sim_drop_{kept.name}",
                icon=":material/close:",
                help="Take this curve away.",
                on_click=_drop,
                args=(kept.name,),
            )
        if len(state.kept) < MOST_KEPT:
            box = knobs.knob(_NAME, "")
            st.text_input(
                "Keep this curve as",
                key=box.key,
                placeholder="Keep this curve as …",
                max_chars=LONGEST_NAME,
                label_visibility="collapsed",
                width=260,
                on_change=_take,
                args=(box.key,),
            )


def _take_axis(key: str) -> None:
    log = knobs.turned(_AXIS, key)
    if log is not None:
        sim_held.change(sim_held.state().put({"axis": "log" if log else "linear"}))


def _take(key: str) -> None:
    name = knobs.turned(_NAME, key)
    if isinstance(name, str):
        sim_held.change(sim_held.state().keep(name))


def _drop(name: str) -> None:
    sim_held.change(sim_held.state().drop(name))
