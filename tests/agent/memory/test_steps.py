"""The two rules that look at a chat as it grows: where a chunked window drops back, and what a running summary takes in."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.memory import fold
from agent.memory.context import plan
from agent.memory.history import History
from agent.memory.policy import MemoryPolicy
from agent.memory.starts import STARTS
from tests.agent.memory.builders import Said, exchanges, histories, talk

CHUNKED = MemoryPolicy(strategy="chunked_window")
SUMMARY = MemoryPolicy(strategy="summary")
SUMMARY_START = STARTS["summary"]


def questions(history: list[Said]) -> list[int]:
    """Return how long the chat was with each question."""
    return [place + 1 for place, said in enumerate(history) if said.role == "user"]


def test_a_chunked_window_grows_to_the_cap_and_drops_to_about_half_in_one_step() -> None:
    policy = CHUNKED.model_copy(update={"max_messages_per_user": 32})
    history = talk(301)
    sizes = [len(plan(history[:end], policy).sent) for end in questions(history)]
    assert sizes[:16] == list(range(1, 32, 2))
    assert sizes[16:] == [*list(range(17, 32, 2)) * 17][: len(sizes) - 16]


@given(histories(), st.integers(1, 30))
def test_the_beginning_of_a_chunked_window_stays_for_half_a_cap_of_messages(history: list[Said], cap: int) -> None:
    policy = CHUNKED.model_copy(update={"max_messages_per_user": cap})
    ends = questions(history)
    starts = {end: plan(history[:end], policy).sent[0] for end in ends}
    for end, later in pairwise(ends):
        assert starts[end] <= starts[later]
        if starts[end] != starts[later]:
            assert later > cap
    half = max(1, cap // 2)
    for end in ends:
        step = max(0, -(-(end - cap) // half))
        alike = {starts[each] for each in ends if max(0, -(-(each - cap) // half)) == step}
        assert len(alike) == 1


def folds(history: list[Said], policy: MemoryPolicy, folded: int = 0) -> list[tuple[int, int]]:
    """Return from where to where a finished chat is folded."""
    chat, found = History(history), []
    while (upto := fold.due(chat, len(history), folded, policy)) is not None:
        found.append((folded, upto))
        folded = upto
    return found


def test_eighteen_unfolded_messages_are_folded_until_about_nine_remain() -> None:
    assert folds(talk(17), SUMMARY) == []
    assert folds(talk(18), SUMMARY) == [(0, 8)]
    assert folds(talk(25), SUMMARY, 8) == []
    assert folds(talk(26), SUMMARY, 8) == [(8, 16)]


def test_an_exchange_is_folded_whole() -> None:
    history = [Said(place, role, 1) for place, role in enumerate(["user", *["assistant", "tool"] * 6, "assistant"] * 2)]
    assert folds(history, SUMMARY) == [(0, 14)]


def test_the_newest_exchange_is_never_folded_however_long() -> None:
    long = [Said(place, role, 1) for place, role in enumerate(["user", *["assistant", "tool"] * 30])]
    assert folds(long, SUMMARY) == []
    two = [Said(-2, "user", 1), Said(-1, "assistant", 1), *long]
    assert folds(two, SUMMARY) == [(0, 2)]


def test_a_thousand_late_messages_are_folded_in_calls_of_at_most_sixty() -> None:
    found = folds(talk(1000), SUMMARY)
    assert found[0] == (0, 60)
    assert all(end - start <= 60 for start, end in found)
    assert len(found) == 17
    assert found[-1][1] == 990


def test_messages_that_were_not_read_are_folded_sixty_at_a_time() -> None:
    chat = History(talk(40), before=200, tokens_before=2000)
    folded, steps = 0, []
    while (upto := fold.due(chat, 240, folded, SUMMARY)) is not None:
        steps.append(upto - folded)
        folded = upto
    assert max(steps) <= 60
    assert folded == 230


@pytest.mark.parametrize("cap", [1, 2, 5, 10, 17, 18, 30])
def test_a_cap_below_the_trigger_leaves_no_message_both_unsent_and_unfolded(cap: int) -> None:
    policy = SUMMARY.model_copy(update={"max_messages_per_user": cap})
    history, folded = talk(201), 0
    for end in questions(history):
        first = SUMMARY_START(History(history), end, policy, folded)
        assert first <= folded or cap < 3  # the newest exchange and the question are three messages
        folded = max([folded, *(upto for _, upto in folds(history[: end + 1], policy, folded))])


@given(histories(), st.integers(2, 40), st.integers(1, 60))
def test_folding_as_a_chat_grows(history: list[Said], after: int, cap: int) -> None:
    """Whole exchanges, in order, at most sixty messages a call, and nothing is left that should have been folded."""
    policy = MemoryPolicy(strategy="summary", summarize_after_messages=after, max_messages_per_user=cap)
    done = exchanges(history[:-1])
    borders = {sum(map(len, done[:count])) for count in range(len(done) + 1)}
    most, folded = min(after, max(2, cap)), 0
    for end in sorted(borders - {0}):
        newest = max(border for border in borders if border < end)
        for start, upto in folds(history[:end], policy, folded):
            assert start == folded < upto <= newest
            assert upto in borders
            assert upto - start <= fold.AT_ONCE or len([border for border in borders if start < border <= upto]) == 1
            assert end - upto >= most // 2 or not [border for border in borders if start < border < upto]
            folded = upto
        assert end - folded < most or folded == newest
