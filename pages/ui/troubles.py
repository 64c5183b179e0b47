"""Errors as people see them: one place that turns whatever went wrong into a sentence of what happened and one of what to do."""

import streamlit as st

from accounts.errors import AccountError
from agent.errors import Refused
from storage.errors import StorageError
from storage.records import NotFound

UNFORESEEN = "Something went wrong on this page. Reload it; what you have sent is stored. If it happens again, tell your instructor when."


def sentence(error: Exception) -> str | None:
    """Return what to tell a person about `error`; None when nobody foresaw it."""
    if isinstance(error, StorageError | Refused | AccountError):
        return error.sentence
    if isinstance(error, NotFound):
        return "This is not here any more, or it is not yours. Go back and open another."
    return None


def on_script_error(error: Exception) -> bool:
    """Show a sentence instead of a traceback, which Streamlit writes to the log."""
    st.error(sentence(error) or UNFORESEEN, icon=":material/error:")
    return True
