"""Slows guessing down: after some attempts in a row a key (a username, or the registration form) is refused for a while.

It works alike for names that exist and names that do not, and keeps no list in memory, so that restarting the server resets nothing.
"""

import math
from datetime import timedelta

from accounts.errors import LockedOut
from storage import logins
from storage.clock import Clock
from storage.database import Store


class Lockout:
    """Counts attempts by key in the database; a lock ends by itself after `seconds`."""

    def __init__(self, store: Store, clock: Clock, seconds: int) -> None:
        self._store = store
        self._clock = clock
        self._lock_for = timedelta(seconds=seconds)

    @property
    def lock_for(self) -> timedelta:
        """How long a lock holds, and how long attempts are remembered."""
        return self._lock_for

    def begin(self, key: str, limit: int) -> None:
        """Count an attempt before it is judged. Raises LockedOut when `limit` attempts were made already."""
        now = self._clock.now()
        until = self._store.write(lambda db: logins.begin_attempt(db, key, now, limit=limit, lock_for=self._lock_for))
        if until is not None:
            raise LockedOut(math.ceil((until - now).total_seconds()))

    def succeeded(self, key: str) -> None:
        """Forget the attempts under `key`, the one just judged and those before it."""
        self._store.write(lambda db: logins.clear_attempts(db, key))

    def never_judged(self, key: str) -> None:
        """Uncount an attempt that was begun and could not be judged."""
        self._store.write(lambda db: logins.take_back_attempt(db, key))
