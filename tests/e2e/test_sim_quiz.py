"""The quiz in a browser: a double click is one attempt, F5 and a new login keep the answers, and a question opens its own curves."""

import re
import sqlite3
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.server import AppServer

pytestmark = pytest.mark.e2e

OpenBrowser = Callable[[AppServer], Person]
QUIZ = "/simulator?view=quiz&slot="


def attempts(app: AppServer, username: str, question: str) -> list[str]:
    """Return what a person typed for a question, as the database has it."""
    file = sqlite3.connect(f"file:{app.database}?mode=ro", uri=True)
    sql = "SELECT typed FROM quiz_answers a JOIN users u ON u.id = a.user_id WHERE username = ? AND question = ? ORDER BY a.id"
    found = [row[0] for row in file.execute(sql, (username, question))]
    file.close()
    return found


def test_answers_are_kept_once_and_for_oneself(person: OpenBrowser, quick_app: AppServer) -> None:
    alice = person(quick_app).enter_as("Alice").visit(f"{QUIZ}alice")
    card = alice.keyed("q_card_gap_20")
    alice.keyed("q_gap_20").get_by_role("textbox").fill("$19,860")
    alice.keyed("q_check_gap_20").get_by_role("button").dblclick()
    expect(card).to_contain_text("Right: “$19,860”")
    expect(card).to_contain_text("No cap: $21,645.00")
    alice.keyed("q_half_20").get_by_role("textbox").fill("2")
    alice.keyed("q_half_20").get_by_role("textbox").press("Enter")
    expect(alice.keyed("q_card_half_20")).to_contain_text("Python counts days from 0")
    alice.reload()
    expect(alice.keyed("q_card_half_20")).to_contain_text("Python counts days from 0")
    expect(card).to_contain_text("Right: “$19,860”")
    assert attempts(quick_app, "alice", "gap_20") == ["$19,860"]
    again = person(quick_app).enter_as("Alice").visit(f"{QUIZ}alice")
    expect(again.keyed("q_gap_20").get_by_role("textbox")).to_have_value("$19,860")
    bob = person(quick_app).enter_as("Bob").visit(f"{QUIZ}bob")
    expect(bob.keyed("q_gap_20").get_by_role("textbox")).to_have_value("")
    expect(bob.keyed("q_card_gap_20")).not_to_contain_text("Right")
    for each in (alice, again, bob):
        each.sees_no_error()


def test_a_question_opens_its_class_in_the_simulator_and_back_leads_back(person: OpenBrowser, quick_app: AppServer) -> None:
    carol = person(quick_app).enter_as("Carol").visit(f"{QUIZ}carol")
    show = carol.keyed("q_show_half_100").get_by_role("button").last
    show.scroll_into_view_if_needed()
    show.click()
    curve = carol.keyed("sim_curve").locator(".js-plotly-plot")
    expect(curve).to_be_in_viewport()
    expect(carol.page).to_have_url(re.compile(r"users=200&prompts=15&cap=100"))
    carol.page.go_back()
    expect(carol.keyed("q_card_gap_20")).to_be_visible()
    carol.sees_no_error()


def test_the_instructor_sees_how_many_were_right(person: OpenBrowser, quick_app: AppServer) -> None:
    carol = person(quick_app).enter_as("Carol").visit(f"{QUIZ}carol")
    carol.keyed("q_gap_500").get_by_role("textbox").fill("17.075,00")
    carol.keyed("q_check_gap_500").get_by_role("button").click()
    expect(carol.keyed("q_card_gap_500")).to_contain_text("Right")
    teacher = person(quick_app).enter_as("Instructor").visit(f"{QUIZ}instructor&q_class=true")
    row = teacher.keyed("q_class_table").get_by_role("row").filter(has_text="The demo with 500 users")
    expect(row).to_contain_text("100%")
    teacher.sees_no_error()


@pytest.mark.parametrize("view", ["quiz", "taught"])
def test_on_a_phone_nothing_is_wider_than_the_screen(person: OpenBrowser, quick_app: AppServer, view: str) -> None:
    alice = person(quick_app).enter_as("Alice")
    alice.page.set_viewport_size({"width": 390, "height": 844})
    alice.visit(f"/simulator?slot=alice&view={view}")
    if view == "taught":
        alice.page.get_by_text("Where the lesson's numbers round").click()
    parts = alice.page.locator('[class*="st-key-q_card_"]' if view == "quiz" else ".tl-odd, .st-key-oddities_people table, .js-plotly-plot")
    expect(parts.nth(8)).to_be_visible()
    ends = [box["x"] + box["width"] for each in parts.all() if (box := each.bounding_box())]
    assert len(ends) >= 9
    assert max(ends) <= 390 - 10
    assert alice.page.evaluate("document.documentElement.scrollWidth") <= 390
