"""The lab's few knobs, and the policy that each strategy makes of them."""

from dataclasses import dataclass

from agent.memory.policy import MemoryPolicy, Strategy

CAPS = (4, 6, 10, 20, 30, 50, 80, 120, 200)
"""The caps that a strategy's line on the frontier is drawn through."""
UNCAPPED: tuple[Strategy, ...] = ("full",)
"""Strategies that no cap changes."""


@dataclass(frozen=True, slots=True)
class Knobs:
    """What the lab's sliders say."""

    cap: int = 30
    """Messages. A window is this long; a summary is folded at three fifths of it, retrieval sends the last third word for word: in the
    course's proportions, 30, 18 and 10."""
    k: int = 10
    """Messages that retrieval looks up at most."""
    budget: int | None = None
    """Tokens that a whole context may have."""
    cached: bool = True
    """Whether the provider caches prompts."""

    def policy(self, strategy: Strategy) -> MemoryPolicy:
        """Return a strategy's policy; two that behave alike are equal, so that each is run once."""
        limit = self.budget
        if strategy == "summary":
            fold_at = max(2, round(self.cap * 0.6))
            return MemoryPolicy(
                strategy=strategy, max_messages_per_user=self.cap, summarize_after_messages=fold_at, max_context_tokens=limit
            )
        if strategy == "retrieval":
            window = max(1, round(self.cap / 3))
            return MemoryPolicy(strategy=strategy, retrieval_window=window, retrieval_k=self.k, max_context_tokens=limit)
        if strategy == "full":
            return MemoryPolicy(strategy=strategy, max_context_tokens=limit)
        return MemoryPolicy(strategy=strategy, max_messages_per_user=self.cap, max_context_tokens=limit)

    def at(self, cap: int) -> "Knobs":
        """Return the same knobs with another cap."""
        return Knobs(cap, self.k, self.budget, self.cached)
