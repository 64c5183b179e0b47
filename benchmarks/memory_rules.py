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
RECENT_TURNS = 40
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

        row(f"memory rules: plan of 1,000 messages, {strategy}, p95", _p95(one), "ms", PLAN_MS)


def counterfactuals() -> None:
    """All five strategies for the last turn of a chat of a thousand messages, forty turns of which a cache may remember."""
    turns = _turns(MESSAGES // 4)
    recent = turns[-RECENT_TURNS:]
    past = [message for turn in turns[:-RECENT_TURNS] for message in turn.messages]
    before = past[:-LEAD]
    earlier = Earlier(past[-LEAD:], len(before), sum(message.tokens for message in before))
    end = Recent(recent, earlier, {"summary": len(past) - 10})
    one_turn = Recent(recent[-3:], Earlier(past[-LEAD:], len(before), earlier.tokens), {"summary": len(past) - 10})
    for name, what in (("3", one_turn), (str(RECENT_TURNS), end)):

        def one(what: Recent = what) -> None:
            would_have(what, MemoryPolicy(), _price, limits=Limits(model_window=1_000_000), cache=CacheRules())

        row(f"memory rules: all counterfactuals of a turn over {name} recent turns, p95", _p95(one), "ms", ALL_MS)


def whole() -> None:
    """A whole chat of a thousand messages under one strategy, as a slider of the lab asks for it; nothing to hold it against."""
    turns = _turns(MESSAGES // 4)
    for strategy in STRATEGIES:
        policy = MemoryPolicy(strategy=strategy)

        def one(policy: MemoryPolicy = policy) -> None:
            replay(turns, policy, _price, cache=CacheRules())

        row(f"memory rules: replay of 1,000 messages, {strategy}, p95", _p95(one, REPEATS // 10), "ms")


def _p95(one: Callable[[], None], repeats: int = REPEATS) -> float:
    spent = []
    for _ in range(repeats + 1):
        began = time.perf_counter()
        one()
        spent.append((time.perf_counter() - began) * 1e3)
    return sorted(spent[1:])[int(repeats * 0.95)]


def _turns(count: int) -> list[RecordedTurn]:
    """Turns of a question, a tool call with its result, and an answer, seven seconds apart: a cache remembers forty of them."""
    roles = (("user", 25), ("assistant", 30), ("tool", 20), ("assistant", 60))
    start = datetime(2026, 3, 2, tzinfo=UTC).timestamp()
    return [
        RecordedTurn(start + 7 * turn, [Said(4 * turn + step + 1, *said) for step, said in enumerate(roles)], OVERHEAD)
        for turn in range(count)
    ]


def _price(tokens_in: int, cached: int, out: int, at: float) -> Decimal | None:
    found = price_call("google", "gemini-2.5-flash", tokens_in, cached, out, datetime.fromtimestamp(at, UTC))
    return found.dollars if found else None
