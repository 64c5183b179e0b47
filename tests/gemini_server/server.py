"""A loopback server that speaks Gemini's REST protocol, for the real client to be tested against.

It listens on 127.0.0.1 only, answers what a test scripted in the order it was scripted, and keeps what it was asked.
"""

import json
import re
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

from tests.gemini_server.wire import Answer, Call, Failure, Raw, Step, Usage, Vectors, error_body, sse

PATH = re.compile(r"^/v1beta/models/(?P<model>[^:/]+):(?P<method>generateContent|streamGenerateContent|embedContent|batchEmbedContents)$")
DEFAULT_USAGE = Usage()


@dataclass(slots=True)
class Request:
    """One request as it arrived; `outcome` is set when the server is done with it."""

    model: str
    stream: bool
    headers: Mapping[str, str]
    """By lower-case name."""
    body: dict[str, Any]
    embeds: bool = False
    """Whether vectors are asked for; they are answered without a script, unless one was written for them."""
    outcome: Literal["open", "answered", "failed", "dropped", "abandoned"] = "open"
    chunks_sent: int = 0
    done: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def key(self) -> str | None:
        """The API key that came with the request."""
        return self.headers.get("x-goog-api-key")

    @property
    def system(self) -> str:
        """The text of the system instruction."""
        parts = self.body.get("systemInstruction", {}).get("parts", [])
        return "".join(part.get("text", "") for part in parts)

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Role and text of every content that has text, in order."""
        pairs = []
        for content in self.body.get("contents", []):
            text = "".join(part.get("text", "") for part in content.get("parts", []))
            if text:
                pairs.append((str(content.get("role", "")), text))
        return pairs

    @property
    def to_embed(self) -> list[str]:
        """The texts of which vectors are asked for, in order."""
        parts = [each["content"]["parts"] for each in self.body.get("requests", [self.body] if self.embeds else [])]
        return ["".join(part.get("text", "") for part in each) for each in parts]

    @property
    def tool_names(self) -> list[str]:
        """Names of the functions that the request declares."""
        tools = self.body.get("tools", [])
        return [declared["name"] for tool in tools for declared in tool.get("functionDeclarations", [])]

    def finish(self, outcome: Literal["answered", "failed", "dropped", "abandoned"]) -> None:
        """Say how the request ended."""
        self.outcome = outcome
        self.done.set()


class GeminiServer:
    """The scripted server; it runs from construction to `close()`. Each call below scripts one answer."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.accepted_key: str | None = None
        """When set, any other key is refused the way Gemini refuses it."""
        self.otherwise: Callable[[Request], Step] | None = None
        """Answers requests that come when the script is used up; without it they get a 400."""
        self._steps: deque[Step] = deque()
        self._embedding_steps: deque[Step] = deque()
        self._lock = threading.Lock()
        self.closing = threading.Event()
        self._http = _HttpServer(self)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def base_url(self) -> str:
        """What to hand to the client as base_url."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def reply(
        self,
        text: str | None = None,
        *,
        chunks: Sequence[str] = (),
        tool_calls: Sequence[Call] = (),
        usage: Usage | None = DEFAULT_USAGE,
        delay: float = 0.0,
        pause: float = 0.0,
        finish_reason: str = "STOP",
    ) -> None:
        """Answer with `text` (streamed word by word) or with `chunks`, then `tool_calls`. Times are in seconds."""
        self.add(Answer(_split(text, chunks), tool_calls, usage, finish_reason, delay=delay, pause=pause))

    def fail(self, status: int, message: str = "scripted failure", *, delay: float = 0.0, retry_after: int | None = None) -> None:
        """Answer with an HTTP error; `retry_after` is in seconds."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        self.add(Failure(status, message, delay, headers))

    def drop_after(self, chunks: int, text: str = "one two three four five six", *, pause: float = 0.0) -> None:
        """Begin to answer with `text` and cut the connection after `chunks` words; 0 cuts before the first byte."""
        self.add(Answer(_split(text, ()), pause=pause, drop_after=chunks))

    def error_after(self, chunks: int, text: str = "one two three four five six") -> None:
        """Begin to answer with `text` and send a 503 inside the stream after `chunks` words."""
        self.add(Answer(_split(text, ()), error_after=chunks))

    def silence(self, seconds: float, text: str = "late") -> None:
        """Say nothing for `seconds`, then answer."""
        self.reply(text, delay=seconds)

    def block(self, reason: str = "SAFETY") -> None:
        """Refuse the prompt itself: no candidate, only feedback."""
        self.add(Answer(block_reason=reason))

    def raw(self, body: bytes = b"") -> None:
        """Answer 200 with a body that is no answer, such as nothing at all or a proxy's HTML."""
        self.add(Raw(body))

    def embeddings(self, step: Step) -> None:
        """Script one answer to a request for vectors: Vectors, late or too few, or a Failure."""
        with self._lock:
            self._embedding_steps.append(step)

    def add(self, step: Step) -> None:
        """Script one answer."""
        with self._lock:
            self._steps.append(step)

    def next_step(self, request: Request) -> Step:
        """Record the request and return what to answer."""
        with self._lock:
            self.requests.append(request)
            if self.accepted_key is not None and request.key != self.accepted_key:
                return Failure(400, "API key not valid. Please pass a valid API key.")
            if request.embeds:
                return self._embedding_steps.popleft() if self._embedding_steps else Vectors()
            if self._steps:
                return self._steps.popleft()
        if self.otherwise is not None:
            return self.otherwise(request)
        return Failure(400, "The test scripted no answer for this request.")

    def close(self) -> None:
        """Cut all connections and stop."""
        self.closing.set()
        self._http.shutdown()
        self._http.cut_connections()
        self._http.server_close()
        self._thread.join()


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def __init__(self, gemini: GeminiServer) -> None:
        self.gemini = gemini
        self.connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def cut_connections(self) -> None:
        """Wake up every handler that still waits for its client."""
        for connection in list(self.connections):
            cut(connection)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _HttpServer

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Keep quiet: the tests read `requests` instead."""

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        match = PATH.match(self.path.partition("?")[0])
        if match is None:
            self._send_json(404, error_body(404, f"No such method: {self.path}"))
            return
        request = Request(
            model=match["model"],
            stream=match["method"] == "streamGenerateContent",
            headers={name.lower(): value for name, value in self.headers.items()},
            body=json.loads(raw),
            embeds="mbed" in match["method"],
        )
        step = self.server.gemini.next_step(request)
        try:
            self._answer(request, step)
        except ConnectionError:
            request.finish("abandoned")
            self.close_connection = True

    def _answer(self, request: Request, step: Step) -> None:
        if isinstance(step, Raw):
            self._send_bytes(200, step.body)
            request.finish("answered")
            return
        if self._client_left_during(step.delay):
            raise ConnectionResetError
        if isinstance(step, Failure):
            self._send_json(step.status, step.body(), step.headers)
            request.finish("failed")
        elif isinstance(step, Vectors):
            self._send_json(200, step.body(request.to_embed, batch="requests" in request.body))
            request.finish("answered")
        elif request.stream:
            self._stream(request, step)
        else:
            self._whole(request, step)

    def _whole(self, request: Request, answer: Answer) -> None:
        body = json.dumps(answer.whole(request.model)).encode()
        if answer.error_after is not None:
            self._send_json(503, error_body(503, "The model is overloaded."))
            request.finish("failed")
        elif answer.drop_after is not None:
            self._head(200, "application/json", {"Content-Length": str(len(body))})
            self.wfile.write(body[: len(body) // 2] if answer.drop_after else b"")
            self._drop(request)
        else:
            self._send_bytes(200, body)
            request.finish("answered")

    def _stream(self, request: Request, answer: Answer) -> None:
        if answer.drop_after == 0:
            self._drop(request)
            return
        self._head(200, "text/event-stream", {"Transfer-Encoding": "chunked"})
        for body in answer.bodies(request.model):
            if request.chunks_sent and self._client_left_during(answer.pause):
                raise ConnectionResetError
            if request.chunks_sent == answer.error_after:
                self._chunk(sse(error_body(503, "The model is overloaded.")))
                break
            self._chunk(sse(body))
            request.chunks_sent += 1
            if request.chunks_sent == answer.drop_after:
                self._drop(request)
                return
        self._chunk(b"")
        request.finish("answered")

    def _client_left_during(self, seconds: float) -> bool:
        """Wait; return early with True when the client closes its end or the server is closing."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if self.server.gemini.closing.wait(min(left, 0.02)) or self._hung_up():
                return True
        return False

    def _hung_up(self) -> bool:
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable) and self.connection.recv(1, socket.MSG_PEEK) == b""

    def _drop(self, request: Request) -> None:
        request.finish("dropped")
        self.close_connection = True
        cut(self.connection)

    def _head(self, status: int, content_type: str, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def _send_json(self, status: int, body: Mapping[str, object], headers: Mapping[str, str] | None = None) -> None:
        self._send_bytes(status, json.dumps(body).encode(), headers)

    def _send_bytes(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self._head(status, "application/json", {"Content-Length": str(len(body)), **(headers or {})})
        self.wfile.write(body)


def cut(connection: socket.socket) -> None:
    """End a connection both ways; harmless when the other side has already gone."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _split(text: str | None, chunks: Sequence[str]) -> Sequence[str]:
    if text is None:
        return chunks
    return re.findall(r"\s*\S+", text)
