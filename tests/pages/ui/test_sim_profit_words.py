"""Why a larger cap can pay where a smaller one does not is said by what really makes it so."""

from decimal import Decimal

import pytest

from agent.memory.policy import STRATEGIES, Strategy
from agent.memory.promptcache import CacheRules
from pages.ui import sim_profit_words
from simulation.profit import Range
from simulation.rates import own
from simulation.scenario import Scenario

DISCOUNT = own(Decimal(1), Decimal("0.1"), Decimal(1))
PLAIN = own(Decimal(1), None, Decimal(1))


@pytest.mark.parametrize(
    ("split", "rates", "cache", "said"),
    [
        ("window", DISCOUNT, CacheRules(), "a window that moves breaks the prompt cache"),
        ("retrieval", DISCOUNT, CacheRules(), "quotes that change break the prompt cache"),
        ("summary", DISCOUNT, CacheRules(), "a small cap makes more calls of its own"),
        ("window", PLAIN, CacheRules(), "a small cap makes more calls of its own"),
        ("window", DISCOUNT, None, "a small cap makes more calls of its own"),
    ],
)
def test_why_a_larger_cap_pays(split: Strategy, rates: object, cache: CacheRules | None, said: str) -> None:
    scenario = Scenario.model_validate({"rates": rates, "cache": cache})
    ranges = {strategy: [Range(1, None)] if strategy != split else [Range(5, None)] for strategy in STRATEGIES}
    assert said in sim_profit_words.real_answer(scenario, ranges, 10.0)
