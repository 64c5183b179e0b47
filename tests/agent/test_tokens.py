"""Counting tokens: cl100k without the network, the same for a message stored and a message sent."""

import pytest
import tiktoken
from hypothesis import given
from hypothesis import strategies as st

from agent.tokens import ENCODING, MESSAGE_TOKENS, count_text, encoding, message_tokens
from storage.records import ToolCall


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 0), ("hello world", 2), ("tiktoken is great!", 6), ("antidisestablishmentarianism", 6), ("お誕生日おめでとう", 9)],
)
def test_counts_are_those_that_openai_publishes_for_cl100k(text: str, tokens: int) -> None:
    assert count_text(text) == tokens


@given(st.text(max_size=300))
def test_any_text_is_counted_and_survives_its_tokens(text: str) -> None:
    assert count_text(text) == len(encoding().encode_ordinary(text))
    assert encoding().decode(encoding().encode_ordinary(text)) == text


def test_special_tokens_are_plain_text() -> None:
    assert count_text("<|endoftext|>") > 1


def test_broken_halves_of_characters_are_counted_too() -> None:
    assert count_text("\ud83d") > 0


def test_a_long_text_is_counted_like_a_short_one() -> None:
    assert count_text("hello world " * 4000) == pytest.approx(4000 * 2, abs=1)


def test_a_message_is_its_text_its_calls_and_its_framing() -> None:
    assert message_tokens("") == MESSAGE_TOKENS
    assert message_tokens("hello world") == MESSAGE_TOKENS + 2
    call = ToolCall("c1", "log_food", {"name": "salad", "calories": 180})
    assert message_tokens("hello world", [call, call]) == MESSAGE_TOKENS + 2 + 2 * count_text('log_food{"calories": 180, "name": "salad"}')


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=4))
def test_the_order_of_arguments_and_the_id_of_a_call_weigh_nothing(args: dict[str, object]) -> None:
    one, other = ToolCall("a", "f", args), ToolCall("another-much-longer-id", "f", dict(reversed(args.items())))
    assert message_tokens("", [one]) == message_tokens("", [other])


def test_the_tokenizer_is_cl100k_from_the_bundled_file() -> None:
    assert encoding() is encoding()
    assert encoding().n_vocab == 100_277
    assert tiktoken.get_encoding(ENCODING).encode_ordinary("tiktoken is great!") == [83, 1609, 5963, 374, 2294, 0]
