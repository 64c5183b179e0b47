"""A learner's own key is gone with the login it was given in, however that ends."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from accounts.service import Login
from agent.keys import KeyRing
from scaling import keysweep
from scaling.services import Services, build
from storage.errors import StorageError
from storage.records import User
from storage.settings import Settings
from tests.fakes import FakeClock
from tests.scaling.conftest import PlainHasher

LogIn = Callable[[str], User]
KEY = "AIza-secret-of-alice"
PASSWORD = "correct horse"


def enter(services: Services, user: User) -> Login:
    """Open a login in which a key of one's own was given."""
    login = services.accounts.redeem_ticket(services.accounts.issue_ticket(user.id), "alice")
    services.runner.keys.set(login.login_id, KEY)
    return login


def alice(services: Services) -> User:
    return services.accounts.demo_login("alice", local=True)


def test_logging_out_by_http_drops_the_key(services: Services, browser: TestClient, log_in: LogIn) -> None:
    log_in("alice")
    login = services.accounts.who(browser.cookies["tideline_alice"])
    assert login is not None
    services.runner.keys.set(login.login_id, KEY)
    assert browser.post("/auth/logout", json={"slot": "alice"}).status_code == 200
    assert services.runner.keys.login_ids() == set()


def test_a_new_login_in_the_slot_drops_the_key(services: Services, browser: TestClient, log_in: LogIn) -> None:
    log_in("alice")
    login = services.accounts.who(browser.cookies["tideline_alice"])
    assert login is not None
    services.runner.keys.set(login.login_id, KEY)
    log_in("alice")
    assert services.runner.keys.login_ids() == set()


def test_logging_out_everywhere_drops_all_of_ones_keys_and_nobody_elses(services: Services) -> None:
    user = alice(services)
    enter(services, user)
    enter(services, user)
    other = enter(services, services.accounts.demo_login("bob", local=True))
    services.accounts.logout_everywhere(user.id)
    assert services.runner.keys.login_ids() == {other.login_id}


def test_a_new_password_drops_the_keys(services: Services) -> None:
    teacher = services.accounts.demo_login("instructor", local=True)
    user = services.accounts.register("dora", "Dora", PASSWORD, services.accounts.join_code(teacher.id))
    enter(services, user)
    services.accounts.change_password(user.id, PASSWORD, "battery staple")
    assert services.runner.keys.login_ids() == set()


def test_a_login_that_expired_or_ended_elsewhere_loses_its_key_at_the_next_sweep(services: Services, clock: FakeClock) -> None:
    """Another process on the same file reports to its own keys only."""
    user = alice(services)
    expired = enter(services, user)
    clock.advance(days=29)
    holds = enter(services, user)
    services.runner.keys.set("ended-in-another-process", KEY)
    keysweep.sweep(services.accounts, services.runner.keys)
    assert services.runner.keys.login_ids() == {expired.login_id, holds.login_id}
    clock.advance(days=1)
    keysweep.sweep(services.accounts, services.runner.keys)
    assert services.runner.keys.login_ids() == {holds.login_id}


def test_sweeping_goes_on_by_itself_after_a_failure_too(
    services: Services, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    gone = threading.Event()
    keys = KeyRing(lambda _: gone.set())
    keys.set("expired", KEY)
    living, failures = services.accounts.living, [StorageError("The disk is full. Free some space.")]

    def failing_once(login_ids: set[str]) -> set[str]:
        if failures:
            raise failures.pop()
        return living(login_ids)

    monkeypatch.setattr(services.accounts, "living", failing_once)
    sweeper = keysweep.KeySweeper(services.accounts, keys, every_s=0.01)
    sweeper.start()
    assert gone.wait(10)
    sweeper.close()
    assert not sweeper.is_alive()
    assert keys.login_ids() == set()
    assert "The disk is full" in caplog.text


def test_the_services_sweep_until_they_are_closed(tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keysweep, "EVERY_S", 0.01)
    services = build(Settings(db=tmp_path / "other.db"), clock, PlainHasher())
    services.runner.keys.set("expired", KEY)
    patience = time.monotonic() + 10
    while services.runner.keys.login_ids() and time.monotonic() < patience:
        time.sleep(0.01)
    assert services.runner.keys.login_ids() == set()
    services.close()
    assert not [thread for thread in threading.enumerate() if isinstance(thread, keysweep.KeySweeper)]
