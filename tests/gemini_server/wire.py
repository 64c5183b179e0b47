"""Gemini's REST wire format: what a scripted answer looks like as JSON bodies.

Field names and error bodies follow the public reference of generateContent, streamGenerateContent and batchEmbedContents (v1beta).
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.meanings import meaning

Json = dict[str, Any]

ERROR_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts as Gemini reports them: `prompt` includes `cached`; `candidates` excludes `thoughts`."""

    prompt: int = 10
    candidates: int = 5
    cached: int = 0
    thoughts: int = 0

    def after(self, done: int, total: int) -> Json:
        """Return usageMetadata as it stands after `done` of `total` chunks; output counts are cumulative."""
        candidates = self.candidates * done // total
        body: Json = {"promptTokenCount": self.prompt, "candidatesTokenCount": candidates}
        if self.cached:
            body["cachedContentTokenCount"] = self.cached
        if self.thoughts:
            body["thoughtsTokenCount"] = self.thoughts
        body["totalTokenCount"] = self.prompt + candidates + self.thoughts
        return body


@dataclass(frozen=True, slots=True)
class Call:
    """A function call that the model asks for, with the thought signature that Gemini wants back."""

    name: str
    args: Mapping[str, object] = field(default_factory=dict)
    signature: bytes | None = None

    def part(self) -> Json:
        """Return the content part that carries this call."""
        part: Json = {"functionCall": {"name": self.name, "args": dict(self.args)}}
        if self.signature is not None:
            part["thoughtSignature"] = base64.b64encode(self.signature).decode()
        return part


@dataclass(frozen=True, slots=True)
class Answer:
    """One scripted answer, and how it goes wrong on the way if it does."""

    chunks: Sequence[str] = ()
    tool_calls: Sequence[Call] = ()
    usage: Usage | None = field(default_factory=Usage)
    finish_reason: str = "STOP"
    block_reason: str | None = None
    delay: float = 0.0
    """Seconds of silence before the first byte."""
    pause: float = 0.0
    """Seconds between two chunks of a stream."""
    drop_after: int | None = None
    """Cut the connection after this many chunks."""
    error_after: int | None = None
    """Send a 503 error in the stream after this many chunks."""

    def bodies(self, model: str) -> list[Json]:
        """Return the JSON bodies of a stream, in order; the last one carries the finish reason."""
        if self.block_reason is not None:
            return [self._blocked(model)]
        groups: list[list[Json]] = [[{"text": text}] for text in self.chunks]
        if self.tool_calls:
            groups.append([call.part() for call in self.tool_calls])
        if not groups:
            groups.append([])
        total = len(groups)
        return [self._body(model, parts, done, total) for done, parts in enumerate(groups, 1)]

    def whole(self, model: str) -> Json:
        """Return the one JSON body of a call without streaming."""
        if self.block_reason is not None:
            return self._blocked(model)
        parts: list[Json] = [{"text": "".join(self.chunks)}] if self.chunks else []
        parts.extend(call.part() for call in self.tool_calls)
        return self._body(model, parts, 1, 1)

    def _body(self, model: str, parts: list[Json], done: int, total: int) -> Json:
        candidate: Json = {"index": 0}
        if parts:
            candidate["content"] = {"role": "model", "parts": parts}
        if done == total:
            candidate["finishReason"] = self.finish_reason
        body: Json = {"candidates": [candidate], "modelVersion": model, "responseId": "scripted"}
        if self.usage is not None:
            body["usageMetadata"] = self.usage.after(done, total)
        return body

    def _blocked(self, model: str) -> Json:
        body: Json = {"promptFeedback": {"blockReason": self.block_reason}, "modelVersion": model}
        if self.usage is not None:
            body["usageMetadata"] = {"promptTokenCount": self.usage.prompt, "totalTokenCount": self.usage.prompt}
        return body


@dataclass(frozen=True, slots=True)
class Failure:
    """An HTTP error instead of an answer."""

    status: int
    message: str
    delay: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> Json:
        """Return the error body as Google's APIs write it."""
        return error_body(self.status, self.message)


@dataclass(frozen=True, slots=True)
class Raw:
    """Status 200 with a body that is no answer."""

    body: bytes


@dataclass(frozen=True, slots=True)
class Vectors:
    """A vector for each text that was asked about, the same for the same text."""

    delay: float = 0.0
    missing: int = 0
    """How many of the last are left out."""

    def body(self, texts: Sequence[str], *, batch: bool) -> Json:
        """Return the JSON body of batchEmbedContents, or of embedContent."""
        found = [{"values": meaning(text)} for text in texts]
        return {"embeddings": found[: len(found) - self.missing]} if batch else {"embedding": found[0]}


Step = Answer | Failure | Raw | Vectors


def error_body(status: int, message: str) -> Json:
    """Return Google's JSON error for an HTTP status."""
    return {"error": {"code": status, "message": message, "status": ERROR_STATUS.get(status, "UNKNOWN")}}


def sse(body: Json) -> bytes:
    """Return one server-sent event holding `body`."""
    return b"data: " + json.dumps(body).encode() + b"\r\n\r\n"
