"""Keeping a chat page up to date with other tabs, telling refusals, and knowing the person's time zone."""

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from pages.ui import chat_data, chat_list, sending
from pages.ui.services import services

EVERY_S = 4.0


def zone() -> tzinfo:
    """Return the time zone of the person's browser, UTC when it is not known."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def notice() -> None:
    """Show once, above the input, why the last thing asked was not done."""
    text = st.session_state.pop(sending.NOTICE, None)
    if text:
        st.bottom.warning(text, icon=":material/info:")


@st.fragment(run_every=EVERY_S)
def changes(user_id: str, chat_id: str | None, drawn: int) -> None:
    """Draw the page anew when another tab has changed one of the person's chats."""
    now = services().store.read(lambda db: chat_data.changes(db, user_id, chat_id, chat_list.listed()))
    if now != drawn:
        st.rerun(scope="app")
