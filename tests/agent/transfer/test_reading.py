"""Reading a file: one that is right, and every one that is not, with a sentence that says what and where."""

import json
from typing import Any

import pytest

from agent.transfer import reading
from agent.transfer.complaints import FileRefused, FileTooLarge
from agent.transfer.form import MAX_BYTES, MAX_MESSAGES
from tests.agent.transfer.files import LONGEST, altered, asking, call, chat, packed, result, turn
from tests.storage.makers import NOW

USER = {"role": "user", "text": "Hello"}
FOREVER = "9" * 30


def refusal(data: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        reading.read(data, NOW, LONGEST)
    sentence = refused.value.sentence
    assert sentence.startswith("Nothing was imported: ")
    assert sentence.isprintable()
    assert len(sentence) < 300
    return sentence


def test_a_file_that_is_right_is_read_whole() -> None:
    file = reading.read(packed(chat()), NOW, LONGEST)
    assert [len(each.messages) for each in file.turns] == [4, 2]
    assert file.turns[0].messages[1].tool_calls[0].args == {"name": "salad", "calories": 180.0}
    assert file.turns[0].policy.strategy == "summary"
    assert reading.read(b"\xef\xbb\xbf" + packed(chat()), NOW, LONGEST) == file
    assert reading.read(packed(chat(turns=[])), NOW, LONGEST).turns == []


def test_what_is_not_part_of_the_form_is_not_read() -> None:
    content = chat(id="forged", user_id="alice", turns=[turn(id="forged", user_id="bob", chat_id="x", cost="999", login_id="y")])
    content["turns"][0]["messages"][0] |= {"id": 1, "tokens": 10**9, "raw": '{"lc": 1}'}
    file = reading.read(packed(content), NOW, LONGEST)
    assert file == reading.read(packed(chat(turn())), NOW, LONGEST)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not JSON"),
        (b"Dear diary", "not JSON"),
        (b"\x89PNG\r\n\x1a\n", "not JSON"),
        (b'{"format": "tideline.chat"', "not JSON"),
        (packed(chat()) + b"x", "not JSON"),
        (packed(chat()).decode().encode("utf-16"), "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"x": ' + b"9" * 5_000 + b"}", "not JSON"),
        (packed(chat()).replace(b"I ate a salad", rb"I ate \ud83d"), "not JSON in whole UTF-8"),
        (packed(chat()).replace(b"I ate a salad", b"I ate \xed\xa0\xbd"), "not JSON in whole UTF-8"),
        (b"null", "not a chat of Tideline"),
        (b"[]", "not a chat of Tideline"),
        (b"{}", "not a chat of Tideline"),
        (b'{"messages": [{"role": "user"}]}', "not a chat of Tideline"),
        (packed(chat(format="chatgpt")), "not a chat of Tideline"),
        (packed(chat(version=2)), "the file's version is “2”, and this Tideline reads version 1"),
        (packed(chat(version="1")), "the file's version is “1”"),
        (packed({"format": "tideline.chat"}), "the file's version is missing"),
    ],
)
def test_files_that_are_no_chats(data: bytes, words: str) -> None:
    assert words in refusal(data)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("title", 5, "title is not text"),
        ("title", "x" * 201, "title has more than the 200 characters"),
        ("timezone", "x" * 65, "timezone has more than the 64"),
        ("exported_at", "yesterday", "exported_at is not a time"),
        ("exported_at", "2031-01-01T00:00:00+00:00", "exported_at is 2031-01-01T00:00:00+00:00, which is before 2000 or in the future"),
        ("policy", {"strategy": "window", "secret": 1}, "policy, secret is not something that this version knows"),
        ("policy", {"strategy": "telepathy"}, "policy, strategy is “telepathy”, but may be"),
        ("turns", {}, "turns is not a list"),
        ("turns.0", "Hello", "turn 1 is not an object"),
        ("turns.1", {}, "turn 2, created_at is missing"),
        ("turns.1.created_at", "2026-03-02T09:00:00", "turn 2, created_at is not a time with its zone"),
        ("turns.1.created_at", "1999-12-31T23:59:59+00:00", "turn 2, created_at is 1999-12-31"),
        ("turns.1.created_at", "0001-01-01T00:00:00+14:00", "turn 2, created_at is 0001-01-01"),
        ("turns.1.finished_at", "9999-12-31T23:59:59-14:00", "turn 2, finished_at is 9999-12-31"),
        ("turns.1.finished_at", 1e30, "turn 2, finished_at is not a time"),
        ("turns.1.finished_at", None, "turn 2, finished_at is not a time"),
        ("turns.1.started_at", "2026-03-02T08:00:00+00:00", "turn 2 has started_at before created_at"),
        ("turns.1.started_at", None, "turn 2 has an answer but no started_at"),
        ("turns.1.status", "running", "turn 2, status is “running”, but may be"),
        ("turns.1.model", "[x](http://evil)", "turn 2, model is not written as it should be"),
        ("turns.1.policy", None, "turn 2, policy is not an object"),
        ("turns.1.policy", {"max_messages_per_user": 0}, "turn 2, policy, max_messages_per_user is below 1"),
        ("turns.1.sent_messages", int(FOREVER), "turn 2, sent_messages is over"),
        ("turns.1.messages", [], "turn 2, messages is empty"),
        ("turns.1.messages.0.role", "system", "turn 2, message 1, role is “system”, but may be 'user', 'assistant' or 'tool'"),
        ("turns.1.messages.0.role", "assistant", "turn 2, message 1 has the role assistant, and a turn begins with its user message"),
        ("turns.1.messages.1.role", "user", "turn 2, message 2 is a second user message"),
        ("turns.1.messages.0.text", " \n", "turn 2, message 1 has no text"),
        ("turns.1.messages.0.text", "x" * 8_001, "turn 2, message 1 has 8,001 characters, and 8,000 are allowed"),
        ("turns.1.messages.1.text", "x" * 200_001, "turn 2, message 2, text has more than the 200,000 characters"),
        ("turns.1.messages.1.text", "", "turn 2, message 2 has neither text nor tool calls"),
        ("turns.1.messages.1.text", ["x"], "turn 2, message 2, text is not text"),
        ("turns.1.messages.1.tool_call_id", "c1", "turn 2, message 2 has a tool_call_id or a tool_name but is no tool result"),
        ("turns.0.messages.0.tool_calls", asking()["tool_calls"], "turn 1, message 1 is a user message with tool calls"),
        ("turns.0.messages.1.tool_calls.0.args", [], "turn 1, message 2, tool call 1, args is not an object"),
        ("turns.0.messages.1.tool_calls.0.args", {"n": float("nan")}, "turn 1, message 2, tool call 1, args hold NaN"),
        ("turns.0.messages.1.tool_calls.0.args", {"n": [{"m": float("inf")}]}, "turn 1, message 2, tool call 1, args hold NaN"),
        ("turns.0.messages.1.tool_calls.0.args", {"n": int(FOREVER)}, "turn 1, message 2, tool call 1, args hold NaN"),
        ("turns.0.messages.1.tool_calls.0.args", {"n": json.loads("[" * 12 + "]" * 12)}, "nested deeper than 10 levels"),
        ("turns.0.messages.1.tool_calls.0.args", {"n": "x" * 20_000}, "args are over 20,000 characters"),
        ("turns.0.messages.1.tool_calls.0.id", "", "turn 1, message 2, tool call 1, id is empty"),
        ("turns.0.messages.1.tool_calls", asking()["tool_calls"] * 51, "tool_calls has more than the 50 entries"),
        ("turns.0.messages.1.tool_calls", asking()["tool_calls"] * 2, "turn 1, message 2 has a second tool call with the id “c1”"),
        ("turns.0.messages.2.tool_call_id", "c2", "turn 1, message 3 is the result of no tool call right before it"),
        ("turns.0.messages.2.tool_call_id", None, "turn 1, message 3 is the result of no tool call right before it"),
        ("turns.0.messages.2.tool_name", "steal", "turn 1, message 3 is a result of “steal”, but “log_food” was called"),
        ("turns.0.messages.2.tool_calls", asking()["tool_calls"], "turn 1, message 3 is a tool result with tool calls"),
        ("turns.0.messages.2", {"role": "assistant", "text": "x"}, "turn 1, message 3 stands where the result of the tool call “c1”"),
        ("turns.0.messages", [USER, asking()], "turn 1 lacks the result of the tool call “c1”"),
        ("turns.0.messages", [USER, result()], "turn 1, message 2 is the result of no tool call"),
        ("turns.0.messages", [USER, asking(), result(), result()], "turn 1, message 4 is the result of no tool call"),
        ("turns.0.messages", [USER, asking(), result(), asking(), result()], "turn 1, message 4 has a second tool call with the id “c1”"),
        ("turns.1.calls", [call()] * 101, "turn 2, calls has more than the 100 entries"),
        ("turns.1.calls.0.tokens_in", -1, "turn 2, model call 1, tokens_in is below 0"),
        ("turns.1.calls.0.tokens_in", int(FOREVER), "turn 2, model call 1, tokens_in is over 1,000,000,000"),
        ("turns.1.calls.0.tokens_in", 100.5, "turn 2, model call 1, tokens_in is not a whole number"),
        ("turns.1.calls.0.tokens_in", True, "turn 2, model call 1, tokens_in is not a whole number"),
        ("turns.1.calls.0.tokens_in", float("nan"), "turn 2, model call 1, tokens_in is not a whole number"),
        ("turns.1.calls.0.tokens_cached", 101, "turn 2, model call 1 has 101 cached tokens of 100 in all"),
        ("turns.1.calls.0.cost", 0.1, "turn 2, model call 1, cost is not text"),
        ("turns.1.calls.0.cost", "-1", "turn 2, model call 1, cost is not written as it should be"),
        ("turns.1.calls.0.cost", "1e9", "turn 2, model call 1, cost is not written as it should be"),
        ("turns.1.calls.0.cost", "NaN", "turn 2, model call 1, cost is not written as it should be"),
        ("turns.1.calls.0.cost", "٣", "turn 2, model call 1, cost is not written as it should be"),
        ("turns.1.calls.0.purpose", "![x](//evil)", "turn 2, model call 1, purpose is not written as it should be"),
        ("turns.1.calls.0.priced_as", "demo\n", "turn 2, model call 1, priced_as is not written as it should be"),
        ("turns.1.calls.0.outcome", "\x1b[31m\n" * 50, "turn 2, model call 1, outcome is “ [31m"),
        ("turns.1.calls.0.started_at", "2040-01-01T00:00:00Z", "turn 2, model call 1, started_at is 2040-01-01"),
    ],
)
def test_files_that_no_agent_wrote(path: str, value: Any, words: str) -> None:
    assert words in refusal(packed(altered(path, value)))


