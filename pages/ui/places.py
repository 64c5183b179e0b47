"""What the chat page's address can ask for beside a chat: the dialogs behind an answer and behind the memory."""

from urllib.parse import urlencode

import streamlit as st

CALLS = "calls"
"""Names a turn: the dialog behind its answer is open."""
MEMORY = "memory"
"""The dialog with the summary and the pins is open."""


def here() -> str:
    """Return the address of the page as it is without a dialog, to put a dialog's name behind."""
    return "?" + urlencode({name: value for name, value in st.query_params.items() if name not in (CALLS, MEMORY)})


def close() -> None:
    """Forget which dialog was open."""
    for name in (CALLS, MEMORY):
        st.query_params.pop(name, None)
