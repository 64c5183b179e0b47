"""Sending while Streamlit is asked for the next run: what was typed is stored once, whatever is clicked meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.testing.v1 import AppTest

from agent.handles import TurnHandle
from agent.runner import TurnRunner
from pages.ui import sending
from scaling.services import Services
from storage import chats
from storage.records import User

ASKED = "asked"
"""Where the page of this test finds the chat and the text to send."""


def page() -> None:
    """Draw one button that sends what the test put into session_state."""
    import streamlit as st

    from pages.ui import sending

    def send() -> None:
        sending.send(*st.session_state["asked"])

    st.button("Send", key="send", on_click=send)


def click_during_submit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have another click arrive after the message is stored and before `submit` returns, once."""
    submit, still = TurnRunner.submit, [True]

    def submit_and_click(self: TurnRunner, *args: Any, **more: Any) -> TurnHandle:
        handle = submit(self, *args, **more)
        context = get_script_run_ctx()
        if still and context is not None and context.script_requests is not None:
            still.clear()
            data = RerunData(query_string=context.query_string, page_script_hash=context.page_script_hash)
            context.script_requests.request_rerun(data)
        return handle

    monkeypatch.setattr(TurnRunner, "submit", submit_and_click)


def questions(running: Services) -> list[str]:
    return running.store.read(lambda db: [row[0] for row in db.execute("SELECT text FROM messages WHERE role = 'user' ORDER BY id")])


@pytest.fixture
def alice(log_in: Callable[[str], User]) -> User:
    """Alice, logged in."""
    return log_in("alice")


def test_the_next_message_is_not_taken_for_a_repeat(running: Services, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = running.store.write(lambda db: chats.create(db, alice.id, "", running.clock.now())).id
    at = AppTest.from_function(page, default_timeout=20)
    at.query_params["slot"] = "alice"
    at.session_state[ASKED] = (chat, "message A")
    at.run()
    click_during_submit(monkeypatch)
    at.button(key="send").click().run()
    at.session_state[ASKED] = (chat, "message B")
    at.button(key="send").click().run()
    assert questions(running) == ["message A", "message B"]


def test_enter_twice_in_a_new_chat_makes_one_chat_and_one_question(running: Services, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    at = AppTest.from_function(page, default_timeout=20)
    at.query_params["slot"] = "alice"
    at.session_state[ASKED] = (None, "hello")
    at.run()
    click_during_submit(monkeypatch)
    at.button(key="send").click().run()
    at.button(key="send").click().run()
    assert questions(running) == ["hello"]
    assert len(running.store.read(lambda db: chats.list_chats(db, alice.id))) == 1


def test_a_key_pressed_twice_is_recognised_for_a_moment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [100.0]
    monkeypatch.setattr("pages.ui.sending.time.monotonic", lambda: moment[0])
    sent = sending._Sent(None, "chat", "hello", "key", moment[0])
    assert sent.is_again(None, "hello")
    assert sent.is_again("chat", "hello")
    assert not sent.is_again("other", "hello")
    assert not sent.is_again("chat", "hello!")
    moment[0] += sending.TWICE_S
    assert not sent.is_again("chat", "hello")
