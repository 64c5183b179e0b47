"""The capped memory in a real browser: what is sent is seen message by message, at once, and what is forgotten is forgotten."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.server import AppServer

pytestmark = pytest.mark.e2e

OpenBrowser = Callable[[AppServer], Person]
ALLERGY = "I am allergic to peanuts"
TALK = ("I ate an apple", "I went for a run", "I drank a coffee", "I ate a banana", "I walked for 20 minutes", "I ate a pear")


def begin(person: Person, *texts: str) -> Person:
    """Say these things in a new chat."""
    person.begin_chat()
    for text in texts:
        person.ask(text)
    return person


def test_the_history_is_recoloured_when_the_cap_moves(person: OpenBrowser, quick_app: AppServer) -> None:
    alice = begin(person(quick_app).enter_as("Alice"), "Hello", "Thank you", "Good morning", "Good night")
    alice.sees_marks(*["in context"] * 8)
    alice.cap_by(-25)
    alice.sees_marks(*["forgotten"] * 4, *["in context"] * 4)
    expect(alice.page.get_by_text("the agent no longer sees above this line (4 messages")).to_be_visible()
    assert len(set(alice.edges())) == 2
    alice.reload()
    alice.sees_marks(*["forgotten"] * 4, *["in context"] * 4)
    alice.remember("Everything")
    alice.sees_marks(*["in context"] * 8)
    expect(alice.page.get_by_text("no longer sees")).to_have_count(0)
    assert len(set(alice.edges())) == 1
    alice.sees_no_error()


def test_the_allergy_is_forgotten_found_and_pinned(person: OpenBrowser, quick_app: AppServer) -> None:
    """The lesson itself: the same chat and question, three memories, three answers."""
    alice = begin(person(quick_app).enter_as("Alice"), ALLERGY, *TALK[:4])
    alice.cap_by(-20)
    assert "peanuts" not in alice.ask("What am I allergic to?")
    alice.remember("What fits the question")
    assert "peanuts" in alice.ask("What was my allergy again?")
    alice.remember("Last messages")
    alice.receipts.first.click()
    alice.dialog.get_by_text("Always send the question").click()
    expect(alice.dialog.get_by_role("switch").first).to_be_checked()
    alice.close_dialog()
    assert "peanuts" in alice.ask("What am I allergic to, please?")
    assert alice.marks()[0] == "pinned"
    listed = alice.open_memory()
    expect(listed.get_by_text(ALLERGY)).to_be_visible()
    listed.get_by_role("button", name="Unpin").click()
    expect(listed.get_by_text("None. Click the line")).to_be_visible()
    alice.close_dialog()
    expect(alice.page.locator(".tl-wide").get_by_text("pinned message")).to_have_count(0)
    alice.sees_no_error()


def test_the_summary_is_written_and_can_be_read(person: OpenBrowser, quick_app: AppServer) -> None:
    bob = person(quick_app).enter_as("Bob")
    bob.begin_chat()
    bob.ask(ALLERGY)
    bob.remember("Summary and last messages")
    for text in TALK:
        bob.ask(text)
    expect(bob.page.locator(".tl-wide").get_by_text("Read the summary")).to_be_visible()
    expect(bob.page.get_by_text("above this line the agent has only a summary")).to_be_visible()
    assert bob.marks()[0] == "in summary"
    read = bob.open_memory()
    expect(read.get_by_text("peanuts").first).to_be_visible()
    expect(read.get_by_text("It stands for the first")).to_be_visible()
    bob.close_dialog()
    expect(bob.page).not_to_have_url(re.compile("memory="))
    assert "peanuts" in bob.ask("What am I allergic to?")
    bob.receipts.last.click()
    expect(bob.dialog.get_by_text("The summary that was sent")).to_be_visible()
    expect(bob.dialog.get_by_text("The same turn with another memory")).to_be_visible()
    bob.sees_no_error()


def test_a_token_budget_is_set_and_taken_back(person: OpenBrowser, quick_app: AppServer) -> None:
    carol = begin(person(quick_app).enter_as("Carol"), "Hello", "Thank you")
    carol.keyed("memory_more").locator("summary").click()
    budget = carol.knob("memory_max_context_tokens").get_by_role("spinbutton")
    for typed, seen in (("0", "needs to be at least 1"), ("300", "alone are over the budget of 300 tokens")):
        budget.fill(typed)
        budget.press("Enter")
        expect(carol.page.get_by_text(seen).locator("visible=true")).to_be_visible()
    carol.sees_marks(*["forgotten"] * 4)
    budget.fill("")
    budget.press("Enter")
    carol.sees_marks(*["in context"] * 4)
    carol.sees_no_error()


def test_somebody_elses_memory_is_out_of_reach(person: OpenBrowser, quick_app: AppServer) -> None:
    alice = begin(person(quick_app).enter_as("Alice"), ALLERGY)
    turn = alice.receipts.first.get_attribute("href") or ""
    turn = turn.rpartition("calls=")[2]
    carol = begin(person(quick_app).enter_as("Carol"), "Hello")
    own = carol.chat_id
    for address in (f"chat={alice.chat_id}&memory=1", f"chat={own}&calls={turn}", f"chat={alice.chat_id}&calls={turn}"):
        carol.visit(f"/?slot=carol&{address}")
        expect(carol.page.get_by_text("is not yours").or_(carol.page.get_by_text("This chat is not here")).first).to_be_visible()
        expect(carol.page.get_by_text("peanuts")).to_have_count(0)
        expect(carol.page.get_by_role("switch")).to_have_count(0)
    carol.sees_no_error()
    alice.reload()
    alice.sees_marks("in context", "in context")
