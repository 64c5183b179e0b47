"""A person's own chat in the lab: theirs alone, and replayed to what was recorded."""

from decimal import Decimal

import pytest

from agent.lab import chats as lab_chats
from agent.lab.experiment import Experiment
from agent.lab.knobs import Knobs
from agent.memory.policy import STRATEGIES
from storage import chats
from storage.database import Store
from storage.records import NotFound
from storage.settings import Settings
from tests.storage.makers import NOW, World, answered, ask, settle, with_tools, world

SETTINGS = Settings()


@pytest.fixture
def talk(store: Store) -> World:
    made = world(store)
    answered(store, made.chat, "I'm allergic to hazelnuts", "Noted.")
    settle(store, ask(store, made.chat, "I ate a salad").turn, with_tools())
    answered(store, made.chat, "What am I allergic to?", "Hazelnuts.")
    return made


def test_a_chat_is_read_with_its_tool_rounds(store: Store, talk: World) -> None:
    found = store.read(lambda db: lab_chats.chat(db, talk.user.id, talk.chat.id, SETTINGS, "UTC"))
    assert found is not None
    assert [len(turn.messages) for turn in found.turns] == [2, 4, 2]
    assert [turn.messages[0].text for turn in found.turns] == ["I'm allergic to hazelnuts", "I ate a salad", "What am I allergic to?"]
    assert found.by_demo
    assert found.priced_as == ("google", "gemini-2.5-flash")
    lab = Experiment(found)
    assert lab.rankings.turns[2][0].text == "I'm allergic to hazelnuts"
    assert lab.rankings.questions == ()
    for strategy in STRATEGIES:
        run = lab.run(Knobs().policy(strategy))
        assert len(run.turns) == 3
        assert run.dollars
        assert run.dollars > Decimal(0)


def test_nobody_elses_chat_is_read(store: Store, talk: World) -> None:
    other = world(store, "eve")
    with pytest.raises(NotFound):
        store.read(lambda db: lab_chats.chat(db, other.user.id, talk.chat.id, SETTINGS, "UTC"))


def test_a_deleted_chat_is_not_read(store: Store, talk: World) -> None:
    store.write(lambda db: chats.delete(db, talk.user.id, talk.chat.id, NOW))
    with pytest.raises(NotFound):
        store.read(lambda db: lab_chats.chat(db, talk.user.id, talk.chat.id, SETTINGS, "UTC"))


def test_a_chat_without_an_answer_has_nothing_to_replay(store: Store) -> None:
    made = world(store)
    assert store.read(lambda db: lab_chats.chat(db, made.user.id, made.chat.id, SETTINGS, "UTC")) is None
    ask(store, made.chat, "Hello")
    assert store.read(lambda db: lab_chats.chat(db, made.user.id, made.chat.id, SETTINGS, "UTC")) is None
