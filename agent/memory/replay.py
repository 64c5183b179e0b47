"""What a conversation sends, caches and costs under a policy: the one implementation, for the live agent, the lab and the simulator.

Recorded replies and tool rounds are held fixed: the same messages are said, only what goes along with each call differs. Every model
call of a turn is the tool schemas (unless the turn's limits withhold them), the system message, the planned window, and what the turn
has produced so far. Pure and without a tokenizer: where a figure depends on a text that a policy would have written or found, it comes
from `Knowledge`, which knows it exactly or guesses it from the limits and from what this chat showed so far, and says which.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Literal

from agent.memory import fold
from agent.memory.context import Layout, Overhead, budget_of, layout
from agent.memory.history import Entry, History
from agent.memory.knowledge import Fold, Guess, Knowledge
from agent.memory.policy import MemoryPolicy
from agent.memory.promptcache import CacheRules, CacheState

FRAMING = 4
"""Tokens of a stored message that are its role and separators: a reply is billed without them."""

PriceOf = Callable[[int, int, int, float], Decimal | None]
"""The price of a call, in dollars: input tokens, how many of them cached, output tokens, seconds since 1970. None when not known."""


@dataclass(frozen=True, slots=True)
class RecordedTurn:
    """A turn as it happened: its messages, the question first, each assistant message one model call."""

    at: float
    """When it began, in seconds since 1970."""
    messages: Sequence[Entry]
    overhead: Overhead
    """The system prompt without summary and quotes, and the tool schemas."""
    prompt: str = ""
    """Names the system prompt: two turns with the same name send the same one."""
    silent: int = 0
    """Model calls after the last message that said nothing at all: nothing is stored of them, and yet they are billed."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What of a chat lies before the turns that are replayed."""

    lead: Sequence[Entry] = ()
    """The messages just before them: as many as the policy may send, and all that are not folded."""
    messages: int = 0
    """How many messages lie before those."""
    tokens: int = 0
    """The tokens of these."""
    folded: int = 0
    """How many of the chat's messages the running summary held."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a turn that decide whether tools are offered, and the model's context window in tokens."""

    max_tool_calls: int = 5
    max_model_calls: int = 7
    model_window: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One model call."""

    purpose: Literal["answer", "summary"]
    tokens_in: int
    tokens_cached: int
    tokens_out: int
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class TurnReplay:
    """What one turn would have used."""

    calls: tuple[Call, ...]
    layout: Layout
    sent: int
    """Messages sent word for word, the question included."""
    folded: int
    """Messages of the chat that the running summary holds once the turn is over."""
    estimated: bool
    """Whether a text that was never written or found had to be guessed."""

    @property
    def tokens_in(self) -> int:
        """Input of all calls, cached input included."""
        return sum(call.tokens_in for call in self.calls)

    @property
    def tokens_cached(self) -> int:
        """Input that came from the prompt cache."""
        return sum(call.tokens_cached for call in self.calls)

    @property
    def tokens_out(self) -> int:
        """Output of all calls."""
        return sum(call.tokens_out for call in self.calls)

    @property
    def cost(self) -> Decimal | None:
        """Dollars of all calls; None when a price is not known."""
        costs = [call.cost for call in self.calls if call.cost is not None]
        return sum(costs, Decimal(0)) if len(costs) == len(self.calls) else None


def replay(
    turns: Sequence[RecordedTurn],
    policy: MemoryPolicy,
    price: PriceOf,
    *,
    knowledge: Knowledge | None = None,
    limits: Limits | None = None,
    cache: CacheRules | None = None,
    earlier: Earlier | None = None,
    priced_from: int = 0,
    chat: History | None = None,
) -> list[TurnReplay]:
    """Return what each turn would have used under `policy`, summaries being ready by the next turn.

    `cache` are the provider's prompt cache rules, None for none. `earlier` is what lies before `turns`, None when they are the chat's
    first. Turns before the index `priced_from` only warm the cache: their costs are None. `chat` is `history_of(turns, earlier)` where
    the caller has it already.
    """
    past = earlier or Earlier()
    chat = chat or history_of(turns, past)
    knows = knowledge or Guess(policy, chat)
    run = _Run(chat, policy, price, knows, limits or Limits(), CacheState(cache, knows.content), past.folded)
    place, results = past.messages + len(past.lead), []
    for number, turn in enumerate(turns):
        results.append(run.turn(number, turn, place, priced=number >= priced_from))
        place += len(turn.messages)
    return results


def history_of(turns: Sequence[RecordedTurn], earlier: Earlier) -> History:
    """Return the messages of a chat as far as they are known, places counted from the chat's beginning."""
    return History([*earlier.lead, *(message for turn in turns for message in turn.messages)], earlier.messages, earlier.tokens)


