"""What a page holds of a turn: its events from the start, its end, its text so far. A turn that lives in this process tells its events
as they happen; one that is over, or runs in another process, is told from the database."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Protocol

from agent.events import PARAGRAPH, TOOL_ERROR, Event, Finished, Queued, Started, TextDelta, ToolFinished, ToolStarted
from storage import messages, turns
from storage.database import Store
from storage.records import ModelCall, Outcome, Turn

_POLL_S = 0.5
"""How often a turn of another process is looked up."""


class TurnHandle(Protocol):
    """A turn, wherever it runs."""

    id: str
    chat_id: str
    user_id: str

    @property
    def status(self) -> str:
        """The turn's status as it is now."""

    @property
    def text(self) -> str:
        """The answer so far."""

    def events(self, timeout: float | None = None) -> Iterator[Event]:
        """Yield every event from the first to Finished, waiting for those to come.

        `timeout` is the longest silence in seconds; after it the iterator ends early, and may be asked for again.
        """

    def result(self, timeout: float | None = None) -> Turn:
        """Wait for the end and return the settled turn. Raises TimeoutError after `timeout` seconds."""


class LiveTurn:
    """A turn of this process. Events are appended by the runner and read by any number of pages."""

    def __init__(self, turn: Turn) -> None:
        self.id = turn.id
        self.chat_id = turn.chat_id
        self.user_id = turn.user_id
        self.turn = turn
        self.cut_off: Outcome = "timeout"
        """As what a call is recorded that is cancelled now; the runner changes it before it cancels."""
        self.calls: list[tuple[ModelCall, Future[None]]] = []
        """The turn's model calls with their writes; touched on the runner's loop only."""
        self._events: list[Event] = []
        self._pieces: list[str] = []
        self._changed = threading.Condition()
        self._over = threading.Event()

    @property
    def status(self) -> str:
        """The turn's status as it is now."""
        return self.turn.status

    @property
    def text(self) -> str:
        """The answer so far."""
        return "".join(self._pieces)

    def emit(self, event: Event) -> None:
        """Tell everybody who listens. Nothing follows Finished: what comes later is dropped."""
        with self._changed:
            if self._over.is_set():
                return
            self._events.append(event)
            if isinstance(event, TextDelta):
                self._pieces.append(event.text)
            elif isinstance(event, Finished):
                self.turn = event.turn
                self._over.set()
            self._changed.notify_all()

    def wait_in_line(self, position: int) -> None:
        """Tell that the turn waits, unless it has begun by now."""
        with self._changed:
            if not self._events:
                self._events.append(Queued(position))
                self._changed.notify_all()

    def events(self, timeout: float | None = None) -> Iterator[Event]:
        """Yield every event from the first to Finished; see TurnHandle."""
        told = 0
        while fresh := self._after(told, timeout):
            yield from fresh
            told += len(fresh)
            if isinstance(fresh[-1], Finished):
                return

    def result(self, timeout: float | None = None) -> Turn:
        """Wait for the end and return the settled turn. Raises TimeoutError after `timeout` seconds."""
        if not self._over.wait(timeout):
            raise TimeoutError(f"the turn was not over after {timeout} s")
        return self.turn

    def _after(self, told: int, timeout: float | None) -> list[Event]:
        """Wait for events beyond the first `told` and return them; an empty list after `timeout` seconds of silence."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._events) > told, timeout)
            return self._events[told:]


class StoredTurn:
    """A turn that this process only knows from the database."""

    def __init__(self, store: Store, turn: Turn) -> None:
        self.id = turn.id
        self.chat_id = turn.chat_id
        self.user_id = turn.user_id
        self._store = store

    @property
    def status(self) -> str:
        """The turn's status as it is now."""
        return self._now().status

    @property
    def text(self) -> str:
        """The answer as far as it is stored."""
        return "".join(event.text for event in self._told() if isinstance(event, TextDelta))

    def events(self, timeout: float | None = None) -> Iterator[Event]:
        """Yield the turn's story once it is over; see TurnHandle."""
        if self._now().finished_at is None:
            yield Queued(0)
        try:
            turn = self.result(timeout)
        except TimeoutError:
            return
        yield Started(turn.sent_messages or 0)
        yield from self._told()
        yield Finished(turn)

    def result(self, timeout: float | None = None) -> Turn:
        """Wait for the end and return the settled turn. Raises TimeoutError after `timeout` seconds."""
        until = None if timeout is None else time.monotonic() + timeout
        while (turn := self._now()).finished_at is None:
            if until is not None and time.monotonic() >= until:
                raise TimeoutError(f"the turn was not over after {timeout} s")
            time.sleep(_POLL_S)
        return turn

    def _now(self) -> Turn:
        return self._store.read(lambda db: turns.get(db, self.user_id, self.id))

    def _told(self) -> list[Event]:
        stored = self._store.read(lambda db: messages.of_turn(db, self.user_id, self.id))
        told: list[Event] = []
        apart = ""
        for message in stored:
            if message.role == "assistant":
                if message.text:
                    told.append(TextDelta(apart + message.text))
                    apart = PARAGRAPH
                told.extend(ToolStarted(call.id, call.name, call.args) for call in message.tool_calls)
            elif message.role == "tool":
                ok = not message.text.startswith(TOOL_ERROR)
                told.append(ToolFinished(message.tool_call_id or "", message.tool_name or "", ok, message.text))
        return told
