"""What the address may ask of the capacity panel's controls, and what the panel says where it asks for something else.

Streamlit itself puts the default in place of what a control does not take, and takes it out of the address, without a word.
"""

import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

import streamlit as st

from pages.ui.formats import as_markdown

_REFUSED = "c_refused"
_LONGEST_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Allowed:
    """What one control takes."""

    takes: Callable[[str], bool]
    words: str
    """The same in words, as the end of a sentence."""
    default: str
    """As people read it."""


def number(low: float, high: float, default: float) -> Allowed:
    """Return that a control takes the numbers from `low` to `high`."""
    return Allowed(lambda text: _is_within(text, low, high), f"a number from {low:,g} to {high:,g}", f"{default:,g}")


def one_of(options: tuple[str, ...], default: str) -> Allowed:
    """Return that a control takes one of some names."""
    return Allowed(options.__contains__, f"one of {'; '.join(options)}", default)


def refused(fields: Mapping[str, Allowed]) -> list[str]:
    """Return a sentence for each value in the address that its control does not take; ask before the controls are drawn."""
    asked = [(name, st.query_params[name], field) for name, field in fields.items() if name in st.query_params]
    return [_sentence(name, text, field) for name, text, field in asked if not field.takes(text)]


def say(said: list[str], settings: Hashable) -> None:
    """Say what was refused, for as long as the settings stay what they became by it.

    Streamlit leaves an empty choice in the address; what was refused before is nothing new.
    """
    known, then = st.session_state.get(_REFUSED, ([], None))
    if not set(said) <= set(known):
        known, then = said, settings
    elif not said and then != settings:
        known = []
    st.session_state[_REFUSED] = (known, then)
    if known and then == settings:
        st.caption(" ".join(known))


def _is_within(text: str, low: float, high: float) -> bool:
    try:
        value = float(text)
    except ValueError:
        return False
    return math.isfinite(value) and low <= value <= high


def _sentence(name: str, text: str, field: Allowed) -> str:
    asked = as_markdown(text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…")
    return f"The address asks for {as_markdown(name)}={asked}, but it takes {field.words}; {field.default} stands in."
