"""A bare Streamlit page of one slider and one line chart: what the simulator's page is held against."""

import plotly.graph_objects as go
import streamlit as st

DAYS = range(1, 31)


@st.fragment
def board() -> None:
    """Draw both, again when the slider moves."""
    users = st.slider("Users", 1, 100, 50)
    whole = go.Scatter(x=list(DAYS), y=[users * day * day for day in DAYS], mode="lines")
    less = go.Scatter(x=list(DAYS), y=[users * 5 * day for day in DAYS], mode="lines")
    st.plotly_chart(go.Figure([whole, less], {"height": 400}), config={"displayModeBar": False})


board()
