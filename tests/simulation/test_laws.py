"""What holds for every class: the laws of a capped window without a prompt cache, and the case in which a cache turns them round."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.memory.policy import MemoryPolicy
from agent.memory.promptcache import CacheRules
from simulation.curves import by_age, curve, turns_of
from simulation.exact import exact
from simulation.population import daily, draw
from simulation.rates import Rates, own
from simulation.scenario import Conversation, Scenario
from simulation.spread import Spread
from tests.simulation.scenarios import PLAIN, conversations, flash

INPUT_ONLY = own(PLAIN.tiers[0].plain, None, PLAIN.tiers[0].out * 0)
"""The lesson's way to count: what is sent costs, what is said does not."""


def window(cap: int) -> MemoryPolicy:
    return MemoryPolicy(strategy="window", max_messages_per_user=cap)


def bill(scenario: Scenario, policy: MemoryPolicy, **more: object) -> float:
    return curve(scenario.model_copy(update={"policy": policy, **more})).total


FULL = MemoryPolicy(strategy="full")
uncached = st.builds(
    Scenario,
    users=st.integers(1, 500),
    days=st.integers(1, 15),
    prompts_per_day=st.floats(0.5, 12),
    conversation=conversations,
    rates=st.just(PLAIN),
    cache=st.none(),
    growth=st.sampled_from([0.0, 0.5, -0.3]),
    reset=st.sampled_from(["never", "daily"]),
)


@settings(deadline=None)
@given(uncached, st.lists(st.integers(1, 400), min_size=2, max_size=6))
def test_without_a_cache_a_larger_cap_never_costs_less(scenario: Scenario, caps: list[int]) -> None:
    bills = [bill(scenario, window(cap)) for cap in sorted(caps)]
    assert all(less <= more * (1 + 1e-12) for less, more in pairwise(bills))
    assert bills[-1] <= bill(scenario, FULL) * (1 + 1e-12)


@settings(deadline=None)
@given(uncached, st.sampled_from([None, CacheRules()]), st.integers(0, 50))
def test_a_cap_longer_than_the_chat_is_the_full_history(scenario: Scenario, cache: CacheRules | None, more: int) -> None:
    scenario = scenario.model_copy(update={"cache": cache})
    prompts = math.ceil(scenario.prompts_per_day) * scenario.days
    longest = 2 * prompts * (1 + math.ceil(scenario.conversation.tool_rounds))
    assert bill(scenario, window(longest + more)) == pytest.approx(bill(scenario, FULL), rel=1e-12)


@settings(deadline=None)
@given(uncached, st.integers(1, 200), st.integers(2, 50))
def test_the_cost_is_in_proportion_to_the_people(scenario: Scenario, cap: int, times: int) -> None:
    assert bill(scenario, window(cap), users=times * scenario.users) == pytest.approx(times * bill(scenario, window(cap)))


@pytest.mark.parametrize("cap", [11, 51, 201])
def test_the_share_saved_tends_to_what_the_cap_leaves_out(cap: int) -> None:
    """After p prompts the share is 1 - 2 * cap / messages, with p prompts and their replies for messages: it knows no users."""
    talk = Conversation(system_tokens=0, schema_tokens=0)
    off = []
    for prompts in (2_000, 20_000):
        scenario = Scenario(users=7, days=1, conversation=talk, rates=INPUT_ONLY, cache=None)
        full, capped = (turns_of(scenario.model_copy(update={"policy": each}), each.strategy, prompts) for each in (FULL, window(cap)))
        saved = 1 - capped.dollars.sum() / full.dollars.sum()
        off.append(abs(saved - (1 - 2 * cap / (2 * prompts))))
    assert off[0] <= 2 * (cap / 2_000) ** 2 + 1 / 2_000
    assert off[1] <= off[0] / 8


def test_counted_as_the_lesson_counts_the_share_is_one_less_two_caps_by_prompts() -> None:
    """One message a prompt, each sent with all before it: 1 + 2 + ... without a cap, the cap at most with one."""
    for prompts, cap in ((1_000, 10), (10_000, 50)):
        full, capped = (np.minimum(most, np.arange(1, prompts + 1)).sum() for most in (prompts, cap))
        assert 1 - capped / full == pytest.approx(1 - 2 * cap / prompts, abs=(cap / prompts) ** 2 + 2 * cap / prompts**2)


def test_with_a_prompt_cache_a_small_cap_costs_more_than_the_full_history() -> None:
    """Twelve prompts, a minute apart: the full history comes from the cache but for its last two; a window of six begins anew."""
    talk = Conversation(prompt_tokens=300, reply_tokens=100, system_tokens=170, schema_tokens=614, sitting=50, pause_s=60)
    scenario = Scenario(users=1, days=1, prompts_per_day=12, conversation=talk, rates=flash())
    assert bill(scenario, window(6)) > 1.05 * bill(scenario, FULL)
    assert bill(scenario, window(6), cache=None) < 0.75 * bill(scenario, FULL, cache=None)
    replayed = [
        sum(float(turn.cost or 0) for turn in exact(scenario.model_copy(update={"policy": each}), 12)) for each in (window(6), FULL)
    ]
    assert replayed[0] == pytest.approx(bill(scenario, window(6)))
    assert replayed[1] == pytest.approx(bill(scenario, FULL))


@settings(deadline=None, max_examples=20)
@given(uncached, st.integers(1, 60), st.integers(0, 9))
def test_the_laws_hold_for_people_who_differ(scenario: Scenario, cap: int, seed: int) -> None:
    people = draw(scenario, Spread(rates=0.8, lengths=0.4), seed)
    less, more, full = (
        daily(scenario.model_copy(update={"policy": each}), people, [each.strategy])[each.strategy]
        for each in (window(cap), window(cap + 7), FULL)
    )
    assert (less <= more * (1 + 1e-9)).all()
    assert (more <= full * (1 + 1e-9)).all()


def test_longer_messages_cost_in_proportion_but_for_what_is_always_sent() -> None:
    """Without a threshold a cost is a straight line in the length of the messages."""
    scenario = Scenario(days=3, rates=PLAIN, cache=None)
    turns = turns_of(scenario, "window", 10, scale=np.array([0.5, 1.0, 2.0]))
    short, usual, long = by_age(turns.dollars, turns.cold_dollars, 10, scenario).sum(axis=-1)
    assert long - usual == pytest.approx(2 * (usual - short))


def test_half_price_in_a_batch_is_half_the_bill() -> None:
    plain = Rates(INPUT_ONLY.name, INPUT_ONLY.tiers)
    scenario = Scenario(rates=plain, cache=None)
    assert curve(scenario.model_copy(update={"rates": plain.in_batch()})).total == pytest.approx(curve(scenario).total / 2)
