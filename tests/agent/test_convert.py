"""Between stored messages and LangChain's, through the database: nothing is lost, and no tool call goes unanswered."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from agent.convert import to_langchain, to_stored
from agent.tokens import message_tokens
from storage import messages
from storage.database import Store
from storage.records import NewMessage, ToolCall
from tests.storage.makers import NOW, World, answered, world

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ARGS = st.dictionaries(TEXT, st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT, max_size=3)


@pytest.fixture
def dora(store: Store) -> World:
    return world(store)


@st.composite
def turns_of_a_model(draw: st.DrawFn) -> list[AIMessage | ToolMessage]:
    """What a turn produces: steps of text and tool calls, each call answered, then an answer."""
    produced: list[AIMessage | ToolMessage] = []
    for step in range(draw(st.integers(0, 3))):
        names = draw(st.lists(st.sampled_from(["log_food", "read_log"]), min_size=1, max_size=3))
        calls = [{"id": f"{step}.{n}", "name": name, "args": draw(ARGS)} for n, name in enumerate(names)]
        produced.append(AIMessage(content=draw(TEXT), tool_calls=calls))
        results = [ToolMessage(content=draw(TEXT), tool_call_id=str(call["id"]), name=str(call["name"])) for call in calls]
        produced.extend(draw(st.permutations(results)))
    return [*produced, AIMessage(content=draw(TEXT.filter(bool)))]


def through_the_database(dora: World, items: list[NewMessage]) -> list[AnyMessage]:
    turn = answered(dora.store, dora.chat)
    ids = dora.store.write(lambda db: messages.add(db, dora.chat.id, turn.seq, items, NOW))
    found = dora.store.read(lambda db: messages.by_ids(db, dora.user.id, dora.chat.id, ids))
    return [to_langchain(message) for message in sorted(found, key=lambda message: message.id)]


def essence(message: AnyMessage) -> tuple[Any, ...]:
    calls = [(call["id"], call["name"], call["args"]) for call in message.tool_calls] if isinstance(message, AIMessage) else []
    return (message.type, message.content, calls, getattr(message, "tool_call_id", None), message.name)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(produced=turns_of_a_model())
def test_a_turn_comes_back_with_results_behind_their_calls(dora: World, produced: list[AIMessage | ToolMessage]) -> None:
    back = through_the_database(dora, to_stored(produced))
    assert sorted(map(repr, map(essence, back))) == sorted(map(repr, map(essence, produced)))
    waiting: list[str] = []
    for message in back:
        if isinstance(message, AIMessage):
            assert waiting == []
            waiting = [str(call["id"]) for call in message.tool_calls]
        elif isinstance(message, ToolMessage):
            assert message.tool_call_id == waiting.pop(0)
    assert waiting == []


@settings(max_examples=60, deadline=None)
@given(produced=turns_of_a_model(), lost=st.sets(st.integers(0, 8)))
def test_a_call_without_a_result_is_dropped(produced: list[AIMessage | ToolMessage], lost: set[int]) -> None:
    results = [message for message in produced if isinstance(message, ToolMessage)]
    gone = {result.tool_call_id for place, result in enumerate(results) if place in lost}
    cut = [message for message in produced if not (isinstance(message, ToolMessage) and message.tool_call_id in gone)]
    stored = to_stored(cut)
    asked = [call.id for message in stored for call in message.tool_calls]
    given_back = [message.tool_call_id for message in stored if message.role == "tool"]
    assert asked == given_back
    assert set(asked).isdisjoint(gone)
    assert [m.text for m in stored if m.role == "assistant" and m.text] == [m.text for m in cut if isinstance(m, AIMessage) and m.text]


@given(turns_of_a_model())
def test_each_stored_message_has_its_tokens_counted_once(produced: list[AIMessage | ToolMessage]) -> None:
    assert [m.tokens for m in to_stored(produced)] == [message_tokens(m.text, m.tool_calls) for m in to_stored(produced)]


def test_an_answer_of_nothing_is_not_stored() -> None:
    assert to_stored([AIMessage(content="")]) == []
    assert to_stored([AIMessage(content="", tool_calls=[{"id": "c", "name": "f", "args": {}}])]) == []


def test_a_question_is_a_human_message(dora: World) -> None:
    turn = answered(dora.store, dora.chat, "What did I eat? 🥗")
    said = dora.store.read(lambda db: messages.of_turn(db, dora.user.id, turn.id))
    assert [essence(to_langchain(message))[:2] for message in said] == [("human", "What did I eat? 🥗"), ("ai", "A salad.")]
    assert isinstance(to_langchain(said[0]), HumanMessage)


def test_a_refused_tool_call_is_an_error_again(dora: World) -> None:
    call = ToolCall("c", "log_food", {})
    stored = [NewMessage("assistant", "", 1, (call,)), NewMessage("tool", "Error: refused.", 1, tool_call_id="c", tool_name="log_food")]
    _, result = through_the_database(dora, stored)
    assert isinstance(result, ToolMessage)
    assert (result.status, result.name) == ("error", "log_food")


def test_what_only_the_providers_own_form_holds_is_kept(dora: World) -> None:
    """Thought signatures of Gemini, for one: without them the next call with tools is refused or costs more."""
    content: list[str | dict[Any, Any]] = [{"type": "text", "text": "Hello", "extras": {"signature": "c2ln"}}]
    message = AIMessage(content=content, additional_kwargs={"function_call": {"name": "f"}}, id="run-1", response_metadata={"model": "g"})
    stored = to_stored([message])
    assert stored[0].text == "Hello"
    (back,) = through_the_database(dora, stored)
    assert back.content == content
    assert back.additional_kwargs == message.additional_kwargs
    assert (back.id, back.response_metadata) == (None, {})


def test_plain_answers_are_stored_once_not_twice() -> None:
    assert to_stored([AIMessage(content="Hello", id="run-1", response_metadata={"finish_reason": "STOP"})])[0].raw is None


def test_a_call_dropped_from_a_providers_own_form_is_gone_from_it_too(dora: World) -> None:
    content: list[str | dict[Any, Any]] = [{"type": "text", "text": "Wait"}, {"type": "tool_use", "id": "b", "name": "f", "input": {}}]
    calls = [{"id": each, "name": "f", "args": {}} for each in "ab"]
    stored = to_stored([AIMessage(content=content, tool_calls=calls), ToolMessage(content="ok", tool_call_id="a", name="f")])
    first, _ = through_the_database(dora, stored)
    assert isinstance(first, AIMessage)
    assert (first.content, [call["id"] for call in first.tool_calls]) == ("Wait", ["a"])
