"""The simulator in a browser: drawn from its address alone, redrawn by its sliders, shared by its link, readable on a phone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.server import AppServer

pytestmark = pytest.mark.e2e

OpenBrowser = Callable[[AppServer], Person]
QUIZ = "With a 20-message cap a class of 200 costs $1,785 instead of $21,645 a month: 92% less; half is saved from day 3."


def simulator(person: OpenBrowser, app: AppServer, query: str = "") -> Person:
    alice = person(app).enter_as("Alice")
    return alice.visit(f"/simulator?slot=alice{query}")


def test_the_address_alone_draws_the_quiz(person: OpenBrowser, quick_app: AppServer) -> None:
    alice = simulator(person, quick_app, "&users=200&prompts=15&cap=20")
    expect(alice.says).to_have_text(QUIZ)
    expect(alice.curve.locator("path.js-line")).to_have_count(3)
    expect(alice.curve).to_contain_text("half saved from day 3")
    alice.sees_no_error()


def test_a_slider_and_a_field_redraw_the_curve_and_the_address_keeps_it(person: OpenBrowser, quick_app: AppServer) -> None:
    alice = simulator(person, quick_app, "&cap=20")
    alice.slide("cap", 2)
    expect(alice.says).to_contain_text("With a 22-message cap")
    alice.write("users", "500")
    expect(alice.says).to_contain_text("a class of 500")
    expect(alice.page).to_have_url(re.compile(r"cap=22.*users=500|users=500.*cap=22"))
    alice.reload()
    expect(alice.says).to_contain_text("With a 22-message cap a class of 500")
    alice.sees_no_error()


def test_controls_that_move_faster_than_the_page_is_drawn_keep_what_was_set(person: OpenBrowser, quick_app: AppServer) -> None:
    alice = simulator(person, quick_app, "&cap=20")
    expect(alice.says).to_contain_text("With a 20-message cap")
    for users in ("500", "600", "700"):
        alice.slide("cap", 3)
        alice.write("users", users)
        alice.slide("days", -1)
    expect(alice.says).to_contain_text("With a 29-message cap a class of 700 costs")
    expect(alice.page).to_have_url(re.compile("days=27"))
    alice.sees_no_error()


def test_a_field_that_is_wrong_says_so_and_the_curve_stays(person: OpenBrowser, quick_app: AppServer) -> None:
    alice = simulator(person, quick_app, "&users=200&prompts=15&cap=0")
    expect(alice.page.get_by_text("The address asks for cap=0")).to_be_visible()
    alice.write("users", "lots")
    expect(alice.page.get_by_text("Write a whole number from 1 to 1,000,000. Until then it stays at 200.")).to_be_visible()
    expect(alice.says).to_contain_text("a class of 200")
    expect(alice.curve).to_be_visible()
    alice.sees_no_error()


def test_back_goes_to_the_view_before_and_not_through_every_step_of_a_slider(person: OpenBrowser, quick_app: AppServer) -> None:
    alice = simulator(person, quick_app)
    alice.slide("cap", 3)
    expect(alice.page).to_have_url(re.compile("cap=65"))
    alice.open_view("As it is")
    expect(alice.says).to_contain_text("a class of 50 costs $")
    expect(alice.page).to_have_url(re.compile("view=real"))
    alice.page.go_back()
    expect(alice.page).not_to_have_url(re.compile("view=real"))
    expect(alice.says).to_contain_text("With a 65-message cap a class of 50 costs")
    alice.sees_no_error()


def test_a_copied_link_restores_the_scenario_for_somebody_else(person: OpenBrowser, quick_app: AppServer) -> None:
    alice = simulator(person, quick_app, "&view=real&users=120&cap=12&strategy=summary&chart=daily&keep=Mine%7Ccap%3D7")
    alice.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=quick_app.url)
    expect(alice.curve.locator("path.js-line").first).to_be_attached()
    alice.page.get_by_role("button", name="Copy link").click()
    expect(alice.page.locator(".tl-link[data-done]")).to_be_visible()
    link = alice.page.evaluate("navigator.clipboard.readText()")
    assert "slot" not in link
    bob = person(quick_app).enter_as("Bob").visit(link)
    expect(bob.says).to_have_text(alice.says.inner_text())
    expect(bob.curve).to_contain_text("Mine")
    bob.sees_no_error()


def test_the_picture_and_the_table_are_saved(person: OpenBrowser, quick_app: AppServer, tmp_path: Path) -> None:
    alice = simulator(person, quick_app)
    alice.page.get_by_text("Keep this curve, table, CSV and PNG").click()
    with alice.page.expect_download() as csv:
        alice.page.get_by_role("button", name="Download CSV").click()
    csv.value.save_as(tmp_path / "curve.csv")
    last = (tmp_path / "curve.csv").read_text().splitlines()[-1]
    assert last == "30,2407.50,700.00,70.9"
    with alice.page.expect_download() as png:
        alice.page.get_by_role("button", name="Download PNG").click()
    png.value.save_as(tmp_path / "curve.png")
    head = (tmp_path / "curve.png").read_bytes()[:24]
    assert head[:4] == b"\x89PNG"
    assert int.from_bytes(head[16:20]) > 1000


def test_the_month_plays_by_itself_and_stops(person: OpenBrowser, quick_app: AppServer) -> None:
    alice = simulator(person, quick_app, "&projector=1&play=1")
    alice.page.set_viewport_size({"width": 1920, "height": 1080})
    days = alice.curve.locator(".annotation-text").filter(has_text=re.compile(r"^Day \d+$"))
    expect(days).to_have_text(re.compile(r"^Day \d$"))
    expect(days).to_have_text("Day 30")
    expect(alice.curve).to_contain_text("$700.00")
    alice.sees_no_error()


def test_with_less_motion_the_month_waits_and_is_played_by_keyboard(person: OpenBrowser, quick_app: AppServer) -> None:
    alice = person(quick_app).enter_as("Alice")
    alice.page.emulate_media(reduced_motion="reduce")
    alice.visit("/simulator?slot=alice&play=1")
    days = alice.curve.locator(".annotation-text").filter(has_text=re.compile(r"^Day \d+$"))
    play, pause, again = (alice.page.get_by_role("button", name=name, exact=True) for name in ("Play", "Pause", "From the start"))
    expect(alice.curve.locator(".updatemenu-button[data-pressed]")).to_have_count(3)
    alice.page.wait_for_timeout(1_000)
    expect(days).to_have_text("Day 1")
    play.focus()
    alice.page.keyboard.press("Enter")
    expect(days).to_have_text(re.compile(r"^Day ([3-9]|[12]\d)$"))
    alice.page.keyboard.press("Tab")
    expect(pause).to_be_focused()
    alice.page.keyboard.press("Space")
    alice.page.wait_for_timeout(500)
    held = days.text_content() or ""
    alice.page.wait_for_timeout(1_000)
    expect(days).to_have_text(held)
    alice.page.keyboard.press("Tab")
    expect(again).to_be_focused()
    alice.page.keyboard.press("Enter")
    expect(days).to_have_text("Day 30")
    alice.sees_no_error()


def test_on_a_phone_the_curve_comes_first_and_nothing_is_wider_than_the_screen(person: OpenBrowser, quick_app: AppServer) -> None:
    alice = person(quick_app).enter_as("Alice")
    alice.page.set_viewport_size({"width": 390, "height": 844})
    alice.visit("/simulator?slot=alice&view=real&all=1")
    expect(alice.curve.locator("path.js-line").first).to_be_attached()
    picture, knobs = alice.curve.bounding_box(), alice.keyed("sim_controls").bounding_box()
    assert picture is not None
    assert knobs is not None
    assert picture["y"] < knobs["y"]
    assert max(picture["x"] + picture["width"], knobs["x"] + knobs["width"]) <= 390
    assert alice.page.evaluate("document.documentElement.scrollWidth") <= 390
    alice.sees_no_error()
