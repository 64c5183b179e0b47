"""What a learner or an instructor chooses about memory."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Strategy = Literal["full", "window"]


class MemoryPolicy(BaseModel):
    """How much of a chat is sent to the model. The first three fields are the course's AgentConfig."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    strategy: Strategy = "window"
    """`full` sends everything; `window` the last messages."""
    max_messages_per_user: int = Field(default=30, ge=1, le=10_000)
    """Hard cap on the messages sent, the new question included."""
    summarize_after_messages: int = Field(default=18, ge=2, le=10_000)
    """At how many unfolded messages a summary is written, where the strategy has one."""
    max_summary_chars: int = Field(default=1200, ge=100, le=20_000)
    """The longest summary, in characters."""
