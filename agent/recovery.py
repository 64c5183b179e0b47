"""Closing the turns of a process that is gone: each is marked interrupted, its question kept, its cost settled.

A call that was under way when the process died left no row; it is recorded as an estimate of the input that it had been sent, and
marked as one, so that what was spent is not forgotten.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from agent.catalogue import choice_of
from agent.handles import LiveTurn
from agent.pricing import price_call
from storage import model_calls, summaries, turns
from storage.records import ModelCall, Outcome, Turn
from storage.settings import Settings
from storage.summaries import Unfinished
from storage.turns import Lease, Settlement

INTERRUPTED = "Tideline stopped while this answer was being written. Your question is kept; ask again."
"""What is said of a turn that a stop or a crash of the app cut off."""
SUMMARY_INTERRUPTED = "Tideline stopped while the summary was being written. It is tried again with the next reply."


def abandoned(found: list[tuple[Turn, Lease]], now: datetime, is_gone: Callable[[str], bool]) -> list[tuple[Turn, Lease]]:
    """Return those running turns whose lease ran out or whose process is gone."""
    return [(turn, lease) for turn, lease in found if lease.until <= now or is_gone(lease.owner)]


def lost_call(
    turn: Turn, tokens_in: int, priced_as: tuple[str, str], now: datetime, *, purpose: str = "answer", began: datetime | None = None
) -> ModelCall:
    """Return the estimate of a call that was under way when its process died; `tokens_in` is the estimate of its input."""
    began = began or turn.started_at or turn.created_at
    price = price_call(*priced_as, tokens_in, 0, 0, began)
    return ModelCall(
        turn_id=turn.id,
        chat_id=turn.chat_id,
        user_id=turn.user_id,
        purpose=purpose,
        model=turn.model,
        priced_as=":".join(filter(None, priced_as)),
        tokens_in=tokens_in,
        tokens_cached=0,
        tokens_out=0,
        tokens_reasoning=0,
        cost=price.dollars if price else None,
        source="estimate",
        outcome="interrupted",
        attempt=1,
        first_token_ms=None,
        duration_ms=max(0, round((now - began).total_seconds() * 1000)),
        finish_reason=None,
        started_at=began,
        price=price.rates if price else None,
    )


def close(db: Database, turn: Turn, lease: Lease, priced_as: tuple[str, str], now: datetime) -> Turn | None:
    """Settle an abandoned turn, with an estimate of the call that was under way if one was.

    Returns None, with nothing written, when another process was faster.
    """
    if not turns.is_held(db, turn, lease.owner):
        return None
    tokens_in = turns.open_call(db, turn.seq)
    calls = () if tokens_in is None else (lost_call(turn, tokens_in, priced_as, now),)
    return turns.settle(db, turn, lease.owner, Settlement("interrupted", INTERRUPTED, (), None, None, None, calls), now)


def not_begun(outcome: Outcome) -> Settlement:
    """Return the end of a turn that was cut off before its first model call."""
    if outcome == "interrupted":
        return Settlement("interrupted", INTERRUPTED, (), None, None, None)
    return Settlement("stopped", None, (), None, None, None)


def close_summary(db: Database, unfinished: Unfinished, settings: Settings, now: datetime) -> bool:
    """Close a summary whose process is gone, with an estimate of its model call; False when another process was faster."""
    if not summaries.fail(db, unfinished.id, SUMMARY_INTERRUPTED, now):
        return False
    turn = turns.get(db, unfinished.user_id, unfinished.turn_id)
    calls = model_calls.for_turn(db, unfinished.user_id, unfinished.turn_id)
    if any(call.purpose == "summary" and call.started_at >= unfinished.created_at for call in calls):
        return True  # its call was recorded; only its end was not
    priced_as = choice_of(settings, turn.model).priced_as
    call = lost_call(turn, unfinished.estimated_in, priced_as, now, purpose="summary", began=unfinished.created_at)
    model_calls.add(db, turn.seq, call)
    return True


async def with_lost_calls(live: LiveTurn, ending: Settlement) -> Settlement:
    """Return the ending with those model calls whose own writes failed, to be written with it."""
    written = await asyncio.gather(*(asyncio.wrap_future(write) for _, write in live.calls), return_exceptions=True)
    lost = [call for (call, _), result in zip(live.calls, written, strict=True) if isinstance(result, BaseException)]
    return replace(ending, calls=lost, stored_calls=len(live.calls) - len(lost))
