"""The app with Gemini as its model: the real client, against a loopback server that speaks Gemini's protocol."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.server import AppServer
from tests.gemini_server.server import GeminiServer
from tests.gemini_server.wire import Call, Usage

pytestmark = pytest.mark.e2e

OpenBrowser = Callable[[AppServer], Person]
CLASS_KEY = "AIza-key-of-the-class"


@pytest.fixture
def gemini_app(gemini: GeminiServer, tmp_path: Path) -> Iterator[AppServer]:
    """An app that talks to `gemini` with the class's key."""
    settings = {
        "TIDELINE_MODEL": "google_genai:gemini-2.5-flash",
        "TIDELINE_GEMINI_BASE_URL": gemini.base_url,
        "GOOGLE_API_KEY": CLASS_KEY,
    }
    server = AppServer(tmp_path / "app", settings)
    server.wait_until_healthy()
    yield server
    server.stop()


def test_a_chat_with_tools_is_billed_as_gemini_reports(gemini: GeminiServer, gemini_app: AppServer, person: OpenBrowser) -> None:
    gemini.reply(tool_calls=[Call("log_food", {"name": "salad", "calories": 180}, signature=b"thought")], usage=Usage(1000, 20))
    gemini.reply("A salad, noted: 180 kcal.", usage=Usage(prompt=1200, cached=1000, candidates=30, thoughts=50))
    alice = person(gemini_app).enter_as("Alice")
    assert "A salad, noted: 180 kcal." in alice.ask("I ate a salad")
    assert [request.key for request in gemini.requests] == [CLASS_KEY, CLASS_KEY]
    messages = alice.api(f"/api/v1/chats/{alice.chat_id}/messages").json()["messages"]
    turn = alice.api(f"/api/v1/turns/{messages[0]['turn_id']}").json()
    assert (turn["tokens_in"], turn["tokens_cached"], turn["tokens_out"]) == (2200, 1000, 100)
    assert turn["cost_usd"] == "0.00064"
    assert not turn["estimated"]
    assert CLASS_KEY not in gemini_app.output
    assert CLASS_KEY.encode() not in gemini_app.everything_on_disk()


def test_a_refused_key_is_one_sentence_and_the_question_is_kept(gemini: GeminiServer, gemini_app: AppServer, person: OpenBrowser) -> None:
    gemini.accepted_key = "another"
    bob = person(gemini_app).enter_as("Bob")
    assert "key" in bob.ask("Hello")
    expect(bob.questions).to_have_count(1)
    bob.sees_no_error()
    assert len(gemini.requests) == 1


def test_stop_hangs_up_on_gemini(gemini: GeminiServer, gemini_app: AppServer, person: OpenBrowser) -> None:
    gemini.reply("word " * 200, pause=0.1)
    carol = person(gemini_app).enter_as("Carol")
    carol.say("Tell me everything")
    expect(carol.answers.last).to_contain_text("word word")
    carol.stop_button.click()
    assert "You stopped this answer." in carol.answer(1)
    assert gemini.requests[0].done.wait(5)
    assert gemini.requests[0].outcome == "abandoned"


def test_a_learners_own_key_is_used_for_that_login_and_kept_nowhere(gemini: GeminiServer, tmp_path: Path, person: OpenBrowser) -> None:
    own = "AIza-key-of-alice-alone"
    server = AppServer(tmp_path / "app", {"TIDELINE_GEMINI_BASE_URL": gemini.base_url})
    server.wait_until_healthy()
    alice, bob = person(server).enter_as("Alice"), person(server).enter_as("Bob")
    alice.use_own_key(own)
    gemini.reply("Hello from Gemini.")
    alice.visit("/?slot=alice")
    assert "Hello from Gemini." in alice.ask("Hello")
    assert "Gemini" not in bob.ask("Hello")
    assert [request.key for request in gemini.requests] == [own]
    assert server.stop() in (0, -signal.SIGTERM)
    assert own not in server.output
    assert own.encode() not in server.everything_on_disk()
