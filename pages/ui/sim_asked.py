"""What the address asks of a panel's own controls and cannot be had: Streamlit leaves it out without a word, so the panel says it."""

import math
from collections.abc import Mapping, Sequence

import streamlit as st

from pages.ui.formats import as_markdown

_LONGEST_SHOWN = 24
Allowed = Sequence[str] | float
"""The names to choose from, or the greatest of the numbers from 0 on."""


class Asked:
    """What the address asked for before the controls were drawn: those correct it."""

    def __init__(self, allowed: Mapping[str, Allowed]) -> None:
        asked = {name: st.query_params[name] for name in allowed if name in st.query_params}
        self._faults = {name: text for name, text in asked.items() if not is_allowed(text, allowed[name])}
        self._allowed = allowed

    def say(self, *values: object) -> None:
        """Say in one sentence what was refused, until a control has another value. Call it with the values once they are drawn."""
        key = f"{next(iter(self._allowed))}_asked"
        if self._faults:
            st.session_state[key] = (sentence({name: (text, self._allowed[name]) for name, text in self._faults.items()}), values)
        said, then = st.session_state.get(key) or ("", ())
        if said and then == values:
            st.caption(said)
        else:
            st.session_state.pop(key, None)


def is_allowed(text: str, allowed: Allowed) -> bool:
    """Return whether a control takes what the address says."""
    if not isinstance(allowed, int | float):
        return text in allowed
    try:
        number = float(text)
    except ValueError:
        return False
    return math.isfinite(number) and 0 <= number <= allowed


def sentence(faults: Mapping[str, tuple[str, Allowed]]) -> str:
    """Return which names of the address ask for something that is not allowed, and what is, in markdown."""
    each = [f"{name}={as_markdown(_short(text))} (it takes {as_markdown(_words(allowed))})" for name, (text, allowed) in faults.items()]
    return f"The address asks for what is not allowed, and the default is shown: {'; '.join(each)}."


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _words(allowed: Allowed) -> str:
    return f"0 to {allowed:,.0f}" if isinstance(allowed, int | float) else ", ".join(allowed)
