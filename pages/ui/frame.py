"""What surrounds every page: the window's title, the style sheet, the one script, and the sidebar's head."""

from functools import lru_cache
from pathlib import Path

import streamlit as st

from pages.ui import colours, nav
from pages.ui.gate import Viewer

LOOK = Path(__file__).with_name("look")
LOGO = LOOK / "logo.svg"


def begin() -> None:
    """Set up the window; call it before anything is drawn."""
    st.set_page_config(page_title="Tideline", page_icon=str(LOGO), layout="wide", initial_sidebar_state="auto")
    st.html(style())


def sidebar(viewer: Viewer) -> None:
    """Draw the sidebar's head: the name of the house and the links."""
    with st.sidebar:
        st.markdown(brand(), unsafe_allow_html=True)
        with st.container(key="places", gap=None):
            nav.links(viewer.user, viewer.slot)


def script() -> None:
    """Add the page's one script: copy buttons, Esc for stop, keeping the newest message in view."""
    st.html(f"<script>{_text('tideline.js')}</script>", unsafe_allow_javascript=True)


@lru_cache(maxsize=1)
def style() -> str:
    """Return the style sheet with the colours that mean something as its variables."""
    shades = "".join(f"--tl-{name}:{colour.css};" for name, colour in colours.MEANINGS.items())
    return f"<style>:root{{{shades}}}\n{_text('tideline.css')}</style>"


@lru_cache(maxsize=1)
def brand() -> str:
    """Return the logo with the name beside it, as HTML."""
    return f'<div class="tl-brand">{LOGO.read_text()}<span>Tideline</span></div>'


@lru_cache(maxsize=4)
def _text(name: str) -> str:
    return (LOOK / name).read_text()
