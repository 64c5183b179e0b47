"""Downloading a chat and importing one, on the chat page."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from agent.transfer.exporting import export
from scaling.services import Services
from storage import chats, messages, usage
from storage.records import Chat, User
from tests.agent.transfer.files import altered, call, chat, packed, turn
from tests.pages.conftest import Draw, words

LogIn = Callable[[str], User]
ChatOf = Callable[..., Chat]


def asked(app: AppTest) -> list[str]:
    """Return the person's messages that the page shows."""
    return [message.text[0].value for message in app.chat_message if message.name == "user"]


def brought(draw: Draw, data: bytes, **address: str) -> AppTest:
    """Return the page after a file was chosen in the import dialog."""
    app = draw(slot="alice", **address)
    app.button(key="import_chat").click().run()
    app.file_uploader[0].upload("chat.json", data, "application/json").run()
    assert not app.exception
    return app


def own(running: Services, user: User) -> list[Chat]:
    return running.store.read(lambda db: chats.list_chats(db, user.id))


def test_an_imported_chat_opens_and_goes_on(draw: Draw, log_in: LogIn, running: Services) -> None:
    alice = log_in("alice")
    app = brought(draw, packed(chat()))
    assert asked(app) == ["I ate a salad", "What did I eat?"]
    assert "file" not in app.query_params
    assert not app.file_uploader
    assert app.query_params["chat"] == own(running, alice)[0].id
    assert "Lunch 🥗" in app.sidebar.radio[0].options
    assert running.store.read(lambda db: usage.mine(db, alice.id)).calls == 0
    app.chat_input[0].set_value("I ate an apple, 95 kcal").run()
    assert asked(app)[-1] == "I ate an apple, 95 kcal"
    assert running.store.read(lambda db: usage.mine(db, alice.id)).turns == 1


def test_an_imported_answer_is_marked_and_shows_its_calls(draw: Draw, log_in: LogIn, running: Services) -> None:
    alice = log_in("alice")
    app = brought(draw, packed(chat(turn(calls=[call(cost="0.25", purpose="summary")]))))
    assert "[imported · 100 in · 20 out" in app.chat_message[1].markdown[0].value
    turn_id = running.store.read(lambda db: messages.latest(db, alice.id, own(running, alice)[0].id))[0].turn_id
    said = words(draw(slot="alice", chat=own(running, alice)[0].id, calls=turn_id))
    assert "| 1. summary | 100 | 40 | 20 |" in said
    assert "answered and billed elsewhere" in said
    app.chat_input[0].set_value("Hello").run()
    assert "imported" not in app.chat_message[3].markdown[0].value


def test_drawing_the_dialog_again_imports_nothing_twice(draw: Draw, log_in: LogIn, running: Services) -> None:
    alice = log_in("alice")
    app = brought(draw, packed(altered("version", 2)))
    assert app.query_params["file"] == "import"
    app.run()
    assert len(app.error) == 1
    assert "version is “2”" in app.error[0].value
    app.file_uploader[0].upload("chat.json", packed(chat()), "application/json").run()
    assert len(own(running, alice)) == 1
    app.run()
    assert len(own(running, alice)) == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"Dear diary", "the file is not JSON"),
        (packed(altered("turns.1.messages.0.role", "system")), "turn 2, message 1, role is “system”"),
        (packed(altered("turns.1.model", "$x$ *y* [z](http://evil)")), "turn 2, model is not written"),
        (b" " * 50_000_000, "the file has 47.7 MB, and 5 MB are allowed"),
    ],
)
def test_a_refused_file_is_one_sentence_and_leaves_everything(
    draw: Draw, log_in: LogIn, running: Services, data: bytes, sentence: str
) -> None:
    alice = log_in("alice")
    app = brought(draw, data)
    shown = app.error[0].value.replace("\\", "")
    assert shown.startswith("Nothing was imported: ")
    assert sentence in shown
    assert own(running, alice) == []


def test_the_menu_offers_the_chat_as_a_file(draw: Draw, log_in: LogIn, chat_of: ChatOf) -> None:
    alice = log_in("alice")
    mine = chat_of(alice, "Hello")
    app = draw(slot="alice", chat=mine.id)
    assert not app.download_button
    app.menu_button(key="chat_menu").click("Download").run()
    assert app.download_button(key="download_chat").label == "Download"
    assert app.query_params["file"] == "export"
    app.run()
    assert app.download_button


def test_what_is_downloaded_is_the_chat(
    draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = log_in("alice")
    mine = chat_of(alice, "I ate an apple, 95 kcal")
    made: list[Any] = []
    monkeypatch.setattr("streamlit.download_button", lambda *args, **_: made.append(args))
    draw(slot="alice", chat=mine.id, file="export")
    _, content, name, kind = made[0]
    assert (name, kind) == (f"tideline-lunch-{running.clock.now().date()}.json", "application/json")
    whole = running.store.read(lambda db: export(db, alice.id, mine.id, running.clock.now()))
    assert content.split(b"\n")[4:] == whole.split(b"\n")[4:]
    assert b"95 kcal" in content


def test_a_page_has_one_dialog_whatever_the_address_says(draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services) -> None:
    alice = log_in("alice")
    mine = chat_of(alice, "Hello")
    turn_id = running.store.read(lambda db: messages.latest(db, alice.id, mine.id))[0].turn_id
    for what in ("import", "export", "", "x"):
        app = draw(slot="alice", chat=mine.id, calls=turn_id, file=what)
        assert not app.file_uploader
        assert not app.download_button
        assert "| 1. answer |" in words(app)


def test_somebody_elses_chat_cannot_be_downloaded(draw: Draw, log_in: LogIn, chat_of: ChatOf) -> None:
    theirs = chat_of(log_in("bob"), "My secret lunch")
    log_in("alice")
    app = draw(slot="alice", chat=theirs.id, file="export")
    assert not app.download_button
    assert "This chat is not here" in words(app)
