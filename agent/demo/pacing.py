"""When each word of a reply comes: a first-token delay and a pace, drawn from a seeded distribution.

Delays depend on the seed and on the request only, so the same request waits the same time in every run.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, NonNegativeFloat


class Pace(BaseModel):
    """How slow the demo model pretends to be. All zero (the default) means no waiting at all."""

    model_config = ConfigDict(frozen=True)

    first_token_s: NonNegativeFloat = 0.0
    """Median seconds before the first word."""
    seconds_per_word: NonNegativeFloat = 0.0
    """Median seconds between two words."""
    spread: NonNegativeFloat = 0.0
    """Sigma of the log-normal distribution around both medians; 0 makes every delay the median."""
    seconds_per_1k_tokens: NonNegativeFloat = 0.0
    """Seconds added to the first-token delay for every thousand tokens of context that were not read from the cache."""
    seed: int = 0

    def delays(self, request: str, fresh_tokens: int) -> Iterator[float]:
        """Seconds to wait before each piece of the reply, the first token's delay first; endless.

        Args:
            request: a digest of the request, which picks the delays together with the seed.
            fresh_tokens: input tokens that the simulated cache did not hold.
        """
        if not (self.first_token_s or self.seconds_per_word or self.seconds_per_1k_tokens):
            while True:
                yield 0.0
        draw = random.Random(f"{self.seed}:{request}")
        context = self.seconds_per_1k_tokens * fresh_tokens / 1000
        yield context + self.first_token_s * draw.lognormvariate(0.0, self.spread)
        while True:
            yield self.seconds_per_word * draw.lognormvariate(0.0, self.spread)
