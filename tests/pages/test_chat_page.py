"""The chat page: sending, listing, renaming, deleting, long histories, and whose chats one sees."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.sending import TWICE_S
from scaling.services import Services
from storage import chats, messages
from storage.records import Chat, Message, NotFound, User
from tests.pages.conftest import Draw, words

LogIn = Callable[[str], User]
ChatOf = Callable[..., Chat]


def asked(app: AppTest) -> list[str]:
    """Return the person's messages that the page shows."""
    return [message.text[0].value for message in app.chat_message if message.name == "user"]


def test_an_empty_chat_offers_four_messages_and_sends_the_one_clicked(draw: Draw, log_in: LogIn) -> None:
    log_in("alice")
    app = draw(slot="alice")
    suggestions = [button for button in app.button if button.key and button.key.startswith("say_")]
    assert len(suggestions) == 4
    assert "Nothing yet" in words(app)
    suggestions[0].click().run()
    assert asked(app) == ["I ate a salad, 180 kcal"]
    assert len(app.query_params["chat"]) == 22
    assert "180 kcal" in app.chat_message[1].markdown[0].value


def test_a_typed_message_is_answered_with_its_receipt(draw: Draw, log_in: LogIn) -> None:
    log_in("alice")
    app = draw(slot="alice")
    app.chat_input[0].set_value("I ate an apple, 95 kcal").run()
    answer = app.chat_message[1].markdown[0].value
    assert ":material/restaurant:" in answer
    assert " in · " in answer
    assert "&calls=" in answer
    assert "2 of 4 sent" not in words(app)
    assert "All 4 messages are sent." in words(app)
    assert "priced as gemini-2.5-flash" in words(app)


def test_what_was_said_is_there_again_and_nobody_else_sees_it(draw: Draw, log_in: LogIn, chat_of: ChatOf) -> None:
    alice = log_in("alice")
    chat = chat_of(alice, "Hello there")
    assert asked(draw(slot="alice", chat=chat.id)) == ["Hello there"]
    log_in("bob")
    theirs = draw(slot="bob", chat=chat.id)
    assert "This chat is not here" in words(theirs)
    assert "Hello there" not in words(theirs)
    assert not theirs.sidebar.radio
    theirs.button(key="own_chats").click().run()
    assert theirs.chat_input


def test_an_unknown_or_deleted_chat_is_one_sentence(draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services) -> None:
    alice = log_in("alice")
    chat = chat_of(alice, "Hello")
    running.store.write(lambda db: chats.delete(db, alice.id, chat.id, running.clock.now()))
    for gone in (chat.id, "x" * 22, "", "'; DROP TABLE chats"):
        app = draw(slot="alice", chat=gone)
        assert ("This chat is not here" in words(app)) == bool(gone)


def test_a_refused_message_is_told_and_put_back(draw: Draw, log_in: LogIn, running: Services) -> None:
    alice = log_in("alice")
    app = draw(slot="alice")
    app.chat_input[0].set_value("x" * 8001).run()
    assert "8,001 characters; 8,000 are allowed" in app.warning[0].value
    assert app.chat_input[0].proto.value == "x" * 8001
    app.chat_input[0].set_value("   ").run()
    assert "Type a message first" in app.warning[0].value
    assert running.store.read(lambda db: chats.list_chats(db, alice.id)) == []
    app.run()
    assert not app.warning


def test_the_same_text_twice_in_a_moment_is_sent_once(draw: Draw, log_in: LogIn, monkeypatch: pytest.MonkeyPatch) -> None:
    log_in("alice")
    app = draw(slot="alice")
    app.chat_input[0].set_value("Hello").run()
    monkeypatch.setattr("pages.ui.sending.TWICE_S", 3600.0)
    app.chat_input[0].set_value("Hello").run()
    assert asked(app) == ["Hello"]
    monkeypatch.setattr("pages.ui.sending.TWICE_S", 0.0)
    app.chat_input[0].set_value("Hello").run()
    assert asked(app) == ["Hello", "Hello"]
    assert TWICE_S > 0


def test_a_message_into_a_chat_deleted_meanwhile_is_kept_in_the_box(draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services) -> None:
    alice = log_in("alice")
    chat = chat_of(alice, "Hello")
    app = draw(slot="alice", chat=chat.id)
    running.store.write(lambda db: chats.delete(db, alice.id, chat.id, running.clock.now()))
    app.chat_input[0].set_value("Are you there?").run()
    assert "This chat is not here" in words(app)
    app.button(key="own_chats").click().run()
    assert app.chat_input[0].proto.value == "Are you there?"
    assert "not here any more" in app.warning[0].value
    running.store.write(lambda db: chats.restore(db, alice.id, chat.id))
    assert [message.text for message in _stored(running, alice, chat) if message.role == "user"] == ["Hello"]


