"""The HTTP API: a whole chat, and everything it refuses."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from scaling.services import Services
from storage.records import User

LogIn = Callable[[str], User]
API = "/api/v1"


def as_(username: str) -> dict[str, str]:
    return {"X-Tideline-Slot": username}


def begin(browser: TestClient, username: str, title: str = "Lunch") -> str:
    reply = browser.post(f"{API}/chats", json={"title": title}, headers=as_(username))
    assert reply.status_code == 201
    return str(reply.json()["id"])


def say(browser: TestClient, username: str, chat: str, text: str, **headers: str) -> str:
    reply = browser.post(f"{API}/chats/{chat}/messages", json={"text": text}, headers={**as_(username), **headers})
    assert reply.status_code == 202
    assert reply.headers["location"] == f"{API}/turns/{reply.json()['turn_id']}"
    return str(reply.json()["turn_id"])


def test_without_a_login_there_is_nothing(browser: TestClient, log_in: LogIn) -> None:
    log_in("alice")
    for headers in ({}, as_("bob"), as_("../alice")):
        reply = browser.get(f"{API}/me", headers=headers)
        assert reply.status_code == 401
        assert "Log in" in reply.json()["error"]["message"]


def test_the_slot_says_who_asks(browser: TestClient, log_in: LogIn) -> None:
    log_in("alice")
    log_in("instructor")
    assert browser.get(f"{API}/me?slot=alice").json()["role"] == "learner"
    assert browser.get(f"{API}/me", headers=as_("instructor")).json()["role"] == "instructor"


def test_a_chat_from_the_first_message_to_the_receipt(browser: TestClient, log_in: LogIn, services: Services) -> None:
    alice = log_in("alice")
    chat = begin(browser, "alice")
    turn = say(browser, "alice", chat, "I ate an apple, 95 kcal")
    services.runner.attach(alice.id, turn).result(20)
    state = browser.get(f"{API}/turns/{turn}", headers=as_("alice")).json()
    assert state["status"] == "done"
    assert state["tokens_in"] > 0
    assert float(state["cost_usd"]) > 0
    said = browser.get(f"{API}/chats/{chat}/messages", headers=as_("alice")).json()["messages"]
    assert [message["role"] for message in said] == ["user", "assistant", "tool", "assistant"]
    assert said[1]["tool_calls"][0]["name"] == "log_food"
    assert browser.get(f"{API}/chats/{chat}/messages?before={turn}", headers=as_("alice")).json()["messages"] == []
    assert [item["id"] for item in browser.get(f"{API}/chats", headers=as_("alice")).json()["chats"]] == [chat]


def test_one_idempotency_key_is_one_message(browser: TestClient, log_in: LogIn, services: Services) -> None:
    alice = log_in("alice")
    chat = begin(browser, "alice")
    first = say(browser, "alice", chat, "Hello", **{"Idempotency-Key": "k1"})
    assert say(browser, "alice", chat, "Hello", **{"Idempotency-Key": "k1"}) == first
    second = say(browser, "alice", chat, "Hello", **{"Idempotency-Key": "k2"})
    assert second != first
    services.runner.attach(alice.id, second).result(20)


def test_somebody_elses_ids_answer_as_if_they_did_not_exist(browser: TestClient, log_in: LogIn, services: Services) -> None:
    alice = log_in("alice")
    log_in("bob")
    chat = begin(browser, "alice")
    turn = say(browser, "alice", chat, "My secret lunch")
    services.runner.attach(alice.id, turn).result(20)
    for chat_id, turn_id in ((chat, turn), ("x" * 22, "x" * 22)):
        replies = [
            browser.get(f"{API}/chats/{chat_id}/messages", headers=as_("bob")),
            browser.post(f"{API}/chats/{chat_id}/messages", json={"text": "Hi"}, headers=as_("bob")),
            browser.get(f"{API}/turns/{turn_id}", headers=as_("bob")),
            browser.post(f"{API}/turns/{turn_id}/stop", headers=as_("bob")),
        ]
        assert [reply.status_code for reply in replies] == [404] * 4
        assert all("secret" not in reply.text for reply in replies)
    assert browser.get(f"{API}/chats", headers=as_("bob")).json() == {"chats": []}


def test_stopping_a_turn_that_is_over_changes_nothing(browser: TestClient, log_in: LogIn, services: Services) -> None:
    alice = log_in("alice")
    chat = begin(browser, "alice")
    turn = say(browser, "alice", chat, "Hello")
    services.runner.attach(alice.id, turn).result(20)
    reply = browser.post(f"{API}/turns/{turn}/stop", headers=as_("alice"))
    assert reply.status_code == 202
    assert reply.json()["status"] == "done"


@pytest.mark.parametrize(
    ("text", "status", "code"), [("", 400, "empty_message"), ("  ", 400, "empty_message"), ("x" * 8001, 413, "message_too_long")]
)
def test_messages_that_are_refused(browser: TestClient, log_in: LogIn, text: str, status: int, code: str) -> None:
    log_in("alice")
    chat = begin(browser, "alice")
    reply = browser.post(f"{API}/chats/{chat}/messages", json={"text": text}, headers=as_("alice"))
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)
    assert browser.get(f"{API}/chats/{chat}/messages", headers=as_("alice")).json()["messages"] == []


def test_bodies_that_are_refused(browser: TestClient, log_in: LogIn) -> None:
    log_in("alice")
    path = f"{API}/chats/{begin(browser, 'alice')}/messages"
    refused = {
        413: browser.post(
            path, content=b'{"text": "' + b"x" * 100_000 + b'"}', headers={**as_("alice"), "content-type": "application/json"}
        ),
        415: browser.post(path, content=b'{"text": "x"}', headers={**as_("alice"), "content-type": "text/plain"}),
        400: browser.post(path, json={"texts": "x"}, headers=as_("alice")),
    }
    for status, reply in refused.items():
        assert reply.status_code == status
        assert reply.json()["error"]["message"]
    key = browser.post(path, json={"text": "x"}, headers={**as_("alice"), "Idempotency-Key": "k" * 201})
    assert key.status_code == 400


@pytest.mark.parametrize("half", [r"\ud83d", r"\ude00 and more", "\ud83d"])
@pytest.mark.parametrize(
    ("address", "fields"),
    [("chats", '"title": "HALF"'), ("chats/CHAT/messages", '"text": "HALF"'), ("chats/CHAT/messages", '"text": "x", "timezone": "HALF"')],
)
def test_half_a_character_is_refused_wherever_it_stands(browser: TestClient, log_in: LogIn, half: str, address: str, fields: str) -> None:
    log_in("alice")
    chat = begin(browser, "alice")
    body = f"{{{fields}}}".replace("HALF", half).encode("utf-8", "surrogatepass")
    headers = {**as_("alice"), "content-type": "application/json"}
    reply = browser.post(f"{API}/{address.replace('CHAT', chat)}", content=body, headers=headers)
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "bad_body")
    assert "UTF-8" in reply.json()["error"]["message"]
    assert browser.get(f"{API}/chats/{chat}/messages", headers=as_("alice")).json()["messages"] == []


def test_a_character_beyond_the_first_plane_is_welcome_however_it_is_written(browser: TestClient, log_in: LogIn) -> None:
    log_in("alice")
    headers = {**as_("alice"), "content-type": "application/json"}
    for body in (rb'{"title": "\ud83d\ude00"}', '{"title": "😀"}'.encode()):
        assert browser.post(f"{API}/chats", content=body, headers=headers).json()["title"] == "😀"


def test_another_site_cannot_speak_for_anybody(browser: TestClient, log_in: LogIn) -> None:
    log_in("alice")
    chat = begin(browser, "alice")
    for headers in ({"origin": "https://evil.example"}, {"origin": "", "sec-fetch-site": "cross-site"}):
        for path in (f"{API}/chats", f"{API}/chats/{chat}/messages", f"{API}/turns/x/stop"):
            assert browser.post(path, json={"text": "x"}, headers={**as_("alice"), **headers}).status_code == 403


def test_a_program_that_sends_no_origin_may_post(browser: TestClient, log_in: LogIn) -> None:
    log_in("alice")
    del browser.headers["origin"]
    assert browser.post(f"{API}/chats", json={}, headers=as_("alice")).status_code == 201


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "1e1", "9" * 30, "\u0663"])
def test_numbers_out_of_range(browser: TestClient, log_in: LogIn, limit: str) -> None:
    log_in("alice")
    assert browser.get(f"{API}/chats", params={"limit": limit}, headers=as_("alice")).status_code == 400


def test_unknown_addresses_and_wrong_methods_answer_in_json(browser: TestClient) -> None:
    for path in ("/api", "/api/", "/api/v1", "/api/v1/nowhere", "/api/v2/me"):
        reply = browser.get(path)
        assert reply.status_code == 404
        assert reply.json()["error"]["code"] == "not_found"
    wrong = browser.delete(f"{API}/chats")
    assert wrong.status_code == 405
    assert wrong.headers["allow"] == "GET, POST"
    assert wrong.json()["error"]["code"] == "method_not_allowed"
