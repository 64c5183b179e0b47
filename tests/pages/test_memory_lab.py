"""The memory lab: the prepared conversation, one's own chat, other people's, and what the address says."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from agent.lab.knobs import Knobs
from agent.memory.policy import STRATEGIES
from agent.transfer.exporting import export
from pages.ui import lab_sources, lab_words
from scaling.services import Services
from storage import chats
from storage.records import Chat, User
from tests.pages.conftest import Draw, words

LogIn = Callable[[str], User]
ChatOf = Callable[..., Chat]
NAMES = [lab_words.name(strategy) for strategy in STRATEGIES]


def table(app: AppTest, place: int) -> list[dict[str, Any]]:
    """Return a table's rows."""
    return [{str(name): cell for name, cell in row.items()} for row in app.table[place].value.to_dict("records")]


def by_strategy(app: AppTest) -> dict[str, dict[str, Any]]:
    """Return the rows of the table of strategies by their names."""
    return {row["Strategy"].strip("*"): row for row in table(app, 0)}


def answer_to(app: AppTest, question: str) -> dict[str, Any]:
    """Return the row of a question in the table of facts."""
    return next(row for row in table(app, 1) if row["Question"].startswith(question))


def test_the_page_asks_for_a_login(draw: Draw) -> None:
    app = draw("memory_lab")
    assert "Memory lab" not in words(app)
    assert not app.table


def test_every_strategy_is_shown_with_its_cost_and_what_it_keeps(draw: Draw, log_in: LogIn) -> None:
    log_in("alice")
    app = draw("memory_lab", slot="alice")
    rows = by_strategy(app)
    assert list(rows) == NAMES
    assert rows["Full history"]["Facts known"] == "14 of 14"
    assert rows["Window"]["Facts known"].startswith("3 of")
    assert all(re.fullmatch(r"\\\$0\.0\d{3}", row["Cost"]) for row in rows.values())
    assert len(app.get("plotly_chart")) == 3
    assert len(table(app, 1)) == 14
    assert "demo model" in words(app)
    assert "simulated" in words(app)


def test_alices_allergy_is_forgotten_kept_and_found(draw: Draw, log_in: LogIn) -> None:
    log_in("alice")
    app = draw("memory_lab", slot="alice", cap="10")
    row = answer_to(app, "What am I allergic to?")
    assert "forgot" in row["Window"]
    assert all("knows" in row[name] for name in ("Full", "Summary", "Retrieval"))
    assert "“From the summary of our earlier conversation, you told me you're allergic to hazelnuts.”" in words(app)
    assert app.selectbox(key="fact").value == "allergy"


def test_the_figures_are_the_experiments(draw: Draw, log_in: LogIn, running: Services) -> None:
    log_in("alice")
    app = draw("memory_lab", slot="alice", cap="50", k="5", budget="2,000", cache="false")
    knobs = Knobs(cap=50, k=5, budget=2_000, cached=False)
    lab = lab_sources.shared(("google", "gemini-2.5-flash"))
    rows = by_strategy(app)
    for strategy in STRATEGIES:
        run = lab.run(knobs.policy(strategy), cached=False)
        assert rows[lab_words.name(strategy)]["Cost"] == lab_words.escape(lab_words.cost(run))
        assert rows[lab_words.name(strategy)]["Cached"] == "0%"


def test_moving_the_cap_changes_what_is_known(draw: Draw, log_in: LogIn) -> None:
    log_in("alice")
    app = draw("memory_lab", slot="alice", cap="10")
    few = by_strategy(app)["Window"]["Facts known"]
    app.slider(key="cap").set_value(120).run()
    assert not app.exception
    many = by_strategy(app)["Window"]["Facts known"]
    assert int(few.split()[0]) < int(many.split()[0])
    assert "With a cap of 120" in words(app)


def test_another_question_shows_its_answers(draw: Draw, log_in: LogIn) -> None:
    log_in("alice")
    app = draw("memory_lab", slot="alice")
    app.selectbox(key="fact").set_value("dog").run()
    assert "Pixel" in words(app)


@pytest.mark.parametrize("params", [{"cap": "-3", "k": "9999", "budget": "much"}, {"source": "nowhere", "chat": "invented"}])
def test_nonsense_in_the_address_is_ignored(draw: Draw, log_in: LogIn, params: dict[str, str]) -> None:
    log_in("alice")
    app = draw("memory_lab", slot="alice", **params)
    assert by_strategy(app)["Window"]["Sends"] == "The last 30 messages"


def test_without_a_chat_the_way_to_one_is_offered(draw: Draw, log_in: LogIn) -> None:
    log_in("alice")
    app = draw("memory_lab", slot="alice", source=lab_sources.MINE)
    assert "You have no chat yet" in words(app)
    assert [button.key for button in app.button] == ["go_chat"]
    assert not app.table


