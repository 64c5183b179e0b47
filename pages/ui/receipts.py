"""What stands behind an answer's quiet line, read when the address asks for it (`?calls=<turn>`).

Every model call of its turn; the memory it was answered from; and what each other memory would have sent and cost for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import streamlit as st
from sqlite_utils import Database

from agent.memory.policy import STRATEGIES
from pages.ui import memory_dialog, places, watch
from pages.ui.formats import count, moment, money, money_alike, seconds, tokens
from pages.ui.gate import require_login
from pages.ui.memory_dialog import Covered, short
from pages.ui.memory_words import NAMES, in_words, policy_of
from pages.ui.savings import ABOUT
from pages.ui.services import services
from storage import chats, counterfactuals, messages, model_calls, pins, summaries, transfer, turns
from storage.counterfactuals import UNCAPPED, Counterfactual
from storage.records import Message, ModelCall, NotFound, Turn

HEAD = "| | Input | of it {cached} | Output | First word | Took | Cost | Ended |\n|---|--:|--:|--:|--:|--:|--:|---|\n"
MEMORIES = "| Memory | Cost | Input | of it {cached} | Output |\n|---|--:|--:|--:|--:|\n"


@dataclass(frozen=True, slots=True)
class Behind:
    """Everything that stands behind one answer."""

    turn: Turn
    calls: Sequence[ModelCall]
    said: Sequence[Message]
    others: Sequence[Counterfactual]
    pinned: frozenset[int]
    summary: Covered | None
    quoted: Sequence[Message]

    @property
    def pinnable(self) -> list[tuple[str, Message]]:
        """The question and the answer, with what their switches are called."""
        question = [("Always send the question", message) for message in self.said if message.role == "user"][:1]
        answer = [("Always send the answer", message) for message in self.said if message.role == "assistant" and message.text][-1:]
        return question + answer


def show_if_asked() -> None:
    """Open the dialog when the address names a turn."""
    turn_id = st.query_params.get(places.CALLS)
    if turn_id:
        _show(turn_id)


def read(db: Database, user_id: str, turn_id: str) -> Behind:
    """Read what stands behind an answer of `user_id`. Raises NotFound for an unknown turn, somebody else's and one of a deleted chat."""
    turn = turns.get(db, user_id, turn_id)
    chats.get(db, user_id, turn.chat_id)
    try:
        used = None if turn.summary_id is None else memory_dialog.covered(db, user_id, summaries.get(db, user_id, turn.summary_id))
    except NotFound:
        used = None
    quoted = messages.by_ids(db, user_id, turn.chat_id, turn.quoted) if turn.quoted else []
    return Behind(
        turn,
        transfer.calls_elsewhere(db, user_id, turn_id) if turn.imported else model_calls.for_turn(db, user_id, turn_id),
        messages.of_turn(db, user_id, turn_id),
        counterfactuals.for_turn(db, user_id, turn_id),
        frozenset(message.id for message in pins.of_chat(db, user_id, turn.chat_id)),
        used,
        sorted(quoted, key=lambda message: message.id),
    )


def table(calls: Sequence[ModelCall]) -> str:
    """Return calls as a markdown table."""
    return HEAD.format(cached=_cached(calls)) + "\n".join(_row(place, call) for place, call in enumerate(calls, 1))


def summary(turn: Turn, calls: Sequence[ModelCall]) -> str:
    """Return the sentences under the table: what was sent, which model, whose prices, what is an estimate."""
    parts = [f"Model {calls[0].model}, " + (f"priced as {calls[0].priced_as}" if calls[0].priced_as else "unpriced")]
    if turn.sent_messages is not None:
        parts.insert(0, f"{count(turn.sent_messages, 'message')} of this chat went along")
    if calls[0].price:
        a_call = "; then for each call" if "+" in calls[0].price else ""
        parts.append(f"Rates in dollars a million tokens, input/cached/output{a_call}: {calls[0].price}")
    if turn.imported:
        parts.append("All this came in a file: it was answered and billed elsewhere")
    if turn.estimated:
        parts.append("≈ marks an estimate, where the provider reported nothing")
    return ". ".join(parts) + "."


