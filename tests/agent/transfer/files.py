"""Files of a chat, for tests: a whole one that may be imported, and any number of others that hypothesis makes."""

import copy
import json
from typing import Any

from hypothesis import strategies as st

from storage.records import NewMessage, ToolCall

LONGEST = 8_000


def call(**changes: Any) -> dict[str, Any]:
    """Return a model call as it stands in a file."""
    return {
        "purpose": "answer",
        "model": "demo",
        "priced_as": "google:gemini-2.5-flash",
        "price": "0.3/0.03/2.5",
        "tokens_in": 100,
        "tokens_cached": 40,
        "tokens_out": 20,
        "tokens_reasoning": 5,
        "cost": "0.000068",
        "source": "provider",
        "outcome": "ok",
        "attempt": 1,
        "first_token_ms": 12,
        "duration_ms": 34,
        "started_at": "2026-03-02T09:00:00+00:00",
        **changes,
    }


def asking(name: str = "log_food", call_id: str = "c1") -> dict[str, Any]:
    """Return an assistant's message that calls a tool."""
    return {"role": "assistant", "text": "", "tool_calls": [{"id": call_id, "name": name, "args": {"name": "salad", "calories": 180.0}}]}


def result(call_id: str = "c1", name: str = "log_food") -> dict[str, Any]:
    """Return the tool's result."""
    return {"role": "tool", "text": "Logged.", "tool_call_id": call_id, "tool_name": name}


def turn(*messages: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a turn of a file, by default a question and its answer."""
    said = messages or ({"role": "user", "text": "What did I eat?"}, {"role": "assistant", "text": "A salad."})
    return {
        "created_at": "2026-03-02T09:00:00+00:00",
        "started_at": "2026-03-02T09:00:01+00:00",
        "finished_at": "2026-03-02T09:00:02+00:00",
        "status": "done",
        "model": "demo",
        "timezone": "Europe/Berlin",
        "policy": {"strategy": "summary"},
        "messages": list(said),
        "calls": [call()],
        **changes,
    }


def chat(*turns: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return the content of a file, by default with a turn that used a tool and one that did not."""
    first = turn({"role": "user", "text": "I ate a salad"}, asking(), result(), {"role": "assistant", "text": "Logged."})
    return {
        "format": "tideline.chat",
        "version": 1,
        "exported_at": "2026-03-02T09:00:00+00:00",
        "title": "Lunch 🥗",
        "timezone": "Europe/Berlin",
        "policy": None,
        "turns": list(turns) or [first, turn()],
        **changes,
    }


def packed(content: Any) -> bytes:
    """Return content as a file."""
    return json.dumps(content).encode()


def altered(path: str, value: Any) -> dict[str, Any]:
    """Return a file with one thing replaced, `path` as in `turns.0.messages.1.role`."""
    content: Any = copy.deepcopy(chat())
    *steps, last = path.split(".")
    spot = content
    for step in steps:
        spot = spot[int(step) if step.isdigit() else step]
    spot[int(last) if last.isdigit() else last] = value
    return dict(content)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
numbers = st.integers(-(2**63) + 1, 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
tool_names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@st.composite
def replies(draw: st.DrawFn) -> list[NewMessage]:
    """Return what an agent may say in one turn: texts, and tool calls each with their results."""
    said: list[NewMessage] = []
    for step in range(draw(st.integers(0, 3))):
        calls = tuple(
            ToolCall(f"same-{place}", draw(tool_names), draw(st.dictionaries(texts, values, max_size=3)))
            for place in range(draw(st.integers(0, 2)))
        )
        text = draw(texts if calls else texts.filter(bool))
        said.append(NewMessage("assistant", text, step, calls))
        said.extend(NewMessage("tool", draw(texts), 1, tool_call_id=each.id, tool_name=each.name) for each in calls)
    return said
