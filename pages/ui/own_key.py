"""A learner's own key for the model: kept in the server's memory for this login only, never stored, logged or shown again."""

import streamlit as st

from pages.ui.gate import Viewer
from pages.ui.services import services

LONGEST = 200
BAD = "This does not look like a key. Copy it once more from where it was made, without spaces."


def draw(viewer: Viewer) -> None:
    """Draw which model answers, whether a key is set, and the form for one."""
    runner, login_id = services().runner, viewer.login.login_id
    own = runner.keys.get(login_id) is not None
    st.subheader("Model", anchor=False)
    st.write(f"Your messages are answered by: **{runner.choice(login_id).label}**" + (", with your own key." if own else "."))
    if own:
        st.write("Your key is in use for this login. It is forgotten when this login ends or the server restarts.")
        st.button("Forget my key", key="forget_key", on_click=runner.keys.drop, args=(login_id,))
        return
    with st.form("own_key", border=False, clear_on_submit=True):
        key = st.text_input(
            "Your own Gemini key", type="password", autocomplete="off", help="For your own chats in this login. It is never stored."
        )
        if not st.form_submit_button("Use this key"):
            return
    if usable(key):
        runner.keys.set(login_id, key)
        st.rerun()
    st.error(BAD)


def usable(key: str) -> bool:
    """Return whether a text can be a key at all."""
    tidy = key.strip()
    return 10 <= len(tidy) <= LONGEST and tidy.isascii() and tidy.isprintable() and " " not in tidy
