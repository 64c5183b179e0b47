"""A class that logs in at once: how long the last one waits, and what the running chats feel of it."""

import secrets
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from accounts.passwords import PasswordPool
from accounts.service import Accounts
from benchmarks.model import FixedModel
from benchmarks.report import row
from benchmarks.world import World, world
from pages.ui.authenticator import LibraryHasher
from storage import users
from storage.clock import SystemClock
from storage.database import Store
from storage.settings import load_settings

PEOPLE = 100


def rush() -> None:
    """100 people log in by password at once while ten others chat with a 50 ms model."""
    with world(10, FixedModel(wait_s=0.05)) as here, tempfile.TemporaryDirectory() as folder:
        calm = _chat_while(here, lambda: time.sleep(3))
        store = Store.open(Path(folder) / "people.db")
        pool = PasswordPool(LibraryHasher(), queue=PEOPLE)
        try:
            accounts = Accounts(store, load_settings(), SystemClock(), pool)
            secret = secrets.token_urlsafe(12)
            hashed, now = LibraryHasher().hash(secret), SystemClock().now()
            names = [f"person{number}" for number in range(PEOPLE)]
            store.write(lambda db: [users.add(db, name, name, "learner", now, password_hash=hashed) for name in names])
            taken: list[float] = []
            busy = _chat_while(here, lambda: taken.extend(_all_log_in(accounts, names, secret)))
        finally:
            pool.close()
            store.close()
        row("logins: 100 at once, the last one in after", max(taken), "s")
        row("logins: a chat's turn meanwhile, median, against before", busy * 1e3, "ms", calm * 1e3)


def _all_log_in(accounts: Accounts, names: list[str], secret: str) -> list[float]:
    """Start every login at once and return how many seconds each took."""
    taken: list[float] = []

    def one(name: str) -> None:
        began = time.perf_counter()
        accounts.login(name, secret)
        taken.append(time.perf_counter() - began)

    threads = [threading.Thread(target=one, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def _chat_while(here: World, work: Callable[[], None]) -> float:
    """Let everybody chat while `work` is done; return the median seconds of a turn."""
    over = threading.Event()
    taken: list[float] = []

    def one(user: str, chat: str) -> None:
        while not over.is_set():
            began = time.perf_counter()
            here.runner.submit(user, chat, "I ate a salad").result(60)
            taken.append(time.perf_counter() - began)
            time.sleep(0.2)

    threads = [threading.Thread(target=one, args=person) for person in here.people]
    for thread in threads:
        thread.start()
    work()
    over.set()
    for thread in threads:
        thread.join()
    return statistics.median(taken)
