"""Controls that always show what is set or stored, also while a slider moves faster than the page is drawn.

Telling a control its value through session_state is not safe: a rerun that is overtaken by the next never reaches the browser, which then
draws the control with its default, a slider with its lowest value, and sends that back as if somebody had chosen it. So what is wanted is
always the default, and a control that has to show something else becomes a new one, under the next key; what the browser still says about
the old one concerns nobody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import streamlit as st

T = TypeVar("T")
_KNOBS = "knobs"


@dataclass(frozen=True, slots=True)
class Knob(Generic[T]):
    """A drawn control."""

    key: str
    start: T
    """What it shows at first."""
    shows: T
    """What it shows now."""


def knob(name: str, wanted: T) -> Knob[T]:
    """Return the control of this name, a new one when it shows something else than what is wanted, or would if it were drawn again."""
    known = _known()
    held = known.get(name)
    if held is None or wanted != (held.shows if held.key in st.session_state else held.start):
        number = int(held.key.rpartition("_")[2]) + 1 if held else 0
        held = Knob(f"{name}_{number}", wanted, wanted)
        st.session_state[_KNOBS] = {**known, name: held}
    return held


def left_alone(name: str, wanted: T) -> Knob[T]:
    """Return the control of this name as it is, whatever it shows; a new one when there is none yet."""
    return _known().get(name) or knob(name, wanted)


def changed(name: str, key: str, take: Callable[[Any], object]) -> Callable[[], None]:
    """Return the callback that hands what somebody has made the control show to `take`, unless it was drawn anew meanwhile."""

    def callback() -> None:
        if _is_drawn(name, key):
            take(turned(name, key))

    return callback


def turned(name: str, key: str) -> object | None:
    """Return what somebody has made the control show; None when it was drawn anew meanwhile."""
    if not _is_drawn(name, key):
        return None
    shows: object = st.session_state[key]
    st.session_state[_KNOBS] = {**_known(), name: replace(_known()[name], shows=shows)}
    return shows


def _is_drawn(name: str, key: str) -> bool:
    held = _known().get(name)
    return held is not None and held.key == key and key in st.session_state


def _known() -> Mapping[str, Knob[Any]]:
    known: Mapping[str, Knob[Any]] = st.session_state.get(_KNOBS) or {}
    return known
