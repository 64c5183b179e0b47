"""The simulator's page: presets and views on top, controls on the left, the open view beside them. A hidden view is not even imported."""

from collections.abc import Mapping
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui import knobs, sim_controls, sim_held, sim_keep, sim_taught
from pages.ui.frame import Html
from pages.ui.gate import Viewer, require_login
from pages.ui.sim_fields import FIELDS, Value
from pages.ui.sim_state import State, lesson, scenario

NAMES: Mapping[str, str] = {
    "taught": "As taught",
    "real": "As it is",
    "uncertainty": "Uncertainty",
    "profit": "Profit",
    "capacity": "Capacity",
    "class": "My class",
    "quiz": "Quiz",
}
CHARTS: Mapping[str, str] = {"total": "Total so far", "daily": "Each day", "prompt": "Each prompt", "context": "Context size"}
PRESETS: Mapping[str, Mapping[str, Value]] = {
    "The lesson's demo": {"view": "taught"},
    "500 users": {"view": "taught", "users": 500},
    "The quiz": {"view": "taught", "users": 200, "prompts": 15, "cap": 20},
    "10,000 users": {"view": "real", "users": 10_000, "days": 365, "prompts": 20},
}


def head() -> None:
    """Draw what stands above every view."""
    state = sim_held.settle()
    if _projected(state):
        with st.container(horizontal=True, key="sim_head", horizontal_alignment="right"):
            st.html(Html('<i class="tl-projector"></i>'), width="content")
            _tools(state)
        return
    with st.container(horizontal=True, key="sim_head", vertical_alignment="bottom"):
        st.title("Simulator", anchor=False)
        _tools(state)
    _presets(state)
    with st.container(horizontal=True, key="sim_views", vertical_alignment="center"):
        _segments("view", "View", NAMES, state)
        if state.view == "real":
            _segments("chart", "Chart", CHARTS, state)
    if said := sim_held.notice():
        st.caption(said)


def _presets(state: State) -> None:
    """Draw the ready-made scenarios, and at the end of their row what changes how every curve is shown."""
    with st.container(horizontal=True, key="sim_presets", gap="small"):
        for number, (name, values) in enumerate(PRESETS.items()):
            chosen = state.shared == {key: value for key, value in values.items() if key != "view"} and state.view in ("taught", "real")
            kind: Literal["primary", "secondary"] = "primary" if chosen and state["view"] == values["view"] else "secondary"
            st.button(name, key=f"sim_preset_{number}", type=kind, on_click=sim_held.preset, args=(values,))
        st.button(
            "My class",
            key="sim_preset_class",
            type="primary" if state.view == "class" else "secondary",
            on_click=_put,
            args=("view", "class"),
        )
        if state.view == "real":
            sim_controls.switch("all", state)
        if state.view in ("taught", "real"):
            sim_keep.log_axis(state)


def _segments(name: str, label: str, names: Mapping[str, str], state: State) -> None:
    knob = f"sim_{name}"
    chosen = knobs.knob(knob, state[name])
    st.segmented_control(
        label,
        list(names),
        default=str(chosen.start),
        format_func=names.__getitem__,
        key=chosen.key,
        required=True,
        label_visibility="collapsed",
        on_change=sim_held.take,
        args=(name, knob, chosen.key),
    )


def draw(viewer: Viewer) -> None:
    """Draw the open view, and the controls beside it.

    A curve comes first, so that it is redrawn while the rest is still on its way; a panel that takes seconds comes after the controls.
    """
    state = sim_held.settle()
    if _projected(state) or state.view == "quiz":
        _view(state, viewer)
        return
    left, right = st.columns([1, 2.7], gap="medium")
    if state.view not in ("taught", "real"):
        _knobs(left, state)
    with right, st.container(key="sim_picture"):
        _view(state, viewer)
        below = st.container()
    if state.view in ("taught", "real"):
        _knobs(left, state)
    if state.view == "taught":
        with below:
            _oddities(state)


def _knobs(left: DeltaGenerator, state: State) -> None:
    with left, st.container(key="sim_controls", gap=None):
        _controls(state)


def _projected(state: State) -> bool:
    """Return whether only the picture is shown, large; the other views are read at a desk."""
    return state.on("projector") and state.view in ("taught", "real")


def _controls(state: State) -> None:
    match state.view:
        case "taught":
            sim_controls.draw_lesson(state)
        case "profit":
            sim_controls.draw_both(state, sim_held.price())
        case _:
            sim_controls.draw_scenario(state, sim_held.price())


def _view(state: State, viewer: Viewer) -> None:
    if state.view == "taught":
        sim_taught.draw(state)
    elif state.view == "real":
        from pages.ui import sim_real

        sim_real.draw(state, sim_held.price())
    else:
        _panel(viewer)


def _oddities(state: State) -> None:
    """Draw where the lesson rounds, once it is opened: a second chart beside a moving slider would double the wait for the first."""
    more = st.expander("Where the lesson's numbers round, and by how much", key="sim_oddities", on_change="rerun", type="compact")
    if more.open:
        from pages.ui import sim_oddities

        with more:
            sim_oddities.draw(lesson(state))


@st.fragment
def _panel(viewer: Viewer) -> None:
    """Draw a view that has controls of its own, in a fragment of its own."""
    require_login()
    state = sim_held.state()
    price = sim_held.price()
    here = scenario(state, price.rates, price.window)
    match state.view:
        case "uncertainty":
            from pages.ui import sim_uncertainty

            sim_uncertainty.draw(here)
        case "profit":
            from pages.ui import sim_profit

            sim_profit.draw(here, lesson(state))
        case "capacity":
            from pages.ui import sim_capacity

            sim_capacity.draw(here)
        case "class":
            from pages.ui import sim_class

            sim_class.draw(viewer, here)
        case _:
            from pages.ui import sim_quiz

            sim_quiz.draw(viewer, lesson(state))


def _tools(state: State) -> None:
    """Draw the link to copy, and what changes how the picture is shown."""
    projected = _projected(state)
    if not projected:
        st.html(Html('<button type="button" class="tl-button tl-link">Copy link</button>'), width="content")
    if state.view in ("taught", "real"):
        playing = state.on("play")
        label, icon = ("Stop playing", ":material/stop:") if playing else ("Play the month", ":material/play_arrow:")
        st.button(label, key="sim_playing", icon=icon, help=FIELDS["play"].about, on_click=_put, args=("play", not playing))
        label, icon = ("Leave the projector", ":material/close:") if projected else ("Projector", ":material/slideshow:")
        st.button(label, key="sim_projector", icon=icon, help=FIELDS["projector"].about, on_click=_put, args=("projector", not projected))


def _put(name: str, value: Value) -> None:
    sim_held.change(sim_held.state().put({name: value}))
