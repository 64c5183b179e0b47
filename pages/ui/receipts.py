"""What stands behind an answer's quiet line: every model call of its turn, read when it is opened."""

import streamlit as st

from pages.ui.formats import count, money, seconds, tokens
from pages.ui.gate import require_login
from pages.ui.services import services
from storage import model_calls
from storage.records import ModelCall, Turn

HEAD = "| | Input | of it cached | Output | First word | Took | Cost | Ended |\n|---|--:|--:|--:|--:|--:|--:|---|\n"


@st.dialog("The model calls behind this answer", width="large")
def show(turn: Turn) -> None:
    """Show the calls of a turn."""
    viewer = require_login()
    calls = services().store.read(lambda db: model_calls.for_turn(db, viewer.id, turn.id))
    if not calls:
        st.write("No model was called for this answer.")
        return
    st.markdown(HEAD + "\n".join(row(place, call) for place, call in enumerate(calls, 1)))
    st.caption(_summary(turn, calls))


def row(place: int, call: ModelCall) -> str:
    """Return one call as a row of the table."""
    about = "≈ " if call.source == "estimate" else ""
    ended = call.outcome if call.attempt == 1 else f"{call.outcome}, attempt {call.attempt}"
    cells = (
        f"{place}. {call.purpose}",
        about + tokens(call.tokens_in),
        tokens(call.tokens_cached),
        about + tokens(call.tokens_out),
        seconds(call.first_token_ms),
        seconds(call.duration_ms),
        money(call.cost).replace("$", "\\$"),
        ended,
    )
    return f"| {' | '.join(cells)} |"


def _summary(turn: Turn, calls: list[ModelCall]) -> str:
    sent = f"{count(turn.sent_messages, 'message')} of this chat were sent" if turn.sent_messages is not None else ""
    priced = f"Model {calls[0].model}, priced as {calls[0].priced_as}" if calls[0].priced_as else f"Model {calls[0].model}, unpriced"
    rates = f"at {calls[0].price} dollars a million tokens (input/cached/output)" if calls[0].price else ""
    estimate = "≈ marks an estimate, where the provider reported nothing" if turn.estimated else ""
    return ". ".join(filter(None, (sent, " ".join(filter(None, (priced, rates))), estimate))).replace("$", "\\$") + "."
