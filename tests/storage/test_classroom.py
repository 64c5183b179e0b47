"""The class code and the setup token as they are kept."""

from datetime import timedelta
from functools import partial

import pytest

from storage import classroom, users
from storage.database import Store
from storage.records import NotFound, Role, User
from tests.fakes import FakeClock


def add(store: Store, clock: FakeClock, username: str, role: Role) -> User:
    now = clock.now()
    return store.write(lambda db: users.add(db, username, username, role, now, password_hash=None))


def test_the_first_code_stays_until_it_is_replaced(store: Store, clock: FakeClock) -> None:
    prof, now = add(store, clock, "prof", "instructor"), clock.now()
    assert store.read(classroom.join_code) is None
    for code, replace, held in (("A", False, "A"), ("B", False, "A"), ("C", True, "C")):
        keep = partial(classroom.set_join_code, instructor_id=prof.id, code=code, now=now, replace=replace)
        assert store.write(keep) == held
    assert store.read(lambda db: classroom.join_code_for(db, prof.id)) == store.read(classroom.join_code) == "C"


@pytest.mark.parametrize("replace", [True, False])
def test_a_learner_neither_sees_nor_sets_the_code(store: Store, clock: FakeClock, replace: bool) -> None:
    prof, dora, now = add(store, clock, "prof", "instructor"), add(store, clock, "dora", "learner"), clock.now()
    store.write(lambda db: classroom.set_join_code(db, prof.id, "A", now, replace=False))
    for stranger in (dora.id, "nobody"):
        renew = partial(classroom.set_join_code, instructor_id=stranger, code="B", now=now, replace=replace)
        with pytest.raises(NotFound):
            store.write(renew)
        assert store.read(partial(classroom.join_code_for, instructor_id=stranger)) is None
    assert store.read(classroom.join_code) == "A"


def test_the_setup_token_is_good_once_in_its_time_and_until_the_next(store: Store, clock: FakeClock) -> None:
    now = clock.now()
    ends = now + timedelta(hours=24)
    assert not store.write(lambda db: classroom.take_setup_token(db, "one", now))
    store.write(lambda db: classroom.set_setup_token(db, "one", now, ends))
    assert not store.write(lambda db: classroom.take_setup_token(db, "one", ends))
    store.write(lambda db: classroom.set_setup_token(db, "two", now, ends))
    assert not store.read(lambda db: classroom.is_setup_token(db, "one", now))
    assert store.read(lambda db: classroom.is_setup_token(db, "two", now))
    assert [store.write(lambda db: classroom.take_setup_token(db, "two", now)) for _ in range(2)] == [True, False]
