"""A person's chats: listed, renamed, hidden and brought back."""

from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import chats
from storage.database import Store
from storage.records import NotFound
from tests.storage.makers import NOW, World, ask, chat_of, person, world


@pytest.fixture
def dora(store: Store) -> World:
    return world(store)


def test_a_chat_comes_back_as_stored(dora: World) -> None:
    chat = dora.store.write(lambda db: chats.create(db, dora.user.id, "Lunch 🥗", NOW))
    assert (chat.title, chat.user_id, chat.created_at, chat.updated_at) == ("Lunch 🥗", dora.user.id, NOW, NOW)
    assert dora.store.read(lambda db: chats.get(db, dora.user.id, chat.id)) == chat


def test_chats_are_listed_last_used_first_and_no_more_than_asked(dora: World) -> None:
    others = [chat_of(dora.store, dora.user, f"{n}") for n in range(3)]
    ask(dora.store, others[1], now=NOW + timedelta(seconds=1))
    ask(dora.store, dora.chat, "Run", now=NOW + timedelta(seconds=2))
    listed = dora.store.read(lambda db: chats.list_chats(db, dora.user.id))
    assert [chat.title for chat in listed[:2]] == ["Run", "1"]
    assert {chat.title for chat in listed[2:]} == {"0", "2"}
    assert dora.store.read(lambda db: chats.list_chats(db, dora.user.id, limit=2)) == listed[:2]


def test_nobodys_chats_are_listed_with_anothers(dora: World) -> None:
    emil = person(dora.store, "emil")
    mine = chat_of(dora.store, emil, "Mine")
    assert dora.store.read(lambda db: chats.list_chats(db, emil.id)) == [mine]


def test_a_chat_is_renamed(dora: World) -> None:
    other = chat_of(dora.store, dora.user, "Other")
    renamed = dora.store.write(lambda db: chats.rename(db, dora.user.id, dora.chat.id, "  Two\n lines ", NOW))
    assert renamed.title == "Two lines"
    assert dora.store.read(lambda db: chats.get(db, dora.user.id, dora.chat.id)) == renamed
    assert dora.store.read(lambda db: chats.get(db, dora.user.id, other.id)) == other


def test_a_deleted_chat_is_gone_and_comes_back_as_it_was(dora: World) -> None:
    other = chat_of(dora.store, dora.user, "Other")
    dora.store.write(lambda db: chats.delete(db, dora.user.id, dora.chat.id, NOW))
    assert dora.store.read(lambda db: chats.list_chats(db, dora.user.id)) == [other]
    who, which = dora.user.id, dora.chat.id
    for act in (
        partial(chats.get, user_id=who, chat_id=which),
        partial(chats.rename, user_id=who, chat_id=which, title="x", now=NOW),
        partial(chats.delete, user_id=who, chat_id=which, now=NOW),
    ):
        with pytest.raises(NotFound):
            dora.store.write(act)
    assert dora.store.write(lambda db: chats.restore(db, dora.user.id, dora.chat.id)) == dora.chat
    assert dora.store.read(lambda db: chats.get(db, dora.user.id, dora.chat.id)) == dora.chat


@given(title=st.text(max_size=300))
def test_a_title_is_one_line_of_at_most_80_characters(title: str) -> None:
    tidy = chats.tidy_title(title)
    assert 1 <= len(tidy) <= chats.MAX_TITLE
    assert tidy == " ".join(tidy.split())
    assert chats.tidy_title(tidy) == tidy
    words = " ".join(title.split())
    assert tidy == words if 0 < len(words) <= chats.MAX_TITLE else tidy == chats.NEW_TITLE or words.startswith(tidy[:-1])


def test_a_long_title_ends_where_it_was_cut() -> None:
    assert chats.tidy_title("x" * 80) == "x" * 80
    assert chats.tidy_title("x" * 81) == "x" * 79 + "…"
    assert chats.tidy_title(" \n ") == chats.NEW_TITLE
