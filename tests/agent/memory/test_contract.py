"""The contract of every memory strategy: what holds for any history, policy, summary, hits, pins, overhead and model."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.memory.context import HEAD_TOKENS, Overhead
from agent.memory.history import History
from agent.memory.policy import STRATEGIES, MemoryPolicy, Strategy
from tests.agent.memory.builders import ELSEWHERE, POLICIES, Block, Case, Line, Said, cap_of, cases, exchanges, histories, kept, talk

CAPPED: list[Strategy] = [strategy for strategy in STRATEGIES if strategy != "full"]
every_strategy = pytest.mark.parametrize("strategy", STRATEGIES)


@given(cases())
def test_what_is_sent_is_the_end_of_the_history_from_a_user_message_to_the_question(case: Case) -> None:
    planned = case.plan()
    sent = kept(case.history, planned)
    assert planned.sent == tuple(said.id for said in sent)
    assert sent == case.history[-len(sent) :]
    assert (sent[0].role, sent[-1]) == ("user", case.history[-1])


@given(cases())
def test_no_tool_call_is_parted_from_its_result(case: Case) -> None:
    sent = set(case.plan().sent)
    for exchange in exchanges(case.history):
        assert len({said.id in sent for said in exchange}) == 1


@given(cases())
def test_the_cap_is_held(case: Case) -> None:
    cap = cap_of(case.policy)
    assert cap is None or len(case.plan().sent) <= cap


@given(cases())
def test_every_message_has_one_place_and_the_places_are_what_they_say(case: Case) -> None:
    planned = case.plan()
    by_place = {place: {each for each, put in planned.placements.items() if put == place} for place in set(planned.placements.values())}
    pinned = set(planned.quoted) & {pin.id for pin in case.pins}
    assert list(planned.placements)[: len(case.history)] == [said.id for said in case.history]
    assert set(planned.placements) == {said.id for said in case.history} | set(planned.quoted)
    assert by_place.get("sent", set()) == set(planned.sent) | pinned
    assert by_place.get("retrieved", set()) == set(planned.quoted) - pinned
    assert planned.quoted == tuple(sorted(set(planned.quoted)))
    assert not set(planned.quoted) & set(planned.sent)
    if case.policy.strategy != "retrieval":
        assert set(planned.quoted) == pinned


@given(cases())
def test_summarised_are_the_messages_up_to_the_checkpoint_while_the_summary_is_sent(case: Case) -> None:
    planned = case.plan()
    ids = [said.id for said in case.history]
    stood_for = ids[: ids.index(case.summary.message_id) + 1] if case.summary and case.summary.message_id in ids else []
    used = bool(stood_for) and case.policy.strategy == "summary" and (case.summary is not None and planned.summary == case.summary.tokens)
    summarised = {each for each, place in planned.placements.items() if place == "summarised"}
    assert summarised <= set(stood_for) - set(planned.sent) - set(planned.quoted)
    if planned.summary:
        assert used
        assert summarised == set(stood_for) - set(planned.sent) - set(planned.quoted)


@given(cases())
def test_the_parts_add_up(case: Case) -> None:
    planned = case.plan()
    weights = {line.id: line.tokens for line in (*case.hits, *case.pins)}  # a pin is quoted as it is pinned
    quoted = sum(weights[each] for each in planned.quoted)
    assert planned.window == sum(said.tokens for said in kept(case.history, planned))
    assert planned.retrieved == (quoted + HEAD_TOKENS if planned.quoted else 0)
    assert (planned.system, planned.tools) == (case.overhead.system, case.overhead.tools)
    assert planned.summary in (0, case.summary.tokens if case.summary else 0)
    assert planned.total == planned.system + planned.tools + planned.summary + planned.retrieved + planned.window
    limits = [limit for limit in (case.model_window, case.policy.max_context_tokens) if limit is not None]
    assert planned.budget == (min(limits) if limits else None)
    assert planned.room_left == (min(limits) - planned.total if limits else None)


@given(cases())
def test_the_budget_is_held_unless_the_question_alone_is_over_it(case: Case) -> None:
    planned = case.plan()
    alone = case.overhead.system + case.overhead.tools + case.history[-1].tokens
    assert planned.fits == (planned.budget is None or alone <= planned.budget)
    if planned.fits:
        assert planned.room_left is None or planned.room_left >= 0
    else:
        assert (planned.sent, planned.quoted, planned.total) == ((case.history[-1].id,), (), alone)


@given(cases())
def test_a_budget_only_takes_away(case: Case) -> None:
    free = replace(case, model_window=None, policy=case.policy.model_copy(update={"max_context_tokens": None})).plan()
    planned = case.plan()
    assert set(planned.sent) <= set(free.sent)
    assert set(planned.quoted) <= set(free.quoted) | set(free.sent)
    if planned.budget is None or free.total <= planned.budget:
        assert replace(planned, budget=None) == free


@given(cases())
def test_all_that_was_pinned_or_found_is_sent_once_where_nothing_limits_it(case: Case) -> None:
    planned = replace(case, model_window=None, policy=case.policy.model_copy(update={"max_context_tokens": None})).plan()
    pins, sent = {pin.id for pin in case.pins}, set(planned.sent)
    found = [hit.id for hit in case.hits if hit.id not in pins | sent] if case.policy.strategy == "retrieval" else []
    assert set(planned.quoted) == (pins - sent) | set(found[: case.policy.retrieval_k])


@given(cases())
def test_pins_are_sent_whenever_they_fit(case: Case) -> None:
    """Older exchanges and what was found go first: a pin that the budget pushes out of the window is quoted instead."""
    planned = case.plan()
    alone = case.overhead.system + case.overhead.tools + case.history[-1].tokens + planned.summary
    quoted = HEAD_TOKENS + sum(pin.tokens for pin in case.pins)
    if planned.budget is None or alone + quoted <= planned.budget:
        assert {pin.id for pin in case.pins} <= set(planned.sent) | set(planned.quoted)


@given(cases())
def test_planning_changes_nothing_and_gives_the_same_again(case: Case) -> None:
    copy = [replace(said) for said in case.history]
    assert case.plan() == case.plan()
    assert case.history == copy


@st.composite
def _suffixes(draw: st.DrawFn) -> tuple[Case, int]:
    """A whole chat, and how much of its beginning a capped strategy can leave unread."""
    capped = POLICIES.filter(lambda policy: policy.strategy != "full")
    case = draw(cases(capped))
    history = draw(histories())
    ids = [said.id for said in history]
    summary = draw(st.none() | st.builds(Block, st.sampled_from(ids[:-1] or ids), st.integers(0, 400)))
    known = [Line(each, draw(st.integers(0, 200))) for each in [*draw(st.lists(st.sampled_from(ids), max_size=8, unique=True)), ELSEWHERE]]
    lines = st.lists(st.sampled_from(known), max_size=8, unique_by=lambda line: line.id)
    case = replace(case, history=history, summary=summary, hits=tuple(draw(lines)), pins=tuple(draw(lines)))
    return case, draw(st.integers(0, max(0, len(history) - (cap_of(case.policy) or 0))))


@given(_suffixes())
def test_planning_the_end_of_a_chat_is_planning_the_whole(drawn: tuple[Case, int]) -> None:
    case, before = drawn
    whole, end = case.plan(), case.plan(case.history[before:], before)
    unread = {said.id for said in case.history[:before]} - set(whole.quoted)
    assert replace(end, placements={}) == replace(whole, placements={})
    assert end.placements == {each: place for each, place in whole.placements.items() if each not in unread}


@given(cases(), st.integers(1, 50))
def test_a_pin_in_the_part_that_was_not_read_is_not_quoted_where_all_of_that_part_is_sent(case: Case, before: int) -> None:
    everything = case.policy.with_strategy("full").model_copy(update={"max_context_tokens": None})
    planned = replace(case, policy=everything, model_window=None).plan(before=before)
    assert planned.quoted == ()


@every_strategy
@pytest.mark.parametrize("cap", [1, 2, 3])
def test_tiny_caps_send_the_question(strategy: Strategy, cap: int) -> None:
    policy = MemoryPolicy(strategy=strategy, max_messages_per_user=cap, retrieval_window=cap)
    planned = Case(talk(41), policy).plan()
    assert planned.sent == tuple(range(41) if strategy == "full" else range(41 - (1 if cap < 3 else 3), 41))


@pytest.mark.parametrize("strategy", CAPPED)
def test_an_exchange_that_is_longer_than_the_cap_is_left_out_whole(strategy: Strategy) -> None:
    roles = ["user", *["assistant", "tool"] * 5, "assistant", "user"]
    history = [Said(place, role, 1) for place, role in enumerate(roles)]
    policy = MemoryPolicy(strategy=strategy, max_messages_per_user=5, retrieval_window=5)
    planned = Case(history, policy).plan()
    assert planned.sent == (12,)
    assert set(planned.placements.values()) == {"sent", "left_out"}


@every_strategy
def test_a_question_that_is_larger_than_the_budget_is_sent_alone_and_said_not_to_fit(strategy: Strategy) -> None:
    history = [Said(1, "user", 50), Said(2, "assistant", 50), Said(3, "user", 5000)]
    pins, hits = (Line(1, 0),), (Line(2, 0),)
    planned = Case(history, MemoryPolicy(strategy=strategy, max_context_tokens=1000), Block(2, 0), hits, pins, Overhead(100, 0)).plan()
    assert (planned.sent, planned.quoted, planned.fits, planned.room_left) == ((3,), (), False, -4100)


@every_strategy
def test_a_single_old_message_larger_than_the_budget_is_left_out_with_its_exchange(strategy: Strategy) -> None:
    history = [Said(1, "user", 10), Said(2, "assistant", 9000), Said(3, "user", 10), Said(4, "assistant", 10), Said(5, "user", 10)]
    planned = Case(history, MemoryPolicy(strategy=strategy), model_window=1000).plan()
    assert planned.sent == (3, 4, 5)


@every_strategy
def test_an_empty_history_is_an_empty_plan(strategy: Strategy) -> None:
    planned = Case([], MemoryPolicy(strategy=strategy), overhead=Overhead(5, 6), model_window=100).plan()
    assert (planned.sent, planned.placements, planned.total, planned.room_left) == ((), {}, 11, 89)


@every_strategy
def test_where_nobody_asked_nothing_is_sent(strategy: Strategy) -> None:
    history = [Said(1, "assistant", 1), Said(2, "tool", 1)]
    assert History(history).first_user_from(0, len(history)) == len(history)
    assert Case(history, MemoryPolicy(strategy=strategy), Block(1, 5), (Line(1, 5),)).plan().sent == ()


def test_a_summary_whose_checkpoint_is_not_in_the_history_stands_for_what_was_not_read_or_for_nothing() -> None:
    policy = MemoryPolicy(strategy="summary")
    unread = Case(talk(21), policy, Block(-1, 200)).plan(before=100)
    assert (unread.summary, unread.sent) == (200, tuple(range(21)))
    foreign = Case(talk(21), policy, Block(-1, 200)).plan()
    assert (foreign.summary, foreign.sent) == (0, tuple(range(21)))


def test_a_summary_that_does_not_fit_is_left_out_and_the_messages_it_holds_with_it() -> None:
    policy = MemoryPolicy(strategy="summary", max_context_tokens=100)
    planned = Case(talk(21), policy, Block(9, 95)).plan()
    assert (planned.summary, planned.total) == (0, 90)
    assert planned.sent == tuple(range(12, 21))
    assert "summarised" not in planned.placements.values()


def test_while_the_summary_is_late_the_cap_is_the_ceiling() -> None:
    policy = MemoryPolicy(strategy="summary")
    assert len(Case(talk(101), policy, None).plan().sent) == 29
    late = Case(talk(101), policy, Block(19, 50)).plan()
    assert (len(late.sent), late.summary) == (29, 50)
    assert (late.placements[19], late.placements[20]) == ("summarised", "left_out")
    assert len(Case(talk(101), policy, Block(89, 50)).plan().sent) == 11


def test_what_was_found_comes_in_the_order_it_was_said_and_not_twice() -> None:
    policy = MemoryPolicy(strategy="retrieval", retrieval_window=3, retrieval_k=4)
    hits = (Line(30, 10), Line(7, 10), Line(ELSEWHERE, 10), Line(7, 10), Line(19, 10), Line(21, 10), Line(23, 10))
    planned = Case(talk(31), policy, None, hits, pins=(Line(4, 10), Line(29, 10))).plan()
    assert planned.quoted == (4, 7, 19, 21, ELSEWHERE)
    assert planned.retrieved == 50 + HEAD_TOKENS
    assert planned.placements[ELSEWHERE] == planned.placements[7] == "retrieved"
    assert planned.placements[4] == planned.placements[29] == "sent"


def test_what_was_found_may_fill_half_of_the_room_before_an_exchange_is_given_up() -> None:
    policy = MemoryPolicy(strategy="retrieval", retrieval_window=11, max_context_tokens=110)
    hits = tuple(Line(place, 20) for place in range(0, 20, 2))
    planned = Case(talk(31), policy, None, hits).plan()
    assert len(planned.sent) == 5
    assert planned.quoted == (0, 2)


def test_a_pin_that_the_budget_pushes_out_of_the_window_is_quoted() -> None:
    policy = MemoryPolicy(strategy="full", max_context_tokens=100)
    planned = Case(talk(31), policy, None, (), (Line(2, 12),)).plan()
    assert planned.quoted == (2,)
    assert planned.placements[2] == "sent"
    assert planned.total == 70 + 12 + HEAD_TOKENS


def test_the_line_above_what_is_quoted_is_paid_for_once() -> None:
    pins, hits = (Line(0, 12), Line(2, 12)), (Line(4, 12), Line(6, 12))
    policy = MemoryPolicy(strategy="retrieval", retrieval_window=1, max_context_tokens=10 + HEAD_TOKENS + 4 * 12)
    planned = Case(talk(31), policy, None, hits, pins).plan()
    assert (planned.quoted, planned.room_left) == ((0, 2, 4, 6), 0)
    tighter = policy.model_copy(update={"max_context_tokens": 10 + HEAD_TOKENS + 4 * 12 - 1})
    assert Case(talk(31), tighter, None, hits, pins).plan().quoted == (0, 2, 4)
