"""The runner's own thread and asyncio loop: runs turns it holds a lease for, settles them, and looks after abandoned ones."""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from sqlite_utils import Database

from agent.catalogue import choice_of
from agent.events import Finished, Notice
from agent.handles import LiveTurn
from agent.keys import KeyRing, OwnKey
from agent.owner import is_gone, process_name
from agent.recovery import abandoned, close, not_begun, with_lost_calls
from agent.registry import LiveTurns
from agent.summary_tasks import SummaryTasks
from storage import turns
from storage.clock import Clock
from storage.database import Store
from storage.errors import StorageError
from storage.records import Outcome, Turn
from storage.settings import Settings
from storage.turns import Lease, Settlement

if TYPE_CHECKING:
    from agent.engine import Engine
    from agent.meaning import MakeMeanings
    from agent.models import Build

T = TypeVar("T")
logger = logging.getLogger(__name__)

_GRACE_S = 15.0
"""How long after its deadline a turn's lease still holds."""
NOT_LOADED = "The agent could not be started. Tell whoever runs this Tideline to look at its log, then ask again."
"""What is said of a turn when the agent's own code or packages are broken."""
NOT_STORED = "The model's answer cannot be stored. Ask again, or put the question differently."
"""What is said of a turn whose answer the database refuses for what it is."""
_ROUND_S = 5.0
"""How often abandoned and unsettled turns are looked for."""


