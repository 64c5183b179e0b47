"""What surrounds every page: the window's title, the style sheet, the one script, and the sidebar's head."""

from base64 import b64encode
from functools import lru_cache
from pathlib import Path

import streamlit as st

from pages.ui import colours, nav
from pages.ui.gate import Viewer

LOOK = Path(__file__).with_name("look")


class Html:
    """HTML of our own that Streamlit takes as it is; given as plain text it would be looked up as a file and dedented at every rerun."""

    def __init__(self, body: str) -> None:
        self._body = body

    def _repr_html_(self) -> str:
        return self._body


def begin() -> None:
    """Set up the window; call it before anything is drawn."""
    st.set_page_config(page_title="Tideline", page_icon=icon(), layout="wide", initial_sidebar_state="auto")
    st.html(style())


def sidebar(viewer: Viewer) -> None:
    """Draw the sidebar's head: the name of the house and the links."""
    with st.sidebar, st.container(key="places", gap=None):
        st.markdown(brand(), unsafe_allow_html=True)
        nav.links(viewer.user, viewer.slot)


def script() -> None:
    """Give the page its one script: copy buttons, Esc for stop, receipts that open in place. It does nothing the second time."""
    st.html(_script(), unsafe_allow_javascript=True)


@lru_cache(maxsize=1)
def style() -> Html:
    """Return the style sheet with the colours that mean something as its variables."""
    shades = "".join(f"--tl-{name}:{colour.css};" for name, colour in colours.MEANINGS.items())
    return Html(f"<style>:root{{{shades}}}\n{_text('tideline.css')}</style>")


@lru_cache(maxsize=1)
def _script() -> Html:
    return Html(f"<script>{_text('tideline.js')}</script>")


@lru_cache(maxsize=1)
def brand() -> str:
    """Return the logo with the name beside it, as HTML."""
    return f'<div class="tl-brand">{_text("logo.svg")}<span>Tideline</span></div>'


@lru_cache(maxsize=1)
def icon() -> str:
    """Return the logo as an address that needs no file to be looked up."""
    return f"data:image/svg+xml;base64,{b64encode(_text('logo.svg').encode()).decode()}"


@lru_cache(maxsize=4)
def _text(name: str) -> str:
    return (LOOK / name).read_text(encoding="utf-8")
