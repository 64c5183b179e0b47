"""One truth for cost: what a conversation was recorded to use is what the replay says of its texts, its policy and the prices alone."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from agent.demo.model import DemoChatModel
from agent.demo.promptcache import PromptCache
from agent.known import Texts
from agent.memory.context import Overhead, sought
from agent.memory.policy import STRATEGIES, MemoryPolicy, Strategy
from agent.memory.promptcache import CacheRules
from agent.memory.replay import RecordedTurn, TurnReplay, replay
from agent.pricing import price_call
from agent.prompt import system_prompt
from agent.runner import TurnRunner
from agent.tokens import message_tokens
from agent.tool_weight import TOOL_TOKENS
from storage import chats, counterfactuals, messages, model_calls, pins, policies, search, turns
from storage.database import Store
from storage.records import Message, ModelCall, NewMessage, Turn
from storage.settings import Settings
from storage.turns import Admission, Lease, Settlement
from tests.agent.conftest import add_person
from tests.fakes import FakeClock

WAIT = 30.0
TURNS = 60
SAID = (
    "Hi, I'm Alice and I am allergic to peanuts",
    "I ate a salad and an apple for lunch",
    "I went for a 30 minute run",
    "My goal is to lose 5 kg by May",
    "What did I eat today?",
    "two eggs and toast for breakfast",
    "no, it was three eggs",
    "I slept badly, about five hours",
    "What should I have for dinner?",
    "What am I allergic to?",
    "My sister Martha is visiting from Lisbon on Friday",
    "leg day, an hour",
)
LONG = " It was a long day and there is much to tell, so bear with me while I describe all of it in some detail." * 3


@dataclass
class Played:
    """A conversation that was really had."""

    messages: Sequence[Message]
    turns: Sequence[Turn]
    calls: Sequence[Sequence[ModelCall]]


@contextmanager
def conversation(path: Path, clock: FakeClock, policy: MemoryPolicy) -> Iterator[tuple[Store, TurnRunner, str]]:
    def build(*_: Any) -> DemoChatModel:
        model = DemoChatModel()
        model._cache = PromptCache(model.cache_min_tokens, model.cache_ttl_s, lambda: clock.now().timestamp())
        return model

    store = Store.open(path)
    runner = TurnRunner(store, Settings(), clock=clock, build=build)
    runner.start()
    chat = add_person(store, "alice", clock)
    store.write(lambda db: policies.set_for_chat(db, "alice", chat, policy.model_dump_json()))
    try:
        yield store, runner, chat
    finally:
        runner.close(1.0)
        store.close()


def play(store: Store, runner: TurnRunner, chat: str, clock: FakeClock, pin: bool = False) -> Played:
    """Have sixty turns: some within the prompt cache's time to live, some after it, over four days."""
    done: list[Turn] = []
    for number in range(TURNS):
        clock.advance(43_200 if number % 20 == 19 else 400 if number % 7 == 6 else 30)
        text = SAID[number % len(SAID)] + (LONG if number % 5 == 0 else "")
        done.append(runner.submit("alice", chat, text).result(WAIT))
        runner.wait_idle(WAIT)
        if pin and number == 0:
            first = store.read(lambda db: messages.latest(db, "alice", chat))[0]
            store.write(partial(pins.pin, user_id="alice", message_id=first.id, now=clock.now()))
    said = store.read(lambda db: messages.latest(db, "alice", chat, 10_000))
    return Played(said, done, [store.read(partial(model_calls.for_turn, user_id="alice", turn_id=turn.id)) for turn in done])


def predict(
    played: Played, policy: MemoryPolicy, find: Callable[[int], Sequence[Message]] | None, pinned: Sequence[Message]
) -> list[TurnReplay]:
    """Replay a conversation from its texts: nothing that was recorded of its use is looked at."""
    model = DemoChatModel()

    def write(system: str, asked: str) -> str:
        return str(model.invoke([SystemMessage(system), HumanMessage(asked)]).text)

    prompts = [system_prompt(turn.created_at.date()) for turn in played.turns]
    texts = Texts(policy, played.messages, prompts, UTC, write, find, pinned)
    recorded = [
        RecordedTurn(
            turn.created_at.timestamp(),
            [message for message in played.messages if message.turn_id == turn.id],
            Overhead(message_tokens(prompt), TOOL_TOKENS),
            prompt,
        )
        for turn, prompt in zip(played.turns, prompts, strict=True)
    ]
    return replay(recorded, policy, price, knowledge=texts, cache=CacheRules())


def price(tokens_in: int, cached: int, out: int, at: float) -> Decimal | None:
    found = price_call("google", "gemini-2.5-flash", tokens_in, cached, out, datetime.fromtimestamp(at, UTC))
    return found.dollars if found else None


