"""The prepared conversation: 60 turns of a person's ten days, with facts planted in them, and the questions that ask for them back.

What the person says and asks is written by hand in data/prepared.json. What the agent answered, its tool rounds included, was recorded
from the demo model (agent.lab.recording) and is stored there too, so that costs are worked out without asking a model.
"""

import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from agent.lab.conversation import Conversation, Question, Said
from agent.prompt import local_date, system_prompt, zone_of
from agent.tokens import message_tokens
from storage.records import Message, ToolCall

FILE = Path(__file__).with_name("data") / "prepared.json"


@lru_cache(maxsize=4)
def prepared(priced_as: tuple[str, str]) -> Conversation:
    """Return the prepared conversation at the prices of a provider's model."""
    data = stored()
    timezone = data["timezone"]
    turns: list[Said] = []
    for turn in data["turns"]:
        at = datetime.fromisoformat(turn["at"])
        first = turns[-1].messages[-1].id + 1 if turns else 1
        said = tuple(_message(first + place, len(turns), at, item) for place, item in enumerate(turn["messages"]))
        turns.append(Said(at, system_prompt(local_date(at, timezone)), said))
    questions = tuple(Question(q["about"], q["told_in"], q["asked"], tuple(q["expected"])) for q in data["questions"])
    asked_at = datetime.fromisoformat(data["asked_at"])
    return Conversation(data["title"], tuple(turns), zone_of(timezone), priced_as, True, questions, asked_at)


def stored() -> dict[str, Any]:
    """Return the file as it is."""
    data: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return data


def _message(number: int, turn: int, at: datetime, item: dict[str, Any]) -> Message:
    calls = tuple(ToolCall(call["id"], call["name"], call["args"]) for call in item.get("calls", ()))
    tokens = message_tokens(item["text"], calls)
    return Message(number, "prepared", f"turn-{turn}", item["role"], item["text"], tokens, at, calls, item.get("answers"), item.get("tool"))
