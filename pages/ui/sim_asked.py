"""What the address asks for and cannot be had, in words, the same for the page's own fields and for a panel's controls.

Streamlit itself puts the default in place of what a control does not take, and takes it out of the address, without a word: so a panel
asks before its controls are drawn, and says it once they are.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.ui.formats import as_markdown

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
    return Allowed(lambda text: _is_within(text, low, high), f"a number from {low:,g} to {high:,.12g}", f"{default:,g}")


def one_of(options: Sequence[str], default: str) -> Allowed:
    """Return that a control takes one of some names."""
    return Allowed(list(options).__contains__, f"one of {'; '.join(options)}", default)


class Asked:
    """What the address asks of a panel's controls, seen before they are drawn."""

    def __init__(self, fields: Mapping[str, Allowed]) -> None:
        asked = [(name, st.query_params[name], field) for name, field in fields.items() if name in st.query_params]
        self._said = [sentence(name, text, field.words, field.default) for name, text, field in asked if not field.takes(text)]
        self._key = f"{next(iter(fields))}_asked"

    def say(self, *values: object) -> None:
        """Say what was refused, for as long as the controls have the values they got by it; call it once they are drawn.

        Streamlit leaves an empty choice in the address: what was refused before is nothing new.
        """
        known, then = st.session_state.get(self._key) or ([], ())
        if not set(self._said) <= set(known):
            known, then = self._said, values
        elif not self._said and then != values:
            known = []
        st.session_state[self._key] = (known, then)
        if known and then == values:
            st.caption(" ".join(known))


def sentence(name: str, text: str, allowed: str, default: str, who: str = "The address") -> str:
    """Return that `who` asks for what a field does not take, and what stands in, in markdown."""
    return f"{who} asks for {as_markdown(name)}={shortened(text)}, but it takes {as_markdown(allowed)}; {as_markdown(default)} stands in."


def shortened(text: str) -> str:
    """Return what somebody put into an address as it is shown, in markdown."""
    return as_markdown(text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…")


def _is_within(text: str, low: float, high: float) -> bool:
    try:
        value = float(text)
    except ValueError:
        return False
    return math.isfinite(value) and low <= value <= high
