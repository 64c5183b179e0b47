"""What every other strategy would have used for one turn, and why a cap that sends less can cost more. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from agent.memory.context import budget_of
from agent.memory.history import History
from agent.memory.policy import STRATEGIES, MemoryPolicy, Strategy
from agent.memory.promptcache import CacheRules
from agent.memory.replay import Earlier, Limits, PriceOf, RecordedTurn, TurnReplay, history_of, replay

FOLDING = "Writing the summary cost more than leaving messages out saved."
_WINDOWS: frozenset[Strategy] = frozenset({"window", "chunked_window"})


@dataclass(frozen=True, slots=True)
class WouldHave:
    """What one strategy would have used for a turn."""

    strategy: Strategy
    at: float
    """When, in seconds since 1970."""
    tokens_in: int
    tokens_cached: int
    tokens_out: int
    cost: Decimal | None
    estimated: bool
    folding: Decimal
    """Dollars of its summary calls, as far as they have a price."""
    folded: int
    """Messages that its summary would hold after the turn: where the next turn goes on from."""


@dataclass(frozen=True, slots=True)
class Recent:
    """The end of a chat: the turns that a prompt cache may still remember, the one in question last."""

    turns: Sequence[RecordedTurn]
    earlier: Earlier
    """What lies before them; `folded` is what the summary held, were it the strategy."""


def would_have(
    recent: Recent, policy: MemoryPolicy, price: PriceOf, *, limits: Limits | None = None, cache: CacheRules | None = None
) -> dict[Strategy, WouldHave]:
    """Return what each strategy, with the numbers of `policy`, would have used for the last of the turns; texts are guessed."""
    chat = history_of(recent.turns, recent.earlier)
    found: dict[Strategy, WouldHave] = {"full": _one(recent, policy.with_strategy("full"), price, limits, cache, chat)}
    asked = chat.end - len(recent.turns[-1].messages) + 1
    for strategy in STRATEGIES:
        if strategy in _WINDOWS and asked <= policy.max_messages_per_user:
            found[strategy] = replace(found["full"], strategy=strategy)  # a window that holds the whole chat
        elif strategy != "full":
            found[strategy] = _one(recent, policy.with_strategy(strategy), price, limits, cache, chat)
    return found


def _one(recent: Recent, policy: MemoryPolicy, price: PriceOf, limits: Limits | None, cache: CacheRules | None, chat: History) -> WouldHave:
    turns = replay(
        recent.turns,
        policy,
        price,
        limits=limits,
        cache=cache,
        earlier=recent.earlier,
        priced_from=len(recent.turns) - 1,
        chat=chat,
    )
    last, at = turns[-1], recent.turns[-1].at
    estimated = last.estimated or _unread(recent, policy, limits, last)
    folding = sum((call.cost or Decimal(0) for call in last.calls if call.purpose == "summary"), Decimal(0))
    return WouldHave(policy.strategy, at, last.tokens_in, last.tokens_cached, last.tokens_out, last.cost, estimated, folding, last.folded)


def _unread(recent: Recent, policy: MemoryPolicy, limits: Limits | None, last: TurnReplay) -> bool:
    """Whether the budget would have left out messages of which only the sum is known here."""
    budget = budget_of(policy, limits.model_window if limits else None)
    return budget is not None and policy.strategy == "full" and last.layout.start >= recent.earlier.messages > 0


def why_dearer(cached: int, size: int, uncapped_cached: int, uncapped_size: int) -> str:
    """Return why the full history would have been cheaper than what was really sent, in a sentence.

    The sizes are the turn's input in tokens and how much of it came from the prompt cache, really and uncapped.
    """
    if uncapped_cached > cached:
        missed = "nothing was cached" if cached == 0 else "less was cached"
        return f"The cap changed the beginning of what was sent, so {missed}: at this price the full history would have been cheaper."
    if uncapped_size < size:
        return "The summary call, or what was put in front of the window, weighed more than the messages that were left out."
    return FOLDING
