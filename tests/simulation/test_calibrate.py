"""Calibration finds the parameters that made a class's turns, keeps to what a scenario may hold, and predicts those turns again."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.memory.policy import STRATEGIES, MemoryPolicy, Strategy
from agent.memory.promptcache import CacheRules
from simulation.calibrate import Calibration, calibrate
from simulation.measured import Terms, TurnTaken
from simulation.prediction import Compared, predict
from simulation.scenario import Conversation, Scenario
from tests.simulation.classes import MODEL, START, flash, lived, taken, terms

DAY = 86_400.0
BASE = Conversation()
RULES = CacheRules()
ODD = Conversation(
    prompt_tokens=81,
    reply_tokens=143,
    system_tokens=211,
    schema_tokens=614,
    tool_rounds=0.5,
    call_tokens=23,
    result_tokens=37,
    sitting=4,
    pause_s=45,
)


def of(turns: Sequence[TurnTaken], cache: CacheRules | None = RULES) -> Calibration:
    found = calibrate(turns, cache, schema_tokens=614)
    assert found is not None
    return found


def scenario(strategy: Strategy = "window", talk: Conversation = ODD, **fields: object) -> Scenario:
    policy = MemoryPolicy(strategy=strategy, max_messages_per_user=14)
    return Scenario.model_validate({"rates": flash(), "conversation": talk, "policy": policy, "prompts_per_day": 8} | fields)


def test_of_nothing_nothing_is_known() -> None:
    assert calibrate([], CacheRules()) is None


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("rounds", [0.0, 0.5, 1.0, 2.0])
def test_what_made_the_turns_is_found_again(strategy: Strategy, rounds: float) -> None:
    made = scenario(strategy, ODD.model_copy(update={"tool_rounds": rounds}))
    turns = lived(made, 40, people=3)
    found = of(turns)
    wanted = made.conversation if rounds else made.conversation.model_copy(update={"call_tokens": 30, "result_tokens": 40})
    assert found.conversation(BASE) == wanted
    assert (found.policy, found.policies, found.under_policy) == (made.policy, 1, 120)
    assert (found.turns, found.failed, found.estimated, found.model) == (120, 0, 0, MODEL)
    assert found.figures["users"].value == 3
    assert found.unsaid_share == 0
    assert found.cached_share == pytest.approx(sum(turn.tokens_cached for turn in turns) / sum(turn.tokens_in for turn in turns))


@pytest.mark.parametrize("cache", [CacheRules(), CacheRules(100, 300), None], ids=["a cache", "a greedy cache", "no cache"])
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_turns_that_are_all_average_are_predicted_exactly(strategy: Strategy, cache: CacheRules | None) -> None:
    made = scenario(strategy, cache=cache)
    turns = lived(made, 60, people=2)
    found = predict(turns, of(turns, cache), BASE, terms(made))
    assert found.tokens is not None
    assert found.dollars is not None
    assert (found.reached, found.priced) == (120, 120)
    for compared in (found.tokens, found.dollars):
        assert compared.error == pytest.approx(0, abs=1e-4)
        assert compared.along == pytest.approx(0, abs=1e-4)
    assert found.tokens.measured[-1] == sum(turn.tokens_in + turn.tokens_out for turn in turns)
    assert found.dollars.measured[-1] == pytest.approx(sum(turn.dollars or 0 for turn in turns))
    assert list(found.tokens.at) == sorted(turn.at for turn in turns)


def test_a_prediction_under_another_policy_is_far_off() -> None:
    """So that the tests above could fail."""
    made = scenario("window")
    turns = lived(made, 60)
    other = [turn._replace(policy=made.policy.with_strategy("full")) for turn in turns]
    found = predict(other, of(turns), BASE, terms(made)).tokens
    assert found is not None
    assert found.error is not None
    assert found.error > 100


def test_turns_under_several_policies_are_each_predicted_under_their_own() -> None:
    full, window = scenario("full"), scenario("window")
    turns = lived(window, 30) + [turn._replace(chat=7, person=7) for turn in lived(full, 20)]
    calibration = of(turns)
    assert (calibration.policy, calibration.policies, calibration.under_policy) == (window.policy, 2, 30)
    found = predict(turns, calibration, BASE, terms(window)).tokens
    assert found is not None
    assert found.error == pytest.approx(0, abs=1e-4)


def test_a_pause_is_predicted_to_cost_more() -> None:
    made = scenario("full", ODD.model_copy(update={"sitting": 8}))
    turns = lived(made, 30)
    cold = [turn._replace(gap_s=None if turn.gap_s is None else 1e6) for turn in turns]
    warm, late = (predict(each, of(turns), BASE, terms(made)).dollars for each in (turns, cold))
    assert warm is not None
    assert late is not None
    assert late.predicted[-1] > 1.5 * warm.predicted[-1]
    assert late.measured[-1] == warm.measured[-1]


# Habits


def test_prompts_a_day_are_counted_over_active_days_only() -> None:
    days = [0, 0, 0, 1, 10]
    turns = [taken(number=place + 1, at=START + day * DAY) for place, day in enumerate(days)]
    turns += [taken(person=1, chat=1, at=START + DAY)]
    found = of(turns).figures
    assert (found["prompts_per_day"].measured, found["prompts_per_day"].of) == (6 / 4, 4)
    assert (found["users"].value, found["days"].value) == (2, 2)


@pytest.mark.parametrize(("offset_h", "days"), [(0, 1), (14, 2), (-10, 2)])
def test_a_day_is_a_day_where_the_viewer_is(offset_h: int, days: int) -> None:
    """Half past eight and noon in UTC: in the evening and after midnight far in the east, likewise in the west."""
    found = calibrate([taken(at=START - 1800), taken(number=2, at=START + 3 * 3600)], None, utc_offset_s=offset_h * 3600)
    assert found is not None
    assert found.figures["days"].value == days
    assert found.figures["prompts_per_day"].value == 2 / days


def test_chats_that_go_on_and_chats_that_begin_anew_each_day_are_told_apart() -> None:
    def turn(chat: int, number: int, day: int) -> TurnTaken:
        return taken(chat=chat, number=number, at=START + day * DAY)

    assert of([turn(0, 1, 0), turn(0, 2, 0), turn(1, 1, 0)]).reset is None
    assert of([turn(0, 1, 0), turn(0, 2, 1), turn(0, 3, 2), turn(1, 1, 2)]).reset == "never"
    assert of([turn(0, 1, 0), turn(1, 1, 1), turn(1, 2, 1), turn(0, 2, 2)]).reset == "daily"
    assert of([turn(0, 5, 0), turn(0, 6, 1)]).reset == "never"


def test_a_sitting_ends_with_a_pause_that_the_cache_does_not_outlive() -> None:
    gaps = [None, 10.0, 299.0, 300.0, 20.0, 86_400.0]
    turns = [taken(number=number, gap_s=gap) for number, gap in enumerate(gaps, 1)]
    found = of(turns).figures
    assert (found["sitting"].measured, found["sitting"].of) == (2, 3)
    assert (found["pause_s"].measured, found["pause_s"].of) == (20, 3)
    assert of(turns, CacheRules(1024, 15)).figures["sitting"].value == round(6 / 5)


# What was said


def test_stored_messages_are_four_tokens_heavier_than_billed() -> None:
    turns = [taken(asked=54, replied=104), taken(asked=64, replied=304, called=30, results=50, rounds=1, answers=1)]
    found = of(turns).conversation(BASE)
    assert (found.prompt_tokens, found.reply_tokens, found.tool_rounds) == (55, 200, 0.5)
    assert (found.call_tokens, found.result_tokens) == (26, 46)


def test_what_failed_says_nothing_of_replies_and_all_of_prompts() -> None:
    turns = [taken(), taken(number=2, asked=160, failed=True, replied=0, replies=0, tokens_in=0, answer_in=0)]
    found = of(turns)
    assert (found.failed, found.figures["reply_tokens"].of, found.figures["prompt_tokens"].of) == (1, 1, 2)
    assert found.figures["reply_tokens"].value == 100
    assert found.figures["prompt_tokens"].value == 106


def test_where_nothing_is_known_the_base_stands() -> None:
    silent = [taken(failed=True, replied=0, replies=0, sent=None)]
    found = of(silent)
    for name in ("reply_tokens", "tool_rounds", "call_tokens", "result_tokens", "system_tokens", "schema_tokens", "pause_s"):
        assert (found.figures[name].measured, found.figures[name].value, found.figures[name].of) == (None, None, 0)
    base = Conversation(reply_tokens=77, system_tokens=9, pause_s=3)
    assert found.conversation(base) == base.model_copy(update={"prompt_tokens": 56, "sitting": 1})


def test_the_overhead_is_robust_against_odd_turns() -> None:
    turns = lived(scenario(), 20)
    turns[3] = turns[3]._replace(answer_in=10**6)
    turns[5] = turns[5]._replace(answer_calls=9)
    turns[7] = turns[7]._replace(sent=5)  # whole turns were never cut like this
    turns[9] = turns[9]._replace(quoted=2, answer_in=5_000)
    found = of(turns).figures
    assert (found["system_tokens"].value, found["schema_tokens"].value) == (211, 614)
    assert found["system_tokens"].of < 20


def test_the_overhead_is_not_solved_across_a_turn_that_is_not_here() -> None:
    turns = [turn for turn in lived(scenario("full"), 12) if turn.number not in (1, 5)]
    assert of(turns).figures["system_tokens"].of == 0
    assert of(turns).figures["system_tokens"].value is None


def test_summaries_and_quotes_are_taken_as_they_came_out() -> None:
    policy = MemoryPolicy(strategy="summary", max_summary_chars=1200)
    summed = of([taken(policy=policy, summary_calls=2, summary_out=260)])
    assert summed.summary_chars == 520
    assert summed.lived(policy).max_summary_chars == 520
    assert summed.lived(policy.model_copy(update={"max_summary_chars": 300})).max_summary_chars == 300
    asked = MemoryPolicy(strategy="retrieval", retrieval_window=4, retrieval_k=10)
    quoted = of([taken(policy=asked, number=30, quoted=4), taken(policy=asked, number=31, quoted=2), taken(policy=asked)])
    assert quoted.quoted_share == 0.3
    assert quoted.lived(asked).retrieval_k == 3
    assert of([taken()]).lived(asked) == asked


def test_how_much_people_differ_is_measured_where_enough_is_known_of_them() -> None:
    def of_three(person: int, asked: int) -> list[TurnTaken]:
        return [taken(person=person, chat=person, number=number, asked=asked) for number in (1, 2, 3)]

    assert of(of_three(0, 96)).spread is None
    assert of([*of_three(0, 96), *of_three(1, 96)]).spread == 0
    assert of([*of_three(0, 96), *of_three(1, 496), taken(person=2, chat=2, asked=9_000)]).spread == 0.5
    assert of([taken(answer_in=900), taken(answer_in=1_100, number=2)]).call_in == 1_000


def test_so_many_people_days_and_prompts_are_as_many_turns_as_there_were() -> None:
    turns = [
        taken(person=person, chat=person, at=START + day * DAY) for person in range(4) for day in range(6) for _ in range(1 + person % 2)
    ]
    found = of(turns).figures
    assert (found["users"].value or 0) * (found["days"].value or 0) * (found["prompts_per_day"].value or 0) == len(turns)


def test_reasoning_is_told_from_what_was_said() -> None:
    turns = [taken(tokens_out=150), taken(number=2, tokens_out=100), taken(number=3, tokens_out=900, estimated=True)]
    assert of(turns).unsaid_share == 0.25


# Bounds and gaps


def test_what_a_scenario_may_not_hold_is_cut_and_said() -> None:
    long = taken(asked=50_004)
    figure = of([long]).figures["prompt_tokens"]
    assert (figure.measured, figure.value, figure.cut) == (50_000, 20_000, True)
    assert not of([taken()]).figures["prompt_tokens"].cut
    assert of([taken()._replace(asked=2)]).figures["prompt_tokens"].value == 1


TURNS = st.lists(
    st.builds(
        taken,
        person=st.integers(0, 3),
        chat=st.integers(0, 5),
        number=st.integers(1, 300),
        at=st.floats(0, 1e10),
        gap_s=st.one_of(st.none(), st.floats(0, 1e8)),
        failed=st.booleans(),
        policy=st.builds(MemoryPolicy, strategy=st.sampled_from(STRATEGIES), max_messages_per_user=st.integers(1, 50)),
        sent=st.one_of(st.none(), st.integers(0, 400)),
        quoted=st.integers(0, 20),
        asked=st.integers(0, 10**7),
        replied=st.integers(0, 10**7),
        replies=st.integers(0, 3),
        called=st.integers(0, 10**6),
        results=st.integers(0, 10**6),
        rounds=st.integers(0, 40),
        answers=st.integers(0, 40),
        answer_calls=st.integers(0, 8),
        answer_in=st.integers(0, 10**8),
        summary_calls=st.integers(0, 3),
        summary_out=st.integers(0, 10**6),
        tokens_in=st.integers(0, 10**8),
        tokens_out=st.integers(0, 10**7),
        dollars=st.one_of(st.none(), st.floats(0, 1e4)),
        estimated=st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(TURNS)
def test_whatever_was_measured_a_scenario_comes_of_it(turns: list[TurnTaken]) -> None:
    base = Scenario(rates=flash())
    calibration = of(turns)
    made = calibration.scenario(base, terms(base)[MODEL])
    assert Scenario.model_validate(dict(made)) == made
    for figure in calibration.figures.values():
        assert (figure.measured is None) == (figure.value is None)
    found = predict(turns, calibration, BASE, terms(base))
    assert found.reached == sum(turn.tokens_in > 0 for turn in turns)
    assert found.priced == sum(turn.tokens_in > 0 and turn.dollars is not None for turn in turns)
    assert (found.dollars is None) == (found.priced == 0)


def test_a_scenario_takes_the_models_terms_and_the_classs_habits() -> None:
    turns = lived(scenario("summary"), 16, people=2)
    calibration = of(turns)
    base = Scenario(rates=replace(flash(), name="other"), growth=0.5, reset="daily", cache=None)
    found = calibration.scenario(base, Terms(flash(), CacheRules(7, 8), 999))
    assert (found.rates.name, found.cache, found.model_window, found.growth) == ("gemini-2.5-flash", CacheRules(7, 8), 999, 0)
    assert (found.users, found.policy.strategy, found.conversation) == (2, "summary", ODD)
    unpriced = calibration.scenario(base, Terms(None, None))
    assert (unpriced.rates.name, unpriced.cache) == ("other", None)


# Errors of a prediction


def test_without_a_price_tokens_are_compared_and_dollars_are_not() -> None:
    made = scenario()
    turns = lived(made, 10)
    unpriced = [turn._replace(dollars=None) for turn in turns]
    found = predict(unpriced, of(unpriced), BASE, terms(made))
    assert (found.dollars, found.priced, found.reached) == (None, 0, 10)
    assert found.tokens is not None
    unknown = predict(turns, of(turns), BASE, {MODEL: Terms(None, made.cache)})
    assert (unknown.dollars, unknown.priced) == (None, 0)
    assert unknown.tokens is not None
    assert unknown.tokens.error == pytest.approx(0, abs=1e-4)


def test_a_turn_that_reached_no_model_is_in_neither_sum() -> None:
    made = scenario()
    turns = lived(made, 10)
    nothing = turns[-1]._replace(number=11, failed=True, tokens_in=0, tokens_out=0, dollars=0.0)
    found = predict([*turns, nothing], of(turns), BASE, terms(made))
    assert (found.reached, found.priced) == (10, 10)
    only = predict([nothing], of(turns), BASE, terms(made))
    assert (only.tokens, only.dollars, only.reached) == (None, None, 0)


def test_errors_are_signed_at_the_end_and_absolute_on_the_way() -> None:
    compared = Compared(np.arange(3.0), np.array([0.0, 10.0, 20.0]), np.array([5.0, 12.0, 17.0]))
    assert compared.error == pytest.approx(-15)
    assert compared.along == pytest.approx((20 + 15) / 2)
    free = Compared(np.arange(2.0), np.zeros(2), np.ones(2))
    assert (free.error, free.along) == (None, None)
