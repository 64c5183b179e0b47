"""Streamlit's own protocol without a browser: connect, run the script once, say how long it took; rerun as often as asked.

The wire format is Streamlit's BackMsg and ForwardMsg over one WebSocket, as its web client speaks it.
"""

import asyncio
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Server:
    """A running app."""

    port: int
    pid: int
    started_s: float
    """From the command to the first page answered."""

    def cpu_s(self) -> float:
        """Return the CPU seconds that the process has used (Linux)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        """Return the resident memory of the process (Linux)."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def server(app: str, port: int, env: dict[str, str]) -> Iterator[Server]:
    """Yield `streamlit run APP` on a port of the loopback interface; it is stopped at the end."""
    command = [sys.executable, "-m", "streamlit", "run", app, f"--server.port={port}"]
    began = time.monotonic()
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            asyncio.run(_until_answered(port, began))
            yield Server(port, process.pid, time.monotonic() - began)
        finally:
            process.terminate()
            process.wait(20)


async def open_page(port: int, query: str, cookie: str) -> tuple[ClientConnection, float]:
    """Connect a new session and run its script once; return the connection and the seconds it took."""
    began = time.perf_counter()
    link = await connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        subprotocols=[Subprotocol("streamlit")],
        additional_headers={"Cookie": cookie} if cookie else {},
        origin=Origin(f"http://127.0.0.1:{port}"),
        max_size=None,
        compression=None,
    )
    await rerun(link, query)
    return link, time.perf_counter() - began


async def rerun(link: ClientConnection, query: str) -> None:
    """Run the script once more and wait for its end. Raises RuntimeError when the script fails."""
    message = BackMsg()
    message.rerun_script.query_string = query
    await link.send(message.SerializeToString())
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(_bytes(await link.recv()))
        if answer.WhichOneof("type") == "script_finished":
            return
        if answer.delta.new_element.WhichOneof("type") == "exception":
            raise RuntimeError(answer.delta.new_element.exception.message)


async def _until_answered(port: int, began: float) -> None:
    while time.monotonic() - began < 60:
        try:
            await asyncio.to_thread(urllib.request.urlopen, f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
            link, _ = await open_page(port, "", "")
        except OSError:
            await asyncio.sleep(0.02)
            continue
        await link.close()
        return
    raise TimeoutError(f"nothing answered on port {port}")


def _bytes(frame: str | bytes) -> bytes:
    return frame if isinstance(frame, bytes) else frame.encode()
