"""What every turn of a chat sends, caches and costs, as arrays: `agent.memory.replay` for a chat whose turns are all alike, all at once.

Not a second truth: tests hold every number to the replay, to the token. Where a figure depends on a text nobody wrote (a summary, a
recalled message), it is guessed as `agent.memory.knowledge.Guess` does.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agent.memory.context import HEAD_TOKENS, budget_of
from agent.memory.knowledge import CHARS_A_TOKEN, FOLD_PROMPT_TOKENS, LABEL_TOKENS
from agent.memory.policy import MemoryPolicy
from agent.memory.promptcache import CacheRules
from agent.memory.replay import FRAMING
from agent.memory.wire import LONGEST_QUOTE
from simulation.chat import Floats, Places, Shape, Weights, first_turns, lightest, shape, weights
from simulation.folding import Folds, folds
from simulation.rates import Rates, cold_dollars, dollars
from simulation.scenario import Conversation


@dataclass(frozen=True, slots=True)
class Turns:
    """The turns of one chat, shape (turns,), or of several people's, shape (people, turns). Tokens and dollars of all calls of a turn.

    A turn is warm when it comes so soon after the last one that the prompt cache still has it, cold after a pause.
    """

    tokens_in: Floats
    tokens_cached: Floats
    """When warm."""
    cold_cached: Floats
    tokens_out: Floats
    dollars: Floats
    """When warm."""
    cold_dollars: Floats
    context: Floats
    """Tokens of the first call."""
    messages: Places
    """Messages sent word for word in the first call, the question included."""


def chat_turns(
    conversation: Conversation,
    policy: MemoryPolicy,
    rates: Rates,
    cache: CacheRules | None,
    turns: int,
    *,
    model_window: int | None = None,
    scale: ArrayLike = 1.0,
) -> Turns:
    """Return what each of the first `turns` turns of a chat uses.

    `scale` multiplies the tokens of a person's prompts and replies: one number, or one for each of several people. `model_window` is the
    model's context window in tokens.
    """
    people = np.asarray(scale, dtype=np.float64)
    run = _Run(conversation, policy, rates, cache, shape(conversation.tool_rounds, turns), np.atleast_1d(people), model_window)
    found = run.turns()
    if people.ndim:
        return found
    return Turns(*(getattr(found, name)[0] for name in Turns.__slots__))


@dataclass
class _Front:
    """What stands before the question: which turns are sent, and what the system message carries beside the prompt."""

    first: Places
    """The first turn that is sent, (people or 1, turns)."""
    added: Floats
    """Tokens of summary or quotes, (people or 1, turns)."""
    same: NDArray[np.bool_] | None
    """Whether the system message is the same as at the turn before, (people or 1, turns); None for always."""


@dataclass
class _Run:
    """One chat under one policy."""

    conversation: Conversation
    policy: MemoryPolicy
    rates: Rates
    cache: CacheRules | None
    chat: Shape
    scale: Floats
    model_window: int | None

    @cached_property
    def weight(self) -> Weights:
        return weights(self.conversation, self.chat, self.scale)

    @cached_property
    def folds(self) -> Folds | None:
        if self.policy.strategy != "summary":
            return None
        return folds(self.conversation.tool_rounds, self.chat.turns, self.policy)

    @cached_property
    def summary_tokens(self) -> int:
        """What a summary of the greatest length allowed weighs."""
        return self.policy.max_summary_chars // CHARS_A_TOKEN

    @cached_property
    def room(self) -> float | None:
        """What the budget leaves for everything but system prompt and schemas, when the longest context is over it."""
        budget = budget_of(self.policy, self.model_window)
        fixed = self.conversation.system_tokens + self.conversation.schema_tokens
        return None if budget is None else float(budget - fixed)

    def turns(self) -> Turns:
        said = self.conversation
        front, weight = self.front(), self.weight
        head = said.schema_tokens + said.system_tokens + front.added
        earlier = self.between(front.first)
        first = head + earlier + weight.question
        warm, cold = self.cached(front, head, earlier)
        size, hits, cold_hits, out = first, warm, cold, np.broadcast_to(weight.reply - FRAMING, first.shape)
        rounds = np.diff(self.chat.rounds)
        cost, cold_cost = self.answers(first, warm, rounds)
        most = int(rounds.max(initial=0))
        for step in range(1, most + 1):
            on = rounds >= step
            size = size + on * (first + step * weight.round)
            again = on * self.kept(first + (step - 1) * weight.round)
            hits, cold_hits = hits + again, cold_hits + again
            out = out + on * said.call_tokens
        return self.with_summaries(Turns(size, hits, cold_hits, out, cost, cold_cost, first, self.sent(front)))

    def answers(self, first: Floats, cached: Floats, rounds: Places) -> tuple[Floats, Floats]:
        """Return what the answering calls of each turn cost, warm and cold; all but the last say a tool call."""
        said, weight = self.conversation, self.weight
        reply = weight.reply - FRAMING
        most = int(rounds.max(initial=0))
        out = np.where(rounds > 0, float(said.call_tokens), reply) if most else reply
        warm = dollars(self.rates, first, cached, out)
        cold = warm if self.cache is None else cold_dollars(self.rates, warm, first, cached, out)
        for step in range(1, most + 1):
            out = np.where(rounds > step, float(said.call_tokens), reply)
            sent, again = first + step * weight.round, self.kept(first + (step - 1) * weight.round)
            more = (rounds >= step) * dollars(self.rates, sent, again, out)
            warm, cold = warm + more, cold + more
        return warm, cold

    def front(self) -> _Front:
        """Return what stands before each question."""
        if self.policy.strategy == "retrieval":
            return self.quoting()
        if self.folds is not None:
            return self.summarised()
        first = first_turns(self.chat, self.policy, None)[None]
        if self.room is not None and self.over(first, 0.0):
            first = lightest(self.weight, first, np.full_like(self.weight.before[:, :-1], self.room))
        return _Front(first, np.zeros((1, 1)), None)

    def summarised(self) -> _Front:
        assert self.folds is not None
        held = self.folds.held(self.chat.turns)
        first = first_turns(self.chat, self.policy, self.chat.messages[held])[None]
        block = float(self.summary_tokens + HEAD_TOKENS)
        has: NDArray[np.bool_] = np.broadcast_to(held > 0, first.shape)
        if self.room is not None and self.over(first, block):
            has = has & (block <= self.room - self.weight.question)
            first = lightest(self.weight, first, np.where(has, self.room - block, self.room))
        had = np.concatenate([has[:, :1], has[:, :-1]], axis=1)
        return _Front(first, np.where(has, block, 0.0), (has == had) & (~has | (np.diff(held, prepend=-1) == 0)))

    def quoting(self) -> _Front:
        first = first_turns(self.chat, self.policy, None)[None]
        end = self.chat.messages[:-1] + 1
        most = np.minimum(np.maximum(end - self.policy.retrieval_window, 0), self.policy.retrieval_k)
        average: Floats = np.rint((self.weight.before[:, :-1] + self.weight.question) / end)
        each = np.minimum(average, LONGEST_QUOTE // CHARS_A_TOKEN) + LABEL_TOKENS
        added = np.where(most > 0, HEAD_TOKENS + most * each, 0.0)
        if self.room is not None and self.over(first, float(added.max(initial=0))):
            left = self.room - self.weight.question
            reserve: Floats = np.minimum(added, np.maximum(left, 0) // 2)
            first = lightest(self.weight, first, self.room - reserve)
            spare = left - self.between(first)
            most = np.minimum(most, np.maximum(np.floor((spare - HEAD_TOKENS) / each), 0))
            added = np.where(most > 0, HEAD_TOKENS + most * each, 0.0)
        nothing = added == 0
        return _Front(first, added, nothing & np.concatenate([nothing[:, :1], nothing[:, :-1]], axis=1))

    def over(self, first: Places, added: float) -> bool:
        """Say whether the longest context is over the budget."""
        assert self.room is not None
        return bool(self.chat.turns and (self.between(first).max() + self.weight.question.max() + added) > self.room)

    def between(self, first: Places) -> Floats:
        """Return what the earlier turns that are sent weigh, (people, turns)."""
        before = self.weight.before
        if first.shape[0] == 1:
            return before[:, :-1] - before[:, first[0]]
        return before[:, :-1] - np.take_along_axis(before, first, axis=1)

    def sent(self, front: _Front) -> Places:
        messages = self.chat.messages[:-1] + 1 - self.chat.messages[front.first]
        return np.broadcast_to(messages, (len(self.scale), self.chat.turns))

    def cached(self, front: _Front, head: Floats, earlier: Floats) -> tuple[Floats, Floats]:
        """Return what of each turn's first call is in the cache, when it comes soon after the last turn and when it does not."""
        nothing = np.zeros_like(earlier)
        if self.cache is None or self.cache.ttl_s <= 0:
            return nothing, nothing
        goes_on = (front.first == np.concatenate([front.first[:, :1], front.first[:, :-1]], axis=1)) & (np.arange(self.chat.turns) > 0)
        found = head + goes_on * (earlier - self.weight.reply)
        if front.same is not None:
            found = np.where(front.same, found, float(self.conversation.schema_tokens))
        found[:, :1] = 0.0
        return self.kept(found), nothing

    def kept(self, found: Floats) -> Floats:
        """Return how much of a known beginning the cache gives: all or, where it is too short, nothing."""
        if self.cache is None or self.cache.ttl_s <= 0:
            return np.zeros_like(found)
        return found * (found >= self.cache.min_tokens)

    def with_summaries(self, turns: Turns) -> Turns:
        """Add what the summary calls after each turn use."""
        if self.folds is None or not len(self.folds.after):
            return turns
        after, weight, out = self.folds.after, self.weight, float(self.summary_tokens)
        taken = weight.before[:, self.folds.end] - weight.before[:, self.folds.start]
        count = self.chat.messages[self.folds.end] - self.chat.messages[self.folds.start]
        size = FOLD_PROMPT_TOKENS + (self.folds.start > 0) * (out + HEAD_TOKENS) + taken + count * LABEL_TOKENS
        cost = dollars(self.rates, size, 0.0, out)
        more_in, more_out, more_cost = (self.by_turn(after, each) for each in (size, np.full_like(size, out), cost))
        return replace(
            turns,
            tokens_in=turns.tokens_in + more_in,
            tokens_out=turns.tokens_out + more_out,
            dollars=turns.dollars + more_cost,
            cold_dollars=turns.cold_dollars + more_cost,
        )

    def by_turn(self, after: Places, amounts: Floats) -> Floats:
        """Add up amounts (people, calls) by the turn that each call comes after."""
        return np.stack([np.bincount(after, mine, self.chat.turns) for mine in amounts])
