"""Whose policy holds and who may change it: chat before person before class, locks, refusals."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from pages.ui import memory_choice
from pages.ui.memory_choice import Choice
from storage import chats, policies, users
from storage.database import Store
from storage.policies import PolicyLocked
from storage.records import NotFound

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def alice(store: Store) -> str:
    return store.write(lambda db: users.add(db, "alice", "Alice", "learner", NOW, password_hash=None)).id


@pytest.fixture
def teacher(store: Store) -> str:
    return store.write(lambda db: users.add(db, "teacher", "Teacher", "instructor", NOW, password_hash=None)).id


@pytest.fixture
def chat(store: Store, alice: str) -> str:
    return store.write(lambda db: chats.create(db, alice, "Lunch", NOW)).id


def read(store: Store, user: str, chat: str | None) -> Choice:
    return store.read(lambda db: memory_choice.read(db, user, chat))


def change(store: Store, user: str, chat: str | None, **fields: object) -> None:
    store.write(lambda db: memory_choice.change(db, user, chat, fields))


def switch(store: Store, teacher: str, **fields: object) -> None:
    store.write(lambda db: memory_choice.change_class(db, teacher, fields, NOW))


def test_a_first_change_holds_for_its_chat_alone(store: Store, alice: str, chat: str) -> None:
    other = store.write(lambda db: chats.create(db, alice, "Dinner", NOW)).id
    change(store, alice, chat, max_messages_per_user=10)
    assert read(store, alice, chat).policy.max_messages_per_user == 10
    assert read(store, alice, chat).scope == "chat"
    assert read(store, alice, other).policy.max_messages_per_user == 30
    assert store.read(lambda db: policies.effective(db, alice, chat)) == read(store, alice, chat).body


def test_before_a_chat_is_begun_a_change_holds_for_all(store: Store, alice: str, chat: str) -> None:
    change(store, alice, None, strategy="full")
    assert read(store, alice, None).policy.strategy == read(store, alice, chat).policy.strategy == "full"
    assert read(store, alice, chat).scope == "user"


def test_what_holds_here_can_be_made_to_hold_everywhere_and_back(store: Store, alice: str, chat: str) -> None:
    other = store.write(lambda db: chats.create(db, alice, "Dinner", NOW)).id
    change(store, alice, chat, strategy="summary")
    store.write(lambda db: memory_choice.move(db, alice, chat, "user"))
    assert read(store, alice, other).policy.strategy == "summary"
    assert read(store, alice, chat).scope == "user"
    store.write(lambda db: memory_choice.move(db, alice, chat, "chat"))
    change(store, alice, chat, strategy="full")
    assert (read(store, alice, chat).policy.strategy, read(store, alice, other).policy.strategy) == ("full", "summary")
    store.write(lambda db: memory_choice.forget(db, alice, chat))
    assert not read(store, alice, chat).is_own
    assert read(store, alice, other).policy.strategy == "window"


def test_a_wrong_value_changes_nothing(store: Store, alice: str, chat: str) -> None:
    change(store, alice, chat, max_messages_per_user=10)
    for field, value in (("max_messages_per_user", 0), ("strategy", "elephant"), ("invented", 1), ("max_context_tokens", -5)):
        with pytest.raises(ValidationError):
            change(store, alice, chat, **{field: value})
    assert read(store, alice, chat).policy.max_messages_per_user == 10


def test_what_the_instructor_locks_cannot_be_chosen_and_rests(store: Store, alice: str, chat: str, teacher: str) -> None:
    change(store, alice, chat, max_messages_per_user=10)
    switch(store, teacher, strategy="full", learners_may=False, chats_may=False)
    held = read(store, alice, chat)
    assert (held.policy.strategy, held.scopes, held.scope, held.is_own) == ("full", (), None, False)
    with pytest.raises(PolicyLocked):
        change(store, alice, chat, max_messages_per_user=5)
    switch(store, teacher, chats_may=True)
    assert read(store, alice, chat).policy.max_messages_per_user == 10
    assert read(store, alice, chat).scopes == ("chat",)
    assert read(store, alice, None).scopes == ()
    switch(store, teacher, chats_may=False, learners_may=True)
    assert read(store, alice, chat).scopes == ("user",)
    change(store, alice, chat, max_messages_per_user=7)
    assert read(store, alice, None).policy.max_messages_per_user == 7


def test_nobody_changes_anybody_elses(store: Store, alice: str, chat: str) -> None:
    bob = store.write(lambda db: users.add(db, "bob", "Bob", "learner", NOW, password_hash=None)).id
    for act in (
        lambda db: memory_choice.change(db, bob, chat, {"strategy": "full"}),
        lambda db: memory_choice.move(db, bob, chat, "chat"),
        lambda db: memory_choice.forget(db, bob, chat),
        lambda db: memory_choice.change_class(db, bob, {"strategy": "full"}, NOW),
    ):
        with pytest.raises(NotFound):
            store.write(act)
    assert read(store, alice, chat).policy.strategy == "window"
    assert store.read(policies.class_policy).body is None
