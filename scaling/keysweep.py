"""Drops learners' own keys whose logins have ended without anybody saying so: by expiry, or in another process on the same file.

A login that ends here drops its key at once; this looks after the rest, so that no key outlives its login by more than a minute.
"""

import logging
import threading

from accounts.service import Accounts
from agent.keys import KeyRing
from storage.errors import StorageError

EVERY_S = 60.0
logger = logging.getLogger(__name__)


def sweep(accounts: Accounts, keys: KeyRing) -> None:
    """Drop the keys of logins that hold no more. Raises StorageError when the database cannot say which do."""
    held = keys.login_ids()
    if held:
        keys.drop_all(held - accounts.living(held))


class KeySweeper(threading.Thread):
    """Sweeps every `every_s` seconds until it is closed."""

    def __init__(self, accounts: Accounts, keys: KeyRing, every_s: float) -> None:
        super().__init__(name="tideline-keysweep", daemon=True)
        self._accounts = accounts
        self._keys = keys
        self._every_s = every_s
        self._closing = threading.Event()

    def run(self) -> None:
        """Sweep now and then; a database that cannot be read is asked again at the next round."""
        while not self._closing.wait(self._every_s):
            try:
                sweep(self._accounts, self._keys)
            except StorageError as error:
                logger.warning("looking for keys of ended logins: %s", error.sentence)

    def close(self) -> None:
        """End; returns when the thread has."""
        self._closing.set()
        self.join(timeout=5)
