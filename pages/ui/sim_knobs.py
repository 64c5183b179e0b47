"""Controls that always show what is set, also while a slider moves faster than the page is drawn.

Telling a drawn control another value is not safe here: a rerun that is overtaken by the next never reaches the browser, which then sends
the old value back as if somebody had chosen it. So a control that has to show something else becomes a new one, under the next key; what
the browser still says about the old one concerns nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

_KNOBS = "sim_knobs"


@dataclass(frozen=True, slots=True)
class Knob:
    """A drawn control."""

    key: str
    start: object
    """What it shows at first."""
    shows: object
    """What it shows now."""


def knob(name: str, wanted: object) -> Knob:
    """Return the control of this name, a new one when it shows something else than what is wanted."""
    known = _known()
    held = known.get(name)
    if held is None or held.shows != wanted:
        number = int(held.key.rpartition("_")[2]) + 1 if held else 0
        held = Knob(f"{name}_{number}", wanted, wanted)
        st.session_state[_KNOBS] = {**known, name: held}
    return held


def left_alone(name: str, wanted: object) -> Knob:
    """Return the control of this name as it is, whatever it shows; a new one when there is none yet."""
    return _known().get(name) or knob(name, wanted)


def turned(name: str, key: str) -> object | None:
    """Return what somebody has made the control show; None when it was drawn anew meanwhile."""
    held = _known().get(name)
    if held is None or held.key != key or key not in st.session_state:
        return None
    shows: object = st.session_state[key]
    st.session_state[_KNOBS] = {**_known(), name: replace(held, shows=shows)}
    return shows


def _known() -> Mapping[str, Knob]:
    known: Mapping[str, Knob] = st.session_state.get(_KNOBS) or {}
    return known
