"""A chat as a file, by hand: out of one account, into another, in a real browser."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.server import AppServer

pytestmark = pytest.mark.e2e

OpenBrowser = Callable[[AppServer], Person]
LOOKS_AGAIN_S = 6
"""Longer than the page waits before it looks for changes from other tabs."""


def test_a_chat_goes_to_somebody_else_and_on(person: OpenBrowser, quick_app: AppServer, tmp_path: Path) -> None:
    alice, bob = person(quick_app).enter_as("Alice"), person(quick_app).enter_as("Bob")
    alice.begin_chat()
    answer = alice.ask("I am allergic to sesame")
    file = alice.download_chat(tmp_path)
    assert "sesame" in json.loads(file.read_text(encoding="utf-8"))["turns"][0]["messages"][0]["text"]
    alice.page.keyboard.press("Escape")
    expect(alice.page.get_by_role("dialog")).to_have_count(0)

    broken = tmp_path / "broken.json"
    broken.write_text(file.read_text(encoding="utf-8").replace('"role": "user"', '"role": "system"'), encoding="utf-8")
    bob.choose_chat_to_import(broken)
    expect(bob.page.get_by_role("dialog")).to_contain_text("Nothing was imported: turn 1, message 1, role is “system”")
    bob.page.get_by_role("dialog").locator("input[type=file]").set_input_files(file)
    expect(bob.page.get_by_role("dialog")).to_have_count(0)
    assert bob.answer(1).splitlines()[:-1] == answer.splitlines()[:-1]
    expect(bob.receipts.first).to_contain_text("imported · ")
    assert bob.chat_id not in (alice.chat_id, "")
    assert "sesame" in bob.ask("What am I allergic to?").lower()
    bob.sees_no_error()


def test_a_chat_and_its_import_stay_apart_though_they_are_called_alike(person: OpenBrowser, quick_app: AppServer, tmp_path: Path) -> None:
    carol = person(quick_app).enter_as("Carol")
    carol.begin_chat()
    carol.ask("I ate a quince, 52 kcal")
    first = carol.chat_id
    file = carol.download_chat(tmp_path)
    carol.page.keyboard.press("Escape")
    carol.choose_chat_to_import(file)
    expect(carol.receipts.first).to_contain_text("imported · ")
    second = carol.chat_id
    carol.page.wait_for_timeout(1000 * LOOKS_AGAIN_S)
    assert carol.chat_id == second != first
    carol.ask("And how was it?")
    carol.page.wait_for_timeout(1000 * LOOKS_AGAIN_S)
    assert carol.chat_id == second
