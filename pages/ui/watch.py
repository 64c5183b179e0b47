"""Keeping a chat page up to date with other tabs, and knowing the person's time zone."""

import time
from datetime import tzinfo

import streamlit as st

from agent.prompt import zone_of
from pages.ui import chat_data, chat_list
from pages.ui.gate import current_viewer
from pages.ui.services import services

EVERY_S = 4.0


def zone() -> tzinfo:
    """Return the time zone of the person's browser, UTC when it is not known."""
    return zone_of(zone_name())


def zone_name() -> str:
    """Return the name of that time zone, as the browser tells it."""
    return st.context.timezone or "UTC"


@st.fragment(run_every=EVERY_S)
def changes(chat_id: str | None, drawn: int, drawn_at: float) -> None:
    """Draw the page anew when another tab has changed one of the person's chats; there is nothing to see yet when it was just drawn."""
    if time.monotonic() - drawn_at < EVERY_S / 2:
        return
    viewer = current_viewer()
    if viewer is None or drawn != services().store.read(lambda db: chat_data.changes(db, viewer.id, chat_id, chat_list.listed())):
        st.rerun(scope="app")
