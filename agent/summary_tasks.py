"""What is remembered beside the turns, summaries first: begun after each, cut off at the end, and closed where a process died in one."""

import asyncio
import logging
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from agent.owner import is_gone
from agent.recovery import close_summary
from storage import summaries
from storage.clock import Clock
from storage.database import Store
from storage.errors import StorageError
from storage.records import Turn
from storage.settings import Settings

if TYPE_CHECKING:
    from agent.engine import Engine

logger = logging.getLogger(__name__)


class SummaryTasks:
    """Used on the runner's loop only."""

    def __init__(self, store: Store, settings: Settings, clock: Clock, me: str, longest: timedelta) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._me = me
        self._longest = longest
        self.tasks: set[asyncio.Task[None]] = set()
        self._chats: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def begin(self, engine: "Engine", turn: Turn) -> None:
        """Bring what the chat's policy remembers by up to date after a settled turn; returns at once, nothing waits for it."""
        task = asyncio.get_running_loop().create_task(self._remember(engine, turn))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _remember(self, engine: "Engine", turn: Turn) -> None:
        """Work for one turn of a chat at a time, so that what one has folded the next does not fold again."""
        lock = self._chats.setdefault(turn.chat_id, asyncio.Lock())
        async with lock:
            try:
                await engine.remember(turn)
            except StorageError as error:
                logger.warning("what is remembered after turn %s is not stored: %s", turn.id, error.sentence)

    def cut_off(self) -> None:
        """End what is being written."""
        for task in self.tasks:
            task.cancel()

    async def reap(self) -> None:
        """Close summaries whose process is gone, with an estimate of what their calls used."""
        now = self._clock.now()
        for unfinished in await asyncio.to_thread(self._store.read, summaries.running):
            too_old = unfinished.created_at + self._longest <= now  # one of this process too, whose end could not be written
            if too_old or is_gone(unfinished.owner, self._me):
                closed = self._store.write_soon(partial(close_summary, unfinished=unfinished, settings=self._settings, now=now))
                await asyncio.wrap_future(closed)
