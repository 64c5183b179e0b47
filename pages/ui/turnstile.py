"""One script draws at a time.

Python runs one thread at a time anyway. When fifty tabs open at once, fifty script threads that all want to run cost more in handing the
interpreter round (every row that SQLite returns gives it up and queues for it again) than in drawing: a class waited twice as long, and
spent twice the processor time, as when the scripts draw one after another. Waiting here is asleep; waiting for the interpreter is not.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_S = 0.25
"""Somebody who has been inside for longer is waiting for something; nobody waits for them."""


class Turnstile:
    """Lets one thread in at a time, but never makes anybody wait for one that is stuck inside."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._entered_at = 0.0
        self._mine = threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn, and give it back at the end."""
        self._mine.inside = self._enter()
        try:
            yield
        finally:
            self.leave()

    def leave(self) -> None:
        """Let the next one in: for a thread that goes on to wait for something. Does nothing outside a turn."""
        if getattr(self._mine, "inside", False):
            self._mine.inside = False
            self._lock.release()

    def _enter(self) -> bool:
        """Return whether the turn was had; without it the thread goes on all the same, beside the one that is stuck."""
        while not self._lock.acquire(timeout=self._patience_s):
            if time.monotonic() - self._entered_at > self._patience_s:
                return False
        self._entered_at = time.monotonic()
        return True


DRAWING = Turnstile()
