"""What turns really took, as plain numbers: what a calibration is made from and a prediction is held against."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from agent.memory.policy import MemoryPolicy
from agent.memory.promptcache import CacheRules
from simulation.rates import Rates


class TurnTaken(NamedTuple):
    """One turn. Tokens of messages are as they are stored, role and separators counted; tokens of calls as they are billed."""

    person: int
    chat: int
    number: int
    """Which turn of its chat it was, from 1; turns that are not here are counted with."""
    at: float
    """When it began, in seconds since 1970."""
    gap_s: float | None
    """Seconds since the chat's turn before it; None for a chat's first."""
    failed: bool
    """Whether it ended without its answer: failed, stopped or cut off."""
    policy: MemoryPolicy
    model: str
    """Names the terms under which it ran."""
    sent: int | None
    """Messages sent word for word in its first call, the question included."""
    summarised: bool
    """Whether a summary stood in front of them."""
    quoted: int
    """Messages quoted in front of them."""
    asked: int
    """Tokens of the person's message."""
    replied: int
    """Tokens of the agent's replies."""
    called: int
    """Tokens of what it said to call tools."""
    results: int
    """Tokens of what tools answered."""
    replies: int
    rounds: int
    """Messages that called tools: each a model call of its own."""
    answers: int
    """Messages that tools answered with."""
    answer_calls: int
    answer_in: int
    """Input of the calls that answer."""
    summary_calls: int
    summary_out: int
    """Output of the calls that wrote a summary."""
    tokens_in: int
    """Input of all calls."""
    tokens_cached: int
    tokens_out: int
    dollars: float | None
    """Of all calls; None when one has no known price."""
    estimated: bool
    """Whether a figure is an estimate, the provider having reported none."""

    @property
    def messages(self) -> int:
        """How many messages it added to its chat."""
        return 1 + self.replies + self.rounds + self.answers

    @property
    def weight(self) -> int:
        """The tokens that it added to its chat."""
        return self.asked + self.replied + self.called + self.results


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a model's calls."""

    rates: Rates | None
    """None when its price is not known."""
    cache: CacheRules | None
    """Its provider's prompt cache, None for none."""
    model_window: int | None = None


def by_chat(turns: Iterable[TurnTaken]) -> list[list[TurnTaken]]:
    """Return the turns of each chat, in their order."""
    found: dict[int, list[TurnTaken]] = {}
    for turn in sorted(turns, key=lambda each: each.number):
        found.setdefault(turn.chat, []).append(turn)
    return list(found.values())


def is_cold(turn: TurnTaken, cache: CacheRules | None) -> bool:
    """Say whether a turn came after a pause that a prompt cache does not outlive, or began its chat."""
    return cache is None or turn.gap_s is None or turn.gap_s >= cache.ttl_s
