"""My usage: what I spent and on what, by day and by chat, kept up to date while I chat elsewhere."""

from datetime import tzinfo

import streamlit as st

from pages.ui import charts, my_usage, nav, watch
from pages.ui.gate import require_login
from pages.ui.services import services

viewer = require_login()


@st.fragment(run_every=3.0)
def panel() -> None:
    """Draw the figures, again every three seconds."""
    me = require_login()
    zone, now = watch.zone(), services().clock.now()
    period = st.segmented_control(
        "Period", list(my_usage.PERIODS), default="30 days", required=True, key="period", bind="query-params", label_visibility="collapsed"
    )
    offset = now.astimezone(zone).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    start = my_usage.since(period or "30 days", now, zone)
    report = services().store.read(lambda db: my_usage.read(db, me.id, start, minutes))
    if not report.days:
        st.write("Nothing was used in this time. Send the coach a message and its tokens and cost appear here within seconds.")
        return
    charts.numbers(my_usage.numbers(report))
    if len(report.turns) > 1:
        growth(report, zone)
    left, right = st.columns(2, gap="large")
    with left:
        charts.bars(my_usage.cost_chart(report.days))
    with right:
        charts.bars(my_usage.token_chart(report.days))
    st.markdown("#### By chat")
    st.table(my_usage.chat_rows(report.chats, zone), border="horizontal", hide_index=True)


def growth(report: my_usage.Report, zone: tzinfo) -> None:
    """Draw what was spent and what the full history would have cost, as they grow."""
    axis = st.segmented_control(
        "Axis", my_usage.AXES, default=my_usage.AXES[0], required=True, key="axis", bind="query-params", label_visibility="collapsed"
    )
    charts.line(my_usage.growth_chart(report.turns, axis or my_usage.AXES[0], zone))


st.title("My usage", anchor=False)
st.caption(f"Answered by: {services().runner.choice(viewer.login.login_id).label}. Every model call counts, failed and stopped ones too.")
panel()
nav.button("Back to the chat", "chat", viewer.slot)
