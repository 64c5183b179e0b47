"""Planning a context by number alone, and what a policy may hold. What holds for every strategy is in test_contract.py."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agent.memory.context import Overhead, plan
from agent.memory.history import History
from agent.memory.policy import MemoryPolicy
from agent.memory.wire import quoted_line
from tests.agent.memory.builders import OVERHEADS, WINDOWS, Said, exchanges, histories, kept, tails, talk


@given(tails(), st.integers(1, 60))
def test_the_cap_is_not_wasted(history: list[Said], cap: int) -> None:
    """The question is one message, so even one exchange that is longer than the cap is no reason to break it."""
    planned = plan(history, MemoryPolicy(max_messages_per_user=cap))
    if len(planned.sent) < len(history):
        one_more = next(group for group in reversed(exchanges(history)) if group[-1].id < planned.sent[0])
        assert len(planned.sent) + len(one_more) > cap or one_more[0].role != "user"


@given(histories(), OVERHEADS, WINDOWS)
def test_full_is_everything_that_fits(history: list[Said], overhead: Overhead, window: int | None) -> None:
    planned = plan(history, MemoryPolicy(strategy="full"), overhead=overhead, model_window=window)
    everything = sum(said.tokens for said in history) + overhead.system + overhead.tools
    if window is None or everything <= window:
        assert planned.sent == tuple(said.id for said in history)


@given(tails(), st.integers(1, 60), OVERHEADS, st.integers(1, 20_000))
def test_the_budget_is_not_wasted(history: list[Said], cap: int, overhead: Overhead, window: int) -> None:
    policy = MemoryPolicy(max_messages_per_user=cap)
    planned, free = plan(history, policy, overhead=overhead, model_window=window), plan(history, policy, overhead=overhead)
    if planned.sent != free.sent:
        before = next(group for group in reversed(exchanges(history)) if group[-1].id < planned.sent[0])
        assert planned.total + sum(said.tokens for said in before) > window


@given(tails(), st.integers(1, 60), OVERHEADS, WINDOWS)
def test_planning_what_is_sent_sends_it_all(history: list[Said], cap: int, overhead: Overhead, window: int | None) -> None:
    policy = MemoryPolicy(max_messages_per_user=cap)
    planned = plan(history, policy, overhead=overhead, model_window=window)
    again = plan(kept(history, planned), policy, overhead=overhead, model_window=window)
    assert (again.sent, again.total) == (planned.sent, planned.total)


@given(histories(), st.integers(1, 40), st.integers(0, 40))
def test_a_larger_cap_sends_no_less(history: list[Said], cap: int, more: int) -> None:
    small, large = (plan(history, MemoryPolicy(max_messages_per_user=each)) for each in (cap, cap + more))
    assert set(small.sent) <= set(large.sent)


def test_the_courses_cap_of_thirty_sends_thirty_of_a_long_chat() -> None:
    assert plan(talk(101), MemoryPolicy()).sent == tuple(range(72, 101))
    assert plan(talk(101), MemoryPolicy(max_messages_per_user=29)).sent == tuple(range(72, 101))
    assert plan(talk(101), MemoryPolicy(max_messages_per_user=1)).sent == (100,)


def test_an_exchange_that_is_as_long_as_the_cap_allows_is_sent_whole() -> None:
    roles = ["user", *["assistant", "tool"] * 5, "assistant", "user"]
    history = [Said(place, role, 1) for place, role in enumerate(roles)]
    assert plan(history, MemoryPolicy(max_messages_per_user=12)).sent == (12,)
    assert plan(history, MemoryPolicy(max_messages_per_user=13)).sent == tuple(range(13))


@given(tails(), st.integers(-5, 80))
def test_the_first_user_message_from_a_place_is_found(history: list[Said], start: int) -> None:
    place = History(history).first_user_from(start, len(history))
    assert history[place].role == "user"
    users = [n for n, said in enumerate(history) if said.role == "user"]
    assert place == next((n for n in users if n >= start), users[-1])


def test_messages_that_were_not_read_weigh_alike() -> None:
    chat = History(talk(4), before=6, tokens_before=600)
    assert [chat.weight(start, 10) for start in (0, 3, 6, 8)] == [640, 340, 40, 20]
    assert chat.weight(2, 4) == 200


@pytest.mark.parametrize(
    "wrong",
    [{"strategy": "none"}, {"max_messages_per_user": 0}, {"max_messages_per_user": 10_001}, {"summarize_after_messages": 1}, {"other": 1}],
)
def test_a_policy_outside_its_bounds_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        MemoryPolicy.model_validate(wrong)


def test_a_policy_is_the_courses_by_default_and_survives_storing() -> None:
    policy = MemoryPolicy()
    assert (policy.strategy, policy.max_messages_per_user, policy.summarize_after_messages, policy.max_summary_chars) == (
        "window",
        30,
        18,
        1200,
    )
    assert MemoryPolicy.model_validate_json(policy.model_dump_json()) == policy


def test_a_quote_is_cut_at_a_word_where_there_are_words() -> None:
    day = date(2026, 11, 18)
    assert quoted_line(day, "user", "two  eggs\nand toast") == "[2026-11-18] user: two eggs and toast"
    assert quoted_line(day, "user", "eggs " * 200) == "[2026-11-18] user: " + ("eggs " * 119 + "eggs") + " …"
    assert quoted_line(day, "user", "卵 " + "卵" * 700) == "[2026-11-18] user: 卵 " + "卵" * 598 + " …"
