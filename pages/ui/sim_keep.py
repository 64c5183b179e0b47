"""Curves kept beside the present one, each under a name: thin lines, in the address like everything else, to be let go of one by one."""

from html import escape

import streamlit as st

from pages.ui import colours, sim_held, sim_words
from pages.ui.formats import as_markdown
from pages.ui.frame import Html
from pages.ui.sim_charts import Floats, Line
from pages.ui.sim_state import LONGEST_NAME, MOST_KEPT, State
from pages.ui.sim_words import about

_DASHES = ("solid", "dot", "dashdot", "longdash")
_NAME = "sim_keep_name"


def line(place: int, name: str, values: Floats, what: str) -> Line:
    """Return a kept curve; `what` says what its values are."""
    words = escape(name)

    def hover(at: int) -> str:
        return f"{words}, {at + 1:,}<br>{what}: {sim_words.dollars(float(values[at]))}"

    return Line(words, f"{words} {about(float(values[-1]))}", values, hover, colours.FORGOTTEN, _DASHES[place % MOST_KEPT], 1.5)


def sentence(words: str, state: State) -> None:
    """Draw what the picture says, and beside it the way to keep the curve."""
    st.html(Html(f'<p class="tl-says">{escape(words)}</p>'))
    if not state.on("projector"):
        with st.container(horizontal=True, key="sim_keep", vertical_alignment="center", gap="small"):
            _keep(state)


def _keep(state: State) -> None:
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
        st.text_input(
            "Keep this curve as",
            key=_NAME,
            placeholder="Keep this curve as …",
            max_chars=LONGEST_NAME,
            label_visibility="collapsed",
            width=240,
            on_change=_take,
        )


def _take() -> None:
    name = str(st.session_state[_NAME])
    st.session_state[_NAME] = ""
    sim_held.change(sim_held.state().keep(name))


def _drop(name: str) -> None:
    sim_held.change(sim_held.state().drop(name))