class Worker:
    """One loop in one thread. `start` before use, `close` at the end; every other method may be called from any thread."""

    def __init__(
        self, store: Store, settings: Settings, clock: Clock, live_turns: LiveTurns, build: "Build | None", meanings: "MakeMeanings"
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self.keys = KeyRing(self._retire)
        self._live_turns = live_turns
        self._build = build
        self._make_meanings = meanings
        self.me = process_name()
        self.ready = threading.Event()
        """Set once LangChain is imported and the first turn will not wait for it."""
        self._loop: asyncio.AbstractEventLoop
        self._thread = threading.Thread(target=self._live, name="tideline-runner", daemon=True)
        self._engine: asyncio.Future[Engine]
        self._work: dict[str, asyncio.Task[None]] = {}
        self._drives: set[asyncio.Task[None]] = set()
        self._summaries = SummaryTasks(store, settings, clock, self.me, timedelta(seconds=settings.turn_deadline_s + _GRACE_S))
        self._unsettled: dict[str, tuple[LiveTurn, Settlement]] = {}
        self._told_unsettled: set[str] = set()
        self._closing = False
        self._load_after = 0.0
        self._wanted = asyncio.Event()

    def start(self, load_after: float) -> None:
        """Start the thread; returns at once. The agent is loaded when the first turn comes, or after `load_after` seconds."""
        self._load_after = load_after
        self._loop = asyncio.new_event_loop()
        self._engine = self._loop.create_future()
        self._thread.start()

    def lease(self) -> Lease:
        """Return a lease that begins now, for this process."""
        return Lease(self.me, self._clock.now() + timedelta(seconds=self._settings.turn_deadline_s + _GRACE_S))

    def run(self, live: LiveTurn) -> None:
        """Run a turn that this process holds the lease of."""
        self._loop.call_soon_threadsafe(self._spawn, live)

    def cut_off(self, live: LiveTurn, outcome: Outcome) -> None:
        """End a turn that runs here, now; `outcome` says as what its open model call is recorded."""
        self._loop.call_soon_threadsafe(self._cancel, live, outcome)

    def wait_idle(self, timeout: float) -> None:
        """Return when no turn runs and no summary is being written. Raises TimeoutError."""
        asyncio.run_coroutine_threadsafe(self._idle(), self._loop).result(timeout)

    def close(self, timeout: float) -> None:
        """Let running turns finish for most of `timeout` seconds, interrupt the rest, settle them, end the thread."""
        if not self._thread.is_alive():
            return
        asyncio.run_coroutine_threadsafe(self._wind_down(timeout * 0.7), self._loop).result(timeout + 10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)

    def _retire(self, key: OwnKey) -> None:
        """Close what a dropped key was used with, once no turn can be using it any more."""
        if key.agent is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.call_later, self._settings.turn_deadline_s, self._close_agent, key)

    def _close_agent(self, key: OwnKey) -> None:
        if self._is_loaded():
            self._hold(self._loop.create_task(self._engine.result().models.retire(key)))

    def _live(self) -> None:
        asyncio.set_event_loop(self._loop)
        tasks = [self._loop.create_task(self._load()), self._loop.create_task(self._look_after())]
        self._loop.run_forever()
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        if self._is_loaded():
            self._loop.run_until_complete(self._engine.result().aclose())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    async def _load(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wanted.wait(), self._load_after)
        try:
            self._engine.set_result(await asyncio.to_thread(self._make_engine))
            self.ready.set()
        except Exception as error:
            logger.exception("the agent could not be loaded; every turn will fail")
            self._engine.set_exception(error)

    def _is_loaded(self) -> bool:
        return self._engine.done() and self._engine.exception() is None

    def _make_engine(self) -> "Engine":
        from agent.engine import Engine
        from agent.models import Models, preload

        preload()
        models = Models(self._settings, self._build)
        return Engine(self._store, self._settings, self._clock, models, self.keys, self.me, self._make_meanings())

    def _spawn(self, live: LiveTurn) -> None:
        self._wanted.set()
        self._hold(self._loop.create_task(self._drive(live)))

    def _hold(self, task: asyncio.Task[None]) -> None:
        """Keep a reference to a task until it is done, as asyncio itself does not."""
        self._drives.add(task)
        task.add_done_callback(self._drives.discard)

    def _cancel(self, live: LiveTurn, outcome: Outcome) -> None:
        if live.cut_off == "timeout":
            live.cut_off = outcome
        work = self._work.get(live.id)
        if work is not None:
            work.cancel()

    async def _drive(self, live: LiveTurn) -> None:
        try:
            engine = await self._engine
        except Exception:
            await self._settle(live, Settlement("failed", NOT_LOADED, (), None, None, None))
            return
        if self._closing:
            live.cut_off = "interrupted"
        if live.cut_off != "timeout":
            await self._settle(live, not_begun(live.cut_off))
            return
        task = asyncio.current_task()
        assert task is not None
        self._work[live.id] = task
        ending = await engine.run(live)
        del self._work[live.id]
        await self._settle(live, ending)

    async def _settle(self, live: LiveTurn, ending: Settlement) -> None:
        """Write a turn's end, tell it, and start the chat's next turn. When it cannot be written it is tried again later."""
        final = replace(ending, stored_calls=len(live.calls))
        try:
            try:
                turn, following = await self._write(lambda db: self._close_turn(db, live.turn, final))
            except turns.CallsMissing:
                final = await with_lost_calls(live, ending)
                turn, following = await self._write(lambda db: self._close_turn(db, live.turn, final))
        except StorageError as error:
            self._keep_unsettled(live, ending, error)
            return
        except Exception:
            logger.exception("turn %s has an answer that cannot be stored", live.id)
            if ending.messages:
                await self._settle(live, replace(ending, status="failed", error=NOT_STORED, messages=()))
            return
        live.calls.clear()
        if self._is_loaded() and not self._closing:
            self._summaries.begin(self._engine.result(), turn)
        live.emit(Finished(turn))
        self._live_turns.over(live.id)
        if following is not None:
            self._spawn(self._live_turns.adopt(following))

    async def _idle(self) -> None:
        while tasks := self._drives | self._summaries.tasks:
            await asyncio.wait(tasks)

    def _keep_unsettled(self, live: LiveTurn, ending: Settlement, error: StorageError) -> None:
        """Keep an end that could not be written, to be tried again; until then the turn is not over."""
        logger.warning("turn %s is not settled yet: %s", live.id, error.sentence)
        if live.id not in self._told_unsettled:
            self._told_unsettled.add(live.id)
            live.emit(Notice(f"The end of this answer is not stored yet; it is tried again every few seconds. {error.sentence}"))
        self._unsettled[live.id] = (live, ending)

    def _close_turn(self, db: Database, turn: Turn, ending: Settlement) -> tuple[Turn, Turn | None]:
        now = self._clock.now()
        settled = turns.settle(db, turn, self.me, ending, now)
        following = None if self._closing else turns.claim_next(db, turn.chat_id, self.lease(), now)
        return settled or turns.get(db, turn.user_id, turn.id), following

    async def _look_after(self) -> None:
        with suppress(Exception):
            await asyncio.shield(self._engine)
        while not self._closing:
            for care in (self._settle_again, self._reap_abandoned, self._summaries.reap, self._resume_waiting, self._follow_elsewhere):
                await self._attempt(care)
            await asyncio.sleep(_ROUND_S)

    async def _attempt(self, care: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do one kind of care; what goes wrong in it is told in the log and keeps nothing else from being done."""
        try:
            await care()
        except StorageError as error:
            logger.warning("looking after turns: %s", error.sentence)
        except Exception:
            logger.exception("looking after turns")

    async def _settle_again(self) -> None:
        for live, ending in list(self._unsettled.values()):
            self._unsettled.pop(live.id)
            await self._settle(live, ending)

    async def _reap_abandoned(self) -> None:
        found = await asyncio.to_thread(self._store.read, turns.running)
        mine = self._work.keys() | self._unsettled.keys()
        for turn, lease in abandoned(found, self._clock.now(), lambda owner: is_gone(owner, self.me)):
            if turn.id not in mine:
                await self._reap(turn, lease)

    async def _resume_waiting(self) -> None:
        for chat_id in await asyncio.to_thread(self._store.read, turns.waiting_chats):
            await self._resume(chat_id)

    async def _follow_elsewhere(self) -> None:
        """Tell the end of turns that were asked here and answered by another process on the same file."""
        for live in self._live_turns.waiting():
            turn = await asyncio.to_thread(self._store.read, partial(turns.get, user_id=live.user_id, turn_id=live.id))
            if turn.finished_at is not None:
                live.emit(Finished(turn))
                self._live_turns.over(live.id)

    async def _resume(self, chat_id: str) -> None:
        following = await self._write(lambda db: turns.claim_next(db, chat_id, self.lease(), self._clock.now()))
        if following is not None:
            self._spawn(self._live_turns.adopt(following))

    async def _reap(self, turn: Turn, lease: Lease) -> None:
        priced_as, now = choice_of(self._settings, turn.model).priced_as, self._clock.now()
        closed = await self._write(lambda db: close(db, turn, lease, priced_as, now))
        live = self._live_turns.get(turn.id)
        if closed is not None and live is not None:
            live.emit(Finished(closed))
            self._live_turns.over(live.id)

    async def _wind_down(self, patience: float) -> None:
        """Let what runs come to its end, then interrupt it; turns that wait stay in the queue for the next start."""
        self._closing = True
        if self._drives:
            await asyncio.wait(self._drives, timeout=patience)
        for turn_id in list(self._work):
            live = self._live_turns.get(turn_id)
            if live is not None:
                self._cancel(live, "interrupted")
        self._summaries.cut_off()
        if left := self._drives | self._summaries.tasks:
            await asyncio.wait(left, timeout=5)

    async def _write(self, fn: Callable[[Database], T]) -> T:
        return await asyncio.wrap_future(self._store.write_soon(fn))