@dataclass(slots=True)
class _Run:
    """A replay under way."""

    chat: History
    policy: MemoryPolicy
    price: PriceOf
    knowledge: Knowledge
    limits: Limits
    cache: CacheState
    folded: int
    checkpoint: Fold | None = None

    def turn(self, number: int, turn: RecordedTurn, place: int, *, priced: bool) -> TurnReplay:
        question = place + 1
        if self.policy.strategy == "summary" and self.checkpoint is None and self.folded:
            self.checkpoint = self.knowledge.standing(self.folded)
        used = self.checkpoint
        hits = self.knowledge.hits(number, question) if self.policy.strategy == "retrieval" else ()
        budget = budget_of(self.policy, self.limits.model_window)
        found = layout(
            self.chat,
            question,
            self.policy,
            folded=self.folded if self.policy.strategy == "summary" else 0,
            summary_tokens=used.block_tokens if used else 0,
            hits=hits,
            pins=self.knowledge.pins(number),
            room=None if budget is None else budget - turn.overhead.system - turn.overhead.tools,
        )
        used = used if found.has_summary else None
        calls = self._answers(number, turn, place, found, used, priced=priced)
        guessed = bool(used and used.estimated) or any(quote.id < 0 for quote in found.recalled)
        folds, guessed_folds = self._folds(turn, place + len(turn.messages), priced=priced)
        return TurnReplay((*calls, *folds), found, question - found.start, self.folded, guessed or guessed_folds)

    def _answers(self, number: int, turn: RecordedTurn, place: int, found: Layout, used: Fold | None, *, priced: bool) -> list[Call]:
        system = self.knowledge.system(number, turn.overhead.system, used, found)
        names = (turn.prompt, used.name if used else None, self.knowledge.wording(found))
        calls: list[Call] = []
        for step, results, out in _asked(turn):
            offered = results <= self.limits.max_tool_calls and len(calls) < self.limits.max_model_calls - 1
            tools = turn.overhead.tools if offered else 0
            head, end = tools + system, place + step
            size = head + self.chat.weight(found.start, end)
            weight = partial(self.chat.weight, found.start)
            cached = self.cache.read((offered, *names), (found.start, end), tools, head, weight, turn.at)
            calls.append(self._call("answer", size, cached, out, turn.at, priced=priced))
        return calls

    def _folds(self, turn: RecordedTurn, end: int, *, priced: bool) -> tuple[list[Call], bool]:
        if self.policy.strategy != "summary":
            return [], False
        calls: list[Call] = []
        guessed = False
        while len(calls) < fold.MOST_CALLS and (upto := fold.due(self.chat, end, self.folded, self.policy)) is not None:
            made = self.knowledge.fold(self.folded, upto, self.checkpoint)
            calls.append(self._call("summary", made.tokens_in, 0, made.tokens_out, turn.at, priced=priced))
            self.folded, self.checkpoint = upto, made
            guessed = guessed or made.estimated
        return calls, guessed

    def _call(self, purpose: Literal["answer", "summary"], size: int, cached: int, out: int, at: float, *, priced: bool) -> Call:
        return Call(purpose, size, cached, out, self.price(size, cached, out, at) if priced else None)


def _asked(turn: RecordedTurn) -> Iterator[tuple[int, int, int]]:
    """Yield for each model call of a turn how many messages, and tools' results, came before it, and how many tokens it said."""
    results = 0
    for step, message in enumerate(turn.messages):
        if message.role == "assistant":
            yield step, results, max(0, message.tokens - FRAMING)
        results += message.role == "tool"
    for _ in range(turn.silent):
        yield len(turn.messages), results, 0
