"""From a one-time ticket to a login that lasts, and every way it ends."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from accounts.errors import TicketRefused, WrongCredentials
from accounts.passwords import PasswordPool
from accounts.service import Accounts, Login
from storage.database import Store
from storage.records import User
from storage.settings import Settings
from tests.accounts.conftest import PASSWORD
from tests.fakes import FakeClock

Enter = Callable[[User], Login]


def rows(store: Store, table: str) -> list[tuple[object, ...]]:
    return store.read(lambda db: db.execute(f"SELECT * FROM {table}").fetchall())


def seen_at(store: Store) -> object:
    store.write(lambda db: None)  # the writer takes its work in order: what was sent before is done
    return store.read(lambda db: db.execute("SELECT last_seen_at FROM login_sessions").fetchone()[0])


def test_a_ticket_opens_a_login_that_says_who_somebody_is(accounts: Accounts, dora: User, enter: Enter) -> None:
    login = enter(dora)
    assert login.user == dora
    assert accounts.who(login.session_token) == login


def test_a_ticket_works_once(accounts: Accounts, dora: User) -> None:
    ticket = accounts.issue_ticket(dora.id)
    accounts.redeem_ticket(ticket, "dora")
    with pytest.raises(TicketRefused, match="Log in again"):
        accounts.redeem_ticket(ticket, "dora")


def test_of_16_who_redeem_one_ticket_at_once_one_gets_in(accounts: Accounts, dora: User, store: Store) -> None:
    ticket = accounts.issue_ticket(dora.id)
    gate = threading.Barrier(16)

    def redeem(_: int) -> bool:
        gate.wait()
        try:
            accounts.redeem_ticket(ticket, "dora")
        except TicketRefused:
            return False
        return True

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(redeem, range(16))) == 1
    assert len(rows(store, "login_sessions")) == 1


def test_a_ticket_expires_after_a_minute(accounts: Accounts, dora: User, clock: FakeClock) -> None:
    in_time, too_late = accounts.issue_ticket(dora.id), accounts.issue_ticket(dora.id)
    clock.advance(59)
    accounts.redeem_ticket(in_time, "dora")
    clock.advance(1)
    with pytest.raises(TicketRefused):
        accounts.redeem_ticket(too_late, "dora")


@pytest.mark.parametrize("slot", ["", "a b", "dora;Path=/", "DORA", "x" * 33, "dora\r\n", "é"])
def test_a_slot_that_is_no_slot_is_refused_and_leaves_the_ticket(accounts: Accounts, dora: User, slot: str) -> None:
    ticket = accounts.issue_ticket(dora.id)
    with pytest.raises(TicketRefused):
        accounts.redeem_ticket(ticket, slot)
    assert accounts.redeem_ticket(ticket, "dora").user == dora


def test_no_secret_is_kept(accounts: Accounts, dora: User, enter: Enter, store: Store) -> None:
    login, ticket = enter(dora), accounts.issue_ticket(dora.id)
    kept = repr([rows(store, table) for table in ("login_sessions", "login_tickets", "users", "class_settings")])
    assert all(secret not in kept for secret in (login.session_token, ticket, PASSWORD))
    assert login.session_token not in repr(login)
    assert login.login_id in kept


@pytest.mark.parametrize("token", ["", "unknown", "\ud800", "x" * 100_000])
def test_a_token_that_opens_nothing(accounts: Accounts, token: str) -> None:
    assert accounts.who(token) is None
    accounts.logout(token)


def test_the_kept_hash_is_no_token(accounts: Accounts, dora: User, enter: Enter) -> None:
    assert accounts.who(enter(dora).login_id) is None


def test_a_login_ends_after_its_days(store: Store, clock: FakeClock, pool: PasswordPool, dora: User) -> None:
    brief = Accounts(store, Settings(session_days=2), clock, pool)
    login = brief.redeem_ticket(brief.issue_ticket(dora.id), "dora")
    clock.advance(days=2, seconds=-1)
    assert brief.who(login.session_token) is not None
    clock.advance(1)
    assert brief.who(login.session_token) is None


def test_logout_ends_one_login_for_good(accounts: Accounts, dora: User, enter: Enter) -> None:
    here, there = enter(dora), enter(dora)
    accounts.logout(here.session_token)
    assert accounts.who(here.session_token) is None
    assert accounts.who(there.session_token) is not None


def test_logout_everywhere_ends_all_of_a_persons_logins_and_no_others(accounts: Accounts, dora: User, teacher: User, enter: Enter) -> None:
    mine, other, ticket = [enter(dora), enter(dora)], enter(teacher), accounts.issue_ticket(dora.id)
    accounts.logout_everywhere(dora.id)
    assert [accounts.who(login.session_token) for login in mine] == [None, None]
    assert accounts.who(other.session_token) is not None
    with pytest.raises(TicketRefused):
        accounts.redeem_ticket(ticket, "dora")


def test_a_new_password_ends_all_logins(accounts: Accounts, dora: User, enter: Enter) -> None:
    login = enter(dora)
    accounts.change_password(dora.id, PASSWORD, "battery staple")
    assert accounts.who(login.session_token) is None


def test_logging_in_again_in_a_slot_ends_the_login_it_held(accounts: Accounts, dora: User, enter: Enter) -> None:
    before = enter(dora)
    after = accounts.redeem_ticket(accounts.issue_ticket(dora.id), "dora", replaces=before.session_token)
    assert accounts.who(before.session_token) is None
    assert accounts.who(after.session_token) is not None


def test_a_refused_ticket_ends_no_login(accounts: Accounts, dora: User, enter: Enter) -> None:
    login = enter(dora)
    with pytest.raises(TicketRefused):
        accounts.redeem_ticket("unknown", "dora", replaces=login.session_token)
    assert accounts.who(login.session_token) is not None


@pytest.fixture
def ended() -> list[str]:
    """The ids of the logins that were reported as ended."""
    return []


@pytest.fixture
def telling(store: Store, clock: FakeClock, pool: PasswordPool, ended: list[str]) -> Accounts:
    """Accounts that report ended logins."""
    return Accounts(store, Settings(), clock, pool, on_ended=ended.extend)


def test_ended_logins_are_reported(telling: Accounts, dora: User, enter: Enter, ended: list[str]) -> None:
    login = enter(dora)
    telling.logout(login.session_token)
    assert ended == [login.login_id]


@pytest.mark.parametrize("way", ["everywhere", "password"])
def test_all_of_a_persons_ended_logins_are_reported(
    telling: Accounts, dora: User, teacher: User, enter: Enter, ended: list[str], way: str
) -> None:
    logins, _ = [enter(dora), enter(dora)], enter(teacher)
    if way == "everywhere":
        telling.logout_everywhere(dora.id)
    else:
        telling.change_password(dora.id, PASSWORD, "battery staple")
    assert sorted(ended) == sorted(login.login_id for login in logins)


def test_a_password_that_stays_ends_and_reports_nothing(telling: Accounts, dora: User, enter: Enter, ended: list[str]) -> None:
    enter(dora)
    with pytest.raises(WrongCredentials):
        telling.change_password(dora.id, "wrong password", "battery staple")
    assert ended == []


def test_a_replaced_login_is_reported_when_it_was_replaced(telling: Accounts, dora: User, enter: Enter, ended: list[str]) -> None:
    before = enter(dora)
    with pytest.raises(TicketRefused):
        telling.redeem_ticket("unknown", "dora", replaces=before.session_token)
    telling.redeem_ticket(telling.issue_ticket(dora.id), "dora")
    assert ended == []
    telling.redeem_ticket(telling.issue_ticket(dora.id), "dora", replaces=before.session_token)
    assert ended == [before.login_id]


def test_living_logins_are_those_that_hold(accounts: Accounts, dora: User, enter: Enter, clock: FakeClock) -> None:
    early, gone = enter(dora), enter(dora)
    accounts.logout(gone.session_token)
    clock.advance(days=29)
    late = enter(dora)
    ids = [early.login_id, gone.login_id, late.login_id, "unknown"]
    assert accounts.living(ids) == {early.login_id, late.login_id}
    clock.advance(days=1)
    assert accounts.living(ids) == {late.login_id}
    assert accounts.living([]) == set()


def test_being_seen_is_written_once_a_minute(accounts: Accounts, dora: User, enter: Enter, store: Store, clock: FakeClock) -> None:
    login = enter(dora)
    first = seen_at(store)
    clock.advance(59)
    accounts.who(login.session_token)
    assert seen_at(store) == first
    clock.advance(1)
    accounts.who(login.session_token)
    assert seen_at(store) != first


def test_what_no_longer_matters_is_swept_away(accounts: Accounts, dora: User, enter: Enter, store: Store, clock: FakeClock) -> None:
    accounts.issue_ticket(dora.id)
    accounts.logout(enter(dora).session_token)
    for name in ("dora", "nobody"):
        with pytest.raises(WrongCredentials):
            accounts.login(name, "wrong password")
    clock.advance(days=2)
    enter(dora)
    assert [len(rows(store, table)) for table in ("login_tickets", "login_sessions", "login_failures")] == [0, 1, 0]
