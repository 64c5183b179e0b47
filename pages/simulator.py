"""The simulator: what a class costs as its chats grow, exactly as the lesson teaches it, as it really is, and as this class behaves."""

import streamlit as st

from pages.ui import frame, sim, sim_held
from pages.ui.gate import require_login

require_login()
frame.script()
sim_held.arrive()
sim.head()


@st.fragment
def board() -> None:
    """Draw the controls and the open view, again whenever one moves."""
    sim.draw(require_login())


board()
