"""Which conversation the memory lab runs: the prepared one, one of the person's own chats, or one from a file. The address says which."""

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from agent.catalogue import choose
from agent.lab import chats as own_chats
from agent.lab import files
from agent.lab.conversation import LAST_TURNS, Conversation
from agent.lab.experiment import Experiment
from agent.lab.prepared import prepared
from agent.transfer.complaints import FileRefused
from agent.transfer.form import MAX_MB
from pages.ui import nav, watch
from pages.ui.formats import as_markdown, count
from pages.ui.gate import Viewer
from pages.ui.services import services
from storage import chats, messages
from storage.records import Chat, NotFound

PREPARED, MINE, FILE = "Prepared conversation", "My own chat", "A file"
SOURCES = (PREPARED, MINE, FILE)
CHAT = "chat"
_KEPT = "lab_kept"
_LISTED = 100
_SHARED = 400
"""Results of the prepared conversation that are kept: those of some eight settings, each with its whole frontier."""
_NOT_ASKED = "Another model than the demo model answered, so summaries are guessed and nothing is asked here."
_UNANSWERED = "Nothing was answered in this chat yet. Choose another, or ask the coach something there first."


@dataclass(frozen=True, slots=True)
class _Kept:
    """The conversation that this tab ran last, and what it was read from; it is the person's own, so it stays in their session."""

    origin: Hashable
    experiment: Experiment


def choose_source(viewer: Viewer) -> Experiment | None:
    """Draw the choice of a conversation and return it as an experiment; None when there is none to run yet, which is said."""
    source = st.segmented_control(
        "Conversation", SOURCES, default=PREPARED, required=True, key="source", bind="query-params", label_visibility="collapsed"
    )
    if source == MINE:
        return _own(viewer)
    if source == FILE:
        return _file()
    experiment = shared(choose(services().settings, own_key=False).priced_as)
    talk = experiment.conversation
    st.caption(
        f"{as_markdown(talk.title)}: {len(talk.turns)} turns, {len(talk.messages)} messages, in which "
        f"{count(len(talk.questions), 'fact')} are told (the allergy in turn 3, the goal in turn 8) and asked for when it is over."
    )
    return experiment


@lru_cache(maxsize=4)
def shared(priced_as: tuple[str, str]) -> Experiment:
    """Return the prepared conversation's experiment: nobody's data, so one for everybody."""
    return Experiment(prepared(priced_as), _SHARED)


def _own(viewer: Viewer) -> Experiment | None:
    listed = services().store.read(lambda db: chats.list_chats(db, viewer.id, _LISTED))
    if not listed:
        st.write("You have no chat yet. Talk with the coach for a few messages, and the lab runs them through every strategy.")
        nav.button("Go to the chat", "chat", viewer.slot)
        return None
    chat_id = _pick(listed)
    store, settings, zone = services().store, services().settings, str(watch.zone())
    size = store.read(lambda db: messages.size(db, viewer.id, chat_id))
    try:
        found = _kept((chat_id, size), lambda: store.read(lambda db: own_chats.chat(db, viewer.id, chat_id, settings, zone)))
    except NotFound:
        found = None
    if found is None:
        st.write(_UNANSWERED)
    return found


def _file() -> Experiment | None:
    """Draw the place for a file and return the chat in it; it is run here and stored nowhere."""
    given = st.file_uploader("A chat that was downloaded from Tideline", type="json", key="lab_file", max_upload_size=MAX_MB)
    if given is None:
        st.caption("Choose a chat's file, and the lab runs it through every strategy. It is only looked at here; nothing of it is stored.")
        return None
    data, settings, now = given.getvalue(), services().settings, services().clock.now()
    try:
        found = _kept(hashlib.sha256(data).digest(), lambda: files.conversation(data, settings, now))
    except FileRefused as refused:
        st.error(as_markdown(refused.sentence.replace("Nothing was imported", "This file cannot be run")))
        return None
    if found is None:
        st.write("Nothing was answered in this chat. Choose a file of another one.")
    return found


def _kept(origin: Hashable, read: Callable[[], Conversation | None]) -> Experiment | None:
    """Return the experiment with a conversation, read again only when it is another or has grown."""
    kept = st.session_state.get(_KEPT)
    if not isinstance(kept, _Kept) or kept.origin != origin:
        talk = read()
        if talk is None:
            return None
        kept = st.session_state[_KEPT] = _Kept(origin, Experiment(talk))
    _describe(kept.experiment.conversation)
    return kept.experiment


def _describe(talk: Conversation) -> None:
    few = f" Only its last {LAST_TURNS} turns are run." if len(talk.turns) == LAST_TURNS else ""
    known = "Ask something at the end to see what it would still know." if talk.by_demo else _NOT_ASKED
    st.caption(
        f"{count(len(talk.turns), 'turn')}, {count(len(talk.messages), 'message')}, priced as {as_markdown(talk.priced_as[1])}.{few} "
        f"Pins are left aside. {known}"
    )


def _pick(listed: list[Chat]) -> str:
    """Draw the list of chats; the address names the chosen one by its id, which says nothing to others."""
    titles = {chat.id: chat.title for chat in listed}
    ids = list(titles)
    asked = st.query_params.get(CHAT)
    place = ids.index(asked) if asked in titles else 0
    chosen = st.selectbox("Chat", ids, index=place, format_func=titles.__getitem__, key="lab_chat", label_visibility="collapsed")
    if chosen != asked:
        st.query_params[CHAT] = chosen
    return chosen
