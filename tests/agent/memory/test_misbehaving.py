"""A model that misbehaves: when tools are withheld or refused, what is recorded is still what the replay predicts, to the token."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from agent.demo.faults import Fault, FaultKind
from agent.demo.model import DemoChatModel
from agent.demo.promptcache import PromptCache
from agent.memory.policy import MemoryPolicy
from agent.runner import TurnRunner
from storage import counterfactuals, messages, model_calls, policies
from storage.database import Store
from storage.records import Turn
from storage.settings import Settings
from tests.agent.conftest import add_person
from tests.agent.test_parity import Played, predict, recorded_use
from tests.fakes import FakeClock

POLICY = MemoryPolicy(strategy="chunked_window", max_messages_per_user=20)
TURNS = 8


@contextmanager
def talking(path: Path, fault: Fault, policy: MemoryPolicy) -> Iterator[tuple[Store, Sequence[Turn]]]:
    """Have a few turns with a model that misbehaves now and then."""
    clock = FakeClock()

    def build(*_: Any) -> DemoChatModel:
        model = DemoChatModel(faults=fault)
        model._cache = PromptCache(model.cache_min_tokens, model.cache_ttl_s, lambda: clock.now().timestamp())
        return model

    store = Store.open(path)
    runner = TurnRunner(store, Settings(), clock=clock, build=build)
    runner.start()
    chat = add_person(store, "alice", clock)
    store.write(lambda db: policies.set_for_chat(db, "alice", chat, policy.model_dump_json()))
    done = []
    try:
        for number in range(TURNS):
            clock.advance(30)
            done.append(runner.submit("alice", chat, f"I ate {number + 2} eggs and then went for a {number + 20} minute run").result(30))
            runner.wait_idle(30)
        yield store, done
    finally:
        runner.close(1.0)
        store.close()


@pytest.mark.parametrize("rate", [0.5, 1.0])
@pytest.mark.parametrize("kind", ["over_call", "loop_tool", "invent_tool", "bad_arguments"])
def test_what_a_misbehaving_model_was_billed_is_what_the_replay_predicts(kind: FaultKind, rate: float, tmp_path: Path) -> None:
    with talking(tmp_path / "tideline.db", Fault(kind=kind, rate=rate, seed=3), POLICY) as (store, turns):
        said = store.read(lambda db: messages.latest(db, "alice", turns[0].chat_id, 10_000))
        calls = [store.read(partial(model_calls.for_turn, user_id="alice", turn_id=turn.id)) for turn in turns]
    played = Played(said, turns, calls)
    predicted = predict(played, POLICY, None, ())
    assert [recorded_use(calls) for calls in played.calls] == [
        (turn.tokens_in, turn.tokens_cached, turn.tokens_out, turn.cost) for turn in predicted
    ]
    assert max(len(calls) for calls in played.calls) > 1


@pytest.mark.parametrize("kind", ["empty", "drop", "server_error", "rate_limit", "over_call", "loop_tool"])
def test_what_goes_wrong_would_have_gone_wrong_under_every_strategy(
    kind: FaultKind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a chat shorter than the cap all three windows send the same: nothing is saved by a failure, and nothing is lost."""
    monkeypatch.setattr("agent.guard.BACKOFF_S", 0.001)
    compared = 0
    with talking(tmp_path / "tideline.db", Fault(kind=kind, rate=0.5, seed=3), MemoryPolicy(max_messages_per_user=200)) as (store, turns):
        for turn in turns:
            rows = {row.strategy: row for row in store.read(partial(counterfactuals.for_turn, user_id="alice", turn_id=turn.id))}
            sizes = {(rows[each].tokens_in, rows[each].tokens_out) for each in ("full", "window", "chunked_window") if rows}
            assert len(sizes) <= 1
            assert all(row.reason is None for row in rows.values())
            used = rows.get("window")
            full = rows.get("full")
            assert used is None or full is None or full.estimated or (used.tokens_cached, used.cost) == (full.tokens_cached, full.cost)
            compared += len(sizes)
    assert compared > 2
