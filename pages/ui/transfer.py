"""Chats as files: the dialogs that write one's own chat to a file and make a chat of a file. The address says which is open (`?file=`)."""

from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from agent.errors import Refused
from agent.transfer.exporting import export, file_name
from agent.transfer.form import MAX_MB, MAX_MESSAGES
from agent.transfer.importing import take_in
from pages.ui import places, sending
from pages.ui.formats import as_markdown
from pages.ui.gate import require_login
from pages.ui.services import services
from pages.ui.troubles import sentence
from pages.ui.turnstile import DRAWING
from storage.errors import StorageError
from storage.records import Chat

EXPORT = "export"
IMPORT = "import"
_TAKEN = "taken_file"


@dataclass(frozen=True, slots=True)
class _Taken:
    """The file that was looked at last, so that drawing the dialog again does not import it again."""

    file_id: str
    trouble: str | None = None


def ask(what: str) -> None:
    """Open a dialog: EXPORT for the chat that is open, or IMPORT."""
    places.close()
    st.query_params[places.FILE] = what


def show_import_if_asked() -> None:
    """Open the dialog that imports a chat when the address asks for it."""
    if _asked() == IMPORT:
        _import()


def show_export_if_asked(chat: Chat) -> None:
    """Open the dialog that downloads the open chat when the address asks for it."""
    if _asked() == EXPORT:
        _export(chat)


def _asked() -> str | None:
    """Return which of the two is to be open; none beside another dialog, for a page can have but one."""
    return None if places.CALLS in st.query_params or places.MEMORY in st.query_params else st.query_params.get(places.FILE)


@st.dialog("Download this chat", on_dismiss=places.close)
def _export(chat: Chat) -> None:
    viewer, store, now = require_login(), services().store, services().clock.now()
    DRAWING.leave()
    st.write("One JSON file with everything said here: each turn with its time, its memory policy, its model calls and what they cost.")
    st.caption("Whoever has the file can read it. A question that is still being answered is left out.")
    # Written now rather than at the click: Streamlit takes the focus from a button that makes its file late, and Esc closes nothing then.
    with st.spinner("Writing the file"):
        content = store.read(lambda db: export(db, viewer.id, chat.id, now))
    st.download_button(
        "Download",
        content,
        file_name(chat.title, now),
        "application/json",
        key="download_chat",
        type="primary",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )


@st.dialog("Import a chat", on_dismiss=places.close)
def _import() -> None:
    st.write("Choose a file that was downloaded from a chat, here or from another Tideline. It becomes a new chat of yours.")
    file = st.file_uploader("The chat's file", type="json", key="chat_file", max_upload_size=MAX_MB, label_visibility="collapsed")
    st.caption(
        f"At most {MAX_MB} MB and {MAX_MESSAGES:,} messages; a larger file is not sent and stays red. "
        "What its answers cost elsewhere is shown, and does not count as yours."
    )
    if file is None:
        return
    taken = st.session_state.get(_TAKEN)
    if not isinstance(taken, _Taken) or taken.file_id != file.file_id:
        _take(file)
    trouble = st.session_state[_TAKEN].trouble
    if trouble:
        st.error(as_markdown(trouble), icon=":material/error:")


def _take(file: UploadedFile) -> None:
    """Import a file and open its chat, or keep why it was refused."""
    viewer, running = require_login(), services()
    st.session_state[_TAKEN] = _Taken(file.file_id)
    DRAWING.leave()
    try:
        with st.spinner("Checking and storing the chat"):
            chat = take_in(running.store, viewer.id, file.getvalue(), running.clock.now(), running.settings.max_message_chars)
    except (Refused, StorageError) as error:
        st.session_state[_TAKEN] = _Taken(file.file_id, sentence(error))
        return
    places.close()
    sending.open_chat(chat.id)
    st.rerun()
