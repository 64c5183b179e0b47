"""The replay against a conversation lived through naively, to the token; and what follows from it about caps and caches."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.known import Texts
from agent.memory.context import Layout, Overhead, Quote
from agent.memory.counterfactual import Recent, why_dearer, would_have
from agent.memory.knowledge import Fold
from agent.memory.policy import STRATEGIES, MemoryPolicy, Strategy
from agent.memory.promptcache import CacheRules
from agent.memory.replay import Earlier, Limits, PriceOf, RecordedTurn, TurnReplay, replay
from agent.tokens import message_tokens
from storage.records import Message, Speaker, ToolCall
from tests.agent.memory.builders import Said
from tests.agent.memory.live import HERE, Figures, Life, Spoken, write_summary

WORDS = (
    "ok",
    "I ate two eggs and a slice of bread with butter for breakfast, and coffee.",
    "今日は朝ごはんに卵を二つ食べました。散歩もしました。",
    "Noted: 2 eggs, 180 kcal. That is a good start! How did you sleep, and did you drink enough water yesterday evening?",
    "I am allergic to peanuts; my goal is to run 10 km by the end of June. " * 3,
)
"""Few, so that the same is often said again: a cache knows texts."""
OVERHEAD = Overhead(184, 614)
GAPS = (1.0, 40.0, 299.0, 300.0, 301.0, 4_000.0, 90_000.0)
START = datetime(2026, 3, 2, 22, tzinfo=UTC).timestamp()
POLICIES = st.builds(
    MemoryPolicy,
    strategy=st.sampled_from(STRATEGIES),
    max_messages_per_user=st.integers(1, 30),
    summarize_after_messages=st.integers(2, 18),
    max_summary_chars=st.integers(100, 300),
    retrieval_window=st.integers(1, 10),
    retrieval_k=st.integers(1, 4),
    max_context_tokens=st.none() | st.integers(200, 1500),
)
CACHES = st.none() | st.builds(CacheRules, st.sampled_from([130, 400, 1024]), st.just(300.0))
LIMITS = st.builds(Limits, st.integers(1, 3), st.integers(2, 5), st.none() | st.integers(300, 2000))
SLOW = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)


def flash(tokens_in: int, cached: int, out: int, at: float) -> Decimal:
    """The prices of gemini-2.5-flash: 0.30, 0.03 cached and 2.50 dollars a million."""
    return ((tokens_in - cached) * Decimal("0.30") + cached * Decimal("0.03") + out * Decimal("2.50")) / 1_000_000


def message(number: int, at: float, role: Speaker, text: str, calls: tuple[ToolCall, ...] = (), chat: str = HERE) -> Message:
    """Return a stored message."""
    return Message(number, chat, "", role, text, message_tokens(text, calls), datetime.fromtimestamp(at, UTC), calls)


@dataclass(frozen=True)
class Chat:
    """A conversation with what is found and pinned in it."""

    turns: list[Spoken]
    hits: list[list[Message]]
    pins: list[Message]

    @property
    def messages(self) -> list[Message]:
        """Everything said."""
        return [message for turn in self.turns for message in turn.messages]


@st.composite
def turns(draw: st.DrawFn, number: int, at: float) -> Spoken:
    """A question, rounds of tools, and mostly an answer."""
    said = [("user", draw(st.sampled_from(WORDS)), 0)]
    for calls in draw(st.lists(st.integers(1, 3), max_size=3)):
        said += [("assistant", draw(st.sampled_from(("", *WORDS[:1]))), calls), *[("tool", draw(st.sampled_from(WORDS)), 0)] * calls]
    if draw(st.integers(0, 9)):
        said.append(("assistant", draw(st.sampled_from(WORDS)), 0))
    call = ToolCall("c", "log_meal", {"name": "eggs", "kcal": 180.0})
    made = [message(number + step, at, cast("Speaker", role), text, (call,) * calls) for step, (role, text, calls) in enumerate(said)]
    return Spoken(at, tuple(made))


@st.composite
def chats(draw: st.DrawFn, longest: int = 14) -> Chat:
    """A conversation, what is found for each question among what was said before and elsewhere, and pins, some of them set later."""
    found: list[Spoken] = []
    hits: list[list[Message]] = []
    earlier = [message(5_000 + place, START - 1e6 * place, "user", text, chat="there") for place, text in enumerate(WORDS)]
    number, at = 1, START
    for _ in range(draw(st.integers(1, longest))):
        hits.append(draw(st.lists(st.sampled_from(earlier), max_size=6, unique_by=lambda said: said.id)))
        found.append(draw(turns(number, at)))
        number += len(found[-1].messages)
        at += draw(st.sampled_from(GAPS))
        earlier += [said for said in found[-1].messages if said.role != "tool"]
    pins = draw(st.lists(st.sampled_from([said for turn in found for said in turn.messages]), max_size=3, unique_by=lambda said: said.id))
    return Chat(found, hits, pins)


class Recorded(Texts):
    """What is known of a chat from the turn `skipped` on; remembers every summary it wrote, by where it ended."""

    skipped: int = 0
    written: dict[int, Fold]

    def fold(self, start: int, end: int, previous: Fold | None) -> Fold:
        self.written[end] = Texts.fold(self, start, end, previous)
        return self.written[end]

    def standing(self, folded: int) -> Fold:
        return self.written[folded]

    def hits(self, turn: int, end: int) -> Sequence[Quote]:
        return Texts.hits(self, turn + self.skipped, end)

    def system(self, turn: int, prompt: int, summary: Fold | None, found: Layout) -> int:
        return Texts.system(self, turn + self.skipped, prompt, summary, found)


def known(chat: Chat, policy: MemoryPolicy) -> Recorded:
    """Return all that is known of a chat."""
    prompts = [turn.prompt for turn in chat.turns]
    texts = Recorded(policy, chat.messages, prompts, UTC, write_summary, chat.hits.__getitem__, chat.pins)
    texts.written = {}
    return texts


def predicted(
    chat: Chat, policy: MemoryPolicy, limits: Limits | None = None, cache: CacheRules | None = None, price: PriceOf = flash
) -> list[TurnReplay]:
    """Replay a chat with all that is known of it."""
    return replay([turn.recorded() for turn in chat.turns], policy, price, knowledge=known(chat, policy), limits=limits, cache=cache)


def figures(turn: TurnReplay) -> list[Figures]:
    """Return a turn's calls as the naive life gives them."""
    return [(call.purpose, call.tokens_in, call.tokens_cached, call.tokens_out) for call in turn.calls]


