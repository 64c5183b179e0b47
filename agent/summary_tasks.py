"""What is remembered beside the turns, summaries first: begun after each, cut off at the end, and closed where a process died in one."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from agent.owner import is_gone
from agent.recovery import close_summary
from storage import summaries
from storage.clock import Clock
from storage.database import Store
from storage.records import Turn
from storage.settings import Settings

if TYPE_CHECKING:
    from agent.engine import Engine


class SummaryTasks:
    """Used on the runner's loop only."""

    def __init__(self, store: Store, settings: Settings, clock: Clock, me: str, longest: timedelta) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._me = me
        self._longest = longest
        self.tasks: set[asyncio.Task[None]] = set()

    def begin(self, engine: "Engine", turn: Turn) -> None:
        """Bring what the chat's policy remembers by up to date after a settled turn; returns at once, nothing waits for it."""
        task = asyncio.get_running_loop().create_task(engine.remember(turn))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def cut_off(self) -> None:
        """End what is being written."""
        for task in self.tasks:
            task.cancel()

    async def reap(self) -> None:
        """Close summaries whose process is gone, with an estimate of what their calls used."""
        now = self._clock.now()
        for unfinished in await asyncio.to_thread(self._store.read, summaries.running):
            too_old = unfinished.owner != self._me and unfinished.created_at + self._longest <= now
            if too_old or is_gone(unfinished.owner, self._me):
                closed = self._store.write_soon(partial(close_summary, unfinished=unfinished, settings=self._settings, now=now))
                await asyncio.wrap_future(closed)