def memories(behind: Behind) -> str:
    """Return as a markdown table what each memory would have sent and cost for this very turn, the one that was used first."""
    used = policy_of(behind.turn.policy).strategy
    others = {other.strategy: other for other in behind.others if other.strategy != used}
    listed = [(strategy, others[strategy]) for strategy in STRATEGIES if strategy in others]
    cost, *costs = money_alike(_spent(behind.calls), *(other.cost for _, other in listed))
    rows = [_used_row(behind.calls, NAMES[used], cost)]
    rows += [_other_row(other, NAMES[strategy], cost) for (strategy, other), cost in zip(listed, costs, strict=True)]
    return MEMORIES.format(cached=_cached(behind.calls)) + "\n".join(rows).replace("$", "\\$")


def why(behind: Behind) -> str:
    """Return what there is to say under that table: why the cap did not pay, and what is a guess."""
    reasons = [other.reason for other in behind.others if other.strategy == UNCAPPED and other.reason]
    if any(other.estimated for other in behind.others):
        reasons.append("≈ rests on a summary that was never written, or on a search that was not run.")
    return " ".join(reasons)


@st.dialog("Behind this answer", width="large", on_dismiss=places.close)
def _show(turn_id: str) -> None:
    viewer = require_login()
    memory_dialog.redraw()
    try:
        behind = services().store.read(lambda db: read(db, viewer.id, turn_id))
    except NotFound:
        st.write("This answer is not here, or it is not yours.")
        return
    if behind.calls:
        st.markdown("### The model calls\n" + table(behind.calls))
        st.caption(summary(behind.turn, behind.calls).replace("$", "\\$"))
    else:
        st.write("No model was called for this answer.")
    _memory(behind)


def _memory(behind: Behind) -> None:
    """Draw what it was answered from, the switches that pin, and the other memories."""
    zone = watch.zone()
    st.markdown(f"### The memory\nIt ran with {in_words(policy_of(behind.turn.policy))}.")
    if behind.summary:
        with st.expander("The summary that was sent"):
            st.caption(behind.summary.sentence(zone))
            st.text(behind.summary.summary.text)
    if behind.turn.quoted:
        elsewhere = len(behind.turn.quoted) - len(behind.quoted)
        with st.expander(f"{count(len(behind.turn.quoted), 'message')} recalled or pinned"):
            st.markdown("\n".join(f"- {moment(message.created_at, zone)}, {message.role}: {short(message)}" for message in behind.quoted))
            if elsewhere:
                st.caption(f"{count(elsewhere, 'message')} more from other chats.")
    memory_dialog.notice()
    with st.container(horizontal=True, key="pins"):
        for label, message in behind.pinnable:
            memory_dialog.pin_toggle(message, label, pinned=message.id in behind.pinned)
    if behind.others:
        st.markdown("### The same turn with another memory\n" + memories(behind))
        st.caption(why(behind))


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


def _used_row(calls: Sequence[ModelCall], name: str, cost: str) -> str:
    """Return the row of the memory that was used: its calls, the summary's that was written after the answer included."""
    sums = (sum(call.tokens_in for call in calls), sum(call.tokens_cached for call in calls), sum(call.tokens_out for call in calls))
    return f"| {' | '.join((f'**{name}** (used)', cost, *map(tokens, sums)))} |"


def _other_row(other: Counterfactual, name: str, cost: str) -> str:
    about = ABOUT if other.estimated else ""
    cells = (name, about + cost, about + tokens(other.tokens_in), tokens(other.tokens_cached), tokens(other.tokens_out))
    return f"| {' | '.join(cells)} |"


def _spent(calls: Sequence[ModelCall]) -> Decimal | None:
    costs = [call.cost for call in calls if call.cost is not None]
    return sum(costs, Decimal(0)) if len(costs) == len(calls) else None


def _cached(calls: Sequence[ModelCall]) -> str:
    return "cached (simulated)" if calls and calls[0].model == "demo" else "cached"