@given(chats(), POLICIES, LIMITS, CACHES)
@SLOW
def test_the_replay_is_the_conversation_lived_through_to_the_token(
    chat: Chat, policy: MemoryPolicy, limits: Limits, cache: CacheRules | None
) -> None:
    lived = Life(policy, cache, limits, chat.hits, chat.pins).lead(chat.turns)
    replayed = predicted(chat, policy, limits, cache)
    assert [figures(turn) for turn in replayed] == lived
    assert not any(turn.estimated for turn in replayed)
    for turn in replayed:
        assert turn.cost == sum((flash(call.tokens_in, call.tokens_cached, call.tokens_out, 0) for call in turn.calls), Decimal(0))


def talk(count: int, gap: float = 20.0, question: str = "", answer: str = "") -> Chat:
    """A conversation of questions and answers; each says what it is, unless a text is given."""
    found = []
    for number in range(count):
        at = START - 80_000 + number * gap
        asked = question or f"This is what I ate at meal number {number}: two eggs, bread with butter and a glass of orange juice."
        said = answer or f"Meal number {number} is noted: about 420 kcal. Well done, and drink some water with it."
        found.append(
            Spoken(at, (message(2 * number + 1, at, "user", asked), message(2 * number + 2, at, "assistant", said))),
        )
    return Chat(found, [[] for _ in found], [])


def dollars(turns: Sequence[TurnReplay]) -> Decimal:
    """Return what turns cost together."""
    costs = [turn.cost for turn in turns]
    return sum((cost for cost in costs if cost is not None), Decimal(0))


def test_a_cache_knows_texts_so_a_sliding_window_over_the_same_words_is_cached() -> None:
    chat, policy, rules = talk(12, question=WORDS[1], answer=WORDS[3]), MemoryPolicy(max_messages_per_user=7), CacheRules(130)
    replayed = predicted(chat, policy, None, rules)
    assert [figures(turn) for turn in replayed] == Life(policy, rules, Limits(), chat.hits).lead(chat.turns)
    other = predicted(talk(12), policy, None, rules)
    assert replayed[-1].tokens_cached > other[-1].tokens_cached == 0


def test_a_cache_is_asked_for_the_longest_of_several_beginnings_alike() -> None:
    """Two answers in turn: not the window of the turn before begins as this one does, but that of two turns before."""
    same, other = (talk(12, question=WORDS[1], answer=WORDS[each]) for each in (3, 4))
    chat = replace(same, turns=[(same, other)[number % 2].turns[number] for number in range(12)])
    policy, rules = MemoryPolicy(max_messages_per_user=7), CacheRules(130)
    replayed = predicted(chat, policy, None, rules)
    assert [figures(turn) for turn in replayed] == Life(policy, rules, Limits(), chat.hits).lead(chat.turns)
    assert replayed[-1].tokens_cached > replayed[-1].tokens_in / 2


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_long_conversation_is_replayed_to_the_token(strategy: Strategy) -> None:
    """Longer than any cap, with the numbers of the course."""
    chat, policy, rules = talk(90), MemoryPolicy(strategy=strategy), CacheRules(100)
    replayed = predicted(chat, policy, None, rules)
    assert [figures(turn) for turn in replayed] == Life(policy, rules, Limits(), chat.hits).lead(chat.turns)
    assert any(turn.tokens_cached for turn in replayed)


