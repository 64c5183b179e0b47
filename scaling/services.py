"""Everything a running Tideline consists of, put together once: the pages, the HTTP API and the benchmarks all use these objects.

Streamlit-free. Nothing is opened at import; `build` opens the database and starts the runner.
"""

from dataclasses import dataclass

from accounts.passwords import PasswordHasher, PasswordPool
from accounts.service import Accounts
from agent.catalogue import choose
from agent.runner import TurnRunner
from scaling import keysweep
from storage.clock import Clock
from storage.database import Store
from storage.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """The objects of one process. Close them with `close`."""

    settings: Settings
    clock: Clock
    store: Store
    accounts: Accounts
    runner: TurnRunner
    passwords: PasswordPool
    sweeper: keysweep.KeySweeper

    def model_state(self) -> str:
        """Return which model answers, for people: its name and, for the demo model, whose prices it shows."""
        return choose(self.settings, own_key=False).label

    def close(self) -> None:
        """Stop the turns that run (they are settled as interrupted), then close the database."""
        self.sweeper.close()
        self.runner.close()
        self.passwords.close()
        self.store.close()


def build(settings: Settings, clock: Clock, hasher: PasswordHasher, *, load_after: float = 0.0) -> Services:
    """Open the database, start the runner and return the services.

    `load_after` is how many seconds the runner may put off loading the agent, for a first page to come up.
    Raises StorageError, whose sentence says what to do, when the database cannot be used.
    """
    store = Store.open(settings.db)
    passwords = PasswordPool(hasher, workers=settings.hash_workers, queue=settings.hash_queue)
    runner = TurnRunner(store, settings, clock=clock)
    accounts = Accounts(store, settings, clock, passwords, on_ended=runner.keys.drop_all)
    sweeper = keysweep.KeySweeper(accounts, runner.keys, keysweep.EVERY_S)
    runner.start(load_after)
    sweeper.start()
    return Services(settings, clock, store, accounts, runner, passwords, sweeper)
