"""What a person does to a chat from the page: send, stop, open, rename, delete, undo. All run as widget callbacks, before the page draws.

A callback runs before the gate, so each asks for the viewer itself. A refusal becomes a notice that the page shows; a text that was not
taken is put back into the input, so that nothing typed is lost.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import uuid4

import streamlit as st

from agent.errors import Refused
from pages.ui.gate import Viewer, current_viewer
from pages.ui.services import services
from pages.ui.troubles import sentence
from storage import chats
from storage.errors import StorageError
from storage.records import NotFound

CHAT = "chat"
TYPED = "typed"
NOTICE = "notice"
UNSENT = "unsent"
UNDO = "deleted_chat"
_LAST = "last_sent"
_LOCK = "sending"
TWICE_S = 1.5
"""The same text in the same chat within this time is a key pressed twice."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """What was sent last, kept so that the same thing sent again is recognised by the runner, which takes a key only once."""

    place: str | None
    target: str
    text: str
    key: str
    at: float
    failed: bool = False

    def is_again(self, place: str | None, text: str) -> bool:
        """Whether sending `text` at `place` now repeats this: a key pressed twice, or another try after a fault."""
        same = text == self.text and place in (self.place, self.target)
        return same and (self.failed or time.monotonic() - self.at < TWICE_S)


def send_typed(chat_id: str | None) -> None:
    """Send what stands in the chat input."""
    text = st.session_state.get(TYPED)
    if isinstance(text, str) and not send(chat_id, text):
        st.session_state[UNSENT] = text


def send(chat_id: str | None, text: str) -> bool:
    """Send `text` to a chat, or to a new one; return False when it was refused, with the reason as the notice."""
    viewer = current_viewer()
    if viewer is None:
        return False
    with st.session_state.setdefault(_LOCK, threading.Lock()):
        return _attempt(lambda: _send_once(viewer, chat_id, text))


def suggest(text: str) -> None:
    """Send a suggestion as the first message of a new chat."""
    send(None, text)


def stop(turn_id: str) -> None:
    """Stop a turn, or take back one that waits."""
    _as_viewer(lambda viewer: services().runner.stop(viewer.id, turn_id))


def message_box(chat_id: str | None, answering: str | None) -> None:
    """Draw the input and, above it, the last refusal and the button that stops the turn `answering`; Esc clicks it.

    Both stand in a container that is always there: were the input to change its place, the browser would drop what is being typed.
    """
    with st.bottom.container(key="above_input", gap="small"):
        text = st.session_state.pop(NOTICE, None)
        if text:
            st.warning(text, icon=":material/info:")
        if answering:
            st.button("Stop", key="stop", icon=":material/stop_circle:", on_click=stop, args=(answering,), help="Stop this answer (Esc)")
    if UNSENT in st.session_state:
        st.session_state[TYPED] = st.session_state.pop(UNSENT)
    st.chat_input("Message the coach", key=TYPED, on_submit=send_typed, args=(chat_id,))


def open_chat(chat_id: str | None) -> None:
    """Show another chat; None for a new one."""
    if chat_id is None:
        st.query_params.pop(CHAT, None)
    else:
        st.query_params[CHAT] = chat_id


def rename(chat_id: str, title: str) -> None:
    """Give a chat another title."""
    now = services().clock.now()
    _as_viewer(lambda viewer: services().store.write(lambda db: chats.rename(db, viewer.id, chat_id, title, now)))


def delete(chat_id: str, title: str) -> None:
    """Delete a chat, offering to undo it."""

    def act(viewer: Viewer) -> None:
        services().store.write(lambda db: chats.delete(db, viewer.id, chat_id, services().clock.now()))
        st.session_state[UNDO] = (chat_id, title)
        open_chat(None)

    _as_viewer(act)


def undo_delete() -> None:
    """Bring the chat that was deleted last back."""
    chat_id, _ = st.session_state.pop(UNDO, (None, None))
    if chat_id is None:
        return

    def act(viewer: Viewer) -> None:
        services().store.write(lambda db: chats.restore(db, viewer.id, chat_id))
        open_chat(chat_id)

    _as_viewer(act)


def _send_once(viewer: Viewer, chat_id: str | None, text: str) -> None:
    """Submit a message. Everything that must be remembered is remembered before: a click that comes while the message is being stored
    makes Streamlit drop the rest of this callback at the next look at session_state.
    """
    store, now = services().store, services().clock.now()
    zone = st.context.timezone or "UTC"
    sent = st.session_state.get(_LAST)
    if not isinstance(sent, _Sent) or not sent.is_again(chat_id, text):
        target = chat_id or store.write(lambda db: chats.create(db, viewer.id, chats.NEW_TITLE, now)).id
        sent = _Sent(chat_id, target, text, uuid4().hex, time.monotonic())
    st.session_state.pop(UNDO, None)
    st.session_state[_LAST] = sent
    open_chat(sent.target)
    try:
        services().runner.submit(viewer.id, sent.target, text, key=sent.key, login_id=viewer.login.login_id, timezone=zone)
    except StorageError:
        st.session_state[_LAST] = replace(sent, failed=True)
        raise
    except Refused:
        if chat_id is None:
            store.write(lambda db: chats.delete(db, viewer.id, sent.target, now))
            open_chat(None)
        st.session_state[_LAST] = None
        raise


def _as_viewer(act: Callable[[Viewer], object]) -> None:
    viewer = current_viewer()
    if viewer is not None:
        _attempt(lambda: act(viewer))


def _attempt(act: Callable[[], object]) -> bool:
    try:
        act()
    except (Refused, NotFound, StorageError) as error:
        st.session_state[NOTICE] = sentence(error)
        return False
    return True
