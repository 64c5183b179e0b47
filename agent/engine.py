"""One turn from its stored question to its ending: plan the context, run the agent loop inside the deadline, say how it ended.

Importing this module imports LangChain (about 1 s), so the runner does it in the background after the app has started.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from langchain_core.messages import AIMessage, AnyMessage, SystemMessage
from sqlite_utils import Database

from agent.alternatives import Past, alternatives, past, total
from agent.catalogue import ModelChoice, choice_of
from agent.convert import to_langchain, to_stored
from agent.errors import LimitReached, ModelUnavailable
from agent.events import CallRecorded, Started
from agent.failures import sentence_for, sentence_for_finish
from agent.gathering import Asked, Gathered, gather
from agent.handles import LiveTurn
from agent.keys import KeyRing, OwnKey
from agent.limits import TurnLimits, limits_from
from agent.loop import AgentLoop
from agent.memory.policy import MemoryPolicy, policy_of
from agent.models import Models
from agent.pricing import context_window
from agent.prompt import local_date, system_prompt, zone_of
from agent.recall import SEARCH, Meaning
from agent.recorder import Billing, CallRecorder
from agent.recovery import INTERRUPTED
from agent.summariser import Summariser
from agent.tokens import message_tokens
from agent.tool_weight import TOOL_TOKENS
from agent.turn_context import TurnContext
from agent.wellness import WellnessLog
from storage import messages, model_calls, turns
from storage.clock import Clock
from storage.counterfactuals import Counterfactual
from storage.database import Store
from storage.records import ModelCall, NewMessage, Turn, TurnStatus
from storage.settings import Settings
from storage.turns import Settlement

if TYPE_CHECKING:
    from agent.meaning import Meanings

logger = logging.getLogger(__name__)

_FORMS = 5_000
"""Messages whose LangChain form is kept; the oldest goes first."""


@dataclass(slots=True)
class _Attempt:
    """What a turn has come to when it ends, however it ends."""

    context: TurnContext
    recorder: CallRecorder
    choice: ModelChoice
    gathered: Gathered
    past: Past


class Engine:
    """Runs turns on the runner's loop; holds what they share."""

    def __init__(
        self, store: Store, settings: Settings, clock: Clock, models: Models, keys: KeyRing, owner: str, meanings: "Meanings | None" = None
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self.models = models
        self._keys = keys
        self._limits: TurnLimits = limits_from(settings)
        self._forms: dict[int, AnyMessage] = {}
        self._summariser = Summariser(store, clock, self._limits, owner)
        self._meanings = meanings

    async def run(self, live: LiveTurn) -> Settlement:
        """Answer a turn and return how it is to be settled. Raises nothing but what cancels the process."""
        began = time.monotonic()
        attempt: _Attempt | None = None
        status: TurnStatus = "done"
        error: str | None = None
        try:
            async with asyncio.timeout(self._limits.deadline_s):
                choice, own_key = self._chosen(live.turn)
                loop = await self._loop_for(choice, own_key)
                attempt = self._prepare(live, choice, *await self._gather(live, choice))
                live.emit(Started(len(attempt.gathered.plan.sent)))
                await loop.answer(attempt.context, attempt.recorder)
            status, error = _ending(attempt)
        except asyncio.CancelledError:
            status, error = _cut_off(live)
        except TimeoutError:
            status, error = "failed", self._too_long().sentence
        except Exception as failure:
            logger.warning("turn %s failed: %s", live.id, type(failure).__name__)
            status, error = "failed", sentence_for(failure)
        if attempt is not None:
            attempt.recorder.close()
        return self._settlement(live, status, error, attempt, began)

    async def remember(self, turn: Turn) -> None:
        """Bring up to date, after a settled turn, what its policy remembers by: the running summary, or what the messages mean."""
        policy = policy_of(turn.policy)
        if policy.strategy == "summary":
            await self._summarise(turn, policy)
        elif policy.strategy == "retrieval" and self._meanings is not None:
            await self._meanings.after(turn, policy)

    async def aclose(self) -> None:
        """Close every model's connections."""
        await self.models.aclose()
        if self._meanings is not None:
            await self._meanings.aclose()

    async def _summarise(self, turn: Turn, policy: MemoryPolicy) -> None:
        try:
            choice, own_key = self._chosen(turn)
            loop = await self._loop_for(choice, own_key)
        except Exception as failure:
            logger.warning("no summary after turn %s: %s", turn.id, type(failure).__name__)
            return
        await self._summariser.after(turn, policy, choice, loop.model)

    def _chosen(self, turn: Turn) -> tuple[ModelChoice, OwnKey | None]:
        """Return the model a turn was asked of, and the learner's own key where it was asked with one.

        Raises ModelUnavailable when that key is gone: the class's is not charged in its place.
        """
        own_key = self._keys.get(turn.login_id)
        by_class = turn.model == self._settings.model
        if turn.model == self._settings.own_key_model and (own_key is not None or not by_class):
            if own_key is None:
                raise ModelUnavailable(
                    "The key of your own that this was asked with is gone. Give it again on the account page, then ask again."
                )
            return choice_of(self._settings, turn.model), own_key
        return choice_of(self._settings, turn.model), None

    async def _loop_for(self, choice: ModelChoice, own_key: OwnKey | None) -> AgentLoop:
        ready = self.models.ready(choice, own_key)
        return ready if ready is not None else await asyncio.to_thread(self.models.build, choice, own_key)

    async def _gather(self, live: LiveTurn, choice: ModelChoice) -> tuple[Gathered, Past]:
        """Plan a turn's context, having asked what its question means where its policy looks for that."""
        policy = policy_of(live.turn.policy)
        if self._meanings is None or policy.strategy != "retrieval":
            return self._store.read(lambda db: self._read(db, live.turn, choice, None))
        meaning = await self._meanings.of_question(live, policy, lambda call: self._record(live, call))
        return await asyncio.to_thread(self._store.read, lambda db: self._read(db, live.turn, choice, meaning))

    def _prepare(self, live: LiveTurn, choice: ModelChoice, gathered: Gathered, before: Past) -> _Attempt:
        turn = live.turn
        if not gathered.plan.fits:
            raise _over_budget(gathered)
        context = TurnContext(
            system=SystemMessage(gathered.system),
            window=self._window(turn, gathered.plan.sent),
            limits=self._limits,
            log=WellnessLog(self._store, self._clock, turn.user_id, turn.seq, local_date(self._clock.now(), turn.timezone)),
            emit=live.emit,
        )
        billing = Billing(turn.id, turn.chat_id, turn.user_id, choice.name, choice.priced_as)
        recorder = CallRecorder(
            context,
            billing,
            self._clock,
            gathered.tokens,
            cut_off=lambda: live.cut_off,
            begin=lambda tokens_in: self._begin(live, tokens_in),
            record=lambda call: self._record(live, call),
        )
        return _Attempt(context, recorder, choice, gathered, before)

    def _read(self, db: Database, turn: Turn, choice: ModelChoice, meaning: Meaning | None) -> tuple[Gathered, Past]:
        """Return a turn's planned context, and what its alternatives will be worked out from."""
        policy, now = policy_of(turn.policy), self._clock.now()
        asked = Asked(turn.user_id, turn.chat_id, turn.seq, zone_of(turn.timezone), meaning=meaning)
        prompt = system_prompt(local_date(now, turn.timezone))
        gathered = gather(db, asked, policy, prompt, TOOL_TOKENS, context_window(*choice.priced_as))
        return gathered, past(db, turn, gathered, now)

    def _window(self, turn: Turn, ids: Sequence[int]) -> list[AnyMessage]:
        """Return the planned messages in LangChain's form, which stays the same from turn to turn while they are sent."""
        missing = [each for each in ids if each not in self._forms]
        if missing:
            found = self._store.read(lambda db: messages.by_ids(db, turn.user_id, turn.chat_id, missing))
            self._forms.update((message.id, to_langchain(message)) for message in found)
        window = [self._forms[each] for each in ids]
        while len(self._forms) > _FORMS:
            self._forms.pop(next(iter(self._forms)))
        return window

    def _begin(self, live: LiveTurn, tokens_in: int) -> None:
        """Note that a call is under way, so that what it cost is not forgotten when the process dies in it."""
        seq = live.turn.seq
        self._store.write_soon(lambda db: turns.begin_call(db, seq, tokens_in))

    def _record(self, live: LiveTurn, call: ModelCall) -> None:
        """Write a call the moment it ends, without waiting; the settlement waits for it."""
        seq = live.turn.seq
        live.calls.append((call, self._store.write_soon(lambda db: model_calls.add(db, seq, call))))
        live.emit(CallRecorded(call))

    def _settlement(self, live: LiveTurn, status: TurnStatus, error: str | None, attempt: _Attempt | None, began: float) -> Settlement:
        duration = round((time.monotonic() - began) * 1000)
        if attempt is None:
            return Settlement(status, error, (), None, None, duration)
        said = to_stored(attempt.context.produced)
        partial = attempt.context.unplaced
        if partial:
            said.append(NewMessage("assistant", partial, message_tokens(partial)))
        gathered, calls = attempt.gathered, [call for call, _ in live.calls]
        answers = [call for call in calls if call.purpose != SEARCH]
        return Settlement(
            status,
            error,
            said,
            len(gathered.plan.sent),
            attempt.recorder.first_token_ms,
            duration,
            summary_id=gathered.summary.id if gathered.summary else None,
            quoted=gathered.plan.quoted,
            counterfactuals=_with_searches(
                alternatives(attempt.past, live.turn, gathered, said, answers, attempt.choice, self._limits),
                gathered.policy.strategy,
                [call for call in calls if call.purpose == SEARCH],
            ),
        )

    def _too_long(self) -> LimitReached:
        limit = self._limits.deadline_s
        return LimitReached(
            "deadline",
            limit,
            limit,
            f"The answer was not done after {limit:g} s, the limit for one turn. What arrived is kept; ask again or ask for less.",
        )


def _with_searches(rows: Sequence[Counterfactual], own: str, searches: Sequence[ModelCall]) -> list[Counterfactual]:
    """Return a turn's alternatives with what embedding its question took, which no strategy but its own would have asked for."""
    return [_added(row, searches) if row.strategy == own and searches else row for row in rows]


def _added(row: Counterfactual, calls: Sequence[ModelCall]) -> Counterfactual:
    return replace(
        row,
        tokens_in=row.tokens_in + sum(call.tokens_in for call in calls),
        cost=total((row.cost, *(call.cost for call in calls))),
        estimated=row.estimated or any(call.source == "estimate" for call in calls),
    )


def _ending(attempt: _Attempt) -> tuple[TurnStatus, str | None]:
    """Return the status, and what there is to say about it, of a loop that came to its own end."""
    produced = attempt.context.produced
    answer = produced[-1] if produced and isinstance(produced[-1], AIMessage) else None
    reason = _reason(answer) if answer is not None else None
    if answer is None or not answer.text.strip():
        return "failed", sentence_for_finish(reason)
    if reason == "MAX_TOKENS":
        return "done", "The answer stops here because the model reached its output limit."
    return "done", None


def _reason(answer: AIMessage) -> str | None:
    blocked = answer.response_metadata.get("prompt_feedback") or {}
    if isinstance(blocked, dict) and blocked.get("block_reason"):
        return "PROHIBITED_CONTENT"
    return str(answer.response_metadata.get("finish_reason") or "").upper() or None


def _cut_off(live: LiveTurn) -> tuple[TurnStatus, str | None]:
    if live.cut_off == "interrupted":
        return "interrupted", INTERRUPTED
    return "stopped", None


def _over_budget(gathered: Gathered) -> LimitReached:
    budget, actual = gathered.plan.budget or 0, gathered.tokens
    return LimitReached(
        "context budget",
        actual,
        budget,
        f"This message needs a context of {actual:,} tokens with the agent's instructions, and {budget:,} are allowed. "
        "Shorten it, or raise the token budget beside the chat.",
    )
