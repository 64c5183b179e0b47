"""What a learner or an instructor chooses about memory."""

from functools import lru_cache
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

Strategy = Literal["full", "window", "chunked_window", "summary", "retrieval"]
STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)


class MemoryPolicy(BaseModel):
    """How much of a chat is sent to the model. The cap, the fold and the summary's length are the course's AgentConfig."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    strategy: Strategy = "window"
    """`full` sends everything; `window` the last messages; `chunked_window` drops half of them at once, now and then; `summary` the
    messages since a running summary; `retrieval` a few last messages and those that fit the question."""
    max_messages_per_user: int = Field(default=30, ge=1, le=10_000)
    """Hard cap on the messages sent, the new question included; under `retrieval`, `retrieval_window` stands in its place."""
    summarize_after_messages: int = Field(default=18, ge=2, le=10_000)
    """At how many unfolded messages the oldest half is folded into the summary."""
    max_summary_chars: int = Field(default=1200, ge=100, le=20_000)
    """The longest summary, in characters."""
    retrieval_window: int = Field(default=10, ge=1, le=10_000)
    """Last messages sent under `retrieval`, the new question included."""
    retrieval_k: int = Field(default=10, ge=1, le=100)
    """Earlier messages that are looked up for a question, at most."""
    across_chats: bool = False
    """Whether messages of the person's other chats may be recalled too."""
    max_context_tokens: int | None = Field(default=None, ge=1, le=10_000_000)
    """Budget for the whole context in tokens, system prompt and tool schemas included; None for the model's own limit."""

    def with_strategy(self, strategy: Strategy) -> "MemoryPolicy":
        """Return this policy with another strategy and the same numbers."""
        return self if strategy == self.strategy else _with(self, strategy)


@lru_cache(maxsize=1024)
def _with(policy: MemoryPolicy, strategy: Strategy) -> MemoryPolicy:
    return policy.model_copy(update={"strategy": strategy})


@lru_cache(maxsize=256)
def policy_of(body: str) -> MemoryPolicy:
    """Return the policy that is kept as JSON; fields that are not in it have their defaults. Raises ValidationError."""
    return MemoryPolicy.model_validate_json(body)
