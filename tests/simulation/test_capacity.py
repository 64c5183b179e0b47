"""The queue by formula: Erlang C against the exact sum, the special cases that textbooks give, and what a load asks of the limits."""

import math
import time
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from agent.memory.policy import MemoryPolicy
from simulation.capacity import (
    QUICK_S,
    Pace,
    Quota,
    Service,
    Turn,
    burst_waits,
    capacity,
    day_load,
    least_quick,
    lesson_load,
    pace,
    turn_of,
)
from simulation.erlang import Queue, erlang_c, least_stable, queue, queues
from simulation.exact import exact
from simulation.rates import own
from simulation.scenario import Conversation, Reset, Scenario

RATES = own(Decimal("0.3"), Decimal("0.03"), Decimal("2.5"))
PLAIN = Turn(requests=1, tokens_in=1_000, tokens_read=1_000, call_tokens=0, reply_tokens=300)
few_workers = st.integers(1, 12)
shares = st.floats(0.01, 0.97)
seconds = st.floats(0.1, 100)


def exact_erlang_c(workers: int, offered: Fraction) -> Fraction:
    """Erlang's formula as it is printed, in whole fractions."""
    last = offered**workers / math.factorial(workers) / (1 - offered / workers)
    return last / (sum(offered**each / math.factorial(each) for each in range(workers)) + last)


def some_queue(workers: int, busy: float, turn_s: float = 4.0) -> Queue:
    """A queue whose workers are busy for this share of the time."""
    found = queue(busy * workers / turn_s, turn_s, workers)
    assert found is not None
    return found


@given(few_workers, st.fractions(Fraction(1, 100), Fraction(99, 100), max_denominator=100))
def test_erlang_c_is_the_exact_sum(workers: int, busy: Fraction) -> None:
    offered = busy * workers
    assert erlang_c(workers, float(offered)) == pytest.approx(float(exact_erlang_c(workers, offered)), rel=1e-12)


@pytest.mark.parametrize(("workers", "offered"), [(100, 90), (1_000, 950), (2_000, 1_990)])
def test_erlang_c_keeps_its_digits_with_thousands_of_workers(workers: int, offered: int) -> None:
    """Against the exact sum again, whose fractions have thousands of digits here."""
    assert erlang_c(workers, float(offered)) == pytest.approx(float(exact_erlang_c(workers, Fraction(offered))), rel=1e-10)


def by_recursion(workers: int, offered: float) -> float:
    """Erlang C by the recursion for the loss formula, from no worker on."""
    inverse = 1.0
    for each in range(1, workers + 1):
        inverse = 1 + inverse * each / offered
    busy = offered / workers
    return 1 / (busy + (1 - busy) * inverse)


@pytest.mark.parametrize(("workers", "offered"), [(1, 1e-9), (40, 0.7), (10_000, 9_900.5), (100_100, 1e5), (1_000_700, 1e6)])
def test_erlang_c_is_what_its_recursion_gives(workers: int, offered: float) -> None:
    assert erlang_c(workers, offered) == pytest.approx(by_recursion(workers, offered), rel=1e-9)


@given(st.floats(-300, 25), st.floats(0, 2.9), seconds)
def test_every_load_is_answered_at_once_however_large(tens: float, first_s: float, turn_s: float) -> None:
    """Walking from worker to worker would take a day with the largest of these."""
    turns_per_s, speed = 10**tens, Pace(min(first_s, turn_s), turn_s)
    begin = time.process_time()
    least = least_quick(turns_per_s, speed)
    assert time.process_time() - begin < 0.5
    assert least is not None
    found = queue(turns_per_s, turn_s, least)
    assert found is not None
    assert found.wait_s(0.95) + speed.first_s <= QUICK_S
    assert 0 <= found.waits <= 1


def test_textbook_value() -> None:
    """Two Erlangs on three workers: 4/9."""
    assert erlang_c(3, 2.0) == pytest.approx(4 / 9)


@given(shares)
def test_one_worker_is_the_queue_m_m_1(busy: float) -> None:
    found = some_queue(1, busy)
    mu, arriving = 1 / 4.0, busy / 4.0
    assert found.waits == pytest.approx(busy)
    assert found.mean_wait_s == pytest.approx(busy / (mu - arriving))
    assert found.mean_response_s == pytest.approx(1 / (mu - arriving))
    assert found.queued == pytest.approx(busy**2 / (1 - busy))
    assert found.response_s(0.95) == pytest.approx(math.log(20) / (mu - arriving), rel=1e-9)


