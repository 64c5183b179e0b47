"""Policies in plain words, and why one was not taken."""

import pytest
from pydantic import ValidationError

from agent.memory.policy import STRATEGIES, MemoryPolicy
from pages.ui import memory_words


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"strategy": "full"}, "the whole chat"),
        ({"max_messages_per_user": 1}, "the last 1 message"),
        ({"strategy": "chunked_window"}, "up to 30 messages, half of them dropped at a time"),
        ({"strategy": "summary"}, "a summary of up to 1,200 characters, and up to 30 messages"),
        ({"strategy": "retrieval"}, "the last 10 messages, and up to 10 earlier ones of this chat"),
        ({"strategy": "retrieval", "across_chats": True}, "the last 10 messages, and up to 10 earlier ones of all chats"),
        ({"max_context_tokens": 2000}, "the last 30 messages, within 2,000 tokens"),
    ],
)
def test_a_policy_in_words(fields: dict[str, object], said: str) -> None:
    assert memory_words.in_words(MemoryPolicy.model_validate(fields)) == said


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("max_context_tokens", 0, "“Token budget” needs to be at least 1."),
        ("max_messages_per_user", 0, "“At most so many messages” needs to be at least 1."),
        ("max_messages_per_user", 10_001, "“At most so many messages” may be at most 10,000."),
        ("max_summary_chars", 99, "“Longest summary, in characters” needs to be at least 100."),
        ("max_summary_chars", None, "“Longest summary, in characters” needs to be a whole number."),
        ("strategy", "elephant", "“What the agent remembers” needs to be one of the choices offered."),
    ],
)
def test_a_refusal_names_the_field_and_what_it_may_be(field: str, value: object, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        MemoryPolicy.model_validate({field: value})
    assert memory_words.refusal(refused.value) == f"{said} The memory stays as it was."


def test_every_strategy_and_every_field_has_its_words() -> None:
    assert set(STRATEGIES) == set(memory_words.NAMES) == set(memory_words.HELP) == set(memory_words.TERMS)
    assert set(MemoryPolicy.model_fields) == set(memory_words.FIELDS)