def test_delete_and_undo(draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services) -> None:
    alice = log_in("alice")
    chat = chat_of(alice, "Hello")
    app = draw(slot="alice", chat=chat.id)
    _choose(app, "Delete")
    assert "chat" not in app.query_params
    with pytest.raises(NotFound):
        running.store.read(lambda db: chats.get(db, alice.id, chat.id))
    app.button(key="undo_delete").click().run()
    assert asked(app) == ["Hello"]
    assert not [button for button in app.button if button.key == "undo_delete"]


def test_rename(draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services) -> None:
    alice = log_in("alice")
    chat = chat_of(alice, "Hello")
    app = draw(slot="alice", chat=chat.id)
    _choose(app, "Rename")
    app.text_input[0].input("Dinner *plans*")
    next(button for button in app.button if button.label == "Rename").click().run()
    assert running.store.read(lambda db: chats.get(db, alice.id, chat.id)).title == "Dinner *plans*"
    assert app.sidebar.radio[0].options == ["Dinner \\*plans\\*"]


def test_the_list_opens_a_chat_and_new_chat_begins_one(draw: Draw, log_in: LogIn, chat_of: ChatOf) -> None:
    alice = log_in("alice")
    first, second = chat_of(alice, "First"), chat_of(alice, "Second")
    app = draw(slot="alice", chat=second.id)
    assert app.sidebar.radio[0].value == second.id
    app.sidebar.radio[0].set_value(first.id).run()
    assert asked(app) == ["First"]
    app.button(key="new_chat").click().run()
    assert "chat" not in app.query_params
    assert "What shall we log?" in words(app)


def test_chats_of_one_title_are_told_apart(draw: Draw, log_in: LogIn, chat_of: ChatOf) -> None:
    alice = log_in("alice")
    every = [chat_of(alice, text) for text in ("First", "Second", "Third")]
    for chat in every:
        app = draw(slot="alice", chat=chat.id)
        app.run()
        assert app.query_params["chat"] == chat.id
        assert app.sidebar.radio[0].value == chat.id
    app = draw(slot="alice", chat=every[1].id)
    assert len(set(app.sidebar.radio[0].options)) == 3
    app.sidebar.radio[0].set_value(every[0].id).run()
    assert asked(app) == ["First"]


def test_long_history_shows_the_latest_and_more_on_demand(draw: Draw, log_in: LogIn, chat_of: ChatOf) -> None:
    alice = log_in("alice")
    chat = chat_of(alice, *(f"Message {number}" for number in range(20)))
    app = draw(slot="alice", chat=chat.id)
    assert asked(app) == [f"Message {number}" for number in range(5, 20)]
    assert "the agent no longer sees above this line (12 messages" in words(app)
    assert "The last 28 of 40 messages are sent." in words(app)
    app.button(key="earlier").click().run()
    assert asked(app) == [f"Message {number}" for number in range(20)]
    assert not [button for button in app.button if button.key == "earlier"]


def test_what_stands_behind_a_receipt_and_not_behind_somebody_elses(draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services) -> None:
    alice, bob = log_in("alice"), log_in("bob")
    mine, theirs = chat_of(alice, "Hello"), chat_of(bob, "Hello")
    own = _stored(running, alice, mine)[0].turn_id
    other = _stored(running, bob, theirs)[0].turn_id
    assert "| 1. answer |" in words(draw(slot="alice", chat=mine.id, calls=own))
    refused = words(draw(slot="alice", chat=mine.id, calls=other))
    assert "| 1. answer |" not in refused
    assert "is not yours" in refused


def test_an_answer_of_a_deleted_chat_does_not_open(draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services) -> None:
    alice = log_in("alice")
    gone, kept = chat_of(alice, "Hello"), chat_of(alice, "Hello")
    turn = _stored(running, alice, gone)[0].turn_id
    running.store.write(lambda db: chats.delete(db, alice.id, gone.id, running.clock.now()))
    refused = words(draw(slot="alice", chat=kept.id, calls=turn))
    assert "| 1. answer |" not in refused
    assert "This answer is not here" in refused


def _stored(running: Services, user: User, chat: Chat) -> list[Message]:
    return running.store.read(lambda db: messages.latest(db, user.id, chat.id))


def _choose(app: AppTest, option: str) -> None:
    """Choose an entry of the open chat's menu."""
    app.menu_button(key="chat_menu").click(option).run()
