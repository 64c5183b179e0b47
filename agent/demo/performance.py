"""A reply on its way out: cut to length, said piece by piece with its delays, with the figures that end it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.messages.tool import ToolCall, ToolCallChunk, tool_call, tool_call_chunk

from agent.demo.faults import Fault, pieces, slow
from agent.demo.reply import Reply
from agent.demo.usage import Request, spent
from agent.tokens import count_text

WORD = re.compile(r"\s*\S+\s*?(?=\s|$)")
LONGEST_REPLY_WORDS = 50_000
"""Where even an endless reply ends, near the 65,536 output tokens that Gemini allows."""


class Performance:
    """One reply being said. Iterate over it for (seconds to wait, piece of text), then ask for the ending."""

    def __init__(self, reply: Reply, request: Request, delays: Iterator[float], fault: Fault | None, max_tokens: int | None) -> None:
        self._reply = reply
        self._request = request
        self._delays = slow(delays, fault)
        self._fault = fault
        self._max_tokens = max_tokens
        self._cut = False
        self._calls = tuple((call, f"call_{uuid4().hex[:20]}") for call in reply.calls)
        self.said: list[str] = []

    def __iter__(self) -> Iterator[tuple[float, str]]:
        room = LONGEST_REPLY_WORDS if self._max_tokens is None else self._max_tokens
        for piece in pieces(iter(WORD.findall(self._reply.text)), self._fault):
            room -= count_text(piece) if self._max_tokens is not None else 1
            if room < 0:
                self._cut = True
                return
            self.said.append(piece)
            yield next(self._delays), piece

    def last_wait(self) -> float:
        """Seconds before the ending: a reply without words has only now its first-token delay."""
        return 0.0 if self.said else next(self._delays)

    def message(self, metadata: dict[str, Any]) -> AIMessage:
        """The whole reply as one message."""
        text = "".join(self.said)
        calls: list[ToolCall] = [tool_call(name=call.name, args=call.args, id=key) for call, key in self._calls]
        usage = spent(self._request, self._reply, text)
        return AIMessage(content=text, tool_calls=calls, usage_metadata=usage, response_metadata=metadata | self._finish())

    def ending(self, metadata: dict[str, Any]) -> AIMessageChunk:
        """The chunk that closes a stream: tool calls, usage and finish reason."""
        calls: list[ToolCallChunk] = [
            tool_call_chunk(name=call.name, args=json.dumps(call.args, ensure_ascii=False), id=key, index=index)
            for index, (call, key) in enumerate(self._calls)
        ]
        return AIMessageChunk(
            content="",
            tool_call_chunks=calls,
            usage_metadata=spent(self._request, self._reply, "".join(self.said)),
            response_metadata=metadata | self._finish(),
            chunk_position="last",
        )

    def _finish(self) -> dict[str, Any]:
        return {"finish_reason": "MAX_TOKENS" if self._cut else "STOP"}


def stopped(reply: Reply, stop: Sequence[str]) -> Reply:
    """The reply up to the first stop sequence in it."""
    ends = [reply.text.index(word) for word in stop if word and word in reply.text]
    return Reply(reply.text[: min(ends)], reply.calls) if ends else reply