def test_too_many_messages() -> None:
    many = [turn(USER, started_at=None, calls=[]) for _ in range(MAX_MESSAGES + 1)]
    assert "turns has more than the 5,000 entries" in refusal(packed(chat(turns=many)))
    full = [turn(USER, calls=[]), *(turn(calls=[]) for _ in range(MAX_MESSAGES // 2))]
    assert "5,001 messages, and 5,000 are allowed" in refusal(packed(chat(turns=full)))
    assert len(reading.read(packed(chat(turns=full[1:])), NOW, LONGEST).turns) == MAX_MESSAGES // 2


@pytest.mark.parametrize(("size", "words"), [(50 * 1024 * 1024, "50.0 MB"), (MAX_BYTES + 1, "5,242,881 bytes")])
def test_too_large_a_file_is_not_even_looked_at(size: int, words: str) -> None:
    with pytest.raises(FileTooLarge) as refused:
        reading.read(b" " * size, NOW, LONGEST)
    assert f"has {words}, and 5 MB are allowed" in refused.value.sentence
    assert (refused.value.actual, refused.value.limit) == (size, MAX_BYTES)


def test_millions_of_wrong_things_are_one_sentence() -> None:
    assert "turn 1 is not an object" in refusal(packed(chat(turns=[0] * 1_500_000)))
