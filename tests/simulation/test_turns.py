"""A simulated chat is the replayed chat: every turn's tokens to the token, its price to the nano-dollar, under every rule that can bite."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.memory.policy import STRATEGIES, MemoryPolicy, Strategy
from agent.memory.replay import TurnReplay
from simulation.curves import is_cold, turns_of
from simulation.exact import exact
from simulation.folding import folds
from simulation.scenario import Conversation, Scenario
from simulation.turns import Turns, chat_turns
from tests.simulation.scenarios import TIERED, flash, scenarios


def simulated(scenario: Scenario, turns: int) -> Turns:
    return chat_turns(scenario.conversation, scenario.policy, scenario.rates, scenario.cache, turns, model_window=scenario.model_window)


def assert_alike(scenario: Scenario, found: Turns, replayed: list[TurnReplay]) -> None:
    cold = is_cold(round(scenario.prompts_per_day), scenario.conversation, scenario.cache, len(replayed))
    np.testing.assert_array_equal(found.tokens_in, [turn.tokens_in for turn in replayed])
    np.testing.assert_array_equal(np.where(cold, found.cold_cached, found.tokens_cached), [turn.tokens_cached for turn in replayed])
    np.testing.assert_array_equal(found.tokens_out, [turn.tokens_out for turn in replayed])
    np.testing.assert_array_equal(found.context, [turn.calls[0].tokens_in for turn in replayed])
    np.testing.assert_array_equal(found.messages, [turn.sent for turn in replayed])
    costs = np.array([float(turn.cost or 0) for turn in replayed])
    nano = 1e-9 * np.array([len(turn.calls) for turn in replayed])
    assert (np.abs(np.where(cold, found.cold_dollars, found.dollars) - costs) <= nano).all()


@settings(deadline=None, max_examples=300)
@given(scenarios, st.integers(0, 90))
def test_equal_to_the_replay_turn_by_turn(scenario: Scenario, turns: int) -> None:
    assert_alike(scenario, simulated(scenario, turns), exact(scenario, turns))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_equal_to_the_replay_over_a_long_chat(strategy: Strategy) -> None:
    policy = MemoryPolicy(strategy=strategy)
    scenario = Scenario(rates=flash(), policy=policy, conversation=Conversation(tool_rounds=0.6), prompts_per_day=20, model_window=60_000)
    assert_alike(scenario, simulated(scenario, 1500), exact(scenario, 1500))


@settings(deadline=None, max_examples=100)
@given(scenarios, st.lists(st.floats(0.05, 20), min_size=1, max_size=4))
def test_several_people_at_once_are_each_of_them_alone(scenario: Scenario, scales: list[float]) -> None:
    rate = round(scenario.prompts_per_day)
    together = turns_of(scenario, scenario.policy.strategy, rate, scale=np.array(scales))
    for number, scale in enumerate(scales):
        alone = turns_of(scenario, scenario.policy.strategy, rate, scale=scale)
        for field in dataclasses.fields(Turns):
            np.testing.assert_allclose(getattr(together, field.name)[number], getattr(alone, field.name), rtol=1e-9, atol=1e-9)


@given(st.integers(0, 5), st.integers(1, 400), st.integers(2, 200), st.integers(1, 200))
def test_the_summarys_rhythm_repeats_as_if_it_were_followed_to_the_end(rounds: int, turns: int, after: int, cap: int) -> None:
    policy = MemoryPolicy(strategy="summary", summarize_after_messages=after, max_messages_per_user=cap)
    quick = folds(float(rounds), turns, policy)
    walked = folds(rounds + 1e-12, turns, policy)
    for field in dataclasses.fields(quick):
        np.testing.assert_array_equal(getattr(quick, field.name), getattr(walked, field.name))


def test_a_tier_holds_for_the_whole_call() -> None:
    talk = Conversation(prompt_tokens=2000, reply_tokens=2000, system_tokens=0, schema_tokens=0)
    turns = chat_turns(talk, MemoryPolicy(strategy="full"), TIERED, None, 3)
    np.testing.assert_array_equal(turns.tokens_in, [2004, 6012, 10020])
    np.testing.assert_allclose(turns.dollars, [2004e-6 + 0.016, 6012 * 2e-6 + 0.024, 10020 * 2e-6 + 0.024])
