"""What the chat page's address can ask for beside a chat: the dialogs behind an answer and behind the memory."""

from urllib.parse import urlencode

import streamlit as st

CALLS = "calls"
"""Names a turn: the dialog behind its answer is open."""
MEMORY = "memory"
"""The dialog with the summary and the pins is open."""
FILE = "file"
"""Names what is done with a file: the dialog that downloads the chat, or the one that imports another, is open."""
_DIALOGS = (CALLS, MEMORY, FILE)


def here() -> str:
    """Return the address of the page as it is without a dialog, to put a dialog's name behind."""
    return "?" + urlencode({name: value for name, value in st.query_params.items() if name not in _DIALOGS})


def close() -> None:
    """Forget which dialog was open."""
    for name in _DIALOGS:
        st.query_params.pop(name, None)