@given(shares)
def test_two_workers_have_a_formula_of_their_own(busy: float) -> None:
    assert erlang_c(2, 2 * busy) == pytest.approx(2 * busy**2 / (1 + busy))


@given(st.integers(1, 100), st.floats(0.05, 0.999))
def test_more_workers_wait_less_and_more_load_waits_more(workers: int, busy: float) -> None:
    here, more, less = some_queue(workers, busy), queue(busy * workers / 4, 4.0, workers + 1), some_queue(workers, busy * 0.9)
    assert more is not None
    for share in (0.5, 0.95):
        assert more.wait_s(share) <= here.wait_s(share)
        assert less.wait_s(share) <= here.wait_s(share)
    assert 0 < more.waits < here.waits <= 1
    assert less.waits < here.waits
    assert less.mean_wait_s < here.mean_wait_s > more.mean_wait_s


def test_without_a_load_nobody_waits_and_too_much_makes_everybody_wait() -> None:
    assert erlang_c(3, 0.0) == 0.0
    assert erlang_c(3, 3.0) == 1.0
    assert queue(1.0, 4.0, 4) is None
    assert queue(1.0, 4.0, 5) is not None


@given(st.floats(0.001, 1e7))
def test_the_least_stable_number_is_the_least(offered: float) -> None:
    least = least_stable(offered, 1.0)
    assert queues(offered, 1.0, [least])[0] is not None
    assert least == 1 or queues(offered, 1.0, [least - 1])[0] is None


@given(few_workers, shares, st.floats(0.5, 0.999))
def test_the_wait_has_its_tail(workers: int, busy: float, share: float) -> None:
    found = some_queue(workers, busy)
    wait = found.wait_s(share)
    if wait == 0:
        assert found.waits <= 1 - share
    else:
        assert found.waits * math.exp(-found.spare * wait) == pytest.approx(1 - share, rel=1e-9)


@given(st.integers(2, 12), shares, st.floats(0, 8))
@example(2, 0.5, 3.0)
@example(4, 0.75, 3.0)
def test_the_responses_tail_is_the_sum_of_wait_and_service(workers: int, busy: float, means: float) -> None:
    """The closed form against the integral over how long the service takes. The examples are the case of two equal rates."""
    found = some_queue(workers, busy)
    at = means * found.turn_s
    served = np.linspace(0, at, 20_001)
    late = np.exp(-served / found.turn_s) / found.turn_s * found.waits * np.exp(-found.spare * (at - served))
    assert found.slower(at) == pytest.approx(math.exp(-means) + np.trapezoid(late, served), abs=1e-6)


def test_equal_rates_are_no_cliff() -> None:
    """With (c - 1) mu arriving, wait and service are alike, and the formula would divide by nothing."""
    at, beside = some_queue(5, 0.8), some_queue(5, 0.8 + 1e-9)
    assert at.spare == pytest.approx(1 / at.turn_s)
    assert at.slower(10.0) == pytest.approx(math.exp(-2.5) * (1 + at.waits * 2.5))
    assert at.slower(10.0) == pytest.approx(beside.slower(10.0), rel=1e-7)


@given(few_workers, shares, st.floats(0.05, 0.999))
def test_a_quantile_of_the_response_is_where_its_tail_says(workers: int, busy: float, share: float) -> None:
    found = some_queue(workers, busy)
    assert found.slower(found.response_s(share)) == pytest.approx(1 - share, rel=1e-6)
    assert found.slower(0.0) == 1.0


@given(st.floats(0.01, 50), seconds, st.floats(0, 2.9))
def test_the_least_quick_number_is_the_least(turns_per_s: float, turn_s: float, first_s: float) -> None:
    speed = Pace(min(first_s, turn_s), turn_s)
    least = least_quick(turns_per_s, speed)
    assert least is not None
    found, fewer = queues(turns_per_s, turn_s, [least, least - 1])
    assert found is not None
    assert found.wait_s(0.95) + speed.first_s <= QUICK_S
    assert fewer is None or fewer.wait_s(0.95) + speed.first_s > QUICK_S


def test_no_number_of_workers_makes_a_slow_model_quick() -> None:
    assert least_quick(0.1, Pace(3.1, 5.0)) is None


