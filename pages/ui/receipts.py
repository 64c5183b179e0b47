"""What stands behind an answer's quiet line: every model call of its turn, read when the address asks for it (`?calls=<turn>`)."""

import streamlit as st

from pages.ui.formats import count, money, seconds, tokens
from pages.ui.gate import require_login
from pages.ui.services import services
from storage import model_calls, turns
from storage.records import ModelCall, NotFound, Turn

CALLS = "calls"
HEAD = "| | Input | of it cached | Output | First word | Took | Cost | Ended |\n|---|--:|--:|--:|--:|--:|--:|---|\n"


def show_if_asked() -> None:
    """Open the dialog when the address names a turn."""
    turn_id = st.query_params.get(CALLS)
    if turn_id:
        _show(turn_id)


def table(calls: list[ModelCall]) -> str:
    """Return calls as a markdown table."""
    return HEAD + "\n".join(_row(place, call) for place, call in enumerate(calls, 1))


def summary(turn: Turn, calls: list[ModelCall]) -> str:
    """Return the sentences under the table: what was sent, which model, whose prices, what is an estimate."""
    parts = [f"Model {calls[0].model}, " + (f"priced as {calls[0].priced_as}" if calls[0].priced_as else "unpriced")]
    if turn.sent_messages is not None:
        parts.insert(0, f"{count(turn.sent_messages, 'message')} of this chat went along")
    if calls[0].price:
        parts.append(f"Rates in dollars a million tokens, input/cached/output: {calls[0].price}")
    if turn.estimated:
        parts.append("≈ marks an estimate, where the provider reported nothing")
    return ". ".join(parts) + "."


def _close() -> None:
    st.query_params.pop(CALLS, None)


@st.dialog("The model calls behind this answer", width="large", on_dismiss=_close)
def _show(turn_id: str) -> None:
    viewer = require_login()
    try:
        turn, calls = services().store.read(lambda db: (turns.get(db, viewer.id, turn_id), model_calls.for_turn(db, viewer.id, turn_id)))
    except NotFound:
        st.write("This answer is not here, or it is not yours.")
        return
    if calls:
        st.markdown(table(calls))
        st.caption(summary(turn, calls))
    else:
        st.write("No model was called for this answer.")


def _row(place: int, call: ModelCall) -> str:
    about = "≈ " if call.source == "estimate" else ""
    cells = (
        f"{place}. {call.purpose}",
        about + tokens(call.tokens_in),
        tokens(call.tokens_cached),
        about + tokens(call.tokens_out),
        seconds(call.first_token_ms),
        seconds(call.duration_ms),
        money(call.cost).replace("$", "\\$"),
        call.outcome if call.attempt == 1 else f"{call.outcome}, attempt {call.attempt}",
    )
    return f"| {' | '.join(cells)} |"