@given(chats(), POLICIES, LIMITS, CACHES, st.data())
@SLOW
def test_the_end_of_a_chat_is_replayed_as_in_the_whole(
    chat: Chat, policy: MemoryPolicy, limits: Limits, cache: CacheRules | None, data: st.DataObject
) -> None:
    """From any turn that the cache has forgotten, with the messages before it that may be sent or folded."""
    if policy.strategy == "full":
        policy, limits = policy.model_copy(update={"max_context_tokens": None}), replace(limits, model_window=None)
    texts = known(chat, policy)
    recorded = [turn.recorded() for turn in chat.turns]
    whole = replay(recorded, policy, flash, knowledge=texts, limits=limits, cache=cache)
    last = recorded[-1].at
    first = next(place for place, turn in enumerate(recorded) if cache is None or turn.at + cache.ttl_s > last)
    skipped = data.draw(st.integers(0, len(recorded) - 1 if cache is None else first))
    past = [said for turn in recorded[:skipped] for said in turn.messages]
    folded = whole[skipped - 1].folded if skipped else 0
    reach = 0 if policy.strategy == "full" else max(policy.max_messages_per_user, policy.retrieval_window, len(past) - folded)
    unread, lead = past[: max(0, len(past) - reach)], past[max(0, len(past) - reach) :]
    texts.skipped = skipped
    earlier = Earlier(lead, len(unread), sum(said.tokens for said in unread), folded)
    priced_from = len(recorded) - skipped - 1
    end = replay(recorded[skipped:], policy, flash, knowledge=texts, limits=limits, cache=cache, earlier=earlier, priced_from=priced_from)
    assert figures(end[-1]) == figures(whole[-1])
    assert (end[-1].cost, end[-1].folded, end[-1].sent) == (whole[-1].cost, whole[-1].folded, whole[-1].sent)
    assert all(turn.cost is None for turn in end[:-1] if turn.calls)


@given(chats(), st.sampled_from(["window", "chunked_window"]), LIMITS, CACHES)
@SLOW
def test_a_cap_beyond_the_length_is_no_cap(chat: Chat, strategy: Strategy, limits: Limits, cache: CacheRules | None) -> None:
    full, capped = (MemoryPolicy(strategy=each, max_messages_per_user=len(chat.messages)) for each in ("full", strategy))
    assert predicted(chat, capped, limits, cache) == predicted(chat, full, limits, cache)


@given(chats(), st.integers(1, 20), st.integers(1, 20), st.integers(1, 5))
@SLOW
def test_without_a_cache_a_larger_window_never_costs_less(chat: Chat, cap: int, more: int, tools: int) -> None:
    chat = replace(chat, pins=[])  # quoting a short message takes more than sending it
    small, large = (predicted(chat, MemoryPolicy(max_messages_per_user=each), Limits(tools)) for each in (cap, cap + more))
    for less, much in zip(small, large, strict=True):
        assert less.cost is not None
        assert much.cost is not None
        assert less.cost <= much.cost


@pytest.mark.parametrize("cached", [True, False])
def test_with_a_cache_a_window_of_ten_costs_more_than_the_whole_history(cached: bool) -> None:
    """Gemini 2.5 Flash takes a tenth for cached input, and a window that moves with every turn never has any."""
    rules = CacheRules() if cached else None
    full, window, chunked = (
        replay(plain(100), MemoryPolicy(strategy=strategy, max_messages_per_user=cap), flash, cache=rules)
        for strategy, cap in (("full", 30), ("window", 10), ("chunked_window", 30))
    )
    assert sum(turn.tokens_in for turn in window) < sum(turn.tokens_in for turn in full) / 4
    if not cached:
        assert dollars(window) == Decimal("0.0486350") < dollars(chunked) < dollars(full) == Decimal("0.1649150")
    else:
        assert dollars(window) == Decimal("0.04834394") > dollars(full) == Decimal("0.03232124") > dollars(chunked) == Decimal("0.02673341")


def test_a_price_that_is_not_known_is_no_price() -> None:
    turns = plain(3)
    unknown = replay(turns, MemoryPolicy(), lambda *_: None)
    assert [turn.cost for turn in unknown] == [None, None, None]
    assert [turn.tokens_in for turn in unknown] == [turn.tokens_in for turn in replay(turns, MemoryPolicy(), flash)]
    dear_from_the_second = replay(turns, MemoryPolicy(), lambda *call: flash(*call) if call[3] < 20 else None)
    assert [turn.cost is None for turn in dear_from_the_second] == [False, True, True]


