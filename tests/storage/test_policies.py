"""Which policy holds: the chat's, the person's, the class's or the default, and what the instructor can forbid."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from storage import chats, policies, turns, users
from storage.database import Store
from storage.policies import ClassPolicy, OwnPolicies, PolicyLocked
from storage.records import NotFound
from tests.storage.makers import LEASE, NOW, World, admission, world

CHAT, USER, CLASS = '{"strategy":"full"}', '{"strategy":"summary"}', '{"strategy":"retrieval"}'


@pytest.fixture
def dora(store: Store) -> World:
    return world(store)


@pytest.fixture
def prof(store: Store) -> str:
    return store.write(lambda db: users.add(db, "prof", "Prof", "instructor", NOW, password_hash=None)).id


def choose(dora: World, prof: str, chat: str | None, user: str | None, everybody: ClassPolicy) -> None:
    """Set all three, the class's lock last."""

    def write(db: Database) -> None:
        policies.set_class_policy(db, prof, None, True, True, NOW)
        policies.set_for_chat(db, dora.user.id, dora.chat.id, chat)
        policies.set_for_user(db, dora.user.id, user)
        policies.set_class_policy(db, prof, everybody.body, everybody.learners_may, everybody.chats_may, NOW)

    dora.store.write(write)


def effective(dora: World) -> str:
    return dora.store.read(lambda db: policies.effective(db, dora.user.id, dora.chat.id))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(chat=st.sampled_from([None, CHAT]), user=st.sampled_from([None, USER]), body=st.sampled_from([None, CLASS]), data=st.data())
def test_the_nearest_choice_that_is_allowed_holds(
    dora: World, prof: str, chat: str | None, user: str | None, body: str | None, data: st.DataObject
) -> None:
    everybody = ClassPolicy(body, data.draw(st.booleans()), data.draw(st.booleans()))
    choose(dora, prof, chat, user, everybody)
    allowed = [chat if everybody.chats_may else None, user if everybody.learners_may else None, body, "{}"]
    assert effective(dora) == next(choice for choice in allowed if choice is not None)
    assert dora.store.read(lambda db: policies.own(db, dora.user.id, dora.chat.id)) == OwnPolicies(chat, user)
    assert dora.store.read(policies.class_policy) == everybody


def test_a_lock_refuses_new_choices_and_lets_old_ones_be_taken_back(dora: World, prof: str) -> None:
    choose(dora, prof, CHAT, USER, ClassPolicy(CLASS, False, False))
    with pytest.raises(PolicyLocked) as chat:
        dora.store.write(lambda db: policies.set_for_chat(db, dora.user.id, dora.chat.id, USER))
    with pytest.raises(PolicyLocked) as user:
        dora.store.write(lambda db: policies.set_for_user(db, dora.user.id, CHAT))
    assert (chat.value.what, user.value.what) == ("chat", "user")
    dora.store.write(lambda db: policies.set_for_chat(db, dora.user.id, dora.chat.id, None))
    assert dora.store.read(lambda db: policies.own(db, dora.user.id, dora.chat.id)) == OwnPolicies(None, USER)


def test_only_an_instructor_chooses_for_the_class(dora: World) -> None:
    for somebody in (dora.user.id, "nobody"):
        with pytest.raises(NotFound):
            dora.store.write(
                partial(policies.set_class_policy, instructor_id=somebody, body=CLASS, learners_may=True, chats_may=True, now=NOW)
            )
    assert dora.store.read(policies.class_policy) == ClassPolicy()


def test_a_choice_touches_nobody_else(dora: World) -> None:
    emil = world(dora.store, "emil")
    dora.store.write(lambda db: policies.set_for_user(db, dora.user.id, USER))
    dora.store.write(lambda db: policies.set_for_chat(db, dora.user.id, dora.chat.id, CHAT))
    assert (effective(dora), effective(emil)) == (CHAT, "{}")


Choice = Callable[[Database, World], object]


@pytest.mark.parametrize(
    "choice",
    [
        lambda db, it: policies.set_for_user(db, "nobody", USER),
        lambda db, it: policies.set_for_chat(db, it.user.id, "no chat", CHAT),
        lambda db, it: policies.effective(db, it.user.id, it.chat.id),
    ],
)
def test_what_does_not_exist_or_is_deleted_is_not_found(dora: World, choice: Choice) -> None:
    dora.store.write(lambda db: chats.delete(db, dora.user.id, dora.chat.id, NOW))
    with pytest.raises(NotFound):
        dora.store.write(lambda db: choice(db, dora))


def test_a_turn_keeps_the_policy_that_held_when_it_was_asked(dora: World) -> None:
    dora.store.write(lambda db: policies.set_for_chat(db, dora.user.id, dora.chat.id, CHAT))
    asked = admission(dora.chat, policy=None)
    turn = dora.store.write(lambda db: turns.admit(db, asked, LEASE, NOW)).turn
    dora.store.write(lambda db: policies.set_for_chat(db, dora.user.id, dora.chat.id, None))
    again = admission(dora.chat, policy=None)
    later = dora.store.write(lambda db: turns.admit(db, again, LEASE, NOW + timedelta(seconds=1))).turn
    assert (turn.policy, later.policy) == (CHAT, "{}")
    assert dora.store.read(lambda db: turns.get(db, dora.user.id, turn.id)).policy == CHAT


def test_a_policy_named_by_the_caller_goes_before_all_others(dora: World) -> None:
    dora.store.write(lambda db: policies.set_for_chat(db, dora.user.id, dora.chat.id, CHAT))
    asked = admission(dora.chat, policy=CLASS)
    assert dora.store.write(lambda db: turns.admit(db, asked, LEASE, NOW)).turn.policy == CLASS


def test_half_characters_are_kept_as_question_marks(dora: World) -> None:
    dora.store.write(lambda db: policies.set_for_user(db, dora.user.id, '{"a":"\ud800"}'))
    assert effective(dora) == '{"a":"?"}'
