"""What is set in this tab: read from the address when it changes under us, changed by the controls, written back to the address.

The address is read where a tab arrives or goes back, not at every rerun: a slider that moves fast sends the address of a moment ago.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import streamlit as st

from agent.catalogue import choose
from pages.ui import knobs, sim_prices
from pages.ui.formats import as_markdown
from pages.ui.services import services
from pages.ui.sim_asked import sentence, shortened
from pages.ui.sim_fields import FIELDS, PICTURE, Number, Refused, Value, View
from pages.ui.sim_prices import Priced
from pages.ui.sim_state import KEEP, Fault, State, from_query, to_query

_STATE, _SEEN, _TOUCHED, _REFUSED, _NOTICE = "sim_state", "sim_seen", "sim_touched", "sim_refused", "sim_notice"
Address = Mapping[str, list[str]]


def state() -> State:
    """Return what is set."""
    held = st.session_state.get(_STATE)
    return held if isinstance(held, State) else State()


def arrive() -> None:
    """Read the address where it is another than the one that was written last: in a new tab, by Back, by a link."""
    address = _own()
    touched = st.session_state.pop(_TOUCHED, False)
    if touched or (_STATE in st.session_state and address == st.session_state.get(_SEEN)):
        return
    found, faults = from_query(address)
    missing = "" if sim_prices.known(found.text("model") or default_model(), services().clock.now()) else found.text("model")
    st.session_state[_STATE] = found.put({"model": ""}) if missing else found
    st.session_state[_REFUSED] = {}
    st.session_state[_NOTICE] = " ".join([*_sentences(faults), *([as_markdown(unpriced(sim_prices.name(missing)))] if missing else [])])


def settle() -> State:
    """Write what is set to the address, and return it; every rerun does this once, after the controls' changes."""
    st.session_state.pop(_TOUCHED, None)
    wanted = {name: [text] if isinstance(text, str) else text for name, text in to_query(state()).items()}
    present = _own()
    if wanted != present:
        for name in present:
            if name not in wanted:
                del st.query_params[name]
        st.query_params.update({name: texts for name, texts in wanted.items() if texts != present.get(name)})
    st.session_state[_SEEN] = wanted
    return state()


def fill(values: Mapping[str, Value], *, view: View | None = None) -> list[str]:
    """Set these values, by the names of the address, and keep the rest; return the names whose value is not allowed and was left.

    Numbers are rounded to what their field takes. Follow it with `st.rerun()`.
    """
    taken: dict[str, Value] = {} if view is None else {"view": view}
    refused = []
    for name, value in values.items():
        try:
            taken[name] = _fitted(name, value)
        except (KeyError, Refused):
            refused.append(name)
    change(state().put(taken), forget=taken)
    return refused


def change(new: State, *, forget: Iterable[str] = ()) -> None:
    """Set something; what was refused in the named fields is forgotten."""
    st.session_state[_STATE] = new
    st.session_state[_TOUCHED] = True
    st.session_state[_NOTICE] = ""
    kept = dict(refusals())
    for name in forget:
        kept.pop(name, None)
    st.session_state[_REFUSED] = kept


def preset(values: Mapping[str, Value]) -> None:
    """Set a whole scenario: what is not named goes back to its default, what says how it is shown stays."""
    shown = {name: state()[name] for name in PICTURE}
    change(State({}, state().kept).put({**shown, **values}), forget=FIELDS)


def take_text(name: str, key: str) -> None:
    """Take what was typed into a field, or note that it is not allowed; then the last good value stays."""
    field, text = FIELDS[name], knobs.turned(f"sim_text_{name}", key)
    if text is None:
        return
    try:
        change(state().put({name: field.read(str(text))}), forget=[name])
    except Refused:
        st.session_state[_REFUSED] = {**refusals(), name: f"Write {field.allowed}. Until then it stays at {shown(name)}."}


def take(name: str, knob: str, key: str) -> None:
    """Take what a slider, a list or a switch says."""
    value = knobs.turned(knob, key)
    if isinstance(value, int | float | str):
        change(state().put({name: "" if name == "model" and value == default_model() else value}), forget=[name])


def refusals() -> Mapping[str, str]:
    """Return by field what is allowed, where something else was typed."""
    return st.session_state.get(_REFUSED) or {}


def notice() -> str:
    """Return what the address asked for and cannot be had; empty when there is nothing to say."""
    return str(st.session_state.get(_NOTICE) or "")


def shown(name: str) -> str:
    """Return a field's present value in words."""
    field, value = FIELDS[name], state()[name]
    if not isinstance(field, Number):
        return str(value)
    return f"{field.before}{field.show(value)}{field.after}" if value is not None else "nothing"


def default_model() -> str:
    """Return the model that the app's own answers are priced as."""
    return ":".join(choose(services().settings, own_key=False).priced_as)


def unpriced(name: str) -> str:
    """Return that a model has no known price, and what to do."""
    return f"No public price is known for {name}. Choose another model or give your own price."


def price() -> Priced:
    """Return the price that is set, as of today."""
    return sim_prices.priced(state(), default_model(), now())


def now() -> datetime:
    """Return the day by which prices are looked up."""
    return services().clock.now()


def _own() -> Address:
    return {name: st.query_params.get_all(name) for name in st.query_params if name in FIELDS or name == KEEP}


def _fitted(name: str, value: Value) -> Value:
    """Return a value as its field keeps it. Raises Refused when it cannot be."""
    field = FIELDS[name]
    if isinstance(field, Number) and isinstance(value, int | float) and not isinstance(value, bool):
        return field.checked(round(value) if field.whole else round(value, 3))
    return field.read(field.write(value))


def _sentences(faults: Iterable[Fault]) -> list[str]:
    return [_sentence(fault) for fault in faults]


def _sentence(fault: Fault) -> str:
    who = f"The kept curve {as_markdown(fault.curve)}" if fault.curve else "The address"
    if fault.name == KEEP:
        left_out = f"{who} sets what the simulator does not have, and that was left out: {shortened(fault.text)}."
        return left_out if fault.curve else "A kept curve in the address could not be read and was left out."
    field = FIELDS[fault.name]
    stands = State()[fault.name] if not isinstance(field, Number) else field.show(field.default) or "nothing"
    return sentence(fault.name, fault.text, field.allowed, str(stands), who)
