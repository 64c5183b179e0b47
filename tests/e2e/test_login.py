"""Getting in, staying in and getting out, in a real browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.server import AppServer
from tests.e2e.tunnel import tunnel

pytestmark = pytest.mark.e2e

OpenBrowser = Callable[[AppServer], Person]


@pytest.mark.parametrize("address", ["/", "/usage", "/memory_lab", "/simulator", "/instructor", "/account", "/usage?slot=alice"])
def test_a_cold_server_asked_for_a_page_shows_the_login_and_nothing_else(person: OpenBrowser, tmp_path: Path, address: str) -> None:
    server = AppServer(tmp_path)
    server.wait_until_healthy()
    try:
        stranger = person(server).visit(address)
        stranger.sees_login()
        stranger.sees_no_error()
    finally:
        server.stop()


def test_two_people_in_two_tabs_of_one_browser(person: OpenBrowser, quick_app: AppServer) -> None:
    alice = person(quick_app).enter_as("Alice")
    bob = alice.another_tab().enter_as("Bob", "/?slot=new")
    for _ in range(2):
        alice.reload()
        bob.reload()
        alice.sees_being("Alice")
        bob.sees_being("Bob")
    assert alice.api("/api/v1/me").json()["username"] == "alice"
    assert bob.api("/api/v1/me").json()["username"] == "bob"


def test_scripts_cannot_read_the_cookie(person: OpenBrowser, quick_app: AppServer) -> None:
    alice = person(quick_app).enter_as("Alice")
    (cookie,) = [cookie for cookie in alice.page.context.cookies() if cookie.get("name") == "tideline_alice"]
    assert cookie.get("httpOnly")
    assert cookie.get("sameSite") == "Lax"
    assert "tideline_alice" not in str(alice.page.evaluate("document.cookie"))


def test_logging_out_revokes_the_login(person: OpenBrowser, quick_app: AppServer) -> None:
    alice = person(quick_app).enter_as("Alice")
    stolen = alice.page.context.cookies()
    assert alice.api("/api/v1/me").status == 200
    alice.log_out()
    alice.sees_login()
    thief = person(quick_app)
    thief.page.context.add_cookies([{"name": c["name"], "value": c["value"], "url": quick_app.url} for c in stolen])
    thief.visit("/?slot=alice").sees_login()
    assert thief.api("/api/v1/me").status == 401


def test_a_wrong_password_and_an_unknown_name_get_the_same_sentence(person: OpenBrowser, quick_app: AppServer) -> None:
    sentences = []
    for name in ("alice", "nobody-of-this-name"):
        stranger = person(quick_app).visit("/")
        stranger.log_in(name, "not the password")
        expect(stranger.page.get_by_role("alert")).to_be_visible()
        sentences.append(stranger.page.get_by_role("alert").inner_text())
    assert sentences[0] == sentences[1]


def test_a_learner_registers_with_the_class_code_and_logs_in_again(person: OpenBrowser, quick_app: AppServer) -> None:
    teacher = person(quick_app).enter_as("Instructor")
    code = teacher.join_code()
    learner = person(quick_app).visit("/")
    learner.register("Dana", "dana", "correct horse battery", code)
    learner.sees_being("Dana")
    learner.log_out()
    learner.log_in("dana", "correct horse battery")
    learner.sees_being("Dana")


def test_the_class_page_is_for_instructors(person: OpenBrowser, quick_app: AppServer) -> None:
    alice = person(quick_app).enter_as("Alice")
    alice.visit("/instructor?slot=alice")
    expect(alice.page.get_by_text("This page is for the instructor")).to_be_visible()
    alice.sees_no_error()


def test_the_instructor_sees_numbers_and_never_messages(person: OpenBrowser, quick_app: AppServer) -> None:
    carol = person(quick_app).enter_as("Carol")
    carol.begin_chat()
    carol.ask("I ate a pomegranate")
    teacher = person(quick_app).enter_as("Instructor")
    teacher.visit("/instructor?slot=instructor")
    expect(teacher.page.get_by_text("Carol").first).to_be_visible()
    expect(teacher.page.get_by_text("pomegranate")).to_have_count(0)
    teacher.sees_no_error()


def test_my_usage_shows_what_i_used(person: OpenBrowser, quick_app: AppServer) -> None:
    bob = person(quick_app).enter_as("Bob")
    bob.begin_chat()
    bob.ask("I ate a mango")
    bob.visit("/usage?slot=bob")
    expect(bob.page.get_by_test_id("stMetric").first).to_be_visible()
    bob.sees_no_error()


def test_behind_a_tunnel_the_demo_accounts_vanish(person: OpenBrowser, quick_app: AppServer) -> None:
    stranger = person(quick_app)
    with tunnel(quick_app.port) as address:
        stranger.visit(address).sees_login()
        expect(stranger.keyed("demo_cards")).to_have_count(0)
    expect(stranger.visit("/").keyed("demo_cards")).to_be_visible()


def test_the_first_start_of_a_class_prints_a_link_that_makes_one_instructor(person: OpenBrowser, tmp_path: Path) -> None:
    server = AppServer(tmp_path, {"TIDELINE_DEMO_ACCOUNTS": "false"})
    try:
        link = server.wait_until_printed(r"http://\S+/(\?setup=\S+)")
        teacher = person(server).visit(f"/{link}")
        expect(teacher.keyed("demo_cards")).to_have_count(0)
        teacher.found_class("Ms Okafor", "okafor", "a long enough password")
        teacher.sees_being("Ms Okafor")
        expect(teacher.keyed("places").get_by_role("link", name="Class")).to_be_visible()
        late = person(server).visit(f"/{link}")
        expect(late.page.get_by_text("This setup link was used")).to_be_visible()
    finally:
        server.stop()
