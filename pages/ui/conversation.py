"""The conversation itself: exchanges, receipts, the line above which the agent no longer sees, and the empty state."""

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui import sending
from pages.ui.answer import THINKING, ending_note, stored_answer
from pages.ui.chat_data import SHOWN, ChatView, Exchange
from pages.ui.formats import count, money, ordinal, seconds, tokens
from pages.ui.receipts import CALLS
from storage.records import Message, Turn

SUGGESTIONS = (
    "I ate a salad, 180 kcal",
    "I went for a 30 minute run",
    "I am vegetarian and want to lose 5 kg",
    "What did I eat today?",
)
EMPTY = """<div class="tl-empty"><h1>What shall we log?</h1><p>Tell the coach what you ate and how you moved, or ask what you did.
Your messages, the answers and what each one cost will appear here.</p></div>"""


def shown(chat_id: str | None) -> int:
    """Return how many messages of a chat are shown."""
    return int(st.session_state.get(f"shown_{chat_id}", SHOWN))


def draw(view: ChatView) -> DeltaGenerator:
    """Draw the exchanges of a chat; return the place where the running answer is written."""
    if view.chat is None:
        return st.empty()
    if view.has_earlier:
        st.button(
            "Show earlier messages", key="earlier", type="tertiary", icon=":material/expand_less:", on_click=_more, args=(view.chat.id,)
        )
    border = _border(view)
    if border:
        with st.container(key="unseen"):
            _exchanges(view.exchanges[:border])
    if view.outlook.unseen_messages:
        st.html(_line(view.outlook.unseen_messages, view.outlook.unseen_tokens))
    return _exchanges(view.exchanges[border:]) or st.empty()


def empty() -> None:
    """Draw what a chat looks like before its first message, with four messages to click."""
    st.html(EMPTY)
    with st.container(key="suggestions"):
        for column, text in zip((*st.columns(2), *st.columns(2)), SUGGESTIONS, strict=True):
            column.button(text, key=f"say_{text}", width="stretch", on_click=sending.suggest, args=(text,))


def receipt(turn: Turn) -> str:
    """Return the quiet line under an answer: tokens in and out, time to the first word, cost."""
    about = "about " if turn.estimated else ""
    return f"{about}{tokens(turn.tokens_in)} in · {tokens(turn.tokens_out)} out · {seconds(turn.first_token_ms)} · {money(turn.cost)}"


def _exchanges(exchanges: Sequence[Exchange]) -> DeltaGenerator | None:
    spot = None
    waiting = 0
    here = "?" + urlencode({name: value for name, value in st.query_params.items() if name != CALLS})
    for exchange in exchanges:
        with st.chat_message("user"):
            st.text(exchange.question)
            if exchange.turn.status == "queued":
                waiting += 1
                _waiting(exchange.turn, waiting)
        if exchange.turn.status == "running":
            with st.chat_message("assistant"):
                spot = st.markdown(THINKING)
        elif not exchange.is_open and exchange.turn.started_at:
            _answered(exchange.turn, exchange.replies, here)
    return spot


def _answered(turn: Turn, replies: Sequence[Message], here: str) -> None:
    """Draw a finished answer and its receipt, whose link opens the model calls behind it.

    The receipt is a link in the same text rather than a button: a button under each of fifteen answers took a quarter of the page's time.
    """
    line = f"\n\n:small[[{receipt(turn)}]({here}&{CALLS}={turn.id})]".replace("$", "\\$")
    with st.chat_message("assistant"):
        st.markdown(stored_answer(replies).markdown() + ending_note(turn) + line)


def _waiting(turn: Turn, place: int) -> None:
    label = f"waiting, {ordinal(place)} in line · take back"
    st.button(label, key=f"withdraw_{turn.seq}", type="tertiary", icon=":material/hourglass_empty:", on_click=sending.stop, args=(turn.id,))


def _border(view: ChatView) -> int:
    """Return how many of the exchanges shown the agent will not see."""
    first = view.outlook.first_sent
    unseen = (place for place, exchange in enumerate(view.exchanges) if first is not None and exchange.messages[0].id >= first)
    return next(unseen, len(view.exchanges))


def _line(messages: int, weight: int) -> str:
    return (
        f'<div class="tl-line" role="separator"><span>the agent no longer sees above this line '
        f"({count(messages, 'message')}, {weight:,} tokens)</span></div>"
    )


def _more(chat_id: str) -> None:
    st.session_state[f"shown_{chat_id}"] = shown(chat_id) + SHOWN
