"""The chat: one's own conversations with the coach, what each answer cost, and what the agent will see next."""

import time

import streamlit as st

from pages.ui import chat_list, conversation, frame, outlook, receipts, sending, stream, watch
from pages.ui.chat_data import load
from pages.ui.gate import require_login
from pages.ui.services import services
from storage import model_calls
from storage.records import NotFound

viewer = require_login()
store, runner = services().store, services().runner
chat_id = st.query_params.get(sending.CHAT) or None
try:
    view = store.read(lambda db: load(db, viewer.id, chat_id, runner.policy, conversation.shown(chat_id), chat_list.listed()))
except NotFound:
    st.subheader("This chat is not here")
    st.write("It was deleted, or it belongs to somebody else. Your own chats are one click away.")
    st.button("Go to my chats", type="primary", key="own_chats", on_click=sending.open_chat, args=(None,))
    st.stop()

chat_list.draw(view.listed, chat_id, watch.zone())
if view.chat:
    chat_list.menu(view.chat)
else:
    conversation.empty()
figures = outlook.figures(view, runner.choice(viewer.login.login_id).label, runner.policy.max_messages_per_user)
side = st.html(outlook.panel(figures))
spot = conversation.draw(view)

answering = view.running.turn if view.running else None
sending.message_box(chat_id, answering.id if answering else None)
frame.script()
receipts.show_if_asked()


def show_usage() -> None:
    """Redraw the panel with what the chat has used by now."""
    totals = store.read(lambda db: model_calls.chat_totals(db, viewer.id, chat_id or ""))
    side.html(outlook.panel(figures.with_totals(totals)))


if answering:
    stream.follow(runner.attach(viewer.id, answering.id), spot, show_usage)
    st.rerun()
watch.changes(chat_id, view.signature, time.monotonic())
