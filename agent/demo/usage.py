"""What a request to the demo model holds, in tokens, and how much of it the simulated cache already had."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, UsageMetadata

from agent.demo.context import text_of
from agent.demo.promptcache import PromptCache
from agent.demo.reply import Reply
from agent.tokens import count_text, message_tokens
from storage.records import ToolCall


@dataclass(frozen=True, slots=True)
class Request:
    """The size of one request."""

    tokens: int
    cached: int
    digest: str


def tool_tokens(spec: Mapping[str, Any]) -> int:
    """Tokens of one tool's schema in OpenAI's shape, as the demo model counts it."""
    return count_text(_as_json(spec))


def measure(messages: Sequence[BaseMessage], specs: Sequence[Mapping[str, Any]], cache: PromptCache) -> Request:
    """Count a request and look it up in the simulated cache, which remembers it."""
    schemas = [_as_json(spec) for spec in specs]
    parts = [(schema, count_text(schema)) for schema in schemas]
    parts += [_part(message) for message in messages]
    digest = blake2b("\x00".join(content for content, _ in parts).encode("utf-8", "surrogatepass"), digest_size=8)
    return Request(sum(tokens for _, tokens in parts), cache.read(parts), digest.hexdigest())


def spent(request: Request, reply: Reply, said: str) -> UsageMetadata:
    """The usage a provider would report: cached tokens are part of the input, as in Gemini's own figures."""
    calls = [ToolCall("", call.name, call.args) for call in reply.calls]
    out = count_text(said) + message_tokens("", calls) - message_tokens("")
    return UsageMetadata(
        input_tokens=request.tokens,
        output_tokens=out,
        total_tokens=request.tokens + out,
        input_token_details={"cache_read": request.cached},
    )


def _part(message: BaseMessage) -> tuple[str, int]:
    text = text_of(message)
    if not isinstance(message, AIMessage) or not message.tool_calls:
        return _plain_part(message.type, text)
    calls = [ToolCall(call["id"] or "", call["name"], call["args"]) for call in message.tool_calls]
    called = "".join(f"\x01{call.name}{json.dumps(call.args, sort_keys=True)}" for call in calls)
    return f"{message.type}\x01{text}{called}", message_tokens(text, calls)


@lru_cache(maxsize=4096)
def _plain_part(kind: str, text: str) -> tuple[str, int]:
    return f"{kind}\x01{text}", message_tokens(text)


def _as_json(spec: Mapping[str, Any]) -> str:
    return json.dumps(spec, sort_keys=True)
