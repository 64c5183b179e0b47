"""What the simulator says of its pictures: amounts that agree with the numbers below them, and reasons that the numbers show."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from agent.memory.policy import MemoryPolicy
from pages.ui.sim_words import about, alike, dollars, prompt_finding, scenario_finding
from simulation.curves import curve
from simulation.rates import own
from simulation.scenario import Conversation, Scenario
from tests.simulation.scenarios import flash

CACHE, CALLS, QUOTES = (
    "What repeats comes from the prompt cache",
    "Each summary is written by a call of its own",
    "The quotes at the beginning",
)


def finding(strategy: str, policy: dict[str, Any], **more: Any) -> str:
    """Return what is said of a strategy."""
    chosen = MemoryPolicy.model_validate({**policy, "strategy": strategy})
    scenario = Scenario(**{"rates": flash(), "policy": chosen, **more})
    whole = curve(scenario.model_copy(update={"policy": chosen.with_strategy("full")}))
    return scenario_finding(scenario, whole, curve(scenario))


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        ((700, 2407.5), ["$700.00", "$2,407.50"]),
        ((1785, 21_645), ["$1,785", "$21,645"]),
        ((9_999.99, 9_999.996), ["$10,000", "$10,000"]),
        ((0.004, 0), ["$0.0040", "$0"]),
    ],
)
def test_amounts_of_one_sentence_have_cents_together(amounts: tuple[float, float], said: list[str]) -> None:
    assert alike(*amounts) == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (2.4755673471407678e14, "$247.56 trillion"),
        (2.4755673471407678e26, "2.5e26 dollars"),
        (1.2e20, "1.2e20 dollars"),
        (-1.2e20, "-1.2e20 dollars"),
        (9.99999999e14, "1.0e15 dollars"),
    ],
)
def test_money_beyond_a_trillion_is_short(amount: float, said: str) -> None:
    assert about(amount) == said
    assert dollars(amount) == said


def test_a_window_that_costs_more_blames_the_cache_only_where_it_did_it() -> None:
    small = {"max_messages_per_user": 50}
    assert CACHE in finding("window", small, days=10, conversation=Conversation(prompt_tokens=50, reply_tokens=50, sitting=10))


@pytest.mark.parametrize("cache", [True, False])
def test_a_summary_that_costs_more_blames_its_own_calls(cache: bool) -> None:
    often = {"max_messages_per_user": 50, "summarize_after_messages": 2}
    said = finding("summary", often, prompts_per_day=5, days=1, **({} if cache else {"cache": None}))
    assert "more. " in said
    assert CALLS in said
    assert CACHE not in said


def test_a_retrieval_that_costs_more_blames_its_quotes() -> None:
    quoting = {"retrieval_window": 1000, "retrieval_k": 50, "max_messages_per_user": 50}
    said = finding("retrieval", {**quoting, "retrieval_window": 60}, days=10, conversation=Conversation(sitting=10))
    assert "more. " in said
    assert QUOTES in said
    assert CACHE not in said


def test_without_a_cheaper_cached_price_the_cache_is_not_blamed() -> None:
    often = {"max_messages_per_user": 50, "summarize_after_messages": 2}
    price = own(Decimal("0.3"), None, Decimal("2.5"))
    assert "prompt cache" not in finding("summary", often, prompts_per_day=5, days=1, rates=price)


def test_a_prompt_is_compared_with_the_first_and_a_mean_is_called_one() -> None:
    values = np.array([0.001, 0.002, 0.003])
    full = Scenario(rates=flash(), policy=MemoryPolicy(strategy="full"))
    assert prompt_finding(values, values, full, 1, context=False) == (
        "A person's prompt 3 costs $0.0030 with the full history; the first costs $0.0010."
    )
    assert prompt_finding(values, values, full, 2, context=False).startswith(
        "One of a person's prompts 2 to 3 costs on average $0.0030 with"
    )
    sent = prompt_finding(1e6 * values, values, full, 1, context=True)
    assert sent == "A person's prompt 3 is sent with 3,000 tokens with the full history; the first is sent with 1,000 tokens."
