"""Accounts over a database of the test's own, with cheap hashes and a clock that the test moves."""

from collections.abc import Callable, Iterator

import pytest

from accounts.passwords import PasswordPool
from accounts.service import Accounts, Login
from storage.database import Store
from storage.records import User
from storage.settings import Settings
from tests.accounts.fakes import QuickHasher
from tests.fakes import FakeClock

PASSWORD = "correct horse"


@pytest.fixture
def hasher() -> QuickHasher:
    return QuickHasher()


@pytest.fixture
def pool(hasher: QuickHasher) -> Iterator[PasswordPool]:
    made = PasswordPool(hasher, workers=2)
    yield made
    made.close()


@pytest.fixture
def accounts(store: Store, clock: FakeClock, pool: PasswordPool) -> Accounts:
    return Accounts(store, Settings(), clock, pool)


@pytest.fixture
def teacher(accounts: Accounts) -> User:
    """The demo instructor."""
    return accounts.demo_login("instructor", local=True)


@pytest.fixture
def dora(accounts: Accounts, teacher: User) -> User:
    """A learner who registered with PASSWORD."""
    return accounts.register("dora", "Dora", PASSWORD, accounts.join_code(teacher.id))


@pytest.fixture
def enter(accounts: Accounts) -> Callable[[User], Login]:
    """Open a login of a user, as the login page and the cookie route do together."""

    def open_login(user: User) -> Login:
        return accounts.redeem_ticket(accounts.issue_ticket(user.id), user.username)

    return open_login
