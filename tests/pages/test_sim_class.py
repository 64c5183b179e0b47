"""My class: what an instructor and a learner see, that nobody sees another's, and what is said where nothing is known."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from scaling.services import Services
from storage import measured
from storage.records import Chat, User
from tests.pages.conftest import Draw, words

LogIn = Callable[[str], User]
ChatOf = Callable[..., Chat]
SAID = ("I'm allergic to nuts", "I ate a salad for lunch", "I went for a 30 minute run", "What did I eat?")


@pytest.fixture
def unpriced(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo model shows the prices of a model that has none."""
    monkeypatch.setenv("TIDELINE_PRICED_AS", "google:gemini-0-unheard-of")


def panel(draw: Draw, slot: str, **params: str) -> AppTest:
    return draw("simulator", view="class", slot=slot, **params)


def cells(app: AppTest) -> dict[str, list[Any]]:
    """Return the table's rows by what they are about."""
    rows = [list(row.values()) for row in app.table[0].value.to_dict("records")]
    return {str(name).strip("*"): rest for name, *rest in rows}


def watch(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that fills with the ids that turns are read with."""
    asked: list[str] = []
    read = measured.turns

    def watched(db: Database, viewer_id: str, **more: Any) -> list[measured.MeasuredTurn]:
        asked.append(viewer_id)
        return read(db, viewer_id, **more)

    monkeypatch.setattr(measured, "turns", watched)
    return asked


def metrics(app: AppTest) -> dict[str, str]:
    return {each.label: each.value for each in app.metric}


def test_without_a_message_the_way_to_one_is_offered(draw: Draw, log_in: LogIn) -> None:
    log_in("alice")
    app = panel(draw, "alice")
    assert "Nothing was measured yet" in words(app)
    assert "go_chat" in [button.key for button in app.button]
    assert not app.table
    assert not app.get("plotly_chart")


def test_a_learner_sees_what_they_did_and_is_told_that_it_is_theirs_alone(draw: Draw, log_in: LogIn, chat_of: ChatOf) -> None:
    chat_of(log_in("alice"), *SAID)
    app = panel(draw, "alice")
    assert "What you did" in words(app)
    assert "Only your own messages are looked at" in words(app)
    assert metrics(app)["Messages"] == "4"
    assert "People" not in metrics(app)
    assert re.search(r"Predicted \\\$0\.0\d+, measured \\\$0\.0\d+: ", words(app))
    assert "Only 4 messages" in words(app) or "On the way it was off by" in words(app)
    assert len(app.get("plotly_chart")) == 1
    assert cells(app)["Tokens a message"][1] == "4 messages"
    assert cells(app)["Tokens a message"][2] == "500"
    assert cells(app)["Tool descriptions (tokens)"][0] == "614"
    assert cells(app)["Cap (messages)"] == ["30", "", "50"]


def test_what_was_measured_is_what_was_billed(draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services) -> None:
    alice = log_in("alice")
    chat_of(alice, *SAID)
    nano = running.store.read(lambda db: db.execute("SELECT sum(cost_nano) FROM model_calls WHERE user_id = ?", (alice.id,)).fetchone()[0])
    cost = metrics(panel(draw, "alice"))["Cost"].replace("\\$", "")
    assert float(cost) == pytest.approx(nano / 10**9, abs=0.00005)


def test_an_instructor_sees_the_class_and_nobodys_name(draw: Draw, log_in: LogIn, chat_of: ChatOf) -> None:
    for name in ("alice", "bob"):
        chat_of(log_in(name), *SAID[:3])
    log_in("instructor")
    app = panel(draw, "instructor")
    assert "What your class did" in words(app)
    assert (metrics(app)["People"], metrics(app)["Messages"]) == ("2", "6")
    assert cells(app)["People"][0] == "2"
    said = words(app) + str(app.table[0].value) + str([frame.value for frame in app.dataframe])
    assert "allergic" not in said
    assert "Bob" not in said


def test_nobody_reads_what_another_person_did(draw: Draw, log_in: LogIn, chat_of: ChatOf, monkeypatch: pytest.MonkeyPatch) -> None:
    chat_of(log_in("alice"), *SAID)
    bob = log_in("bob")
    asked = watch(monkeypatch)
    app = panel(draw, "bob", m_period="7 days", user="alice", viewer="alice")
    assert "Nothing was measured in this time" in words(app)
    assert not app.table
    assert asked == [bob.id]


def test_it_is_read_again_only_when_there_is_more(draw: Draw, log_in: LogIn, chat_of: ChatOf, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = log_in("alice")
    chat_of(alice, *SAID[:2])
    reads = watch(monkeypatch)
    app = panel(draw, "alice")
    app.run()
    assert len(reads) == 1
    chat_of(alice, SAID[2])
    app.run()
    assert len(reads) == 2
    assert metrics(app)["Messages"] == "3"


def test_without_a_price_tokens_are_compared_and_dollars_are_not(unpriced: None, draw: Draw, log_in: LogIn, chat_of: ChatOf) -> None:
    chat_of(log_in("alice"), *SAID)
    app = panel(draw, "alice")
    assert "No message has a known price" in "\n".join(each.value for each in app.info)
    assert re.search(r"Predicted [\d,.]+k? tokens, measured ", words(app))
    assert metrics(app)["Cost"] == "unpriced"
    assert cells(app)["Priced as"][:2] == ["gemini-0-unheard-of", "no known price"]
    app.button(key="m_use").click().run()
    assert not app.exception
    assert "model" not in app.query_params


def test_the_button_sets_the_simulator_to_what_was_measured(draw: Draw, log_in: LogIn, chat_of: ChatOf) -> None:
    chat_of(log_in("alice"), *SAID)
    app = panel(draw, "alice", growth="50", cap="7")
    rows = cells(app)
    app.button(key="m_use").click().run()
    assert not app.exception
    params = {name: text if isinstance(text, str) else text[0] for name, text in app.query_params.items()}
    assert params["view"] == "real"
    assert (params["users"], params["days"], params["prompts"], params["cap"]) == ("1", "1", "4", "30")
    assert params["tokens"] == rows["Tokens a message"][0]
    assert params["reply"] == rows["Tokens a reply"][0]
    assert "growth" not in params


def test_tokens_can_be_chosen_and_the_address_keeps_it(draw: Draw, log_in: LogIn, chat_of: ChatOf) -> None:
    chat_of(log_in("alice"), *SAID)
    app = panel(draw, "alice", m_unit="Tokens", m_period="Last hour")
    assert re.search(r"Predicted [\d,]+ tokens, measured [\d,]+: ", words(app))
    app.segmented_control(key="m_unit").set_value("Dollars").run()
    assert not app.exception
    assert "measured \\$" in words(app)


@pytest.mark.parametrize("text", ["nan", "inf", "", "Yesterday", "x" * 100])
def test_nonsense_in_the_address_is_said_in_one_sentence(draw: Draw, log_in: LogIn, chat_of: ChatOf, text: str) -> None:
    chat_of(log_in("alice"), *SAID[:1])
    app = panel(draw, "alice", m_period=text, m_unit=text)
    shown = text if len(text) <= 24 else f"{text[:24]}…"
    assert f"The address asks for m\\_period={shown}, but it takes one of All; " in words(app)
    assert f"The address asks for m\\_unit={shown}, but it takes one of Dollars; Tokens; Dollars stands in." in words(app)
    assert "m\\_unit=" not in words(panel(draw, "alice", m_period=text, m_unit="Tokens"))
    assert "The address asks" not in words(panel(draw, "alice", m_period="7 days", m_unit="Tokens"))
    assert metrics(app)["Messages"] == "1"
    assert "measured \\$" in words(app)


def test_the_chart_has_a_table_a_csv_and_a_picture_to_save(draw: Draw, log_in: LogIn, chat_of: ChatOf) -> None:
    chat_of(log_in("alice"), *SAID)
    app = panel(draw, "alice")
    assert not app.dataframe
    app.session_state["m_chart_more"] = True
    app.run()
    assert not app.exception
    assert app.dataframe[0].value["Message"].tolist() == [1, 2, 3, 4]
    assert 'data-chart="m_chart"' in "".join(each.proto.body for each in app.get("html"))
    assert len(app.get("download_button")) == 1