def test_a_turns_pace_by_hand() -> None:
    turn = Turn(requests=3, tokens_in=12_000, tokens_read=10_000, call_tokens=60, reply_tokens=300)
    speed = pace(turn, Service(first_token_s=0.5, tokens_per_s=100, read_tokens_per_s=20_000, tool_s=0.25))
    assert speed.first_s == pytest.approx(3 * 0.5 + 0.5 + 0.6 + 2 * 0.25)
    assert speed.turn_s == pytest.approx(speed.first_s + 3)


@given(st.floats(0, 1e6), st.floats(1, 1e6))
def test_a_longer_context_takes_longer(read: float, more: float) -> None:
    short, long = (pace(Turn(1, each, each, 0, 300), Service()) for each in (read, read + more))
    assert short.first_s < long.first_s
    assert short.turn_s < long.turn_s


def test_the_turn_of_a_scenario_is_its_last_days() -> None:
    """The mean of the last day, against the replay message by message."""
    talk = Conversation(tool_rounds=1, prompt_tokens=50, reply_tokens=80)
    scenario = Scenario(rates=RATES, days=3, prompts_per_day=6, conversation=talk, policy=MemoryPolicy(max_messages_per_user=20))
    turn, calls = turn_of(scenario), [call for each in exact(scenario, 18)[-6:] for call in each.calls]
    assert turn.requests == len(calls) / 6
    assert turn.tokens_in == pytest.approx(sum(call.tokens_in for call in calls) / 6)
    assert turn.tokens_read == pytest.approx(sum(call.tokens_in - call.tokens_cached for call in calls) / 6)
    assert (turn.call_tokens, turn.reply_tokens) == (30, 80)


@pytest.mark.parametrize("reset", ["never", "daily"])
@pytest.mark.parametrize("tool_rounds", [0, 1, 2])
def test_summary_calls_are_requests_that_nobody_waits_for(tool_rounds: int, reset: Reset) -> None:
    """Against the replay message by message: its calls after the reply are counted, and what they read is not waited for."""
    talk = Conversation(tool_rounds=tool_rounds, prompt_tokens=50, reply_tokens=80)
    policy = MemoryPolicy(strategy="summary", max_messages_per_user=10, summarize_after_messages=6)
    scenario = Scenario(rates=RATES, days=3, prompts_per_day=12, conversation=talk, policy=policy, reset=reset)
    replayed = exact(scenario, 12 if reset == "daily" else 36)[-12:]
    calls = [call for each in replayed for call in each.calls[: 1 + tool_rounds]]
    written = [call for each in replayed for call in each.calls[1 + tool_rounds :]]
    turn = turn_of(scenario)
    assert len(written) > 0
    assert turn.summaries == len(written) / 12
    assert turn.requests == pytest.approx((len(calls) + len(written)) / 12)
    assert turn.tokens_in == pytest.approx(sum(call.tokens_in for call in [*calls, *written]) / 12)
    assert turn.tokens_read == pytest.approx(sum(call.tokens_in - call.tokens_cached for call in calls) / 12)


def test_a_summary_takes_from_the_quota_and_not_from_the_time() -> None:
    alone = Turn(requests=2, tokens_in=9_000, tokens_read=3_000, call_tokens=30, reply_tokens=300)
    written = replace(alone, requests=2.5, tokens_in=11_000, summaries=0.5)
    assert pace(written, Service()) == pace(alone, Service())
    quota = Quota(requests_per_minute=100, tokens_per_minute=1_000_000)
    plain, more = (capacity(0.1, each, Service(), 4, quota) for each in (alone, written))
    assert [each.requests_per_minute for each in (plain, more)] == pytest.approx([12, 15])
    assert [each.tokens_per_minute for each in (plain, more)] == pytest.approx([54_000, 66_000])
    assert more.in_flight == plain.in_flight


def test_a_smaller_cap_asks_for_fewer_tokens() -> None:
    small, large = (turn_of(Scenario(rates=RATES, policy=MemoryPolicy(max_messages_per_user=cap))) for cap in (10, 50))
    assert small.tokens_in < large.tokens_in


def test_loads_by_hand() -> None:
    many = Scenario(rates=RATES, users=10_000, prompts_per_day=8.64)
    assert day_load(many) == pytest.approx(3.0)
    assert day_load(many, peak=1) == pytest.approx(1.0)
    assert lesson_load(Scenario(rates=RATES, users=60, prompts_per_day=6)) == pytest.approx(0.1)


