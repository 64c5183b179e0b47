"""The class: what everybody uses and what it costs, live, and the code that learners join with. For the instructor; never a message."""

import streamlit as st

from pages.ui import charts, class_usage, memory_controls, watch
from pages.ui.gate import require_role
from pages.ui.services import services

viewer = require_role("instructor")


@st.fragment(run_every=2.0)
def panel() -> None:
    """Draw the figures, again every two seconds."""
    me = require_role("instructor")
    window = st.segmented_control(
        "Time",
        list(class_usage.WINDOWS),
        default="Last hour",
        required=True,
        key="window",
        bind="query-params",
        label_visibility="collapsed",
    )
    chosen, zone = window or "Last hour", watch.zone()
    report = services().store.read(lambda db: class_usage.read(db, me.id, chosen, services().clock.now()))
    charts.numbers(class_usage.numbers(report))
    left, right = st.columns([1.4, 1], gap="large")
    with left:
        if report.curve:
            charts.line(class_usage.curve_chart(report, chosen, zone))
        else:
            st.markdown(f"#### {chosen}: nobody has used the agent")
            st.write("The curve begins with the first message that anybody sends.")
    with right:
        if report.totals.turns:
            charts.ranked(class_usage.people_chart(report))
    st.markdown("#### Everybody")
    st.table(class_usage.people_rows(report, zone), border="horizontal", hide_index=True)


def join_code() -> None:
    """Draw the code that learners register with, and the way to a new one."""
    with st.container(key="join_code", horizontal=True, vertical_alignment="center"):
        st.markdown(f"Join code **`{services().accounts.join_code(viewer.id)}`**", width="content")
        with st.popover("New code", type="tertiary"):
            st.write("The old code stops working at once. Those who have registered stay.")
            if st.button("Make a new code", type="primary", key="renew_code"):
                services().accounts.renew_join_code(viewer.id)
                st.rerun()


head, code = st.columns([2, 1], vertical_alignment="bottom")
head.title("The class", anchor=False)
with code:
    join_code()
memory_controls.draw_class(viewer.id)
panel()
