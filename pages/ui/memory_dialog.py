"""What the agent remembers of a chat: its summary and its pinned messages. Read when the address asks for it (`?memory=1`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial

import streamlit as st
from sqlite_utils import Database

from pages.ui import places, watch
from pages.ui.formats import as_markdown, count, moment
from pages.ui.gate import current_viewer, require_login
from pages.ui.memory_controls import toggle
from pages.ui.services import services
from pages.ui.troubles import sentence
from storage import messages, pins, summaries, turns
from storage.errors import StorageError
from storage.pins import MAX_PINS, TooManyPins
from storage.records import Message, NotFound
from storage.summaries import Checkpoint, Failure

NOTICE = "pin_notice"
_CHANGED = "pins_changed"
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Covered:
    """A summary and what it stands for."""

    summary: Checkpoint
    messages: int
    until: Message
    """The last message that is folded into it."""

    def sentence(self, zone: tzinfo) -> str:
        """Return when it was written and for which messages it stands, as markdown."""
        many, end = count(self.messages, "message"), moment(self.until.created_at, zone)
        written = moment(self.summary.created_at, zone)
        return f"Written {written}. It stands for the first {many} of this chat, up to “{short(self.until)}” ({end})."


def show_if_asked(chat_id: str | None) -> None:
    """Open the dialog when the address asks for it."""
    if chat_id and st.query_params.get(places.MEMORY):
        _show(chat_id)


def covered(db: Database, user_id: str, summary: Checkpoint) -> Covered:
    """Return what a summary of `user_id` stands for."""
    last = messages.by_ids(db, user_id, summary.chat_id, [summary.message_id])[0]
    turn = turns.get(db, user_id, last.turn_id)
    return Covered(summary, messages.position(db, user_id, summary.chat_id, turn.seq + 1).messages, last)


def pin_toggle(message: Message, label: str, *, pinned: bool) -> None:
    """Draw the switch that pins a message."""
    about = "Sent with every question of this chat, whatever the cap."
    toggle(label, f"pin_{message.id}", on=pinned, take=partial(_pin, message.id), about=about)


def redraw() -> None:
    """Draw the whole page anew when a pin has changed, so that the history behind the dialog shows it at once."""
    if st.session_state.pop(_CHANGED, False):
        st.rerun()


def notice() -> None:
    """Draw why the last pin was refused."""
    told = st.session_state.pop(NOTICE, None)
    if told:
        st.warning(told, icon=":material/info:")


def short(message: Message) -> str:
    """Return the beginning of a message on one line, as markdown."""
    line = " ".join(message.text.split())
    return as_markdown(line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…")


@st.dialog("What the agent remembers of this chat", width="large", on_dismiss=places.close)
def _show(chat_id: str) -> None:
    viewer = require_login()
    redraw()
    try:
        found, failure, pinned = services().store.read(lambda db: _read(db, viewer.id, chat_id))
    except NotFound:
        st.write("This chat is not here, or it is not yours.")
        return
    zone = watch.zone()
    notice()
    st.markdown("### Summary")
    _summary(found, failure, zone)
    st.markdown("### Pinned messages")
    _pinned(pinned, zone)


def _read(db: Database, user_id: str, chat_id: str) -> tuple[Covered | None, Failure | None, Sequence[Message]]:
    summary = summaries.latest(db, user_id, chat_id)
    found = covered(db, user_id, summary) if summary else None
    return found, summaries.last_failure(db, user_id, chat_id), pins.of_chat(db, user_id, chat_id)


def _summary(found: Covered | None, failure: Failure | None, zone: tzinfo) -> None:
    if failure:
        said = f"The last one was not written ({moment(failure.at, zone)}): {failure.error} The messages themselves are sent instead."
        st.warning(as_markdown(said), icon=":material/info:")
    if found is None:
        st.write("There is none yet. With the memory “Summary and last messages” the model writes one when enough messages stand.")
        return
    st.caption(found.sentence(zone))
    with st.container(border=True, key="summary_text"):
        st.text(found.summary.text)


def _pinned(pinned: Sequence[Message], zone: tzinfo) -> None:
    if not pinned:
        st.write("None. Click the line under an answer to pin it or its question: then it is sent with every question of this chat.")
        return
    st.caption(f"{len(pinned)} of {MAX_PINS}. They are sent with every question of this chat, whatever the cap.")
    for message in pinned:
        with st.container(horizontal=True, vertical_alignment="center", key=f"pinned_{message.id}"):
            who = "You" if message.role == "user" else "Coach"
            st.markdown(f"**{who}**, {moment(message.created_at, zone)}: {short(message)}")
            st.button("Unpin", key=f"unpin_{message.id}", on_click=_unpin, args=(message.id,))


def _pin(message_id: int, wanted: bool) -> None:
    now = services().clock.now()
    if wanted:
        _as_viewer(lambda db, user_id: pins.pin(db, user_id, message_id, now))
    else:
        _unpin(message_id)


def _unpin(message_id: int) -> None:
    _as_viewer(lambda db, user_id: pins.unpin(db, user_id, message_id))


def _as_viewer(act: Callable[[Database, str], None]) -> None:
    viewer = current_viewer()
    if viewer is None:
        return
    try:
        services().store.write(lambda db: act(db, viewer.id))
        st.session_state[_CHANGED] = True
    except TooManyPins as full:
        st.session_state[NOTICE] = f"{full.limit} messages are pinned in this chat, which is the most. Unpin another one first."
    except (NotFound, StorageError) as error:
        st.session_state[NOTICE] = sentence(error)
