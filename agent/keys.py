"""Learners' own API keys: in memory, for one login, gone with it. Nothing here is ever stored, logged or shown again."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pydantic import SecretStr


@dataclass(slots=True, eq=False)
class OwnKey:
    """A key, and the agent that was built with it, so that both are forgotten together."""

    secret: SecretStr
    agent: object | None = None


class KeyRing:
    """The keys of the logins of this process. `retire` is told of each key that is dropped, to close what was built with it."""

    def __init__(self, retire: Callable[[OwnKey], None]) -> None:
        self._keys: dict[str, OwnKey] = {}
        self._lock = threading.Lock()
        self._retire = retire

    def set(self, login_id: str, key: str) -> None:
        """Use `key` for the turns that this login asks from now on."""
        self.drop(login_id)
        with self._lock:
            self._keys[login_id] = OwnKey(SecretStr(key.strip()))

    def drop(self, login_id: str) -> None:
        """Forget the key of a login; does nothing when it has none."""
        with self._lock:
            dropped = self._keys.pop(login_id, None)
        if dropped is not None:
            self._retire(dropped)

    def drop_all(self, login_ids: Iterable[str]) -> None:
        """Forget the keys of several logins, such as those that have ended."""
        for login_id in login_ids:
            self.drop(login_id)

    def login_ids(self) -> frozenset[str]:
        """Return the logins that have a key."""
        with self._lock:
            return frozenset(self._keys)

    def get(self, login_id: str | None) -> OwnKey | None:
        """Return the key of a login, or None."""
        with self._lock:
            return self._keys.get(login_id) if login_id else None
