"""Writing running summaries, after the answers and never in their way: each is a model call of its own, billed to the same person.

The messages stay as they are; a summary is a checkpoint beside them. When one fails, the window carries on, the reason is kept apart
and the next turn tries again. Nothing but what the model wrote as a summary ever becomes memory.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from sqlite_utils import Database

from agent.catalogue import ModelChoice
from agent.failures import sentence_for, sentence_for_finish
from agent.known import fold_lines, summary_tokens
from agent.limits import TurnLimits
from agent.memory import fold
from agent.memory.history import History
from agent.memory.policy import MemoryPolicy
from agent.prompt import zone_of
from agent.recorder import Billing, CallRecorder
from agent.recovery import SUMMARY_INTERRUPTED
from agent.summary_prompt import fitted, summary_question, summary_system
from agent.tokens import message_tokens
from agent.turn_context import CallState
from storage import messages, model_calls, summaries
from storage.clock import Clock
from storage.database import Store
from storage.records import Message, ModelCall, Outcome, Turn
from storage.summaries import Checkpoint

logger = logging.getLogger(__name__)

_MARGIN = 20
TOO_LATE = "The summary was not done in time. The last messages are sent as they are; it is tried again with the next reply."
_USABLE = frozenset({"", "STOP", "STOP_SEQUENCE", "END_TURN", "MAX_TOKENS", "LENGTH"})
"""Finish reasons of a text that may be kept; one that was cut off is still a summary."""


@dataclass(frozen=True, slots=True)
class _Due:
    """A summary that is to be written."""

    previous: Checkpoint | None
    folded: Sequence[Message]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The two messages that ask for it."""

    system: str
    question: str

    @property
    def tokens(self) -> int:
        """What they weigh."""
        return message_tokens(self.system) + message_tokens(self.question)


class Summariser:
    """Brings a chat's summary up to date. Used on the runner's loop only."""

    def __init__(self, store: Store, clock: Clock, limits: TurnLimits, owner: str) -> None:
        self._store = store
        self._clock = clock
        self._limits = limits
        self._owner = owner

    async def after(self, turn: Turn, policy: MemoryPolicy, choice: ModelChoice, model: BaseChatModel) -> None:
        """Write the summaries that are due once `turn` is settled, one model call after another; end at the first that fails."""
        for _ in range(fold.MOST_CALLS):
            if not await self._next(turn, policy, choice, model):
                return

    async def _next(self, turn: Turn, policy: MemoryPolicy, choice: ModelChoice, model: BaseChatModel) -> bool:
        due = self._store.read(lambda db: _due(db, turn, policy))
        if due is None:
            return False
        zone, limit = zone_of(turn.timezone), policy.max_summary_chars
        previous = due.previous.text if due.previous else None
        asked = _Asked(summary_system(limit), summary_question(previous, fold_lines(due.folded, zone)))
        number = await self._begin(turn, due.folded[-1].id, asked.tokens)
        if number is None:
            return False
        try:
            text = fitted(await self._ask(turn, choice, model, asked), limit)
        except asyncio.CancelledError:
            await asyncio.shield(self._fail(number, SUMMARY_INTERRUPTED))
            raise
        except TimeoutError:
            await self._fail(number, TOO_LATE)
            return False
        except UnusableSummary as error:
            await self._fail(number, error.sentence)
            return False
        except Exception as error:
            logger.warning("the summary after turn %s failed: %s", turn.id, type(error).__name__)
            await self._fail(number, sentence_for(error))
            return False
        now = self._clock.now()
        return await asyncio.wrap_future(self._store.write_soon(lambda db: summaries.finish(db, number, text, summary_tokens(text), now)))

    async def _begin(self, turn: Turn, message_id: int, tokens_in: int) -> int | None:
        now = self._clock.now()
        begun = self._store.write_soon(
            lambda db: summaries.begin(db, turn.user_id, turn.chat_id, turn.seq, message_id, self._owner, tokens_in, now)
        )
        return await asyncio.wrap_future(begun)

    async def _fail(self, number: int, sentence: str) -> None:
        now = self._clock.now()
        await asyncio.wrap_future(self._store.write_soon(lambda db: summaries.fail(db, number, sentence, now)))

    async def _ask(self, turn: Turn, choice: ModelChoice, model: BaseChatModel, asked: _Asked) -> str:
        """Return what the model wrote. Raises what its client raises, TimeoutError, and UnusableSummary for no summary at all."""
        writes: list[asyncio.Future[None]] = []
        ending: list[Outcome] = ["timeout"]
        recorder = self._recorder(turn, choice, asked, writes, lambda: ending[-1])
        callbacks: list[BaseCallbackHandler] = [recorder]
        request = [SystemMessage(asked.system), HumanMessage(asked.question)]
        try:
            async with asyncio.timeout(self._limits.deadline_s):
                answer = await model.ainvoke(request, {"callbacks": callbacks, "run_name": "summary"})
        except asyncio.CancelledError:
            ending.append("interrupted")
            raise
        finally:
            recorder.close()
        await asyncio.gather(*writes)
        return _text(answer)

    def _recorder(
        self, turn: Turn, choice: ModelChoice, asked: _Asked, writes: list["asyncio.Future[None]"], cut_off: Callable[[], Outcome]
    ) -> CallRecorder:
        billing = Billing(turn.id, turn.chat_id, turn.user_id, choice.name, choice.priced_as, purpose="summary")

        def record(call: ModelCall) -> None:
            writes.append(asyncio.wrap_future(self._store.write_soon(lambda db: model_calls.add(db, turn.seq, call))))

        state = CallState(emit=lambda _: None)
        return CallRecorder(state, billing, self._clock, asked.tokens, cut_off=cut_off, begin=lambda _: None, record=record)


class UnusableSummary(Exception):
    """The model answered with no summary; the sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def _due(db: Database, turn: Turn, policy: MemoryPolicy) -> _Due | None:
    previous = summaries.latest(db, turn.user_id, turn.chat_id)
    after = previous.message_id if previous else None
    reach = max(fold.AT_ONCE, policy.summarize_after_messages) + policy.summarize_after_messages + _MARGIN
    while True:
        unfolded = messages.following(db, turn.user_id, turn.chat_id, after, turn.seq, reach)
        chat = History(unfolded)
        upto = fold.due(chat, chat.end, 0, policy)
        if upto is not None:
            return _Due(previous, unfolded[:upto])
        if len(unfolded) < reach:
            return None
        reach *= 2  # one exchange of very many messages, as a file may hold: its end must be seen


def _text(answer: AIMessage) -> str:
    reason = str(answer.response_metadata.get("finish_reason") or "").upper()
    text = answer.text.strip()
    if not text or reason not in _USABLE:
        raise UnusableSummary(sentence_for_finish(reason))
    return text