def test_ones_own_chat_is_replayed_without_recall(draw: Draw, log_in: LogIn, chat_of: ChatOf) -> None:
    chat = chat_of(log_in("alice"), "I'm allergic to nuts", "I ate a salad", "What did I eat?")
    app = draw("memory_lab", slot="alice", source=lab_sources.MINE, chat=chat.id)
    rows = by_strategy(app)
    assert list(rows) == NAMES
    assert "Facts known" not in rows["Window"]
    assert len(app.table) == 1
    assert "3 turns, 10 messages" in words(app)
    assert "After 3 turns every strategy costs the same" in words(app)


def test_ones_own_chat_is_asked_under_every_strategy(draw: Draw, log_in: LogIn, chat_of: ChatOf) -> None:
    chat = chat_of(log_in("alice"), "I'm allergic to pistachios", *["I drank a glass of water"] * 8)
    app = draw("memory_lab", slot="alice", source=lab_sources.MINE, chat=chat.id, cap="6")
    app.text_input(key="lab_ask").input("What am I allergic to?").run()
    assert not app.exception
    said = {line.value.partition("**")[2].partition("**")[0]: line.value for line in app.markdown if "tokens sent" in line.value}
    assert list(said) == NAMES
    assert [name for name in NAMES if "pistachios" in said[name]] == ["Full history", "Summary", "Retrieval"]


def test_a_chat_is_read_again_when_something_was_said(draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services) -> None:
    alice = log_in("alice")
    chat = chat_of(alice, "Hello")
    app = draw("memory_lab", slot="alice", source=lab_sources.MINE, chat=chat.id)
    assert "1 turn, 2 messages" in words(app)
    running.runner.submit(alice.id, chat.id, "Hello again").result(20)
    app.run()
    assert "2 turns, 4 messages" in words(app)


def test_somebody_elses_chat_is_not_to_be_had(draw: Draw, log_in: LogIn, chat_of: ChatOf) -> None:
    theirs = chat_of(log_in("bob"), "My secret pomegranate", "I ate a salad")
    chat_of(log_in("alice"), "Hello")
    app = draw("memory_lab", slot="alice", source=lab_sources.MINE, chat=theirs.id)
    assert "1 turn, 2 messages" in words(app)
    assert "pomegranate" not in words(app)
    assert "pomegranate" not in str(app.session_state.to_dict())


def test_a_chat_without_an_answer_says_so(draw: Draw, log_in: LogIn, chat_of: ChatOf) -> None:
    chat = chat_of(log_in("alice"))
    app = draw("memory_lab", slot="alice", source=lab_sources.MINE, chat=chat.id)
    assert "Nothing was answered in this chat yet" in words(app)
    assert not app.table


def test_a_file_is_run_and_stored_nowhere(draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services) -> None:
    alice = log_in("alice")
    chat = chat_of(alice, "I'm allergic to nuts", "I ate a salad")
    data = running.store.read(lambda db: export(db, alice.id, chat.id, running.clock.now()))
    log_in("bob")
    app = draw("memory_lab", slot="bob", source=lab_sources.FILE)
    assert "nothing of it is stored" in words(app)
    app.file_uploader[0].upload("chat.json", data, "application/json").run()
    assert not app.exception
    assert "2 turns, 6 messages" in words(app)
    assert list(by_strategy(app)) == NAMES
    bob = running.accounts.demo_login("bob", local=True)
    assert running.store.read(lambda db: chats.list_chats(db, bob.id)) == []


def test_a_file_that_is_no_chat_is_refused_in_a_sentence(draw: Draw, log_in: LogIn) -> None:
    log_in("alice")
    app = draw("memory_lab", slot="alice", source=lab_sources.FILE)
    app.file_uploader[0].upload("chat.json", b'{"hello": "world"}', "application/json").run()
    assert not app.exception
    assert app.error[0].value.startswith("This file cannot be run\\: the file is not a chat of Tideline")
    assert not app.table


def test_what_a_refused_file_says_fetches_no_picture(draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services) -> None:
    alice = log_in("alice")
    chat = chat_of(alice, "Hello")
    data = running.store.read(lambda db: export(db, alice.id, chat.id, running.clock.now()))
    app = draw("memory_lab", slot="alice", source=lab_sources.FILE)
    bad = data.replace(b'"role": "user"', b'"role": "![](https://evil.example/p.png)"')
    assert bad != data
    app.file_uploader[0].upload("chat.json", bad, "application/json").run()
    assert "evil.example" in app.error[0].value
    assert "![](" not in app.error[0].value
