"""The panel "my class": what was really measured, what the simulator predicts of the very same messages, and a way to set it so."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import streamlit as st

from pages.ui import charts, colours, nav, sim_charts, sim_class_data, sim_held, watch
from pages.ui import sim_class_words as words
from pages.ui.charts import Cell
from pages.ui.colours import Colour
from pages.ui.gate import Viewer
from pages.ui.services import services
from pages.ui.sim_asked import Asked, one_of
from pages.ui.sim_charts import Floats, Line, Picture
from pages.ui.sim_class_data import PERIODS, Lived
from pages.ui.sim_class_words import Unit
from pages.ui.turnstile import DRAWING
from simulation.prediction import Compared
from simulation.scenario import Scenario
from storage import usage

UNITS: tuple[Unit, ...] = ("Dollars", "Tokens")
PREDICTED = Colour("#16262B", "#E4EDEE")
"""The text's own colour, dashed: a prediction is none of the things that colours mean."""
POINTS = 300
"""Rows of the table, at most; each is one message."""
_KEPT = "sim_class_kept"


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was read last, and of what; it is the person's own, so it stays in their session."""

    origin: tuple[Any, ...]
    lived: Lived | None


def draw(viewer: Viewer, scenario: Scenario) -> None:
    """Draw what `viewer` may see: an instructor the whole class, a learner what is their own."""
    everybody = viewer.user.role == "instructor"
    st.subheader("What your class did" if everybody else "What you did", anchor=False)
    if not everybody:
        st.caption("Only your own messages are looked at. The whole class is for your instructor to see.")
    asked = Asked({"m_period": one_of(list(PERIODS), "All"), "m_unit": one_of(UNITS, UNITS[0])})
    period = st.segmented_control(
        "Period", list(PERIODS), default="All", required=True, key="m_period", bind="query-params", label_visibility="collapsed"
    )
    asked.say(period)
    found = _read(viewer, period or "All")
    if found is None:
        _nothing(viewer, period or "All")
        return
    charts.numbers(words.numbers(found, everybody=everybody))
    _comparison(found)
    _measured(found, scenario, everybody=everybody)


def _read(viewer: Viewer, period: str) -> Lived | None:
    """Return what was measured; read anew only when there is more of it, or the period has moved on by a minute."""
    now, zone = services().clock.now(), watch.zone()
    offset = now.astimezone(zone).utcoffset()
    seconds = offset.total_seconds() if offset else 0.0
    minute = int(now.timestamp() // 60) if PERIODS[period] else 0
    used = services().store.read(lambda db: (usage.class_totals(db, viewer.id), usage.mine(db, viewer.id)))
    origin = (viewer.id, period, seconds, minute, used)
    kept = st.session_state.get(_KEPT)
    if not isinstance(kept, _Kept) or kept.origin != origin:
        DRAWING.leave()
        settings = services().settings
        with st.spinner("Adding up what was measured"):
            lived = services().store.read(lambda db: sim_class_data.read(db, viewer.id, period, now, settings, seconds))
        kept = st.session_state[_KEPT] = _Kept(origin, lived)
    return kept.lived


def _nothing(viewer: Viewer, period: str) -> None:
    if period == "All":
        st.write(
            "Nothing was measured yet. Send the coach a few messages, and here you see how long they were, how often they came, what they "
            "cost, and how near the simulator comes to that."
        )
    else:
        st.write("Nothing was measured in this time. Choose a longer one, or send the coach a message.")
    nav.button("Go to the chat", "chat", viewer.slot)


def _comparison(found: Lived) -> None:
    """Draw what was measured and what is predicted of the same messages, adding up."""
    both = {"Dollars": found.prediction.dollars, "Tokens": found.prediction.tokens}
    if both["Tokens"] is None:
        st.write("No message reached a model yet, so there is nothing to predict.")
        return
    unit: Unit = "Tokens"
    if both["Dollars"] is None:
        st.info("No message has a known price, so dollars cannot be compared. The tokens can.")
    else:
        chosen = st.segmented_control(
            "Unit", UNITS, default="Dollars", required=True, key="m_unit", bind="query-params", label_visibility="collapsed"
        )
        unit = chosen if chosen in UNITS else "Dollars"  # None where the address says m_unit= and no more
    compared = both[unit]
    assert compared is not None
    _chart(compared, unit)
    st.caption(" ".join(filter(None, (words.on_the_way(compared), words.left_out(found, unit), _HOW))))
    if words.is_large(compared):
        st.markdown("**Why the two differ**\n\n" + "\n".join(f"- {reason}" for reason in words.reasons(found, unit)))


def _chart(compared: Compared, unit: Unit) -> None:
    picture = _picture(compared, unit)
    st.markdown(f"#### {picture.finding}", anchors=False)
    sim_charts.draw(replace(picture, finding=picture.finding.replace("\\", "")))
    sim_charts.behind(picture)


def _picture(compared: Compared, unit: Unit) -> Picture:
    axis, prefix = ("Cost so far (US dollars)", "$") if unit == "Dollars" else ("Tokens so far", "")
    return Picture(
        "m_chart",
        words.finding(compared, unit),
        "Message, in the order they were sent",
        axis,
        [
            _line("Predicted", compared.predicted, compared, unit, PREDICTED, "7px,6px"),
            _line("Measured", compared.measured, compared, unit, colours.CAPPED, "solid"),
        ],
        lambda: _rows(compared, unit),
        y_prefix=prefix,
    )


def _line(name: str, sums: Floats, compared: Compared, unit: Unit, colour: Colour, dash: str) -> Line:
    def hover(place: int) -> str:
        return f"Message {place + 1:,}, {_at(compared, place):%d %b %H:%M}: {name.lower()} {words.amount(float(sums[place]), unit)} so far"

    return Line(name, f"{name} {words.amount(float(sums[-1]), unit)}", sums, hover, colour, dash)


def _rows(compared: Compared, unit: Unit) -> list[Mapping[str, Cell]]:
    many = len(compared.at)
    places = np.unique(np.linspace(0, many - 1, min(many, POINTS)).round().astype(int)).tolist()
    return [*words.table(compared, unit, [_at(compared, place).isoformat(timespec="seconds") for place in places], places)]


def _at(compared: Compared, place: int) -> datetime:
    return datetime.fromtimestamp(float(compared.at[place]), watch.zone())


def _measured(found: Lived, scenario: Scenario, *, everybody: bool) -> None:
    """Draw what was measured beside what is set, and the button that sets it."""
    st.markdown("#### What was measured, beside what the simulator is set to", anchors=False)
    if st.button("Use these in the simulator", type="primary", key="m_use", help=_USE_HELP):
        sim_held.fill(words.settings(found), view="real")
        st.rerun()
    with st.container(key="m_table"):
        st.table(words.rows(found, scenario, everybody=everybody), border="horizontal", hide_index=True)


_HOW = (
    "Predicted: as many messages in as many chats, at the times they came, each as long as the average below and under the memory "
    "setting it really had."
)
_USE_HELP = "Sets the controls to what was measured. What was never seen stays as it is."
