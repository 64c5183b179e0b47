"""A fresh Tideline without pages: a database in a folder of its own, people with a chat each, a runner with a given model."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from agent.runner import TurnRunner
from benchmarks.model import FixedModel
from storage import chats
from storage.clock import SystemClock, to_us
from storage.database import Store
from storage.settings import load_settings


@dataclass(frozen=True, slots=True)
class World:
    """What a benchmark works on."""

    store: Store
    runner: TurnRunner
    people: list[tuple[str, str]]
    """User id and chat id of each person."""


@contextmanager
def world(people: int, model: FixedModel) -> Iterator[World]:
    """Yield a started Tideline with this many people; everything is removed at the end."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "tideline.db")
        runner = TurnRunner(store, load_settings(), clock=SystemClock(), build=lambda *_: model)
        runner.start()
        try:
            here = World(store, runner, store.write(lambda db: [_person(db, number) for number in range(people)]))
            _warm_up(here)
            yield here
        finally:
            runner.close()
            store.close()


def _person(db: Database, number: int) -> tuple[str, str]:
    now = SystemClock().now()
    user = f"user-{number}"
    db.execute(
        "INSERT INTO users(id, username, display_name, role, created_at) VALUES (?, ?, ?, 'learner', ?)", (user, user, user, to_us(now))
    )
    return user, chats.create(db, user, "", now).id


def _warm_up(here: World) -> None:
    """Have one turn answered in a chat of its own, so that imports and the agent's building are not measured."""
    chat = here.store.write(lambda db: chats.create(db, here.people[0][0], "", SystemClock().now())).id
    turn = here.runner.submit(here.people[0][0], chat, "warm up").result(60)
    if turn.status != "done":
        raise RuntimeError(f"the runner does not answer: {turn.error}")
