"""The conversation itself: exchanges, receipts, the line above which the agent no longer sees, and the empty state."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui import places, sending, shading
from pages.ui.answer import THINKING, ending_note, stored_answer
from pages.ui.chat_data import SHOWN, ChatView, Exchange, Outlook
from pages.ui.formats import count, money, ordinal, seconds, tokens
from pages.ui.frame import Html
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
    drawing = _Drawing(view.outlook)
    with st.container(key=shading.HISTORY):
        drawing.exchanges(view.exchanges[:border])
        line_at = None if border is None else len(drawing.standings)
        if border is not None:
            st.html(Html(_line(view.outlook)))
            drawing.exchanges(view.exchanges[border:])
    st.html(Html(shading.sheet(drawing.standings, line_at)))
    return drawing.spot or st.empty()


def empty() -> None:
    """Draw what a chat looks like before its first message, with four messages to click."""
    st.html(EMPTY)
    with st.container(key="suggestions"):
        for column, text in zip((*st.columns(2), *st.columns(2)), SUGGESTIONS, strict=True):
            column.button(text, key=f"say_{text}", width="stretch", on_click=sending.suggest, args=(text,))


def receipt(turn: Turn) -> str:
    """Return the quiet line under an answer: tokens in and out, time to the first word, cost; and whether all that was elsewhere."""
    about = ("imported · " if turn.imported else "") + ("about " if turn.estimated else "")
    return f"{about}{tokens(turn.tokens_in)} in · {tokens(turn.tokens_out)} out · {seconds(turn.first_token_ms)} · {money(turn.cost)}"


@dataclass(slots=True)
class _Drawing:
    """The messages as they are drawn, one after the other, and where each stands for the next question."""

    outlook: Outlook
    here: str = field(default_factory=places.here)
    standings: list[shading.Standing] = field(default_factory=list)
    spot: DeltaGenerator | None = None
    waiting: int = 0

    def exchanges(self, few: Sequence[Exchange]) -> None:
        for exchange in few:
            self._question(exchange)
            if exchange.turn.status == "running":
                self.spot = st.chat_message("assistant").markdown(THINKING)
                self.standings.append("sent")
            elif not exchange.is_open and exchange.turn.started_at:
                _answered(exchange.turn, exchange.replies, self.here)
                spoken = exchange.replies or exchange.messages  # a failure that said nothing stands as its question does
                self.standings.append(shading.strongest(self.outlook.standing(message.id, exchange.turn.seq) for message in spoken))

    def _question(self, exchange: Exchange) -> None:
        bubble = st.chat_message("user")
        bubble.text(exchange.question)
        if exchange.turn.status == "queued":
            self.waiting += 1
            _waiting(bubble, exchange.turn, self.waiting)
        self.standings.append(self.outlook.standing(exchange.messages[0].id, exchange.turn.seq))


def _answered(turn: Turn, replies: Sequence[Message], here: str) -> None:
    """Draw a finished answer and its receipt, whose link opens the model calls behind it.

    The receipt is a link in the same text rather than a button: a button under each of fifteen answers took a quarter of the page's time.
    """
    line = f"\n\n:small[[{receipt(turn)}]({here}&{places.CALLS}={turn.id})]".replace("$", "\\$")
    st.chat_message("assistant").markdown(stored_answer(replies).markdown() + ending_note(turn) + line)


def _waiting(bubble: DeltaGenerator, turn: Turn, place: int) -> None:
    label = f"waiting, {ordinal(place)} in line · take back"
    bubble.button(
        label, key=f"withdraw_{turn.seq}", type="tertiary", icon=":material/hourglass_empty:", on_click=sending.stop, args=(turn.id,)
    )


def _border(view: ChatView) -> int | None:
    """Return how many of the exchanges shown come before the first that is sent word for word; None where the line is not in sight."""
    if view.outlook.is_all_sent:
        return None
    if view.outlook.sent_messages == 0:
        return len(view.exchanges)
    first = view.outlook.first_sent
    return next((place for place, exchange in enumerate(view.exchanges) if exchange.messages[0].id == first), None)


def _line(ahead: Outlook) -> str:
    """Return the line above which messages are not sent word for word, saying what the agent has of them instead."""
    many = f"{count(ahead.unseen_messages, 'message')}, {ahead.unseen_tokens:,} tokens"
    link = f' <a href="{escape(places.here())}&amp;{places.MEMORY}=1">read it</a>' if ahead.folded else ""
    lost = ahead.unseen_messages - ahead.folded
    if ahead.folded:
        more = f", {lost:,} forgotten" if lost > 0 else ""
        said = f"above this line the agent has only a summary ({count(ahead.folded, 'message')}{more})"
    elif ahead.plan.quoted:
        said = f"above this line the agent sees only what is recalled or pinned ({many})"
    else:
        said = f"the agent no longer sees above this line ({many})"
    return f'<div class="tl-line" role="separator"><span>{said}{link}</span></div>'


def _more(chat_id: str) -> None:
    st.session_state[f"shown_{chat_id}"] = shown(chat_id) + SHOWN
