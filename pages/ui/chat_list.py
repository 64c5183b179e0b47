"""The sidebar of the chat page, a new chat and one's own chats by age, and the open chat's menu."""

from collections.abc import Callable, Sequence
from datetime import tzinfo
from itertools import groupby

import streamlit as st

from pages.ui import sending, transfer
from pages.ui.chat_data import LISTED
from pages.ui.formats import age_group, as_markdown
from pages.ui.services import services
from storage.records import Chat

MORE = "listed_chats"
_LONGEST = 40
_TITLE = "new_title"
_MARK = "\u2060"
"""Takes no room and is not read out."""


def listed() -> int:
    """Return how many chats the sidebar lists."""
    return int(st.session_state.get(MORE, LISTED))


def draw(own: Sequence[Chat], chosen: str | None, zone: tzinfo, controls: Callable[[], None]) -> None:
    """Draw the list of a person's chats, `chosen` marked as open, `controls` above it. One widget an age group, however many chats."""
    now = services().clock.now()
    with st.sidebar:
        st.button("New chat", key="new_chat", icon=":material/add:", width="stretch", on_click=sending.open_chat, args=(None,))
        _undo()
        controls()
        for heading, group in groupby(own, key=lambda chat: age_group(chat.updated_at, now, zone)):
            _group(heading, list(group), chosen)
        if len(own) >= listed():
            st.button("Show older chats", key="older_chats", type="tertiary", on_click=_show_more)
        st.button(
            "Import a chat",
            key="import_chat",
            type="tertiary",
            icon=":material/upload_file:",
            on_click=transfer.ask,
            args=(transfer.IMPORT,),
        )
    transfer.show_import_if_asked()


def menu(chat: Chat) -> None:
    """Draw the open chat's title, which opens what can be done to it."""
    chosen = st.menu_button(
        as_markdown(chat.title),
        ["Rename", "Download", "Delete"],
        key="chat_menu",
        type="tertiary",
        help="Rename, download or delete this chat",
    )
    if chosen == "Rename":
        _rename(chat)
    elif chosen == "Download":
        transfer.ask(transfer.EXPORT)
    elif chosen == "Delete":
        sending.delete(chat.id, chat.title)
        st.rerun()
    if chosen != "Rename":
        transfer.show_export_if_asked(chat)


def labels(chats: Sequence[Chat]) -> dict[str, str]:
    """Return what each chat is listed as, by its id. Streamlit knows an option by its label only, so those of one title get marks."""
    found: dict[str, str] = {}
    for chat in chats:
        label = as_markdown(_short(chat.title))
        while label in found.values():
            label += _MARK
        found[chat.id] = label
    return found


def _group(heading: str, group: Sequence[Chat], chosen: str | None) -> None:
    titles = labels(group)
    key = f"chats_{heading.replace(' ', '_').lower()}"
    st.session_state[key] = chosen if chosen in titles else None
    st.radio(heading, list(titles), format_func=titles.__getitem__, key=key, index=None, on_change=_open, args=(key,))


def _open(key: str) -> None:
    sending.open_chat(st.session_state[key])


def _undo() -> None:
    deleted = st.session_state.get(sending.UNDO)
    if deleted:
        label = f"Deleted “{as_markdown(_short(deleted[1]))}”. Undo"
        st.button(label, key="undo_delete", icon=":material/undo:", width="stretch", on_click=sending.undo_delete)


@st.dialog("Rename this chat")
def _rename(chat: Chat) -> None:
    with st.form("rename_form", border=False):
        st.text_input("Title", value=chat.title, max_chars=80, key=_TITLE)
        if st.form_submit_button("Rename", type="primary", on_click=_take_title, args=(chat.id,)):
            st.rerun()


def _take_title(chat_id: str) -> None:
    sending.rename(chat_id, st.session_state[_TITLE])


def _show_more() -> None:
    st.session_state[MORE] = listed() + LISTED


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST else title[: _LONGEST - 1].rstrip() + "…"
