"""What a class costs the server: opening the chat page of a 1,000-message chat, alone and 50 at once, against a bare Streamlit page."""

import asyncio
import statistics
import tempfile
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sqlite_utils import Database

from accounts.cookies import cookie_name
from accounts.passwords import PasswordPool
from accounts.service import Accounts
from agent.memory.policy import STRATEGIES
from benchmarks.browserless import Server, open_page, rerun, server
from benchmarks.report import row
from pages.ui import tuning
from pages.ui.authenticator import LibraryHasher
from storage import chats, messages, model_calls, turns
from storage.clock import SystemClock
from storage.counterfactuals import Counterfactual
from storage.database import Store
from storage.records import ModelCall, NewMessage, new_id
from storage.settings import load_settings

TURNS = 500
SETTLE_S = tuning.FREEZE_AFTER_S + 4
"""By then the background imports and the first collection are over."""
SESSIONS = 50
RERUNS = 200
LONG_RUN = 5_000
PORTS = (8791, 8792)


@dataclass(frozen=True, slots=True)
class Visit:
    """What a session opens."""

    query: str
    cookie: str


def opening() -> None:
    """Start-up, one session's rerun, 50 sessions at once; each against the bare page under the same settings."""
    with tempfile.TemporaryDirectory() as folder:
        visit = _prepare(Path(folder) / "tideline.db")
        env = {"TIDELINE_DB": str(Path(folder) / "tideline.db")}
        with server("app.py", PORTS[0], env) as ours, server("benchmarks/bare_app.py", PORTS[1], {}) as bare:
            time.sleep(SETTLE_S)
            row("start: from the command to a login page", ours.started_s, "s", bare.started_s)
            mine, base = asyncio.run(_compare(ours, visit, bare))
            row("chat page of 1,000 messages: CPU a rerun", mine.cpu_ms, "ms", base.cpu_ms)
            row("chat page of 1,000 messages: connect to finished, median", mine.alone_ms, "ms", base.alone_ms)
            row("chat page of 1,000 messages: 50 sessions at once, p50", mine.crowd_ms, "ms", base.crowd_ms)


def growth() -> None:
    """Memory after 1,000 and after 5,000 reruns of the chat page by one session after another."""
    with tempfile.TemporaryDirectory() as folder:
        visit = _prepare(Path(folder) / "tideline.db")
        with server("app.py", PORTS[0], {"TIDELINE_DB": str(Path(folder) / "tideline.db")}) as ours:
            after = asyncio.run(_long_run(ours, visit))
            row("memory: growth from rerun 1,000 to 5,000", after[1] - after[0], "MB")


@dataclass(frozen=True, slots=True)
class _Figures:
    cpu_ms: float
    alone_ms: float
    crowd_ms: float


async def _compare(ours: Server, visit: Visit, bare: Server) -> tuple[_Figures, _Figures]:
    nothing = Visit("", "")
    return await _figures(ours, visit), await _figures(bare, nothing)


async def _figures(app: Server, visit: Visit) -> _Figures:
    link, _ = await open_page(app.port, visit.query, visit.cookie)
    for _ in range(20):
        await rerun(link, visit.query)
    before = app.cpu_s()
    for _ in range(RERUNS):
        await rerun(link, visit.query)
    cpu_ms = (app.cpu_s() - before) / RERUNS * 1e3
    await link.close()
    alone = [await _once(app, visit) for _ in range(20)]
    crowds = [statistics.median(await asyncio.gather(*(_once(app, visit) for _ in range(SESSIONS)))) for _ in range(3)]
    return _Figures(cpu_ms, statistics.median(alone) * 1e3, statistics.median(crowds) * 1e3)


async def _once(app: Server, visit: Visit) -> float:
    link, taken = await open_page(app.port, visit.query, visit.cookie)
    await link.close()
    return taken


async def _long_run(app: Server, visit: Visit) -> tuple[float, float]:
    sizes: list[float] = []
    link, _ = await open_page(app.port, visit.query, visit.cookie)
    for number in range(1, LONG_RUN + 1):
        await rerun(link, visit.query)
        if number in {1_000, LONG_RUN}:
            sizes.append(app.memory_mb())
    await link.close()
    return sizes[0], sizes[1]


def _prepare(path: Path) -> Visit:
    """Fill a database with one person and a chat of 1,000 messages; return what their session opens."""
    store, clock = Store.open(path), SystemClock()
    pool = PasswordPool(LibraryHasher())
    accounts = Accounts(store, load_settings(), clock, pool)
    [alice, *_] = accounts.demo_accounts(local=True)
    chat = store.write(lambda db: _chat(db, alice.id, clock))
    login = accounts.redeem_ticket(accounts.issue_ticket(alice.id), "alice")
    store.close()
    pool.close()
    return Visit(f"slot=alice&chat={chat}", f"{cookie_name('alice')}={login.session_token}")


def _chat(db: Database, user: str, clock: SystemClock) -> str:
    now = clock.now()
    chat = chats.create(db, user, "A long chat", now).id
    for number in range(TURNS):
        question = NewMessage("user", f"I ate a salad and an apple for lunch, number {number}", 16)
        admission = turns.Admission(new_id(), user, chat, question, "demo", "{}", "UTC", None, 5)
        lease = turns.Lease("benchmark", now)
        turn = turns.admit(db, admission, lease, now).turn
        call = ModelCall(
            turn.id, chat, user, "answer", "demo", None, 900, 0, 13, 0, Decimal("0.0003"), "provider", "ok", 1, 300, 500, "STOP", now
        )
        model_calls.add(db, turn.seq, call)
        answer = NewMessage("assistant", "Logged it. That is a sound choice, keep going like this.", 18)
        others = [Counterfactual(strategy, 900 + 30 * number, 0, 13, Decimal("0.0003"), estimated=False) for strategy in STRATEGIES]
        ending = turns.Settlement("done", None, [answer], 30, 300, 500, (), 1, counterfactuals=others)
        turns.settle(db, turn, "benchmark", ending, now)
    assert len(messages.latest(db, user, chat)) == 30
    return chat
