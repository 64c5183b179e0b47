"""The simulator's page: presets and views on top, controls on the left, the open view beside them. A hidden view is not even imported."""

import importlib
from collections.abc import Mapping
from typing import Any, Literal

import streamlit as st

from pages.ui import sim_controls, sim_held, sim_taught
from pages.ui.frame import Html
from pages.ui.gate import Viewer, require_login
from pages.ui.sim_fields import VIEWS, Value, View
from pages.ui.sim_state import State, lesson, scenario

NAMES: Mapping[View, str] = {
    "taught": "As taught",
    "real": "As it is",
    "uncertainty": "Uncertainty",
    "profit": "Profit",
    "capacity": "Capacity",
    "class": "My class",
    "quiz": "Quiz",
}
PRESETS: Mapping[str, Mapping[str, Value]] = {
    "The lesson's demo": {"view": "taught"},
    "500 users": {"view": "taught", "users": 500},
    "The quiz": {"view": "taught", "users": 200, "prompts": 15, "cap": 20},
    "10,000 users": {"view": "real", "users": 10_000, "days": 365, "prompts": 20},
}
_VIEW = "sim_view"


def head() -> None:
    """Draw what stands above every view."""
    state = sim_held.settle()
    if state.on("projector"):
        _projector_head()
        return
    with st.container(horizontal=True, key="sim_head", vertical_alignment="bottom"):
        st.title("Simulator", anchor=False)
        st.html(Html('<button type="button" class="tl-button tl-link">Copy link</button>'), width="content")
        _projector(on=False)
    with st.container(horizontal=True, key="sim_presets", gap="small"):
        for number, (name, values) in enumerate(PRESETS.items()):
            chosen = state.shared == {key: value for key, value in values.items() if key != "view"} and state.view in ("taught", "real")
            kind: Literal["primary", "secondary"] = "primary" if chosen and state["view"] == values["view"] else "secondary"
            st.button(name, key=f"sim_preset_{number}", type=kind, on_click=sim_held.preset, args=(values,))
        st.button(
            "My class", key="sim_preset_class", type="primary" if state.view == "class" else "secondary", on_click=_open, args=("class",)
        )
    if st.session_state.get(_VIEW) != state.view:
        st.session_state[_VIEW] = state.view
    st.segmented_control(
        "View",
        VIEWS,
        format_func=NAMES.__getitem__,
        key=_VIEW,
        required=True,
        label_visibility="collapsed",
        on_change=sim_held.take,
        args=("view", _VIEW),
    )
    if said := sim_held.notice():
        st.caption(said)


def draw(viewer: Viewer) -> None:
    """Draw the open view, and the controls beside it; the picture first, so that it is redrawn while the rest is still on its way."""
    state = sim_held.settle()
    if state.on("projector"):
        _view(state, viewer)
        return
    left, right = st.columns([1, 2.7], gap="medium")
    with right, st.container(key="sim_picture"):
        _view(state, viewer)
        below = st.container()
    with left, st.container(key="sim_controls", gap=None):
        _controls(state)
    if state.view == "taught":
        with below:
            _oddities(state)


def _controls(state: State) -> None:
    match state.view:
        case "taught" | "quiz":
            sim_controls.draw_lesson(state)
        case "profit":
            sim_controls.draw_both(state, sim_held.price())
        case _:
            sim_controls.draw_scenario(state, sim_held.price())


def _view(state: State, viewer: Viewer) -> None:
    if state.view == "taught":
        sim_taught.draw(state)
    elif state.view == "real":
        real = _load("real")
        if real is not None:
            real.draw(state, sim_held.price())
    else:
        _panel(viewer)


def _oddities(state: State) -> None:
    if (module := _load("oddities")) is not None:
        module.draw(lesson(state))


@st.fragment
def _panel(viewer: Viewer) -> None:
    """Draw a view that has controls of its own, in a fragment of its own."""
    require_login()
    state = sim_held.state()
    price = sim_held.price()
    here = scenario(state, price.rates, price.window)
    module = _load(state.view)
    if module is None:
        st.write("This view is being built.")
    elif state.view == "profit":
        module.draw(here, lesson(state))
    elif state.view == "class":
        module.draw(viewer, here)
    elif state.view == "quiz":
        module.draw(viewer, lesson(state))
    else:
        module.draw(here)


def _load(name: str) -> Any:
    try:
        return importlib.import_module(f"pages.ui.sim_{name}")
    except ImportError:
        return None


def _open(view: View) -> None:
    sim_held.change(sim_held.state().put({"view": view}))


def _projector_head() -> None:
    with st.container(horizontal=True, key="sim_head", horizontal_alignment="right"):
        st.html(Html('<i class="tl-projector"></i>'), width="content")
        _projector(on=True)


def _projector(*, on: bool) -> None:
    st.button(
        "Leave the projector" if on else "Projector",
        key="sim_projector",
        icon=":material/close:" if on else ":material/slideshow:",
        help="Large text, and nothing but the picture.",
        on_click=_project,
        args=(not on,),
    )


def _project(on: bool) -> None:
    sim_held.change(sim_held.state().put({"projector": on}))
