"""The memory lab: one conversation under every memory strategy, what each costs, and which of its facts the agent still knows."""

import streamlit as st

from agent.lab.experiment import Experiment
from pages.ui import lab, lab_sources
from pages.ui.gate import require_login
from pages.ui.services import services

viewer = require_login()

st.title("Memory lab", anchor=False)
st.write("The same conversation under every memory strategy: what each costs, and what the agent still knows when it is over.")
st.caption(
    f"Costs are replayed at public prices ({services().settings.priced_as.partition(':')[2]} for the demo model), with a simulated prompt "
    "cache. What is known is what the demo model really answers when it is sent what each strategy sends; other models may differ."
)
chosen = lab_sources.choose_source(viewer)
if chosen is None:
    st.stop()


@st.fragment
def panel(experiment: Experiment) -> None:
    """Draw the knobs and what follows from them, again whenever one moves."""
    require_login()
    lab.draw(experiment)


panel(chosen)
