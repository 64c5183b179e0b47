"""What a turn would have used under every other memory strategy, worked out when it ends and stored beside what it really used.

The other strategies are replayed over the chat's last turns (as far back as a prompt cache may remember) with this turn's replies held
fixed. Where a provider counts tokens differently from the agent's tokenizer, the replayed figures are scaled by how this very turn's
input was counted by both, and marked as estimates.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache

from sqlite_utils import Database

from agent.catalogue import ModelChoice, cache_rules
from agent.gathering import Gathered
from agent.limits import TurnLimits
from agent.memory.counterfactual import FOLDING, Recent, WouldHave, why_dearer, would_have
from agent.memory.history import Entry
from agent.memory.policy import STRATEGIES, Strategy
from agent.memory.replay import Earlier, Limits, PriceOf, RecordedTurn
from agent.pricing import context_window, price_call
from agent.prompt import local_date
from storage import counterfactuals, messages
from storage.counterfactuals import UNCAPPED, Counterfactual
from storage.records import MessageOutline, ModelCall, NewMessage, Turn, TurnOutline

REMEMBERED = timedelta(seconds=300)
"""How far back turns are replayed for what a prompt cache would still hold."""
_RECENT_TURNS = 3


@dataclass(frozen=True, slots=True)
class Past:
    """What lies before a turn, as far as replaying it needs it."""

    recent: Sequence[TurnOutline]
    earlier: Earlier


def past(db: Database, turn: Turn, gathered: Gathered, now: datetime) -> Past:
    """Read what lies before a turn; the work does not grow with the chat.

    Only the last turn that called a model matters: windows only ever move on, so that an earlier turn's request can have no more in
    common with this one than the last one's has.
    """
    recent = messages.recent(db, turn.user_id, turn.chat_id, turn.seq, now - REMEMBERED, _RECENT_TURNS)
    called = [place for place, each in enumerate(recent) if any(message.role == "assistant" for message in each.messages)]
    recent = recent[called[-1] :] if called else recent
    said = [message for each in recent for message in each.messages]
    lead = gathered.history[: -1 - len(said)]
    before = gathered.position.messages - len(said) - len(lead)
    tokens = gathered.position.tokens - sum(message.tokens for message in gathered.history[:-1])
    state = counterfactuals.previous_state(db, turn.chat_id, turn.user_id, "summary", recent[0].seq if recent else turn.seq)
    folded = max(0, before + len(lead) - gathered.policy.summarize_after_messages) if state is None else state
    return Past(recent, Earlier(lead, before, tokens, folded))


def alternatives(
    past: Past,
    turn: Turn,
    gathered: Gathered,
    said: Sequence[NewMessage],
    calls: Sequence[ModelCall],
    choice: ModelChoice,
    limits: TurnLimits,
) -> list[Counterfactual]:
    """Return one row a strategy for a turn that said `said` in `calls`; none when no model was called.

    The row of the turn's own strategy is what was recorded. Calls that were repeated would have been repeated under all.
    """
    if not calls:
        return []
    own, price = gathered.policy.strategy, _price(choice)
    spent = _recorded(own, calls)
    steps, repeats = _steps(said, calls)
    found = _replayed(past, turn, gathered, said, len(steps), choice, limits, price) if steps else {}
    ratio = _ratio(gathered, said, steps, limits)
    rows: list[Counterfactual] = []
    for strategy in STRATEGIES:
        would = found.get(strategy)
        row = spent if strategy == own else _row(strategy, would, repeats, ratio, price)
        rows.append(replace(row, state=would.folded) if would and strategy == "summary" else row)
    if own == UNCAPPED or repeats or spent.estimated or _guessed(past.recent):
        return rows  # what made the difference may have been what failed
    folding = found[own].folding if own in found else None
    return [_explained(row, spent, folding) if row.strategy == UNCAPPED else row for row in rows]


def _steps(said: Sequence[NewMessage], calls: Sequence[ModelCall]) -> tuple[list[ModelCall], list[ModelCall]]:
    """Return the calls that the turn went on from, in order, and those that failed and were made again, or given up.

    A call that broke off after its first words is the last, and what it said is kept: it was not made again.
    """
    fine = [call for call in calls if call.outcome != "error"]
    failed = [call for call in calls if call.outcome == "error"]
    if len(fine) < _spoken(said) and failed:
        return [*fine, failed[-1]], failed[:-1]
    return fine, failed


def _spoken(said: Sequence[Entry] | Sequence[NewMessage]) -> int:
    return sum(message.role == "assistant" for message in said)


def _replayed(
    past: Past,
    turn: Turn,
    gathered: Gathered,
    said: Sequence[NewMessage],
    steps: int,
    choice: ModelChoice,
    limits: TurnLimits,
    price: PriceOf,
) -> dict[Strategy, WouldHave]:
    begun = turn.started_at or turn.created_at
    now: list[Entry] = [gathered.history[-1], *(MessageOutline(0, message.role, message.tokens) for message in said)]
    turns = [_turn(each.started_at, each.messages, turn.timezone, gathered, _silent(each.messages)) for each in past.recent]
    turns.append(_turn(begun, now, turn.timezone, gathered, max(0, steps - _spoken(said))))
    bounds = Limits(limits.max_tool_calls, limits.max_model_calls, context_window(*choice.priced_as))
    found = would_have(Recent(turns, past.earlier), gathered.policy, price, limits=bounds, cache=cache_rules(choice))
    if not _guessed(past.recent):
        return found
    return {strategy: replace(would, estimated=True) for strategy, would in found.items()}


def _silent(said: Sequence[Entry]) -> int:
    """Return how many calls of an earlier turn are taken to have said nothing: one, which the cache has seen, where no answer ends it."""
    return 0 if said[-1].role == "assistant" else 1


def _guessed(recent: Sequence[TurnOutline]) -> bool:
    return any(_silent(turn.messages) for turn in recent)


def _turn(begun: datetime, said: Sequence[Entry], timezone: str, gathered: Gathered, silent: int) -> RecordedTurn:
    return RecordedTurn(begun.timestamp(), said, gathered.overhead, local_date(begun, timezone).isoformat(), silent)


def _price(choice: ModelChoice) -> PriceOf:
    """Return the price of calls of one turn; several strategies often make the same one."""

    @cache
    def price(tokens_in: int, cached: int, out: int, at: float) -> Decimal | None:
        found = price_call(*choice.priced_as, tokens_in, cached, out, datetime.fromtimestamp(at, UTC))
        return found.dollars if found else None

    return price


def _recorded(strategy: str, calls: Sequence[ModelCall]) -> Counterfactual:
    return Counterfactual(
        strategy,
        sum(call.tokens_in for call in calls),
        sum(call.tokens_cached for call in calls),
        sum(call.tokens_out for call in calls),
        total(call.cost for call in calls),
        any(call.source == "estimate" for call in calls),
    )


def _row(
    strategy: Strategy, would: WouldHave | None, repeats: Sequence[ModelCall], ratio: Fraction | None, price: PriceOf
) -> Counterfactual:
    """Return what a strategy would have used: its own calls, and the repeats and failures that it would have had too."""
    exact = ratio == 1
    if would is not None and exact and not repeats:
        return Counterfactual(strategy, would.tokens_in, would.tokens_cached, would.tokens_out, would.cost, would.estimated)
    same = _recorded(strategy, repeats)
    if would is None:
        return replace(same, estimated=True)
    scale = ratio or Fraction(1)
    size, cached = round(would.tokens_in * scale), round(would.tokens_cached * scale)
    cost = would.cost if exact else price(size, cached, would.tokens_out, would.at)
    return Counterfactual(
        strategy,
        size + same.tokens_in,
        cached + same.tokens_cached,
        would.tokens_out + same.tokens_out,
        total((cost, same.cost)),
        would.estimated or not exact or bool(repeats),
    )


def _ratio(gathered: Gathered, said: Sequence[NewMessage], calls: Sequence[ModelCall], limits: TurnLimits) -> Fraction | None:
    """Return how the provider's count of this turn's input compares with the agent's; None when the two cannot be compared.

    Nor can they where a call was made without tools: what a cache has of those may be from long ago.
    """
    sizes = list(_sizes(gathered, said, len(calls), limits))
    counted = sum(call.tokens_in for call in calls)
    if None in sizes or len(sizes) != len(calls) or any(call.source == "estimate" for call in calls) or not counted:
        return None
    return Fraction(counted, sum(size for size in sizes if size is not None))


def _sizes(gathered: Gathered, said: Sequence[NewMessage], steps: int, limits: TurnLimits) -> Iterator[int | None]:
    """Yield the input of each call by the agent's tokenizer, None for one without tools."""
    produced = results = calls = 0
    for message in [*said, *[None] * (steps - _spoken(said))]:
        if message is None or message.role == "assistant":
            offered = results <= limits.max_tool_calls and calls < limits.max_model_calls - 1
            yield gathered.tokens + produced if offered else None
            calls += 1
        if message is not None:
            results += message.role == "tool"
            produced += message.tokens


def _explained(uncapped: Counterfactual, spent: Counterfactual, folding: Decimal | None) -> Counterfactual:
    """Return the uncapped row with why it would have been cheaper than what was spent, where it would.

    `folding` is about what the summary calls cost that follow the turn.
    """
    if uncapped.cost is None or spent.cost is None or uncapped.cost >= spent.cost + (folding or 0):
        return uncapped
    if uncapped.cost >= spent.cost:
        return replace(uncapped, reason=FOLDING)
    return replace(uncapped, reason=why_dearer(spent.tokens_cached, spent.tokens_in, uncapped.tokens_cached, uncapped.tokens_in))


def total(costs: Iterable[Decimal | None]) -> Decimal | None:
    """Return the sum of costs, None when one of them is not known."""
    known = list(costs)
    return None if None in known else sum((cost for cost in known if cost is not None), Decimal(0))
