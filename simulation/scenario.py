"""What is simulated: a class, the conversations it has, and what its agent is sent and charged. Every bound is written here, once.

A scenario is plain data: it can be compared, hashed, kept in an address and read back. The fields' bounds are what the page's controls
allow and say. Nothing is worked out here.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from agent.memory.policy import MemoryPolicy
from agent.memory.promptcache import CacheRules
from simulation.rates import Rates

Reset = Literal["never", "daily"]

MOST_USERS = 1_000_000
MOST_DAYS = 730
MOST_PROMPTS = 200
MOST_TOKENS = 20_000
MOST_OVERHEAD = 100_000
MOST_ROUNDS = 5
"""The agent's own limit of tool calls a turn."""


class Conversation(BaseModel):
    """An average turn, and how turns follow each other."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt_tokens: int = Field(default=500, ge=1, le=MOST_TOKENS)
    """Tokens of a person's message, without its framing."""
    reply_tokens: int = Field(default=500, ge=1, le=MOST_TOKENS)
    """Tokens of the agent's reply, as billed for output."""
    system_tokens: int = Field(default=170, ge=0, le=MOST_OVERHEAD)
    """The system prompt, sent with every call."""
    schema_tokens: int = Field(default=614, ge=0, le=MOST_OVERHEAD)
    """The tool schemas, sent with every call."""
    tool_rounds: float = Field(default=0.0, ge=0, le=MOST_ROUNDS)
    """Tool calls a turn, on average; each is a model call of its own. Turn n (from 1) has floor(n*r) - floor((n-1)*r) of them."""
    call_tokens: int = Field(default=30, ge=1, le=MOST_TOKENS)
    """What the model says to call a tool, as billed for output."""
    result_tokens: int = Field(default=40, ge=1, le=MOST_TOKENS)
    """What a tool answers, without its framing."""
    sitting: int = Field(default=5, ge=1, le=MOST_PROMPTS)
    """Prompts sent in one go; then comes a pause that outlives the prompt cache. A day always begins a new sitting."""
    pause_s: float = Field(default=60.0, ge=0, le=86_400)
    """Seconds between the prompts of a sitting."""


class Scenario(BaseModel):
    """A class that talks to the agent for some days."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    users: int = Field(default=50, ge=1, le=MOST_USERS)
    """People on the first day."""
    days: int = Field(default=30, ge=1, le=MOST_DAYS)
    prompts_per_day: float = Field(default=10, ge=0.1, le=MOST_PROMPTS)
    """Prompts a person sends a day; where it is no whole number, some people send one more than others."""
    conversation: Conversation = Conversation()
    policy: MemoryPolicy = MemoryPolicy(max_messages_per_user=50)
    rates: Rates
    """What tokens cost."""
    cache: CacheRules | None = CacheRules()
    """The provider's prompt cache; None for none."""
    model_window: int | None = Field(default=None, ge=1)
    """The model's context window in tokens; None when it is not known. What does not fit is left out, the oldest first."""
    growth: float = Field(default=0.0, ge=-0.9, le=5)
    """By which share the class grows in 30 days (0.2 for 20%); who leaves when it shrinks is the longest there."""
    reset: Reset = "never"
    """Whether a chat lasts for ever or starts anew each day."""
