"""Chats as files, over the HTTP API."""

import json
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from agent.transfer.form import MAX_BYTES
from scaling.services import Services
from storage.records import User
from tests.agent.transfer.files import altered, chat, packed
from tests.scaling.test_gateway import API, as_, begin, say

LogIn = Callable[[str], User]
IMPORT = f"{API}/chats/import"
JSON = {"content-type": "application/json"}


def listed(browser: TestClient, username: str) -> list[str]:
    return [item["id"] for item in browser.get(f"{API}/chats", headers=as_(username)).json()["chats"]]


def test_from_one_account_to_another(browser: TestClient, log_in: LogIn, services: Services) -> None:
    alice, _ = log_in("alice"), log_in("bob")
    mine = begin(browser, "alice", "Lunch: a/b")
    services.runner.attach(alice.id, say(browser, "alice", mine, "I ate an apple, 95 kcal")).result(20)
    out = browser.get(f"{API}/chats/{mine}/export", headers=as_("alice"))
    assert (out.status_code, out.headers["content-type"], out.headers["cache-control"]) == (200, "application/json", "no-store")
    assert out.headers["content-disposition"] == 'attachment; filename="tideline-lunch-a-b-2026-03-02.json"'
    assert len(out.json()["turns"][0]["calls"]) == 2
    into = browser.post(IMPORT, content=out.content, headers={**as_("bob"), **JSON})
    assert into.status_code == 201
    assert into.json()["title"] == "Lunch: a/b"
    assert listed(browser, "alice") == [mine]
    assert listed(browser, "bob") == [into.json()["id"]] != [mine]
    said = browser.get(into.headers["location"], headers=as_("bob")).json()["messages"]
    assert [message["role"] for message in said] == ["user", "assistant", "tool", "assistant"]
    again = browser.get(f"{API}/chats/{into.json()['id']}/export", headers=as_("bob")).json()
    assert again["turns"][0]["messages"] == out.json()["turns"][0]["messages"]


def test_only_the_owner_exports(browser: TestClient, log_in: LogIn) -> None:
    log_in("alice")
    log_in("bob")
    mine = begin(browser, "alice")
    for chat_id in (mine, "x" * 22, "import"):
        assert browser.get(f"{API}/chats/{chat_id}/export", headers=as_("bob")).status_code == 404
    assert browser.get(f"{API}/chats/{mine}/export").status_code == 401


@pytest.mark.parametrize(
    ("body", "status", "code", "words"),
    [
        (b"", 400, "bad_file", "not JSON"),
        (packed(altered("version", 2)), 400, "bad_file", "version is “2”"),
        (packed(altered("turns.0.messages.2.role", "system")), 400, "bad_file", "turn 1, message 3, role is “system”"),
        (packed(chat()).replace(b"I ate", rb"\ud83d"), 400, "bad_file", "UTF-8"),
        (b" " * (MAX_BYTES + 1), 413, "too_large", "5,242,880 bytes"),
    ],
)
def test_bad_files_are_one_sentence(browser: TestClient, log_in: LogIn, body: bytes, status: int, code: str, words: str) -> None:
    log_in("alice")
    reply = browser.post(IMPORT, content=body, headers={**as_("alice"), **JSON})
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)
    assert words in reply.json()["error"]["message"]
    assert listed(browser, "alice") == []


def test_who_may_import(browser: TestClient, log_in: LogIn) -> None:
    log_in("alice")
    body = packed(chat())
    assert browser.post(IMPORT, content=body, headers=JSON).status_code == 401
    assert browser.post(IMPORT, content=body, headers={**as_("alice"), "content-type": "text/plain"}).status_code == 415
    assert browser.post(IMPORT, content=body, headers={**as_("alice"), **JSON, "origin": "https://evil.example"}).status_code == 403
    assert browser.get(IMPORT, headers=as_("alice")).status_code == 405
    assert listed(browser, "alice") == []


def test_ids_and_owners_in_a_file_mean_nothing(browser: TestClient, log_in: LogIn) -> None:
    alice, _ = log_in("alice"), log_in("bob")
    hers = begin(browser, "alice")
    forged = chat(id=hers, user_id=alice.id)
    forged["turns"][0] |= {"chat_id": hers, "user_id": alice.id, "id": "x" * 22}
    into = browser.post(IMPORT, content=json.dumps(forged), headers={**as_("bob"), **JSON}).json()
    assert into["id"] != hers
    assert listed(browser, "alice") == [hers]
    assert browser.get(f"{API}/chats/{hers}/messages", headers=as_("alice")).json()["messages"] == []
