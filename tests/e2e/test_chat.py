"""Chatting in a real browser: private to each person, and unharmed by reloads, stops, queues and second tabs."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.server import AppServer

pytestmark = pytest.mark.e2e

OpenBrowser = Callable[[AppServer], Person]


def test_the_courses_isolation_test(person: OpenBrowser, quick_app: AppServer) -> None:
    """Two people in two browsers: each agent knows its own person's day, and neither sees the other's chat in any way."""
    alice, bob = person(quick_app).enter_as("Alice"), person(quick_app).enter_as("Bob")
    assert "salad" in alice.ask("I ate a salad").lower()
    assert "run" in bob.ask("I went for a run").lower()
    ate, did = alice.ask("What did I eat?").lower(), bob.ask("What did I do?").lower()
    assert "salad" in ate
    assert "run" not in re.findall(r"\w+", ate)
    assert "run" in did
    assert "salad" not in did

    expect(bob.listed_chats.filter(has_text="salad")).to_have_count(0)
    hers = alice.chat_id
    for address in (f"/?chat={hers}&slot=bob", f"/?chat={hers}&slot=alice"):
        intruder = bob.another_tab().visit(address)
        intruder.page.wait_for_load_state("networkidle")
        expect(intruder.page.get_by_text("salad")).to_have_count(0)
        expect(intruder.answers).to_have_count(0)
    assert [chat["id"] for chat in alice.api("/api/v1/chats").json()["chats"]].count(hers) == 1
    assert hers not in bob.api("/api/v1/chats").text()
    said = alice.api(f"/api/v1/chats/{hers}/messages").json()["messages"]
    assert len({message["turn_id"] for message in said}) == 2
    for path, options in everything_there_is_to_ask(hers, said[0]["turn_id"]):
        theirs, nobodys = bob.api(path, **options), bob.api(path.replace(hers, "x").replace(said[0]["turn_id"], "x"), **options)
        assert theirs.status == nobodys.status == 404
        assert theirs.text() == nobodys.text()
    assert alice.api(f"/api/v1/chats/{hers}/messages").json()["messages"] == said
    alice.sees_no_error()
    bob.sees_no_error()


def everything_there_is_to_ask(chat_id: str, turn_id: str) -> list[tuple[str, dict[str, Any]]]:
    """Return every request of the API that names a chat or a turn."""
    return [
        (f"/api/v1/chats/{chat_id}/messages", {}),
        (f"/api/v1/chats/{chat_id}/messages", {"method": "POST", "data": {"text": "I ate a steak"}}),
        (f"/api/v1/chats/{chat_id}/export", {}),
        (f"/api/v1/turns/{turn_id}", {}),
        (f"/api/v1/turns/{turn_id}/stop", {"method": "POST"}),
    ]


def test_what_was_said_is_there_the_next_day(person: OpenBrowser, quick_app: AppServer) -> None:
    carol = person(quick_app).enter_as("Carol")
    answer = carol.ask("I ate two eggs")
    carol.page.close()
    again = Person(carol.page.context.new_page()).visit("/?slot=carol")
    again.listed_chats.first.click()
    assert again.answer(1) == answer
    expect(again.receipts.first).to_contain_text(re.compile(r"\d+ in · \d+ out · .+ · \$0\.\d+"))


def test_enter_twice_sends_once(person: OpenBrowser, quick_app: AppServer) -> None:
    alice = person(quick_app).enter_as("Alice")
    alice.begin_chat()
    alice.box.fill("I drank a coffee")
    alice.box.press("Enter")
    alice.box.press("Enter")
    alice.answer(1)
    alice.reload()
    alice.answer(1)
    expect(alice.questions).to_have_count(1)


def test_f5_in_mid_answer_comes_back_to_the_same_answer(person: OpenBrowser, slow_app: AppServer) -> None:
    alice = person(slow_app).enter_as("Alice")
    alice.say("I ate a salad and went for a run")
    expect(alice.stop_button).to_be_visible()
    alice.reload()
    expect(alice.stop_button).to_be_visible()
    answer = alice.answer(1)
    expect(alice.questions).to_have_count(1)
    expect(alice.answers).to_have_count(1)
    turns = alice.api(f"/api/v1/chats/{alice.chat_id}/messages").json()["messages"]
    assert [message["role"] for message in turns].count("user") == 1
    assert turns[-1]["text"].split()[-1] in answer


def test_stop_works_at_once_and_keeps_what_was_said_and_billed(person: OpenBrowser, slow_app: AppServer) -> None:
    bob = person(slow_app).enter_as("Bob")
    bob.say("What did I eat today?")
    expect(bob.answers.last).to_contain_text(re.compile(r"\w+ \w+ \w+"))
    bob.stop_button.click()
    said = bob.answer(1)
    assert "You stopped this answer." in said
    messages = bob.api(f"/api/v1/chats/{bob.chat_id}/messages").json()["messages"]
    turn = bob.api(f"/api/v1/turns/{messages[0]['turn_id']}").json()
    assert turn["status"] == "stopped"
    assert turn["tokens_in"] > 0
    assert float(turn["cost_usd"]) > 0
    assert turn["estimated"]
    expect(bob.box).to_be_enabled()


def test_a_second_message_waits_visibly_and_is_answered_in_order(person: OpenBrowser, slow_app: AppServer) -> None:
    carol = person(slow_app).enter_as("Carol")
    carol.say("I ate a salad")
    expect(carol.stop_button).to_be_visible()
    carol.say("I went for a run")
    expect(carol.waiting).to_have_count(1)
    expect(carol.waiting).to_contain_text("waiting")
    carol.answer(2)
    messages = carol.api(f"/api/v1/chats/{carol.chat_id}/messages").json()["messages"]
    asked = [message["text"] for message in messages if message["role"] == "user"]
    assert asked == ["I ate a salad", "I went for a run"]
    order = [message["turn_id"] for message in messages]
    assert order == sorted(order, key=order.index)
    expect(carol.waiting).to_have_count(0)


def test_a_deleted_chat_in_a_second_tab_is_refused_and_can_be_brought_back(person: OpenBrowser, quick_app: AppServer) -> None:
    bob = person(quick_app).enter_as("Bob")
    bob.begin_chat()
    bob.ask("I ate a banana")
    second = bob.another_tab().visit(bob.page.url)
    second.answer(1)
    bob.keyed("chat_menu").get_by_role("button").click()
    bob.page.get_by_text("Delete", exact=True).click()
    expect(bob.keyed("undo_delete")).to_be_visible()
    second.say("and an apple")
    expect(second.page.get_by_text("This chat is not here")).to_be_visible()
    second.sees_no_error()
    bob.keyed("undo_delete").get_by_role("button").click()
    expect(bob.listed_chats.filter(has_text="banana").first).to_be_visible()


def test_an_overlong_message_is_refused_with_a_sentence(person: OpenBrowser, quick_app: AppServer) -> None:
    alice = person(quick_app).enter_as("Alice")
    alice.begin_chat()
    alice.say("a" * 8001)
    expect(alice.page.get_by_text("8,001 characters; 8,000 are allowed")).to_be_visible()
    expect(alice.questions).to_have_count(0)
