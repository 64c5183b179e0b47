"""Learners' own keys: for one login, in memory, never shown."""

import pytest

from agent.keys import KeyRing, OwnKey

KEY = "AIza-secret-of-dora"


@pytest.fixture
def retired() -> list[OwnKey]:
    """The keys that were told to be closed."""
    return []


@pytest.fixture
def ring(retired: list[OwnKey]) -> KeyRing:
    return KeyRing(retired.append)


def test_a_key_is_its_logins_alone_and_tidied(ring: KeyRing) -> None:
    ring.set("dora", f" {KEY}\n")
    found = ring.get("dora")
    assert found is not None
    assert found.secret.get_secret_value() == KEY
    assert ring.get("emil") is None
    assert ring.get("") is None
    assert ring.get(None) is None


def test_a_login_without_a_name_has_no_key(ring: KeyRing) -> None:
    ring.set("", KEY)
    assert ring.get("") is None


def test_a_dropped_key_is_gone_and_what_was_built_with_it_is_closed_once(ring: KeyRing, retired: list[OwnKey]) -> None:
    ring.set("dora", KEY)
    held = ring.get("dora")
    ring.drop("dora")
    ring.drop("dora")
    assert ring.get("dora") is None
    assert retired == [held]


def test_keys_of_several_logins_are_dropped_at_once(ring: KeyRing, retired: list[OwnKey]) -> None:
    for login in ("dora", "emil", "fay"):
        ring.set(login, KEY)
    assert ring.login_ids() == {"dora", "emil", "fay"}
    ring.drop_all(["dora", "fay", "nobody"])
    assert ring.login_ids() == {"emil"}
    assert len(retired) == 2


def test_a_new_key_does_not_keep_the_old_keys_agent(ring: KeyRing, retired: list[OwnKey]) -> None:
    ring.set("dora", KEY)
    first = ring.get("dora")
    assert first is not None
    first.agent = object()
    assert ring.get("dora") is first
    ring.set("dora", KEY)
    second = ring.get("dora")
    assert second is not None
    assert second.agent is None
    assert retired == [first]


def test_a_key_is_not_in_what_is_printed(ring: KeyRing) -> None:
    ring.set("dora", KEY)
    assert KEY not in repr(ring.get("dora")) + str(ring.get("dora")) + repr(ring)
