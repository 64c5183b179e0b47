"""Hears every model call of a turn, however it ends, shows its text as it comes and hands over what it used.

What the provider reported is taken as it is. Where it reported nothing, an estimate stands and is marked as one: a call that was cut
off has used its input and the output that came. A request that the provider rejected before its first token is not billed.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.messages.ai import UsageMetadata, add_usage
from langchain_core.outputs import ChatGenerationChunk, GenerationChunk, LLMResult

from agent.convert import to_stored
from agent.events import PARAGRAPH, TextDelta
from agent.failures import was_rejected
from agent.pricing import price_call
from agent.tokens import count_text
from agent.turn_context import CallState
from storage.clock import Clock
from storage.records import ModelCall, Outcome, Source


@dataclass(slots=True)
class _Running:
    """A call that is under way."""

    at: datetime
    began: float
    estimated_in: int
    first_token: float | None = None
    pieces: list[str] = field(default_factory=list)
    usage: UsageMetadata | None = None
    """What the provider reported so far, piece by piece."""


@dataclass(frozen=True, slots=True)
class Billing:
    """Whose turn the calls belong to and at whose price they are."""

    turn_id: str
    chat_id: str
    user_id: str
    model: str
    priced_as: tuple[str, str]
    """Provider and model of the price that applies."""
    purpose: str = "answer"
    """`answer` or `summary`."""


class CallRecorder(BaseCallbackHandler):
    """A LangChain callback handler for one turn or one summary.

    `begin` takes the estimated input of each call as it starts and `record` each finished call, on the runner's loop; `cut_off` says as
    what a cancelled call is recorded; `planned_tokens` is the weight of the planned context, the estimate where the provider reports
    nothing.
    """

    run_inline = True
    ignore_chain = True
    ignore_agent = True
    ignore_retriever = True

    def __init__(
        self,
        context: CallState,
        billing: Billing,
        clock: Clock,
        planned_tokens: int,
        cut_off: Callable[[], Outcome],
        begin: Callable[[int], None],
        record: Callable[[ModelCall], None],
    ) -> None:
        self._context = context
        self._billing = billing
        self._clock = clock
        self._planned = planned_tokens
        self._begin = begin
        self._record = record
        self._running: dict[UUID, _Running] = {}
        self._cut_off = cut_off
        self._spoke = False
        self.first_token_ms: int | None = None
        self.began = time.monotonic()

    def tap_output_aiter(self, run_id: UUID, output: Any) -> Any:
        """Return `output` unchanged; having this method is what makes LangChain stream."""
        return output

    def tap_output_iter(self, run_id: UUID, output: Any) -> Any:
        """Return `output` unchanged; having this method is what makes LangChain stream."""
        return output

    def on_chat_model_start(self, serialized: dict[str, Any], messages: list[list[BaseMessage]], *, run_id: UUID, **kwargs: Any) -> None:
        """Note when the call began and what it sends."""
        added = sum(message.tokens for message in to_stored(self._context.produced))
        self._running[run_id] = _Running(self._clock.now(), time.monotonic(), self._planned + added)
        self._context.streamed = False
        self._begin(self._planned + added)

    def on_llm_new_token(
        self, token: Any, *, chunk: GenerationChunk | ChatGenerationChunk | None = None, run_id: UUID, **kwargs: Any
    ) -> None:
        """Show more of the answer."""
        call = self._running.get(run_id)
        if call is None:
            return
        text = str(token)
        if isinstance(chunk, ChatGenerationChunk):
            text = chunk.message.text
            reported: UsageMetadata | None = getattr(chunk.message, "usage_metadata", None)
            call.usage = add_usage(call.usage, reported) if reported else call.usage
        now = time.monotonic()
        call.first_token = call.first_token or now
        if not text:
            return
        if self.first_token_ms is None:
            self.first_token_ms = round((now - self.began) * 1000)
        apart = PARAGRAPH if self._spoke and not call.pieces else ""
        call.pieces.append(text)
        self._spoke = self._context.streamed = True
        self._context.emit(TextDelta(apart + text))

    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **kwargs: Any) -> None:
        """Record a call that ended well; show its text where the model did not stream."""
        message = _message_of(response)
        call = self._running.get(run_id)
        if message is not None and message.text and call is not None and not call.pieces:
            self.on_llm_new_token(message.text, run_id=run_id)
        self._finish(run_id, "ok", message)

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **kwargs: Any) -> None:
        """Record a call that failed, was stopped or ran out of time."""
        outcome = self._cut_off() if isinstance(error, asyncio.CancelledError) else "error"
        self._finish(run_id, outcome, _message_of(kwargs.get("response")), error)

    def close(self) -> None:
        """Record the calls that are still open, once the turn is cut off: a cancelled call reaches neither of the two above."""
        for run_id in list(self._running):
            self._finish(run_id, self._cut_off(), None)

    def _finish(self, run_id: UUID, outcome: Outcome, message: AIMessage | None, error: BaseException | None = None) -> None:
        call = self._running.pop(run_id, None)
        if call is None:
            return
        self._context.unplaced = "".join(call.pieces)
        reported = message.usage_metadata if message is not None and message.usage_metadata else call.usage
        rejected = error is not None and was_rejected(error) and call.first_token is None
        tokens, source = _usage(call, reported, rejected, outcome)
        reason = str(message.response_metadata.get("finish_reason") or "") if message is not None else ""
        self._record(self._priced(call, tokens, source, outcome, reason or None))

    def _priced(self, call: _Running, tokens: UsageMetadata, source: Source, outcome: Outcome, reason: str | None) -> ModelCall:
        cached = tokens.get("input_token_details", {}).get("cache_read", 0)
        reasoning = tokens.get("output_token_details", {}).get("reasoning", 0)
        price = price_call(*self._billing.priced_as, tokens["input_tokens"], cached, tokens["output_tokens"], call.at)
        return ModelCall(
            turn_id=self._billing.turn_id,
            chat_id=self._billing.chat_id,
            user_id=self._billing.user_id,
            purpose=self._billing.purpose,
            model=self._billing.model,
            priced_as=":".join(filter(None, self._billing.priced_as)),
            tokens_in=tokens["input_tokens"],
            tokens_cached=cached,
            tokens_out=tokens["output_tokens"],
            tokens_reasoning=reasoning,
            cost=price.dollars if price else None,
            source=source,
            outcome=outcome,
            attempt=self._context.attempt,
            first_token_ms=None if call.first_token is None else round((call.first_token - call.began) * 1000),
            duration_ms=round((time.monotonic() - call.began) * 1000),
            finish_reason=reason,
            started_at=call.at,
            price=price.rates if price else None,
        )


def _usage(call: _Running, reported: UsageMetadata | None, rejected: bool, outcome: Outcome) -> tuple[UsageMetadata, Source]:
    """Return what a call used and who says so.

    Some providers report a call's output at its end only: of a call that was cut off, the text that came is a better figure then.
    """
    if rejected:
        return UsageMetadata(input_tokens=0, output_tokens=0, total_tokens=0), "provider"
    out = count_text("".join(call.pieces)) if outcome != "ok" or not reported else 0
    if reported and reported["output_tokens"] >= out:
        return reported, "provider"
    if reported:
        return UsageMetadata(**{**reported, "output_tokens": out, "total_tokens": reported["input_tokens"] + out}), "estimate"
    return UsageMetadata(input_tokens=call.estimated_in, output_tokens=out, total_tokens=call.estimated_in + out), "estimate"


def _message_of(response: LLMResult | None) -> AIMessage | None:
    if response is None or not response.generations or not response.generations[0]:
        return None
    message = getattr(response.generations[0][0], "message", None)
    return message if isinstance(message, AIMessage) else None
