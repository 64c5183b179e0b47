"""Planning a context: rules that hold for every history, policy and model."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agent.memory.context import ContextPlan, Overhead, plan
from agent.memory.history import History
from agent.memory.policy import MemoryPolicy, Strategy


@dataclass(frozen=True)
class Said:
    """A message as planning sees it."""

    id: int
    role: str
    tokens: int


EXCHANGES = st.sampled_from(
    [["user"], ["user", "assistant"], ["user", "assistant", "tool", "assistant"], ["user", *["assistant", "tool"] * 3]]
)
TOKENS = st.integers(0, 500)
STRATEGIES: list[Strategy] = ["full", "window"]


@st.composite
def histories(draw: st.DrawFn) -> list[Said]:
    """Whole exchanges, some without an answer, some with tools, then the new question."""
    roles = [role for exchange in draw(st.lists(EXCHANGES, max_size=25)) for role in exchange] + ["user"]
    first = draw(st.integers(1, 1000))
    return [Said(first + place * 2, role, draw(TOKENS)) for place, role in enumerate(roles)]


@st.composite
def tails(draw: st.DrawFn) -> list[Said]:
    """As a limited reading hands them over: possibly beginning in the middle of an exchange."""
    history = draw(histories())
    return history[draw(st.integers(0, len(history) - 1)) :]


POLICIES = st.builds(MemoryPolicy, strategy=st.sampled_from(STRATEGIES), max_messages_per_user=st.integers(1, 60))
OVERHEADS = st.builds(Overhead, st.integers(0, 2000), st.integers(0, 2000))
WINDOWS = st.none() | st.integers(1, 20_000)


def kept(history: list[Said], planned: ContextPlan) -> list[Said]:
    return [said for said in history if said.id in planned.sent]


def exchanges(history: list[Said]) -> list[list[Said]]:
    """Split a history before each user message."""
    groups: list[list[Said]] = []
    for said in history:
        if said.role == "user" or not groups:
            groups.append([])
        groups[-1].append(said)
    return groups


@given(tails(), POLICIES, OVERHEADS, WINDOWS)
def test_every_plan_is_the_end_of_the_history_from_a_user_message_to_the_question(
    history: list[Said], policy: MemoryPolicy, overhead: Overhead, window: int | None
) -> None:
    planned = plan(history, policy, overhead=overhead, model_window=window)
    sent = kept(history, planned)
    assert planned.sent == tuple(said.id for said in sent)
    assert sent == history[-len(sent) :]
    assert sent[0].role == "user"
    assert sent[-1] == history[-1]


@given(tails(), POLICIES, OVERHEADS, WINDOWS)
def test_no_exchange_is_split(history: list[Said], policy: MemoryPolicy, overhead: Overhead, window: int | None) -> None:
    """So no tool call is parted from its results."""
    planned = plan(history, policy, overhead=overhead, model_window=window)
    for exchange in exchanges(history):
        assert len({planned.placements[said.id] for said in exchange}) == 1


@given(tails(), POLICIES, OVERHEADS, WINDOWS)
def test_the_parts_are_what_they_say(history: list[Said], policy: MemoryPolicy, overhead: Overhead, window: int | None) -> None:
    planned = plan(history, policy, overhead=overhead, model_window=window)
    assert list(planned.placements) == [said.id for said in history]
    assert {said_id for said_id, place in planned.placements.items() if place == "sent"} == set(planned.sent)
    assert set(planned.placements.values()) <= {"sent", "left_out"}
    assert planned.window == sum(said.tokens for said in kept(history, planned))
    assert (planned.system, planned.tools, planned.summary, planned.retrieved) == (overhead.system, overhead.tools, 0, 0)
    assert planned.total == overhead.system + overhead.tools + planned.window
    assert planned.room_left == (None if window is None else window - planned.total)


@given(tails(), st.integers(1, 60), WINDOWS)
def test_the_cap_is_held_and_not_wasted(history: list[Said], cap: int, window: int | None) -> None:
    """The question is one message, so even one exchange that is longer than the cap is no reason to break it."""
    planned = plan(history, MemoryPolicy(max_messages_per_user=cap), model_window=window)
    assert len(planned.sent) <= cap
    if window is None and len(planned.sent) < len(history):
        one_more = next(group for group in reversed(exchanges(history)) if group[-1].id < planned.sent[0])
        assert len(planned.sent) + len(one_more) > cap or one_more[0].role != "user"


@given(histories(), OVERHEADS, WINDOWS)
def test_full_is_everything_that_fits(history: list[Said], overhead: Overhead, window: int | None) -> None:
    planned = plan(history, MemoryPolicy(strategy="full"), overhead=overhead, model_window=window)
    everything = sum(said.tokens for said in history) + overhead.system + overhead.tools
    if window is None or everything <= window:
        assert planned.sent == tuple(said.id for said in history)


@given(tails(), POLICIES, OVERHEADS, st.integers(1, 20_000))
def test_the_models_window_is_held_unless_the_last_exchange_alone_is_larger(
    history: list[Said], policy: MemoryPolicy, overhead: Overhead, window: int
) -> None:
    planned = plan(history, policy, overhead=overhead, model_window=window)
    if planned.total > window:
        assert len(exchanges(kept(history, planned))) == 1
    free = plan(history, policy, overhead=overhead)
    if planned.sent != free.sent:
        before = next(group for group in reversed(exchanges(history)) if group[-1].id < planned.sent[0])
        assert planned.total + sum(said.tokens for said in before) > window


@given(tails(), POLICIES, OVERHEADS, WINDOWS)
def test_planning_is_pure_and_planning_again_changes_nothing(
    history: list[Said], policy: MemoryPolicy, overhead: Overhead, window: int | None
) -> None:
    copy = [replace(said) for said in history]
    planned = plan(history, policy, overhead=overhead, model_window=window)
    assert history == copy
    assert plan(history, policy, overhead=overhead, model_window=window) == planned
    again = plan(kept(history, planned), policy, overhead=overhead, model_window=window)
    assert (again.sent, again.total) == (planned.sent, planned.total)


@given(histories(), st.integers(1, 40), st.integers(0, 40))
def test_a_larger_cap_sends_no_less(history: list[Said], cap: int, more: int) -> None:
    small, large = (plan(history, MemoryPolicy(max_messages_per_user=each)) for each in (cap, cap + more))
    assert set(small.sent) <= set(large.sent)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_an_empty_history_is_an_empty_plan(strategy: Strategy) -> None:
    planned = plan([], MemoryPolicy(strategy=strategy), overhead=Overhead(5, 6), model_window=100)
    assert (planned.sent, planned.placements, planned.total, planned.room_left) == ((), {}, 11, 89)


def test_the_courses_cap_of_thirty_sends_thirty_of_a_long_chat() -> None:
    history = [Said(n, ("user", "assistant")[n % 2], 10) for n in range(101)]
    assert plan(history, MemoryPolicy()).sent == tuple(range(72, 101))
    assert plan(history, MemoryPolicy(max_messages_per_user=29)).sent == tuple(range(72, 101))
    assert plan(history, MemoryPolicy(max_messages_per_user=1)).sent == (100,)


def test_an_exchange_longer_than_the_cap_is_left_out_whole() -> None:
    roles = ["user", *["assistant", "tool"] * 5, "assistant", "user"]
    history = [Said(n, role, 1) for n, role in enumerate(roles)]
    assert plan(history, MemoryPolicy(max_messages_per_user=5)).sent == (12,)
    assert plan(history, MemoryPolicy(max_messages_per_user=13)).sent == tuple(range(13))


def test_the_question_is_sent_even_where_nothing_fits() -> None:
    history = [Said(1, "user", 50), Said(2, "assistant", 50), Said(3, "user", 5000)]
    planned = plan(history, MemoryPolicy(), overhead=Overhead(900, 0), model_window=1000)
    assert planned.sent == (3,)
    assert planned.room_left == -4900


@given(tails(), st.integers(-5, 80))
def test_the_first_user_message_from_a_place_is_found(history: list[Said], start: int) -> None:
    place = History(history).first_user_from(start, len(history))
    assert history[place].role == "user"
    users = [n for n, said in enumerate(history) if said.role == "user"]
    assert place == next((n for n in users if n >= start), users[-1])


def test_where_nobody_asked_there_is_no_place() -> None:
    history = [Said(1, "assistant", 1), Said(2, "tool", 1)]
    assert History(history).first_user_from(0, len(history)) == len(history)
    assert plan(history, MemoryPolicy()).sent == ()


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
