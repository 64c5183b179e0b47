"""The way in for every turn, from a page, the HTTP API or a job: `submit`, `attach`, `open_turns`, `stop`.

Turns run on one asyncio loop in the runner's own thread, so no page, reload or closed tab can lose one. The database says which turn
of a chat is next; the worker only runs what it was given a lease for.
"""

import hashlib
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING

from agent.catalogue import ModelChoice, choose
from agent.errors import ChatNotFound, EmptyMessage, MessageTooLong, NotRunning, QueueFull, TurnNotFound
from agent.events import Finished
from agent.handles import StoredTurn, TurnHandle
from agent.keys import KeyRing
from agent.limits import limits_from
from agent.memory.policy import MemoryPolicy, policy_of
from agent.recall import shelf_for
from agent.registry import LiveTurns
from agent.tokens import message_tokens
from agent.worker import Worker
from storage import policies, turns
from storage.clock import Clock
from storage.database import Store
from storage.records import NewMessage, NotFound, Turn, new_id
from storage.settings import Settings
from storage.turns import Admission, Admitted, QueueIsFull

if TYPE_CHECKING:
    from agent.embedder import BuildEmbeddings
    from agent.meaning import Meanings
    from agent.models import Build


class TurnRunner:
    """Runs the turns of one process. `start` it once, `close` it before the store."""

    def __init__(
        self, store: Store, settings: Settings, *, clock: Clock, build: "Build | None" = None, embeddings: "BuildEmbeddings | None" = None
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._limits = limits_from(settings)
        self._live_turns = LiveTurns()
        self.shelf = shelf_for(settings)
        """Where the embedding model's vectors are; None when none is set."""
        self._embeddings = embeddings
        self._worker = Worker(store, settings, clock, self._live_turns, build, self._meanings)
        self.keys: KeyRing = self._worker.keys
        """Learners' own keys, by login."""
        self._running = False

    @property
    def ready(self) -> bool:
        """Whether the agent is loaded, so that a first turn would start at once."""
        return self._worker.ready.is_set()

    def start(self, load_after: float = 0.0) -> None:
        """Start the runner's thread, which loads the agent, closes abandoned turns and resumes waiting ones. Returns at once.

        Loading keeps a processor busy for two seconds; with `load_after` it begins only after so many seconds, or with the first turn.
        """
        self._running = True
        self._worker.start(load_after)

    def close(self, timeout: float = 5.0) -> None:
        """Take no more turns, let those that run finish for most of `timeout` seconds, interrupt and settle the rest."""
        self._running = False
        self._worker.close(timeout)

    def choice(self, login_id: str | None) -> ModelChoice:
        """Return the model that a login's next turn uses."""
        return choose(self._settings, self.keys.get(login_id) is not None)

    def policy_for(self, user_id: str, chat_id: str) -> MemoryPolicy:
        """Return the memory policy that a chat's next turn runs under. Raises ChatNotFound."""
        try:
            return policy_of(self._store.read(lambda db: policies.effective(db, user_id, chat_id)))
        except NotFound:
            raise ChatNotFound from None

    def wait_idle(self, timeout: float) -> None:
        """Return when no turn runs and nothing is being summarised or embedded. Raises TimeoutError after `timeout` seconds."""
        self._worker.wait_idle(timeout)

    def submit(
        self, user_id: str, chat_id: str, text: str, *, key: str | None = None, login_id: str | None = None, timezone: str = "UTC"
    ) -> TurnHandle:
        """Store a question and have it answered; return at once.

        `key` names the request: the same key in the same chat returns the same turn, sent once. `login_id` says whose own API key
        may be used, `timezone` (IANA) which day it is for the person. Raises EmptyMessage, MessageTooLong, ChatNotFound, QueueFull,
        NotRunning (all Refused, with nothing stored) and StorageError.
        """
        self._check(text)
        admitted = self._admit(user_id, chat_id, text, key, login_id, timezone)
        if not admitted.is_new:
            return self._handle(admitted.turn)
        live = self._live_turns.adopt(admitted.turn)
        if admitted.turn.status == "running":
            self._worker.run(live)
        else:
            live.wait_in_line(admitted.ahead)
        return live

    def attach(self, user_id: str, turn_id: str) -> TurnHandle:
        """Return a turn of this person, running or over. Raises TurnNotFound."""
        live = self._live_turns.get(turn_id)
        if live is not None and live.user_id == user_id:
            return live
        try:
            return self._handle(self._store.read(lambda db: turns.get(db, user_id, turn_id)))
        except NotFound:
            raise TurnNotFound from None

    def open_turns(self, user_id: str, chat_id: str) -> list[TurnHandle]:
        """Return the turns of a chat that are not over, the running one first, then the waiting ones in order."""
        return [self._handle(turn) for turn in self._store.read(lambda db: turns.open_turns(db, user_id, chat_id))]

    def stop(self, user_id: str, turn_id: str) -> None:
        """End a turn now: what was said and billed is kept; a waiting turn is withdrawn. Does nothing when it is over.

        Raises TurnNotFound.
        """
        handle = self.attach(user_id, turn_id)
        if handle.status == "running":
            self._cut_off(turn_id)
            return
        withdrawn = self._store.write(lambda db: turns.withdraw(db, user_id, turn_id, self._clock.now()))
        live = self._live_turns.get(turn_id)
        if withdrawn is None:
            self._cut_off(turn_id)
        elif live is not None:
            live.emit(Finished(withdrawn))
            self._live_turns.over(turn_id)

    def _meanings(self) -> "Meanings | None":
        """Return what tells what a question means; None, with nothing imported, when no embedding model is set."""
        if self.shelf is None:
            return None
        from agent.meaning import Meanings

        return Meanings(self._store, self._settings, self._clock, self._limits, self.shelf, self._embeddings)

    def _cut_off(self, turn_id: str) -> None:
        live = self._live_turns.get(turn_id)
        if live is not None:
            self._worker.cut_off(live, "stopped")

    def _check(self, text: str) -> None:
        if not self._running:
            raise NotRunning
        if not text.strip():
            raise EmptyMessage
        if len(text) > self._limits.max_message_chars:
            raise MessageTooLong(len(text), self._limits.max_message_chars)

    def _admit(self, user_id: str, chat_id: str, text: str, key: str | None, login_id: str | None, timezone: str) -> Admitted:
        admission = Admission(
            turn_id=_turn_id(user_id, chat_id, key) if key else new_id(),
            user_id=user_id,
            chat_id=chat_id,
            question=NewMessage("user", text, message_tokens(text)),
            model=self.choice(login_id).name,
            policy=None,
            timezone=timezone,
            login_id=login_id,
            queue_limit=self._limits.queue_length,
        )
        lease, now = self._worker.lease(), self._clock.now()
        try:
            return self._store.write(lambda db: turns.admit(db, admission, lease, now))
        except NotFound:
            raise ChatNotFound from None
        except QueueIsFull as full:
            raise QueueFull(full.waiting, full.limit) from None

    def _handle(self, turn: Turn) -> TurnHandle:
        return self._live_turns.get(turn.id) or StoredTurn(self._store, turn)


def _turn_id(user_id: str, chat_id: str, key: str) -> str:
    """Return the id that every repeat of one request gets, so that the database itself refuses the second."""
    digest = hashlib.blake2b(f"{user_id}\0{chat_id}\0{key}".encode(), digest_size=16).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
