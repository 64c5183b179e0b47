"""The app as people run it: a process of its own, started by `streamlit run app.py`, seen only from outside."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
FOREIGN_PREFIXES = ("TIDELINE_", "STREAMLIT_", "LANGSMITH_", "LANGCHAIN_")
FOREIGN_NAMES = ("GOOGLE_API_KEY", "GEMINI_API_KEY")
START_SECONDS = 60.0


class AppServer:
    """One running app with a home and a database of its own; `env` adds environment variables."""

    def __init__(self, folder: Path, env: Mapping[str, str] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.database = Path((env or {}).get("TIDELINE_DB", folder / "data" / "tideline.db"))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = folder / f"server-{self.port}.log"
        command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={self.port}"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment(env or {}), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    @property
    def output(self) -> str:
        """What the process has printed so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._process.poll() is None

    def everything_on_disk(self) -> bytes:
        """Return the bytes of every file that the server has written, its database and its log among them."""
        return b"".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file())

    def wait_until_healthy(self) -> dict[str, Any]:
        """Return what /healthz says once it answers. Raises AssertionError with the output when it never does."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.running:
            try:
                response = httpx.get(f"{self.url}/healthz", timeout=5)
            except httpx.TransportError:
                time.sleep(0.05)
                continue
            return dict(json.loads(response.text))
        raise AssertionError(f"The server never answered. It printed:\n{self.output}")

    def wait_until_printed(self, pattern: str) -> str:
        """Return the first group of `pattern` once the process has printed it. Raises AssertionError when it never does."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.running:
            if found := re.search(pattern, self.output):
                return found[1]
            time.sleep(0.05)
        raise AssertionError(f"The server never printed {pattern!r}, but:\n{self.output}")

    def wait_until_ended(self, timeout: float = 20.0) -> int:
        """Return the exit code. Raises subprocess.TimeoutExpired when the process lives on."""
        return self._process.wait(timeout)

    def stop(self) -> int:
        """End the process as a service manager does, with SIGTERM, and return its exit code."""
        if self.running:
            self._process.send_signal(signal.SIGTERM)
        try:
            return self.wait_until_ended()
        finally:
            self.kill()

    def kill(self) -> None:
        """End the process at once, if it still runs."""
        if self.running:
            self._process.kill()
            self._process.wait()

    def _environment(self, env: Mapping[str, str]) -> dict[str, str]:
        own = {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN_PREFIXES) and k not in FOREIGN_NAMES}
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        return {
            **own,
            "HOME": str(home),
            "PYTHONUNBUFFERED": "1",
            "TIDELINE_DB": str(self.database),
            "TIDELINE_DEMO_FIRST_TOKEN_S": "0",
            "TIDELINE_DEMO_SECONDS_PER_WORD": "0",
            **env,
        }


def free_port() -> int:
    """Return a port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
