"""The misbehaviours the demo model can be switched to, so that the controls around it can be seen to work."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import get_args

from langchain_core.exceptions import ModelAPIError, ModelConnectionError, ModelRateLimitError
from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, NonNegativeInt

from agent.demo.reply import Call, Reply
from storage.settings import DemoFault

FaultKind = DemoFault
FAULT_KINDS: tuple[FaultKind, ...] = get_args(FaultKind)


class Fault(BaseModel):
    """One way to misbehave, and how often."""

    model_config = ConfigDict(frozen=True)

    kind: FaultKind
    rate: float = Field(default=1.0, ge=0.0, le=1.0)
    """Share of calls that misbehave, drawn with the seed and the call's number."""
    first_calls: NonNegativeInt | None = None
    """Misbehave in the first so many calls of this model object only: how a retry gets to succeed. None: no end."""
    silence_s: NonNegativeFloat = 60.0
    drip_s: NonNegativeFloat = 2.0
    after_words: NonNegativeInt = 5
    """Words said before a dropped stream breaks."""
    over_calls: NonNegativeInt = 12
    retry_after_s: NonNegativeFloat = 1.0
    seed: int = 0

    def strikes(self, call_number: int) -> bool:
        """Whether the call with this number (0 first) misbehaves."""
        if self.first_calls is not None and call_number >= self.first_calls:
            return False
        return self.rate >= 1.0 or random.Random(f"{self.seed}:{call_number}").random() < self.rate


class DemoRateLimited(ModelRateLimitError):
    """The simulated 429."""

    status_code = 429

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"Simulated: 429, too many requests. Try again in {retry_after_s:g} s.")
        self.retry_after = retry_after_s


class DemoServerError(ModelAPIError):
    """The simulated 503."""

    status_code = 503


class DemoDropped(ModelConnectionError):
    """The simulated connection that breaks while an answer is streaming."""


def refuse(fault: Fault | None) -> None:
    """Raise what the service would raise before any answer.

    Raises:
        DemoRateLimited: for a rate limit.
        DemoServerError: for a server error.
    """
    if fault and fault.kind == "rate_limit":
        raise DemoRateLimited(fault.retry_after_s)
    if fault and fault.kind == "server_error":
        raise DemoServerError("Simulated: 503, the model is overloaded.")


def bend(reply: Reply, fault: Fault | None, tools: frozenset[str]) -> Reply:
    """The reply as the fault distorts it. Faults about tools leave a request without tools alone."""
    if fault is None:
        return reply
    if fault.kind == "empty":
        return Reply()
    tool = "read_log" if "read_log" in tools else min(tools, default=None)
    if tool is None:
        return reply
    calls = {
        "loop_tool": (Call(tool, {"day": "today"}),),
        "invent_tool": (Call("order_pizza", {"size": "large"}),),
        "bad_arguments": (Call(tool, {"day": {"not": "a day"}, "nonsense": 1}),),
        "over_call": tuple(Call(tool, {"day": "today"}) for _ in range(fault.over_calls)),
    }.get(fault.kind)
    return Reply(calls=calls) if calls else reply


def slow(delays: Iterator[float], fault: Fault | None) -> Iterator[float]:
    """The delays as the fault stretches them: nothing for a long time, or a word now and then."""
    if fault and fault.kind == "silence":
        yield next(delays) + fault.silence_s
    for delay in delays:
        yield delay + (fault.drip_s if fault and fault.kind == "drip" else 0.0)


ENDLESS = ("and another thing worth saying about wellness is this:", "drink some water, take a walk,", "sleep well,")


def pieces(words: Iterator[str], fault: Fault | None) -> Iterator[str]:
    """The words of the reply as the fault lets them through.

    Raises:
        DemoDropped: in mid-stream, for a drop.
    """
    for count, word in enumerate(words):
        if fault and fault.kind == "drop" and count >= fault.after_words:
            break
        yield word
    if fault and fault.kind == "drop":
        raise DemoDropped("Simulated: the connection broke in the middle of the answer.")
    while fault and fault.kind == "endless":
        for phrase in ENDLESS:
            for word in phrase.split():
                yield f" {word}"
