"""Passwords are hashed here, in a few threads of their own, behind a queue with an end.

bcrypt takes a quarter of a second of a processor, on purpose. A class that logs in at once must not slow the chats that run, so one
processor is left free and everybody waits in order; a queue that is full refuses at once rather than letting people time out. The hash
function itself is handed in (see PasswordHasher), because the library it comes from needs Streamlit, which this room does not know.
"""

import os
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Generic, Protocol, TypeVar

from accounts import rules
from accounts.errors import Busy

T = TypeVar("T")


class PasswordHasher(Protocol):
    """How a password is hashed. Both methods are slow and run in several threads at once."""

    def hash(self, password: str) -> str:
        """Return a salted hash of `password`, which is at most 72 bytes in UTF-8."""

    def check(self, password: str, hashed: str) -> bool:
        """Say whether `hashed` was made of `password`."""


class Pending(Generic[T]):
    """Work that waits for its turn, or is being done, or is done."""

    def __init__(self, future: "Future[T]", ahead: Callable[[], int]) -> None:
        self._future = future
        self._ahead = ahead

    @property
    def ahead(self) -> int:
        """How many others are served before this one begins."""
        return self._ahead()

    @property
    def done(self) -> bool:
        """Whether `result` would answer at once."""
        return self._future.done()

    def result(self, timeout: float | None = None) -> T:
        """Wait, at most `timeout` seconds, and return the outcome or raise what it raised.

        Raises TimeoutError when it is not done by then (ask again later), and Busy when the server is stopping.
        """
        try:
            return self._future.result(timeout)
        except CancelledError as error:
            raise Busy(self.ahead) from error


class PasswordPool:
    """Hashes and checks passwords in `workers` threads (one less than the processors, unless told), `queue` waiting at most."""

    def __init__(self, hasher: PasswordHasher, *, workers: int | None = None, queue: int = 200) -> None:
        self._hasher = hasher
        self._queue = queue
        self._lock = threading.Lock()
        self._submitted = 0
        self._started = 0
        self._decoy: str | None = None
        self._decoy_lock = threading.Lock()
        count = workers or max(1, (os.cpu_count() or 2) - 1)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="tideline-password")

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        with self._lock:
            return self._submitted - self._started

    def hash(self, password: str, then: Callable[[str], T]) -> Pending[T]:
        """Hash a password that `rules.password_problem` has nothing against and pass the hash to `then`, in the same thread.

        The outcome is what `then` returns or raises. Raises Busy when the queue is full.
        """
        return self._submit(lambda: then(self._hasher.hash(password)))

    def check(self, password: str, hashed: str | None, then: Callable[[bool], T]) -> Pending[T]:
        """Check a password and pass the verdict to `then`, in the same thread; the outcome is what `then` returns or raises.

        Without a hash, or with a password that could not have been anybody's, the verdict is False and takes the same work: a hash
        that belongs to nobody is checked instead. Raises Busy when the queue is full.
        """
        return self._submit(lambda: then(self._matches(password, hashed)))

    def close(self) -> None:
        """Stop: what waits is refused with Busy, what is being hashed is finished."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _matches(self, password: str, hashed: str | None) -> bool:
        decoy = self._decoy_hash()
        possible = rules.password_problem(password) is None
        verdict = self._hasher.check(password if possible else "impossible", hashed or decoy)
        return verdict and possible and hashed is not None

    def _decoy_hash(self) -> str:
        """Return a hash of a password that nobody knows; made before the first check of all, whosever that is."""
        with self._decoy_lock:
            if self._decoy is None:
                self._decoy = self._hasher.hash(secrets.token_urlsafe(24))
            return self._decoy

    def _submit(self, work: Callable[[], T]) -> Pending[T]:
        with self._lock:
            waiting = self._submitted - self._started
            if waiting >= self._queue:
                raise Busy(waiting)
            try:
                future = self._threads.submit(self._begin, work)
            except RuntimeError as error:
                raise Busy(waiting) from error
            self._submitted += 1
            number = self._submitted
        return Pending(future, lambda: max(0, number - 1 - self._started))

    def _begin(self, work: Callable[[], T]) -> T:
        with self._lock:
            self._started += 1
        return work()
