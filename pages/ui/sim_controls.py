"""The simulator's controls: four groups on the left, a slider and a field for each number, and only those that matter for the open view."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from agent.memory.policy import STRATEGIES, Strategy
from pages.ui import knobs, lab_words, memory_words, sim_held, sim_prices
from pages.ui.frame import Html
from pages.ui.services import services
from pages.ui.sim_fields import FIELDS, LESSON, OWN, Number, plain
from pages.ui.sim_prices import Priced
from pages.ui.sim_state import State

RESETS = {"never": "For ever", "daily": "One day"}
_BY_STRATEGY: dict[Strategy, tuple[str, ...]] = {
    "full": (),
    "window": ("cap",),
    "chunked_window": ("cap",),
    "summary": ("fold", "cap"),
    "retrieval": ("recent", "k"),
}
_RARE = ("growth", "rounds", "system", "schemas", "sitting", "pause", "budget")


def draw_lesson(state: State) -> None:
    """Draw the lesson's constants."""
    _group("Class", state, ("users", "days", "prompts"))
    if state.number("prompts") != max(1, state.whole("prompts")):
        st.caption(f"The lesson's arithmetic takes whole prompts, here {max(1, state.whole('prompts'))}.")
    _group("Conversation", state, ("tokens",))
    _group("Memory", state, ("cap",))
    _group("Price", state, ("price",))


def draw_scenario(state: State, price: Priced) -> None:
    """Draw what makes a scenario."""
    _group("Class", state, ("users", "days", "prompts"))
    _group("Conversation", state, ("tokens", "reply"))
    _segments(state)
    _title("Memory")
    _strategy(state)
    numbers = _memory_numbers(state)
    for name in numbers:
        _number(name, state)
    _title("Price")
    _model(state, price)
    more = st.expander("More", key="sim_more", on_change="rerun", type="compact")
    if more.open:
        with more:
            _rare(state, [name for name in ("cap", "fold", "recent", "k") if state.on("all") and name not in numbers])


def draw_both(state: State, price: Priced) -> None:
    """Draw what makes a scenario, and the lesson's price beside it."""
    draw_scenario(state, price)
    if state.text("model") != LESSON:
        _group("As taught", state, ("price",))


def _group(title: str, state: State, names: Sequence[str]) -> None:
    _title(title)
    for name in names:
        _number(name, state)


def _title(title: str) -> None:
    st.html(Html(f'<h3 class="tl-group">{title}</h3>'))


def _number(name: str, state: State) -> None:
    """Draw a number: its field, its slider where it has one, and what is allowed where something else was typed."""
    field, refused = FIELDS[name], sim_held.refusals().get(name)
    assert isinstance(field, Number)
    label = f"{field.label} ({unit})" if (unit := (field.before or field.after).strip()) else field.label
    typed, wanted = f"sim_text_{name}", field.show(state[name])
    box = knobs.knob(typed, wanted) if refused is None else knobs.left_alone(typed, wanted)
    st.text_input(
        label, str(box.start), key=box.key, help=field.about, on_change=sim_held.take_text, args=(name, box.key), placeholder="none"
    )
    if field.steps:
        slid = f"sim_step_{name}"
        slider = knobs.knob(slid, field.nearest(state[name]))
        st.select_slider(
            f"{label}, by steps",
            field.steps,
            slider.start,
            key=slider.key,
            format_func=_stop,
            label_visibility="collapsed",
            on_change=sim_held.take,
            args=(name, slid, slider.key),
        )
    if refused is not None:
        st.html(Html(f'<p class="tl-refused" role="alert">{escape(refused)}</p>'))


def _stop(value: float) -> str:
    return plain(value, grouped=True)


def _memory_numbers(state: State) -> tuple[str, ...]:
    return _BY_STRATEGY[next(each for each in STRATEGIES if each == state["strategy"])]


def _strategy(state: State) -> None:
    name = "sim_strategy"
    chosen = knobs.knob(name, state["strategy"])
    st.selectbox(
        "Strategy",
        STRATEGIES,
        _place(STRATEGIES, chosen.start),
        format_func=lab_words.name,
        key=chosen.key,
        help=memory_words.HELP[next(each for each in STRATEGIES if each == state["strategy"])],
        label_visibility="collapsed",
        on_change=sim_held.take,
        args=("strategy", name, chosen.key),
    )


def _segments(state: State) -> None:
    name = "sim_reset"
    chosen = knobs.knob(name, state["reset"])
    st.segmented_control(
        FIELDS["reset"].label,
        list(RESETS),
        default=str(chosen.start),
        format_func=RESETS.__getitem__,
        key=chosen.key,
        required=True,
        help=FIELDS["reset"].about,
        on_change=sim_held.take,
        args=("reset", name, chosen.key),
    )


def _model(state: State, price: Priced) -> None:
    default = sim_held.default_model()
    options = sim_prices.choices(default, services().clock.now())
    asked = state.text("model") or default
    if asked not in options and not price.missing:
        options = [asked, *options]
    name = "sim_model"
    chosen = knobs.knob(name, asked if asked in options else options[0])
    st.selectbox(
        "Model",
        options,
        _place(options, chosen.start),
        format_func=_model_name,
        key=chosen.key,
        help=FIELDS["model"].about,
        label_visibility="collapsed",
        on_change=sim_held.take,
        args=("model", name, chosen.key),
    )
    if price.missing:
        st.html(Html(f'<p class="tl-refused" role="alert">{escape(sim_held.unpriced(price.missing))}</p>'))
    if asked == LESSON:
        _number("price", state)
    elif asked == OWN:
        with st.container(horizontal=True, gap="small", key="sim_own"):
            for name in ("own_in", "own_cached", "own_out"):
                _number(name, state)
    st.html(Html(f'<p class="tl-rates">{escape(sim_prices.sentence(price.rates))}</p>'))
    switch("cache", state)


def _model_name(model: str) -> str:
    words = sim_prices.name(model)
    return words[:1].upper() + words[1:] if model in (LESSON, OWN) else words


def _rare(state: State, missing: Sequence[str]) -> None:
    switch("batch", state)
    for name in (*missing, *_RARE):
        _number(name, state)
    if state["strategy"] == "summary" or state.on("all"):
        _number("chars", state)
    if state.number("rounds"):
        _number("call", state)
        _number("result", state)


def switch(name: str, state: State) -> None:
    """Draw a switch."""
    held, field = f"sim_{name}", FIELDS[name]
    chosen = knobs.knob(held, state.on(name))
    st.toggle(field.label, bool(chosen.start), key=chosen.key, help=field.about, on_change=sim_held.take, args=(name, held, chosen.key))


def _place(options: Sequence[str], chosen: object) -> int:
    return next((place for place, option in enumerate(options) if option == chosen), 0)
