"""What one turn costs beside the model, whether it grows with the chat, and what a crowd gets through."""

import asyncio
import statistics
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.model import FixedModel
from benchmarks.peers import BareAgent, bare_sqlite_turn, connect
from benchmarks.report import row
from benchmarks.world import World, world
from storage import messages

TURNS = 500
CROWD = 100
CROWD_TURNS = 10
CROWD_WAIT_S = 0.05
ROUNDS = 3


def single() -> None:
    """One person, 500 turns in one chat, a model that answers at once."""
    sqlite_ms = _bare_sqlite()
    agent_ms = _bare_agent()
    with world(1, FixedModel()) as here:
        user, chat = here.people[0]
        before = _bytes(here)
        walls, cpus = [], []
        for number in range(TURNS):
            wall, cpu = time.perf_counter(), time.process_time()
            here.runner.submit(user, chat, f"I ate a salad, number {number}").result(60)
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
        text = sum(len(f"I ate a salad, number {number}") + 56 for number in range(TURNS))
        row("turn: wall beside the model, median, against bare agent", statistics.median(walls) * 1e3, "ms", agent_ms)
        row("turn: wall beside the model, median, against bare sqlite3", statistics.median(walls) * 1e3, "ms", sqlite_ms)
        row("turn: CPU, median", statistics.median(cpus) * 1e3, "ms")
        row("turn: 500th against 10th, wall", _near(walls, TURNS - 1) * 1e3, "ms", _near(walls, 10) * 1e3)
        row("turn: database growth beyond the text", (_bytes(here) - before - text) / TURNS, "bytes")


def crowd() -> None:
    """100 people at once, 10 turns each, a model that takes 50 ms; bare agent and Tideline in turn, three times, medians."""
    pairs = [_crowd_pair() for _ in range(ROUNDS)]
    row(
        "crowd: 100 people, 10 turns each, 50 ms model, against bare agent",
        statistics.median(rate for rate, _, _, _ in pairs),
        "turns/s",
        statistics.median(bare for _, bare, _, _ in pairs),
    )
    row("crowd: errors", sum(errors for _, _, errors, _ in pairs), "errors")
    row("crowd: histories that are not exactly their own", sum(foreign for _, _, _, foreign in pairs), "people")


def _crowd_pair() -> tuple[float, float, int, int]:
    """Return Tideline's and the bare agent's turns a second, Tideline's errors, and people with a history not their own."""
    with tempfile.TemporaryDirectory() as folder:
        bare = BareAgent(Path(folder) / "bare.db", FixedModel(wait_s=CROWD_WAIT_S))
        asyncio.run(bare.crowd(CROWD, 1))
        began = time.perf_counter()
        asyncio.run(bare.crowd(CROWD, CROWD_TURNS))
        reference = CROWD * CROWD_TURNS / (time.perf_counter() - began)
        bare.connection.close()
    with world(CROWD, FixedModel(wait_s=CROWD_WAIT_S)) as here:
        errors: list[str] = []
        threads = [threading.Thread(target=_person, args=(here, n, errors)) for n in range(CROWD)]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rate = CROWD * CROWD_TURNS / (time.perf_counter() - began)
        return rate, reference, len(errors), sum(not _is_own(here, n) for n in range(CROWD))


def same_chat() -> None:
    """Eight submits at once into one chat: all stored, in order, none interleaved."""
    with world(1, FixedModel(wait_s=0.01)) as here:
        user, chat = here.people[0]
        handles = []
        lock = threading.Barrier(8)

        def send(number: int) -> None:
            lock.wait()
            handles.append(here.runner.submit(user, chat, f"question {number}"))

        threads = [threading.Thread(target=send, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for handle in handles:
            handle.result(60)
        said = here.store.read(lambda db: messages.latest(db, user, chat, 100))
        pairs = sum(
            a.role == "user" and b.role == "assistant" and a.turn_id == b.turn_id for a, b in zip(said[::2], said[1::2], strict=True)
        )
        row("same chat: submits at once that were stored and answered in order", pairs, "turns", 8)


def _person(here: World, number: int, errors: list[str]) -> None:
    user, chat = here.people[number]
    for turn in range(CROWD_TURNS):
        try:
            settled = here.runner.submit(user, chat, f"{user} message {turn}").result(60)
        except Exception as error:
            errors.append(type(error).__name__)
            continue
        if settled.status != "done":
            errors.append(settled.status)


def _is_own(here: World, number: int) -> bool:
    user, chat = here.people[number]
    said = here.store.read(lambda db: messages.latest(db, user, chat, 100))
    asked = [message.text for message in said if message.role == "user"]
    return asked == [f"{user} message {turn}" for turn in range(CROWD_TURNS)]


def _near(values: list[float], place: int) -> float:
    """Return the median of the values around a place."""
    return statistics.median(values[max(0, place - 10) : place + 10])


def _bytes(here: World) -> int:
    pages, size = here.store.read(lambda db: (db.execute("PRAGMA page_count").fetchone()[0], db.execute("PRAGMA page_size").fetchone()[0]))
    return int(pages * size)


def _bare_sqlite() -> float:
    with tempfile.TemporaryDirectory() as folder:
        connection = connect(Path(folder) / "bare.db")
        taken = []
        for number in range(TURNS):
            began = time.perf_counter()
            bare_sqlite_turn(connection, "chat", f"I ate a salad, number {number}")
            taken.append(time.perf_counter() - began)
        connection.close()
    return statistics.median(taken) * 1e3


def _bare_agent() -> float:
    async def run(bare: BareAgent) -> list[float]:
        taken = []
        for number in range(TURNS):
            began = time.perf_counter()
            await bare.turn("chat", f"I ate a salad, number {number}")
            taken.append(time.perf_counter() - began)
        return taken

    with tempfile.TemporaryDirectory() as folder:
        bare = BareAgent(Path(folder) / "bare.db", FixedModel())
        taken = asyncio.run(run(bare))
        bare.connection.close()
    return statistics.median(taken) * 1e3
