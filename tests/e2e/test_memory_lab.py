"""The memory lab in a browser: drawn from its address alone, redrawn by its sliders, readable on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.server import AppServer

pytestmark = pytest.mark.e2e

OpenBrowser = Callable[[AppServer], Person]
FORGOTTEN = "I don't see that in what I was sent"


def test_the_cap_in_the_address_decides_what_is_forgotten(person: OpenBrowser, quick_app: AppServer) -> None:
    alice = person(quick_app).enter_as("Alice")
    alice.visit("/memory_lab?slot=alice&cap=10&cache=false")
    answers = alice.keyed("lab_answers")
    expect(answers).to_contain_text("You told me you're allergic to hazelnuts.")
    expect(answers).to_contain_text("From the summary of our earlier conversation")
    expect(answers).to_contain_text(FORGOTTEN)
    expect(alice.keyed("lab_frontier").locator(".js-plotly-plot")).to_be_visible()
    alice.sees_no_error()


def test_a_slider_redraws_the_costs_and_the_address_keeps_it(person: OpenBrowser, quick_app: AppServer) -> None:
    alice = person(quick_app).enter_as("Alice")
    alice.visit("/memory_lab?slot=alice")
    costs = alice.keyed("lab_table")
    expect(costs).to_contain_text("The last 30 messages")
    alice.keyed("cap").get_by_role("slider").press("ArrowRight")
    expect(costs).to_contain_text("The last 32 messages")
    expect(alice.page).to_have_url(re.compile("cap=32"))
    alice.reload()
    expect(costs).to_contain_text("The last 32 messages")
    alice.sees_no_error()


def test_on_a_phone_nothing_is_wider_than_the_screen(person: OpenBrowser, quick_app: AppServer) -> None:
    alice = person(quick_app).enter_as("Alice")
    alice.page.set_viewport_size({"width": 390, "height": 844})
    alice.visit("/memory_lab?slot=alice")
    expect(alice.keyed("lab_answers")).to_contain_text("hazelnuts")
    drawn = alice.page.locator(".stMain table, .stMain .js-plotly-plot")
    expect(drawn).to_have_count(5)
    ends = [box["x"] + box["width"] for each in drawn.all() if (box := each.bounding_box())]
    assert len(ends) == 5
    assert max(ends) <= 390 - 16
