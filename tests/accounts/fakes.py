"""A password hasher that is the real one in all but its cost, and counts what it is asked to do."""

import threading

import bcrypt
from streamlit_authenticator.utilities.hasher import Hasher

CHEAPEST = 4


class QuickHasher:
    """An accounts.passwords.PasswordHasher: streamlit-authenticator's check over bcrypt hashes of the fewest rounds."""

    def __init__(self) -> None:
        self.hashes = 0
        self.checks = 0
        self.threads: set[str] = set()
        self._lock = threading.Lock()

    def hash(self, password: str) -> str:
        self._note(hashes=1)
        return bcrypt.hashpw(password.encode(), bcrypt.gensalt(CHEAPEST)).decode()

    def check(self, password: str, hashed: str) -> bool:
        self._note(checks=1)
        return bool(Hasher.check_pw(password, hashed))

    def _note(self, hashes: int = 0, checks: int = 0) -> None:
        with self._lock:
            self.hashes += hashes
            self.checks += checks
            self.threads.add(threading.current_thread().name)


class HeldHasher(QuickHasher):
    """Waits with every check and hash until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.begun = threading.Semaphore(0)

    def _note(self, hashes: int = 0, checks: int = 0) -> None:
        super()._note(hashes, checks)
        self.begun.release()
        assert self.go.wait(10)
