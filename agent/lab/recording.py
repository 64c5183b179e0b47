"""Recording what the demo model answers to a script, by running the agent for real; `python -m agent.lab.recording` does it again.

It is needed only when the prepared conversation or the demo model has changed: the recorded replies are part of the repository.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from agent.lab.prepared import FILE, stored
from agent.memory.policy import MemoryPolicy
from agent.runner import TurnRunner
from storage import chats, messages, policies, users
from storage.database import Store
from storage.records import Message
from storage.settings import Settings

FULL = MemoryPolicy(strategy="full").model_dump_json()
_ANSWER_S = 30.0


class _SetClock:
    """A clock that shows what it is set to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the instant it is set to."""
        return self.at


def record(script: Sequence[tuple[datetime, str]], timezone: str) -> list[list[Message]]:
    """Return the messages of each turn when these texts are said at these times; the agent is sent the full history."""
    settings = Settings(model="demo", embeddings=None, demo_first_token_s=0, demo_seconds_per_word=0)
    clock = _SetClock()
    with TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "recording.db")
        runner = TurnRunner(store, settings, clock=clock)
        runner.start()
        try:
            return _say_all(store, runner, clock, script, timezone)
        finally:
            runner.close()
            store.close()


def _say_all(
    store: Store, runner: TurnRunner, clock: _SetClock, script: Sequence[tuple[datetime, str]], timezone: str
) -> list[list[Message]]:
    began = script[0][0] - timedelta(minutes=1)
    user = store.write(lambda db: users.add(db, "lab", "Lab", "learner", began, password_hash=None))
    chat = store.write(lambda db: chats.create(db, user.id, "Lab", began))
    store.write(lambda db: policies.set_for_chat(db, user.id, chat.id, FULL))
    said: list[list[Message]] = []
    for clock.at, text in script:
        turn = runner.submit(user.id, chat.id, text, timezone=timezone).result(_ANSWER_S)
        said.append(store.read(partial(messages.of_turn, user_id=user.id, turn_id=turn.id)))
    return said


def _as_data(message: Message, names: dict[str, str]) -> dict[str, Any]:
    """Return a message as the file holds it; tool calls are named by number, so that recording again changes only what changed."""
    calls = [
        {"id": names.setdefault(call.id, f"call-{len(names) + 1}"), "name": call.name, "args": call.args} for call in message.tool_calls
    ]
    answers = names.get(message.tool_call_id or "")
    every = {"role": message.role, "text": message.text, "calls": calls, "answers": answers, "tool": message.tool_name}
    return {name: value for name, value in every.items() if value or name == "text"}


def main() -> None:
    """Record the prepared conversation's answers again."""
    data = stored()
    script = [(datetime.fromisoformat(turn["at"]), turn["messages"][0]["text"]) for turn in data["turns"]]
    names: dict[str, str] = {}
    for turn, said in zip(data["turns"], record(script, data["timezone"]), strict=True):
        turn["messages"] = [_as_data(message, names) for message in said]
    FILE.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
