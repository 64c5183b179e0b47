"""The turn's limits hold against every way in which the demo model can be made to misbehave."""

from typing import get_args

import pytest

from agent.runner import TurnRunner
from storage import model_calls
from storage.database import Store
from storage.settings import DemoFault, Settings
from tests.agent.conftest import add_person
from tests.fakes import FakeClock

ENDS_WELL = {"loop_tool", "invent_tool", "over_call"}


@pytest.mark.parametrize("fault", get_args(DemoFault))
def test_a_turn_ends_in_time_within_its_limits_whatever_the_model_does(
    store: Store, clock: FakeClock, fault: DemoFault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.guard.BACKOFF_S", 0.001)
    chat = add_person(store, "alice", clock)
    settings = Settings(
        demo_fault=fault, demo_first_token_s=0, demo_seconds_per_word=0, demo_spread=0, turn_deadline_s=2.0, max_model_calls=7
    )
    runner = TurnRunner(store, settings, clock=clock)
    runner.start()
    try:
        turn = runner.submit("alice", chat, "I ate a salad").result(30)
    finally:
        runner.close(1)
    calls = store.read(lambda db: model_calls.for_turn(db, "alice", turn.id))
    assert turn.status in ("done", "failed")
    assert turn.status == "done" or turn.error
    assert 1 <= len(calls) <= 7 + 3
    assert turn.cost is not None
    if fault in ENDS_WELL:
        assert turn.status == "done"