def test_a_class_that_grows_is_counted_on_its_last_day() -> None:
    grown = Scenario(rates=RATES, users=100, days=31, growth=1.0)
    assert lesson_load(grown) == pytest.approx(2 * lesson_load(Scenario(rates=RATES, users=100)))


def test_what_a_load_asks_for() -> None:
    turn = Turn(requests=2, tokens_in=5_000, tokens_read=0, call_tokens=0, reply_tokens=400)
    found = capacity(0.5, turn, Service(first_token_s=0.5, tokens_per_s=100, tool_s=0), 4, Quota(tokens_per_minute=200_000))
    assert found.in_flight == pytest.approx(0.5 * 5.0)
    assert found.utilisation == pytest.approx(2.5 / 4)
    assert found.requests_per_minute == pytest.approx(60)
    assert found.tokens_per_minute == pytest.approx(150_000)
    assert [each.name for each in found.limits] == ["workers", "tokens"]
    assert [each.used for each in found.limits] == pytest.approx([0.625, 0.75])
    assert [each.most_per_minute for each in found.limits] == pytest.approx([48, 40])
    assert found.binding.name == "tokens"
    assert found.growth_per_minute is None
    assert found.first_word_s(0.95) == pytest.approx(some_queue(4, 0.625, 5.0).wait_s(0.95) + 1.0)


@pytest.mark.parametrize(
    ("workers", "quota", "binding", "growth"),
    [
        (8, Quota(), "workers", 60 - 48),
        (20, Quota(requests_per_minute=20), "requests", 40),
        (20, Quota(requests_per_minute=2_000, tokens_per_minute=30_000), "tokens", 30),
        (5, Quota(requests_per_minute=20, tokens_per_minute=30_000), "requests", 40),
    ],
)
def test_more_than_a_limit_lets_through_makes_the_queue_grow(workers: int, quota: Quota, binding: str, growth: float) -> None:
    turn = Turn(requests=1, tokens_in=1_000, tokens_read=0, call_tokens=0, reply_tokens=950)
    found = capacity(1.0, turn, Service(first_token_s=0.5, tokens_per_s=100), workers, quota)
    assert found.queue is None
    assert found.first_word_s(0.95) is None
    assert found.binding.name == binding
    assert found.growth_per_minute == pytest.approx(growth)


@given(st.floats(0.001, 100), st.integers(1, 2_000))
def test_the_queue_grows_or_has_a_wait_and_never_both(turns_per_s: float, workers: int) -> None:
    found = capacity(turns_per_s, PLAIN, Service(), workers, Quota(requests_per_minute=1_000))
    assume(abs(found.binding.used - 1) > 1e-9)
    assert (found.queue is None) == (found.growth_per_minute is not None) == (found.binding.used > 1)
    assert found.growth_per_minute is None or found.growth_per_minute > 0


def test_bad_figures_are_refused() -> None:
    for field, value in {"first_token_s": 0, "tokens_per_s": -1, "read_tokens_per_s": 0, "tool_s": 61}.items():
        with pytest.raises(ValidationError, match=field):
            Service.model_validate({field: value})
    with pytest.raises(ValidationError):
        Quota(requests_per_minute=0)
    with pytest.raises(ValueError, match="a worker"):
        capacity(1.0, PLAIN, Service(), 0)
    with pytest.raises(ValueError, match="some turns"):
        capacity(0.0, PLAIN, Service(), 1)


def test_a_burst_by_hand() -> None:
    """Six people at once, two workers, 10 s a reply: the first two at once, then one every 5 s."""
    waits = burst_waits(6, 0.0, PLAIN, Pace(1.0, 10.0), 2)
    assert waits.tolist() == [0, 0, 5, 10, 15, 20]


def test_a_burst_beyond_the_quota_waits_for_it_to_refill() -> None:
    waits = burst_waits(5, 0.0, PLAIN, Pace(1.0, 10.0), 100, Quota(requests_per_minute=3))
    assert waits.tolist() == [0, 0, 0, 20, 40]
    by_tokens = burst_waits(5, 0.0, PLAIN, Pace(1.0, 10.0), 100, Quota(tokens_per_minute=3_000))
    assert by_tokens.tolist() == waits.tolist()