def recall(path: Path, played: Played, policy: MemoryPolicy, clock: FakeClock) -> Callable[[int], Sequence[Message]]:
    """Return a search over a database of its own, which holds at each turn what had been said by then."""
    store = Store.open(path)
    chat = add_person(store, "alice", clock)
    place = 0

    def find(number: int) -> Sequence[Message]:
        nonlocal place
        before = [message for message in played.messages if message.turn_id in {turn.id for turn in played.turns[:number]}]
        if number:
            _say(store, chat, played, number - 1, answer=True)
        _say(store, chat, played, number, answer=False)
        place = len(before)
        start = place + 1 - policy.retrieval_window
        while start > 0 and played.messages[start].role != "user":
            start += 1
        window = [message.id for message in played.messages[max(start, 0) : place + 1]]
        mine = store.read(lambda db: messages.latest(db, "alice", chat, 10_000))
        ids = {own.id: message.id for own, message in zip(mine, played.messages, strict=False)}
        back = {message: own for own, message in ids.items()}
        asked = played.messages[place].text
        exclude, most = sought(policy, [back[each] for each in window])
        hits = store.read(lambda db: search.find(db, "alice", chat, asked, most, before_turn=number + 1, exclude=exclude))
        by_id = {message.id: message for message in played.messages}
        return [by_id[ids[hit.id]] for hit in hits]

    return find


def _say(store: Store, chat: str, played: Played, number: int, *, answer: bool) -> None:
    turn = played.turns[number]
    said = [NewMessage(m.role, m.text, m.tokens, m.tool_calls) for m in played.messages if m.turn_id == turn.id]
    lease = Lease("test", turn.created_at + timedelta(hours=1))
    if answer:
        stored = store.read(lambda db: turns.get(db, "alice", f"turn-{number}"))
        ending = Settlement("done", None, said[1:], None, None, None)
        store.write(lambda db: turns.settle(db, stored, "test", ending, turn.created_at))
    else:
        admission = Admission(f"turn-{number}", "alice", chat, said[0], "demo", None, "UTC", None, 5)
        store.write(lambda db: turns.admit(db, admission, lease, turn.created_at))


def recorded_use(calls: Sequence[ModelCall]) -> tuple[int, int, int, Decimal | None]:
    costs = [call.cost for call in calls if call.cost is not None]
    return (
        *(sum(call.tokens_in for call in calls), sum(call.tokens_cached for call in calls), sum(call.tokens_out for call in calls)),
        sum(costs, Decimal(0)) if len(costs) == len(calls) else None,
    )


POLICIES = [
    *(MemoryPolicy(strategy=strategy, max_messages_per_user=14) for strategy in STRATEGIES if strategy not in ("summary", "retrieval")),
    MemoryPolicy(strategy="summary"),
    MemoryPolicy(strategy="summary", max_summary_chars=300, summarize_after_messages=8),
    MemoryPolicy(strategy="retrieval", retrieval_window=6, retrieval_k=8),
    MemoryPolicy(strategy="retrieval", retrieval_window=6, retrieval_k=8, max_context_tokens=1200),
    MemoryPolicy(strategy="full", max_context_tokens=2500),
]


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: f"{policy.strategy}-{policy.max_context_tokens}-{policy.max_summary_chars}")
@pytest.mark.parametrize("pin", [False, True], ids=["", "pinned"])
def test_what_was_recorded_is_what_the_replay_predicts(policy: MemoryPolicy, pin: bool, tmp_path: Path) -> None:
    clock = FakeClock()
    with conversation(tmp_path / "tideline.db", clock, policy) as (store, runner, chat):
        played = play(store, runner, chat, clock, pin=pin)
    find = recall(tmp_path / "search.db", played, policy, FakeClock()) if policy.strategy == "retrieval" else None
    predicted = predict(played, policy, find, played.messages[:1] if pin else ())
    wrong = [
        (number, use, (turn.tokens_in, turn.tokens_cached, turn.tokens_out, turn.cost))
        for number, (calls, turn) in enumerate(zip(played.calls, predicted, strict=True))
        if (use := recorded_use(calls)) != (turn.tokens_in, turn.tokens_cached, turn.tokens_out, turn.cost)
    ]
    assert wrong == []
    assert not any(turn.estimated for turn in predicted)
    assert any(call.purpose == "summary" for calls in played.calls for call in calls) == (policy.strategy == "summary")
    assert any(turn.quoted for turn in played.turns) == (policy.strategy == "retrieval" or (pin and policy != POLICIES[0]))
    assert any(call.tokens_cached for calls in played.calls for call in calls)
    assert all(turn.status == "done" for turn in played.turns)


@pytest.mark.parametrize("other", ["full", "window", "chunked_window"])
def test_a_counterfactual_is_what_the_other_strategy_would_have_recorded(other: Strategy, tmp_path: Path) -> None:
    """The same texts under another policy: not estimated, to the token and the nano-dollar."""
    policy, clock = MemoryPolicy(strategy="summary", max_messages_per_user=14), FakeClock()
    with conversation(tmp_path / "tideline.db", clock, policy) as (store, runner, chat):
        played = play(store, runner, chat, clock)
        rows = [store.read(partial(counterfactuals.for_turn, user_id="alice", turn_id=turn.id)) for turn in played.turns]
        assert store.read(lambda db: chats.get(db, "alice", chat)).id == chat
    predicted = predict(played, policy.with_strategy(other), None, ())
    found = [next(row for row in each if row.strategy == other) for each in rows]
    assert [(row.tokens_in, row.tokens_cached, row.tokens_out, row.cost, row.estimated) for row in found] == [
        (turn.tokens_in, turn.tokens_cached, turn.tokens_out, turn.cost, False) for turn in predicted
    ]