def test_a_call_that_said_nothing_is_billed_and_warms_the_cache() -> None:
    silent, spoken = RecordedTurn(0.0, [Said(1, "user", 500)], OVERHEAD, silent=1), RecordedTurn(20.0, [Said(2, "user", 25)], OVERHEAD)
    replayed = replay([silent, replace(spoken, silent=2)], MemoryPolicy(), flash, cache=CacheRules())
    assert [figures(turn) for turn in replayed] == [[("answer", 1298, 0, 0)], [("answer", 1323, 1298, 0), ("answer", 1323, 1323, 0)]]


def test_without_the_texts_a_replay_says_where_it_guessed() -> None:
    turns = plain(30)
    for strategy in STRATEGIES:
        replayed = replay(turns, MemoryPolicy(strategy=strategy), flash, cache=CacheRules())
        assert any(turn.estimated for turn in replayed) == (strategy in {"summary", "retrieval"})
        assert not replayed[0].estimated
    found = replay(turns, MemoryPolicy(strategy="retrieval"), flash, cache=CacheRules(100))
    assert {turn.tokens_cached for turn in found[10:]} == {OVERHEAD.tools}  # each question finds others, so that only the schemas stay


def plain(count: int) -> list[RecordedTurn]:
    """Return turns with the overhead of the real prompt and tools, twenty seconds apart."""
    return [
        RecordedTurn(20.0 * number, [Said(2 * number, "user", 25), Said(2 * number + 1, "assistant", 60)], OVERHEAD)
        for number in range(count)
    ]


def recent(turns: list[RecordedTurn], count: int, folded: int = 0) -> Recent:
    """Return the end of a chat as the live agent reads it."""
    past = [said for turn in turns[:-count] for said in turn.messages]
    unread = past[:-50]
    return Recent(turns[-count:], Earlier(past[len(unread) :], len(unread), sum(said.tokens for said in unread), folded))


def test_what_others_would_have_used_is_the_last_turn_of_their_whole_replay() -> None:
    turns = plain(200)
    found = would_have(recent(turns, 3, folded=380), MemoryPolicy(), flash, cache=CacheRules())
    assert list(found) == list(STRATEGIES)
    for strategy in STRATEGIES:
        whole = replay(turns, MemoryPolicy(strategy=strategy), flash, cache=CacheRules())[-1]
        assert found[strategy].estimated == (strategy in {"summary", "retrieval"})
        if strategy != "summary":  # where a chat stands with its summary depends on when that strategy was begun
            assert (found[strategy].tokens_in, found[strategy].tokens_cached) == (whole.tokens_in, whole.tokens_cached)
            assert (found[strategy].tokens_out, found[strategy].cost) == (whole.tokens_out, whole.cost)
    window, full = found["window"], found["full"]
    assert full.cost is not None
    assert window.cost is not None
    assert full.cost < window.cost
    assert "nothing was cached" in why_dearer(window.tokens_cached, window.tokens_in, full.tokens_cached, full.tokens_in)


@pytest.mark.parametrize(
    ("real", "uncapped", "reason"),
    [
        ((0, 900), (800, 2000), "nothing was cached"),
        ((700, 900), (800, 2000), "less was cached"),
        ((0, 2000), (0, 1000), "weighed more"),
        ((0, 900), (0, 1000), "Writing the summary"),
    ],
)
def test_why_a_cap_can_cost_more(real: tuple[int, int], uncapped: tuple[int, int], reason: str) -> None:
    assert reason in why_dearer(*real, *uncapped)


def test_an_unknown_price_is_unknown_for_every_strategy() -> None:
    found = would_have(recent(plain(40), 2), MemoryPolicy(), lambda *_: None)
    assert {would.cost for would in found.values()} == {None}


def test_where_the_budget_leaves_out_what_was_not_read_the_full_history_is_an_estimate() -> None:
    policy = MemoryPolicy(max_context_tokens=5000)
    assert would_have(recent(plain(200), 3), policy, flash)["full"].estimated
    assert not would_have(recent(plain(200), 3), MemoryPolicy(), flash)["full"].estimated


def test_a_long_chat_that_comes_late_to_summaries_is_folded_over_several_turns() -> None:
    turns = plain(203)
    lead = [said for turn in turns[:200] for said in turn.messages]
    replayed = replay(turns[200:], MemoryPolicy(strategy="summary"), flash, earlier=Earlier(lead))
    assert [[call.purpose for call in turn.calls].count("summary") for turn in replayed] == [3, 3, 1]
    assert [turn.folded for turn in replayed] == [180, 360, 396]
    assert [turn.sent for turn in replayed] == [29, 29, 29]
