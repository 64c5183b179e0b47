"""A started runner on a real database, with a scripted model and two people."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from agent.runner import TurnRunner
from storage import chats, messages, model_calls
from storage.clock import to_us
from storage.database import Store
from storage.records import Message, ModelCall
from storage.settings import Settings
from tests.agent.scripted import Script, ScriptedModel
from tests.fakes import FakeClock


@dataclass
class Stage:
    """What a runner test works with."""

    store: Store
    runner: TurnRunner
    script: Script
    clock: FakeClock
    chat: str
    user: str = "alice"

    def said(self, user: str = "alice") -> list[tuple[str, str]]:
        """Return role and text of everything in the chat."""
        return [(message.role, message.text) for message in self.messages(user)]

    def messages(self, user: str = "alice") -> list[Message]:
        """Return everything in the chat."""
        return self.store.read(lambda db: messages.latest(db, user, self.chat, 500))

    def calls(self, turn_id: str) -> list[ModelCall]:
        """Return the model calls of a turn."""
        return self.store.read(lambda db: model_calls.for_turn(db, self.user, turn_id))


def add_person(store: Store, user: str, clock: FakeClock) -> str:
    """Create a person and return the id of a new chat of theirs."""
    now = clock.now()
    sql = "INSERT INTO users(id, username, display_name, role, created_at) VALUES (?, ?, ?, 'learner', ?)"
    store.write(lambda db: db.execute(sql, (user, user, user.title(), to_us(now))))
    return store.write(lambda db: chats.create(db, user, "", now)).id


MakeStage = Callable[..., Stage]


@pytest.fixture
def make_stage(store: Store, clock: FakeClock) -> Iterator[MakeStage]:
    """Make a stage with some settings; every runner is closed at the end."""
    started: list[TurnRunner] = []

    def make(**settings: Any) -> Stage:
        script = Script()
        runner = TurnRunner(store, Settings(**settings), clock=clock, build=lambda *_: ScriptedModel(script=script))
        runner.start()
        started.append(runner)
        return Stage(store, runner, script, clock, add_person(store, "alice", clock))

    yield make
    for runner in started:
        runner.close(1.0)


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """A stage with the settings as they come."""
    return make_stage()
