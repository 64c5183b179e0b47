"""Scenarios for property tests: small, and with every rule able to bite."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import strategies as st

from agent.memory.policy import STRATEGIES, MemoryPolicy
from agent.memory.promptcache import CacheRules
from agent.pricing import RateTier
from simulation.rates import Rates, of_model, own
from simulation.scenario import Conversation, Scenario

NOW = datetime(2026, 11, 20, tzinfo=UTC)
TIERED = Rates("tiered", (RateTier(0, Decimal(1), Decimal("0.1"), Decimal(8)), RateTier(4000, Decimal(2), Decimal("0.2"), Decimal(12))))
PLAIN = own(Decimal("0.3"), None, Decimal("2.5"))


def flash() -> Rates:
    """Return the rates of Gemini 2.5 Flash."""
    found = of_model("google", "gemini-2.5-flash", NOW)
    assert found
    return found


conversations = st.builds(
    Conversation,
    prompt_tokens=st.integers(1, 1500),
    reply_tokens=st.integers(1, 1500),
    system_tokens=st.sampled_from([0, 170, 900]),
    schema_tokens=st.sampled_from([0, 614, 1500]),
    tool_rounds=st.sampled_from([0.0, 0.4, 1.0, 1.7, 2.0, 5.0]),
    sitting=st.integers(1, 12),
    pause_s=st.sampled_from([0.0, 60.0, 299.9, 300.0, 4000.0]),
)
policies = st.builds(
    MemoryPolicy,
    strategy=st.sampled_from(STRATEGIES),
    max_messages_per_user=st.integers(1, 80),
    summarize_after_messages=st.integers(2, 150),
    max_summary_chars=st.sampled_from([100, 1200, 4000]),
    retrieval_window=st.integers(1, 20),
    retrieval_k=st.integers(1, 12),
    max_context_tokens=st.none() | st.integers(1, 30_000),
)
scenarios = st.builds(
    Scenario,
    users=st.integers(1, 1000),
    days=st.integers(1, 12),
    prompts_per_day=st.integers(1, 20).map(float),
    conversation=conversations,
    policy=policies,
    rates=st.sampled_from([flash(), TIERED, PLAIN, TIERED.in_batch()]),
    cache=st.none() | st.builds(CacheRules, st.sampled_from([1, 1024, 3000]), st.sampled_from([0.0, 300.0])),
    model_window=st.none() | st.integers(1000, 60_000),
    reset=st.sampled_from(["never", "daily"]),
)
