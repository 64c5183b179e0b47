"""A chat from a file in the lab: the same conversation as the one that was downloaded, and nothing that an import would refuse."""

import json
from datetime import timedelta

import pytest

from agent.lab import chats, files
from agent.lab.conversation import LAST_TURNS
from agent.lab.experiment import Experiment
from agent.lab.knobs import Knobs
from agent.memory.policy import STRATEGIES
from agent.transfer.complaints import FileRefused, FileTooLarge
from agent.transfer.exporting import export
from agent.transfer.form import MAX_BYTES
from storage.database import Store
from storage.settings import Settings
from tests.storage.makers import NOW, World, answered, ask, settle, with_tools, world

LATER = NOW + timedelta(hours=1)
SETTINGS = Settings()


@pytest.fixture
def talk(store: Store) -> World:
    made = world(store)
    answered(store, made.chat, "I'm allergic to hazelnuts", "Noted.")
    settle(store, ask(store, made.chat, "I ate a salad").turn, with_tools())
    answered(store, made.chat, "What am I allergic to?", "Hazelnuts.")
    return made


def downloaded(store: Store, talk: World) -> bytes:
    return store.read(lambda db: export(db, talk.user.id, talk.chat.id, LATER))


def test_a_file_runs_as_the_chat_it_came_from(store: Store, talk: World) -> None:
    found = files.conversation(downloaded(store, talk), SETTINGS, LATER)
    stored = store.read(lambda db: chats.chat(db, talk.user.id, talk.chat.id, SETTINGS, "UTC"))
    assert found is not None
    assert stored is not None
    assert [(m.role, m.text) for m in found.messages] == [(m.role, m.text) for m in stored.messages]
    assert [turn.at for turn in found.turns] == [turn.at for turn in stored.turns]
    assert [m.id for m in found.messages] == list(range(1, len(found.messages) + 1))
    assert found.priced_as == stored.priced_as
    for strategy in STRATEGIES:
        run = Experiment(found).run(Knobs(cap=4).policy(strategy))
        assert len(run.turns) == 3
        assert run.dollars


def test_a_files_own_token_counts_are_not_believed(store: Store, talk: World) -> None:
    content = json.loads(downloaded(store, talk))
    for turn in content["turns"]:
        for message in turn["messages"]:
            message["tokens"] = 0
    found = files.conversation(json.dumps(content).encode(), SETTINGS, LATER)
    assert found is not None
    assert all(message.tokens > 4 for message in found.messages)


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff\xfe", b'{"format": "tideline.chat", "version": 2}', b"{" * 10_000])
def test_what_is_no_chat_is_refused(data: bytes) -> None:
    with pytest.raises(FileRefused):
        files.conversation(data, SETTINGS, LATER)


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(FileTooLarge):
        files.conversation(b" " * (MAX_BYTES + 1), SETTINGS, LATER)


def test_a_wrong_role_is_refused(store: Store, talk: World) -> None:
    content = json.loads(downloaded(store, talk))
    content["turns"][0]["messages"][0]["role"] = "assistant"
    with pytest.raises(FileRefused):
        files.conversation(json.dumps(content).encode(), SETTINGS, LATER)


def test_a_chat_without_an_answer_has_nothing_to_run(store: Store) -> None:
    made = world(store)
    assert files.conversation(downloaded(store, made), SETTINGS, LATER) is None


def test_of_a_long_chat_the_last_turns_are_run(store: Store, talk: World) -> None:
    content = json.loads(downloaded(store, talk))
    content["turns"] = content["turns"][:1] * LAST_TURNS + content["turns"][2:]
    found = files.conversation(json.dumps(content).encode(), SETTINGS, LATER)
    assert found is not None
    assert len(found.turns) == LAST_TURNS
    assert found.turns[-1].messages[0].text == "What am I allergic to?"
