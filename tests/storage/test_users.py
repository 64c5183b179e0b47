"""People as they are kept."""

import pytest

from storage import users
from storage.database import Store
from storage.records import NotFound, User
from tests.fakes import FakeClock


def add(store: Store, clock: FakeClock, username: str, password_hash: str | None = "hash") -> User:
    now = clock.now()
    return store.write(lambda db: users.add(db, username, username.title(), "learner", now, password_hash=password_hash))


def test_a_person_comes_back_as_stored(store: Store, clock: FakeClock) -> None:
    dora = add(store, clock, "dora")
    assert (dora.username, dora.display_name, dora.role, dora.is_demo) == ("dora", "Dora", "learner", False)
    assert dora.created_at == clock.now()
    assert store.read(lambda db: users.get(db, dora.id)) == dora


def test_a_name_is_found_and_taken_in_any_capitals(store: Store, clock: FakeClock) -> None:
    dora = add(store, clock, "Dora")
    assert store.read(lambda db: users.by_name(db, "dORA")) == dora
    with pytest.raises(users.NameTaken):
        add(store, clock, "DORA")


def test_nobody_is_not_found(store: Store) -> None:
    assert store.read(lambda db: users.by_name(db, "nobody")) is None
    assert store.read(lambda db: users.password_hash(db, "nobody")) is None
    with pytest.raises(NotFound):
        store.read(lambda db: users.get(db, "nobody"))


def test_a_password_is_replaced_only_by_who_knows_the_old_hash(store: Store, clock: FakeClock) -> None:
    dora, emil = add(store, clock, "dora", "one"), add(store, clock, "emil", "one")
    assert store.write(lambda db: users.replace_password(db, dora.id, "one", "two"))
    assert not store.write(lambda db: users.replace_password(db, dora.id, "one", "three"))
    assert store.read(lambda db: [users.password_hash(db, user.id) for user in (dora, emil)]) == ["two", "one"]


def test_without_a_password_none_can_be_replaced(store: Store, clock: FakeClock) -> None:
    dora = add(store, clock, "dora", None)
    assert not store.write(lambda db: users.replace_password(db, dora.id, "", "two"))


def test_a_demo_instructor_is_no_instructor_of_the_class(store: Store, clock: FakeClock) -> None:
    now = clock.now()
    store.write(lambda db: users.add(db, "show", "Show", "instructor", now, password_hash=None, is_demo=True))
    assert not store.read(users.has_instructor)
    assert [user.username for user in store.read(users.demo)] == ["show"]
    store.write(lambda db: users.add(db, "prof", "Prof", "instructor", now, password_hash="hash"))
    assert store.read(users.has_instructor)
