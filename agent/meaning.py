"""Embeddings in the life of a turn: the question's before its context is planned, everybody's words' after the answer.

Both only where the chat's policy is retrieval. Neither can fail a turn: what has no vector is found by its words.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from weakref import WeakValueDictionary

from sqlite_utils import Database

from agent.embedder import MOST_CHARS, BuildEmbeddings, Embedder, NotEmbedded, Request
from agent.events import Notice
from agent.handles import LiveTurn
from agent.limits import TurnLimits
from agent.memory.policy import MemoryPolicy
from agent.recall import Meaning
from storage import messages, model_calls, vectors
from storage.clock import Clock
from storage.database import Store
from storage.records import Message, ModelCall, Turn
from storage.settings import Settings
from storage.vectors import Shelf

logger = logging.getLogger(__name__)

QUESTION_S = 2.0
"""How long a turn waits for its question's vector, out of its own deadline."""
ROUND = 200
"""Messages that are embedded after one turn, at most: a long past is caught up with over several."""
BATCH = 100
"""Texts in one request, the most that Gemini takes."""
PIECES = 10_000
"""Words and signs in one request. Gemini takes 20,000 tokens, which its client, counting two a piece, would split into more requests."""
_PIECE = re.compile(r"[^\W_]+|[\W_]")


MakeMeanings = Callable[[], "Meanings | None"]


class Meanings:
    """What a question and what was said mean, by the embedding model that is set. Used on the runner's loop only."""

    def __init__(
        self, store: Store, settings: Settings, clock: Clock, limits: TurnLimits, shelf: Shelf, build: BuildEmbeddings | None = None
    ) -> None:
        self._store = store
        self._limits = limits
        self._shelf = shelf
        self._embedder = Embedder(settings, clock, build)
        self._at_work: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def aclose(self) -> None:
        """Close the connections of the model's client."""
        await self._embedder.aclose()

    async def of_question(self, live: LiveTurn, policy: MemoryPolicy, record: Callable[[ModelCall], None]) -> Meaning | None:
        """Return what a turn's question means; None, with a notice why, when it cannot be told in time, or nothing could be found by it."""
        try:
            await self._embedder.ready(QUESTION_S)
            text = self._store.read(lambda db: self._text(db, live.turn, policy))
            if text is None:
                return None
            request = Request(live.turn, [text], QUESTION_S, record, lambda: live.cut_off, is_question=True)
            return Meaning((await self._embedder.embed(request))[0], self._shelf)
        except NotEmbedded as error:
            live.emit(Notice(f"Earlier messages were looked up by their words alone. {error.sentence}"))
            return None

    async def after(self, turn: Turn, policy: MemoryPolicy) -> None:
        """Embed what the chat's person and agent said that has no vector yet, the newest first, once `turn` is settled."""
        lock = self._at_work.setdefault(turn.user_id, asyncio.Lock())
        writes: list[asyncio.Future[None]] = []
        try:
            async with lock:  # two rounds of one person at once would pay for the same messages twice
                await self._catch_up(turn, policy, lambda call: writes.append(self._written(turn, call)))
        except NotEmbedded as error:
            logger.warning("messages are not embedded after turn %s: %s", turn.id, error.sentence)
        except Exception as error:
            logger.warning("messages are not embedded after turn %s: %s", turn.id, type(error).__name__)
        finally:
            await asyncio.gather(*writes, return_exceptions=True)

    async def _catch_up(self, turn: Turn, policy: MemoryPolicy, record: Callable[[ModelCall], None]) -> None:
        missing = partial(
            vectors.missing,
            user_id=turn.user_id,
            chat_id=turn.chat_id,
            model=self._shelf.model,
            limit=ROUND,
            across_chats=policy.across_chats,
        )
        for batch in batches(await asyncio.to_thread(self._store.read, missing)):
            texts = [message.text for message in batch]
            made = await self._embedder.embed(Request(turn, texts, self._limits.deadline_s, record, lambda: "interrupted"))
            pairs = [(message.id, vector) for message, vector in zip(batch, made, strict=True)]
            keep = partial(vectors.add, user_id=turn.user_id, model=self._shelf.model, vectors=pairs)
            await asyncio.wrap_future(self._store.write_soon(keep))

    def _text(self, db: Database, turn: Turn, policy: MemoryPolicy) -> str | None:
        """Return a turn's question; None when all that has a vector is sent anyhow."""
        scope = policy.across_chats
        if not scope and messages.position(db, turn.user_id, turn.chat_id, turn.seq).messages < policy.retrieval_window:
            return None
        if not vectors.known(db, turn.user_id, turn.chat_id, self._shelf.model, across_chats=scope, before_turn=turn.seq):
            return None
        return next(message.text for message in messages.of_turn(db, turn.user_id, turn.id) if message.role == "user")

    def _written(self, turn: Turn, call: ModelCall) -> "asyncio.Future[None]":
        return asyncio.wrap_future(self._store.write_soon(lambda db: model_calls.add(db, turn.seq, call)))


def batches(found: Sequence[Message]) -> Iterator[list[Message]]:
    """Yield messages in portions that one request takes."""
    batch: list[Message] = []
    pieces = 0
    for message in found:
        more = len(_PIECE.findall(message.text[:MOST_CHARS]))
        if batch and (len(batch) == BATCH or pieces + more > PIECES):
            yield batch
            batch, pieces = [], 0
        batch.append(message)
        pieces += more
    if batch:
        yield batch
