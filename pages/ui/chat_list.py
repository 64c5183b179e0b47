"""The sidebar of the chat page: a new chat, and one's own chats by age."""

from collections.abc import Sequence
from datetime import tzinfo
from itertools import groupby

import streamlit as st

from pages.ui import sending
from pages.ui.chat_data import LISTED
from pages.ui.formats import age_group, as_markdown
from pages.ui.gate import Viewer
from pages.ui.services import services
from storage.records import Chat

MORE = "listed_chats"
_LONGEST = 40


def listed() -> int:
    """Return how many chats the sidebar lists."""
    return int(st.session_state.get(MORE, LISTED))


def draw(viewer: Viewer, own: Sequence[Chat], chosen: str | None, zone: tzinfo) -> None:
    """Draw the list of a person's chats, `chosen` marked as open."""
    with st.sidebar, st.container(key="chats", gap=None):
        st.button("New chat", key="new_chat", icon=":material/add:", width="stretch", on_click=sending.open_chat, args=(None,))
        _undo()
        now = services().clock.now()
        for heading, group in groupby(own, key=lambda chat: age_group(chat.updated_at, now, zone)):
            st.caption(heading)
            for chat in group:
                _link(viewer, chat, is_open=chat.id == chosen)
        if len(own) >= listed():
            st.button("Show older chats", key="older_chats", type="tertiary", on_click=_show_more)


def menu(chat: Chat) -> None:
    """Draw the open chat's title with what can be done to it."""
    with st.container(key="chat_head", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f"<h1>{_escaped(chat.title)}</h1>", width="content")
        chosen = st.menu_button(
            "Chat", ["Rename", "Delete"], key="chat_menu", icon=":material/more_horiz:", type="tertiary", help="Rename or delete"
        )
    if chosen == "Rename":
        _rename(chat)
    elif chosen == "Delete":
        sending.delete(chat.id, chat.title)
        st.rerun()


def _link(viewer: Viewer, chat: Chat, *, is_open: bool) -> None:
    title = chat.title if len(chat.title) <= _LONGEST else chat.title[: _LONGEST - 1].rstrip() + "…"
    label = f"**{as_markdown(title)}**" if is_open else as_markdown(title)
    st.button(label, key=f"open_{chat.id}", type="tertiary", width="stretch", on_click=sending.open_chat, args=(chat.id,))


def _undo() -> None:
    deleted = st.session_state.get(sending.UNDO)
    if deleted:
        label = f"Deleted “{as_markdown(deleted[1][:_LONGEST])}”. Undo"
        st.button(label, key="undo_delete", icon=":material/undo:", width="stretch", on_click=sending.undo_delete)


@st.dialog("Rename this chat")
def _rename(chat: Chat) -> None:
    with st.form("rename_form", border=False):
        title = st.text_input("Title", value=chat.title, max_chars=80)
        if st.form_submit_button("Rename", type="primary"):
            sending.rename(chat.id, title)
            st.rerun()


def _show_more() -> None:
    st.session_state[MORE] = listed() + LISTED


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
