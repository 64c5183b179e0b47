"""One conversation under every policy: what it costs, by replay alone, and which of its facts the demo model could still answer.

Everything is worked out once and kept with the experiment, which is the caller's: nobody's conversation is in a cache of the process.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from typing import Generic, TypeVar

from agent.lab.conversation import Answer, Conversation, Question
from agent.lab.ranking import Rankings, rank
from agent.lab.witness import Checkpoint, Witness, witness
from agent.memory.policy import MemoryPolicy
from agent.memory.promptcache import CacheRules
from agent.memory.replay import Limits, TurnReplay, replay
from agent.pricing import context_window, price_call

T = TypeVar("T")
_KEPT = 20
"""Results that are kept, the oldest goes first: enough for a person's own chat, of which every session has one."""
_SUMMARIES = 30
"""Summaries that are kept for each result that is."""


@dataclass(frozen=True, eq=False)
class Run:
    """A conversation replayed under one policy."""

    policy: MemoryPolicy
    turns: tuple[TurnReplay, ...]
    checkpoint: Checkpoint | None
    """The running summary at the end; None where there is none or it was only guessed."""

    @cached_property
    def costs(self) -> tuple[Decimal | None, ...]:
        """Dollars of each turn."""
        return tuple(turn.cost for turn in self.turns)

    @cached_property
    def dollars(self) -> Decimal | None:
        """Dollars of the whole conversation; None when a price is not known."""
        known = [cost for cost in self.costs if cost is not None]
        return sum(known, Decimal(0)) if len(known) == len(self.costs) else None

    @cached_property
    def tokens_in(self) -> int:
        """Input of all calls, cached input included."""
        return sum(turn.tokens_in for turn in self.turns)

    @cached_property
    def tokens_cached(self) -> int:
        """Input that came from the prompt cache."""
        return sum(turn.tokens_cached for turn in self.turns)

    @cached_property
    def tokens_out(self) -> int:
        """Output of all calls."""
        return sum(turn.tokens_out for turn in self.turns)

    @cached_property
    def summary_calls(self) -> int:
        """Calls that wrote a summary."""
        return sum(call.purpose == "summary" for turn in self.turns for call in turn.calls)

    @cached_property
    def estimated(self) -> bool:
        """Whether a text had to be guessed."""
        return any(turn.estimated for turn in self.turns)


class Experiment:
    """Runs a conversation under policies, keeping the last `kept` results; safe to share between threads."""

    def __init__(self, conversation: Conversation, kept: int = _KEPT) -> None:
        self.conversation = conversation
        self._lock = threading.RLock()
        self._runs: Memo[Run] = Memo(kept)
        self._answers: Memo[tuple[Answer, ...]] = Memo(kept)
        self._summaries: Memo[str] = Memo(_SUMMARIES * kept)

    @cached_property
    def rankings(self) -> Rankings:
        """What retrieval finds."""
        with self._lock:
            return rank(self.conversation)

    def recall(self, policy: MemoryPolicy) -> tuple[Answer, ...]:
        """Return what the demo model answers to each question under a policy; it is really asked."""
        return self._answers.get(policy, lambda: self._ask(policy))

    def ask(self, text: str, policies: Sequence[MemoryPolicy]) -> list[Answer]:
        """Return what the demo model answers to any question under each of some policies, when the conversation is over."""
        from agent.lab.recall import ask

        question = Question("", 0, text, ())
        talk = replace(self.conversation, questions=(question,))
        ranking = rank(talk).questions[0]
        return [ask(talk, policy, question, ranking, self.run(policy).checkpoint) for policy in policies]

    def has_recall(self, policy: MemoryPolicy) -> bool:
        """Say whether the questions were asked under a policy already."""
        return policy in self._answers

    def has_run(self, policy: MemoryPolicy, *, cached: bool = True) -> bool:
        """Say whether the costs of a policy are worked out already."""
        return (policy, cached) in self._runs

    def run(self, policy: MemoryPolicy, *, cached: bool = True) -> Run:
        """Return what the conversation costs under a policy, with or without a prompt cache."""
        return self._runs.get((policy, cached), lambda: self._run(policy, cached))

    def witness(self, policy: MemoryPolicy) -> Witness | None:
        """Return what is known of the texts under a policy; None where a summary would be needed that nobody here can write."""
        if policy.strategy == "summary" and not self.conversation.by_demo:
            return None
        rankings = self.rankings if policy.strategy == "retrieval" else Rankings((), ())
        return witness(self.conversation, policy, rankings, self._write)

    def price(self, tokens_in: int, tokens_cached: int, tokens_out: int, at: float) -> Decimal | None:
        """Return the price of a call, by the prices of the conversation's model."""
        provider, model = self.conversation.priced_as
        price = price_call(provider, model, tokens_in, tokens_cached, tokens_out, datetime.fromtimestamp(at, UTC))
        return price.dollars if price else None

    def _run(self, policy: MemoryPolicy, cached: bool) -> Run:
        knows = self.witness(policy)
        limits = Limits(model_window=context_window(*self.conversation.priced_as))
        turns = replay(
            self.conversation.recorded, policy, self.price, knowledge=knows, limits=limits, cache=CacheRules() if cached else None
        )
        return Run(policy, tuple(turns), knows.last if knows else None)

    def _ask(self, policy: MemoryPolicy) -> tuple[Answer, ...]:
        from agent.lab.recall import ask

        checkpoint = self.run(policy).checkpoint
        rankings = self.rankings.questions
        return tuple(
            ask(self.conversation, policy, question, rankings[number], checkpoint)
            for number, question in enumerate(self.conversation.questions)
        )

    def _write(self, asked: str, question: str) -> str:
        from agent.lab.recall import write_summary

        key = hashlib.blake2b(f"{asked}\0{question}".encode("utf-8", "surrogatepass"), digest_size=16).digest()
        return self._summaries.get(key, lambda: write_summary(asked, question))


class Memo(Generic[T]):
    """Results by what they were worked out from; the oldest are forgotten first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.RLock()

    def __contains__(self, key: Hashable) -> bool:
        return key in self._kept

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the result for a key, made now if it is not there; nobody makes two at the same time."""
        found = self._kept.get(key)
        if found is not None:
            return found
        with self._lock:
            if key not in self._kept:
                self._kept[key] = make()
                if len(self._kept) > self._size:
                    self._kept.popitem(last=False)
            return self._kept[key]
