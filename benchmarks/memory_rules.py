"""What the memory rules cost at a thousand messages: planning one context, and what every strategy would have used for a turn."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from agent.memory.context import Overhead, plan
from agent.memory.counterfactual import Recent, would_have
from agent.memory.policy import STRATEGIES, MemoryPolicy
from agent.memory.promptcache import CacheRules
from agent.memory.replay import Earlier, Limits, RecordedTurn, replay
from agent.pricing import price_call
from benchmarks.report import row

MESSAGES = 1_000
REPEATS = 200
RECENT_TURNS = 3
"""Turns before the one in question that the live agent reads for what a prompt cache may still hold."""
LEAD = 50
"""Messages before the recent turns that are read for the windows of the first of them."""
OVERHEAD = Overhead(184, 614)
PLAN_MS = 2.0
ALL_MS = 5.0


@dataclass(frozen=True, slots=True)
class Said:
    """A message as planning sees it."""

    id: int
    role: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A running summary as planning sees it."""

    message_id: int
    tokens: int


def plans() -> None:
    """One plan of a thousand messages, with a summary, ten hits and ten pins, inside a budget."""
    history = [message for turn in _turns(MESSAGES // 4 + 1) for message in turn.messages][:-3]
    summary, quotes = Checkpoint(len(history) - 21, 300), [Said(place, "", 40) for place in range(1, 400, 40)]
    for strategy in STRATEGIES:
        policy = MemoryPolicy(strategy=strategy, max_context_tokens=6_000)

        def one(policy: MemoryPolicy = policy) -> None:
            plan(history, policy, summary=summary, hits=quotes, pins=quotes[::-1], overhead=OVERHEAD, model_window=1_000_000)

        row(f"memory rules: plan of 1,000 messages, {strategy}, CPU, p95", _p95(one), "ms", PLAN_MS)


def counterfactuals() -> None:
    """All five strategies for the last turn of a chat of a thousand messages, over as many turns before it as the live agent reads."""
    turns = _turns(MESSAGES // 4)
    recent, past = turns[-RECENT_TURNS - 1 :], [message for turn in turns[: -RECENT_TURNS - 1] for message in turn.messages]
    unread, lead = past[:-LEAD], past[-LEAD:]
    end = Recent(recent, Earlier(lead, len(unread), sum(message.tokens for message in unread), folded=len(past) - 10))

    def one() -> None:
        would_have(end, MemoryPolicy(), _price, limits=Limits(model_window=1_000_000), cache=CacheRules())

    row("memory rules: all counterfactuals of a turn at 1,000 messages, CPU, p95", _p95(one), "ms", ALL_MS)


def whole() -> None:
    """A whole chat of a thousand messages under one strategy, as a slider of the lab asks for it; nothing to hold it against."""
    turns = _turns(MESSAGES // 4)
    for strategy in STRATEGIES:
        policy = MemoryPolicy(strategy=strategy)

        def one(policy: MemoryPolicy = policy) -> None:
            replay(turns, policy, _price, cache=CacheRules())

        row(f"memory rules: replay of 1,000 messages, {strategy}, CPU, p95", _p95(one, REPEATS // 10), "ms")


def _p95(one: Callable[[], None], repeats: int = REPEATS) -> float:
    spent = []
    for _ in range(repeats + 1):
        began = time.thread_time()
        one()
        spent.append((time.thread_time() - began) * 1e3)
    return sorted(spent[1:])[int(repeats * 0.95)]


def _turns(count: int) -> list[RecordedTurn]:
    """Turns of a question, a tool call with its result, and an answer, seven seconds apart, so that a cache remembers some of them."""
    roles = (("user", 25), ("assistant", 30), ("tool", 20), ("assistant", 60))
    start = datetime(2026, 3, 2, tzinfo=UTC).timestamp()
    return [
        RecordedTurn(start + 7 * turn, [Said(4 * turn + step + 1, *said) for step, said in enumerate(roles)], OVERHEAD)
        for turn in range(count)
    ]


def _price(tokens_in: int, cached: int, out: int, at: float) -> Decimal | None:
    found = price_call("google", "gemini-2.5-flash", tokens_in, cached, out, datetime.fromtimestamp(at, UTC))
    return found.dollars if found else None
