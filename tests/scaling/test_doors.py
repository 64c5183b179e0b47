"""Logging in and out over HTTP, and the health check."""

from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from scaling import doors
from scaling.services import Services
from storage.errors import StorageError
from storage.records import User
from tests.fakes import FakeClock
from tests.scaling.conftest import HOST

LogIn = Callable[[str], User]


def ticket_for(services: Services, username: str) -> str:
    return services.accounts.issue_ticket(services.accounts.demo_login(username, local=True).id)


def test_a_ticket_becomes_a_cookie_that_no_script_reads(services: Services, browser: TestClient) -> None:
    reply = browser.post("/auth/session", json={"ticket": ticket_for(services, "alice"), "slot": "alice"})
    assert reply.json() == {"slot": "alice", "username": "alice"}
    cookie = reply.headers["set-cookie"]
    assert cookie.startswith("tideline_alice=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    assert reply.headers["cache-control"] == "no-store"


def test_a_ticket_works_once_and_for_a_minute(services: Services, browser: TestClient, clock: FakeClock) -> None:
    used, late = ticket_for(services, "alice"), ticket_for(services, "alice")
    assert browser.post("/auth/session", json={"ticket": used, "slot": "alice"}).status_code == 200
    assert browser.post("/auth/session", json={"ticket": used, "slot": "alice"}).status_code == 403
    clock.advance(61)
    refused = browser.post("/auth/session", json={"ticket": late, "slot": "alice"})
    assert refused.status_code == 403
    assert refused.json()["error"]["message"].endswith("Log in again.")


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null", "http://localhost:9999", "http://localhost:8501.evil.example"])
def test_another_site_cannot_log_anybody_in_or_out(services: Services, browser: TestClient, origin: str | None) -> None:
    headers = {"origin": origin} if origin else {"origin": ""}
    ticket = ticket_for(services, "alice")
    for path, body in (("/auth/session", {"ticket": ticket, "slot": "alice"}), ("/auth/logout", {"slot": "alice"})):
        reply = browser.post(path, json=body, headers=headers)
        assert reply.status_code == 403
        assert "set-cookie" not in reply.headers
    assert browser.post("/auth/session", json={"ticket": ticket, "slot": "alice"}).status_code == 200


def test_the_cookie_is_secure_under_https(services: Services, browser: TestClient) -> None:
    secure = "https://localhost:8501"
    reply = browser.post(
        f"{secure}/auth/session", json={"ticket": ticket_for(services, "alice"), "slot": "alice"}, headers={"origin": secure}
    )
    assert "Secure" in reply.headers["set-cookie"]


@pytest.mark.parametrize("trusted", [False, True])
def test_a_proxys_word_counts_only_where_it_is_trusted(services: Services, browser: TestClient, trusted: bool) -> None:
    object.__setattr__(services, "settings", services.settings.model_copy(update={"trust_proxy": trusted}))
    headers = {"x-forwarded-proto": "https", "x-forwarded-host": "class.example"}
    same = browser.post("/auth/session", json={"ticket": ticket_for(services, "alice"), "slot": "alice"}, headers=headers)
    assert ("Secure" in same.headers["set-cookie"]) == trusted
    outside = browser.post(
        "/auth/session",
        json={"ticket": ticket_for(services, "bob"), "slot": "bob"},
        headers={**headers, "origin": "https://class.example"},
    )
    assert outside.status_code == (200 if trusted else 403)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 400),
        (b"not json", "application/json", 400),
        (b"[" * 1500, "application/json", 400),
        (b'{"ticket": "x", "slot": "../x"}', "application/json", 400),
        (b'{"ticket": "x", "slot": "' + b"x" * 3000 + b'"}', "application/json", 413),
        (b"ticket=x&slot=alice", "application/x-www-form-urlencoded", 415),
    ],
)
def test_bad_bodies(browser: TestClient, body: bytes, kind: str, status: int) -> None:
    reply = browser.post("/auth/session", content=body, headers={"content-type": kind})
    assert reply.status_code == status
    assert reply.json()["error"]["message"]


def test_logging_out_clears_the_cookie_and_ends_the_login(services: Services, browser: TestClient, log_in: LogIn) -> None:
    log_in("alice")
    token = browser.cookies["tideline_alice"]
    assert browser.post("/auth/logout", json={"slot": "alice"}).status_code == 200
    assert "tideline_alice" not in browser.cookies
    assert services.accounts.who(token) is None
    assert browser.post("/auth/logout", json={"slot": "alice"}).status_code == 200


def test_a_new_login_in_a_slot_ends_the_one_before(services: Services, browser: TestClient, log_in: LogIn) -> None:
    log_in("alice")
    before = browser.cookies["tideline_alice"]
    log_in("alice")
    assert services.accounts.who(before) is None
    assert services.accounts.who(browser.cookies["tideline_alice"]) is not None


def test_health(browser: TestClient) -> None:
    reply = browser.get("/healthz")
    assert reply.status_code == 200
    state = reply.json()
    assert state["status"] == "ok"
    assert state["version"] == "1.2.3"
    assert state["database"] == "ok"
    assert "priced as" in state["model"]


def test_health_tells_why_it_fails() -> None:
    def broken() -> Services:
        raise StorageError("The disk is full. Free some space.")

    app = Starlette(routes=[*doors.routes(broken, "1.2.3")])
    reply = TestClient(app, base_url=HOST).get("/healthz")
    assert reply.status_code == 503
    assert reply.json()["database"] == "The disk is full. Free some space."


def test_the_wrong_method_and_an_unknown_door(browser: TestClient) -> None:
    reply = browser.get("/auth/session")
    assert reply.status_code == 405
    assert reply.headers["allow"] == "POST"
    assert browser.get("/auth/nowhere").status_code == 404
