"""The chat: one's own conversations with the coach, what each answer cost, and what the agent will see next."""

import time

import streamlit as st

from pages.ui import (
    chat_data,
    chat_list,
    conversation,
    frame,
    memory_controls,
    memory_dialog,
    outlook,
    places,
    receipts,
    sending,
    stream,
    watch,
)
from pages.ui.gate import require_login
from pages.ui.services import services
from storage.records import NotFound

viewer = require_login()
store, runner = services().store, services().runner
chat_id = st.query_params.get(sending.CHAT) or None
model = runner.choice(viewer.login.login_id)
shown, listed, now, timezone = conversation.shown(chat_id), chat_list.listed(), services().clock.now(), watch.zone_name()
try:
    view = store.read(
        lambda db: chat_data.load(
            db, viewer.id, chat_id, model=model, now=now, timezone=timezone, shown=shown, listed=listed, shelf=runner.shelf
        )
    )
except NotFound:
    st.subheader("This chat is not here")
    st.write("It was deleted, or it belongs to somebody else. Your own chats are one click away.")
    st.button("Go to my chats", type="primary", key="own_chats", on_click=sending.open_chat, args=(None,))
    st.stop()

chat_list.draw(view.listed, chat_id, watch.zone(), lambda: memory_controls.draw(view.choice, chat_id))
if view.chat:
    chat_list.menu(view.chat)
else:
    conversation.empty()
figures = outlook.Figures(view, view.savings, model.label, model.name == "demo", places.here())
side = st.markdown(outlook.panel(figures), unsafe_allow_html=True, anchors=False)
spot = conversation.draw(view)

answering = view.running.turn if view.running else None
sending.message_box(chat_id, answering.id if answering else None)
frame.script()
receipts.show_if_asked()
memory_dialog.show_if_asked(chat_id)


def show_usage() -> None:
    """Redraw the panel with what the chat has used by now."""
    savings = store.read(lambda db: chat_data.read_savings(db, viewer.id, chat_id or ""))
    side.markdown(outlook.panel(figures.with_savings(savings)), unsafe_allow_html=True, anchors=False)


if answering:
    stream.follow(runner.attach(viewer.id, answering.id), spot, show_usage)
    st.rerun()
watch.changes(chat_id, view.signature, time.monotonic())
