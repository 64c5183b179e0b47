"""Logging in with a password: who is let in, what a refusal tells, and how guessing is slowed down."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from accounts.errors import Busy, LockedOut, PasswordRefused, WrongCredentials
from accounts.passwords import PasswordPool
from accounts.service import Accounts
from storage import users
from storage.database import Store
from storage.records import User
from storage.settings import Settings
from tests.accounts.conftest import PASSWORD
from tests.accounts.fakes import HeldHasher, QuickHasher
from tests.fakes import FakeClock


def refusal(accounts: Accounts, username: str, password: str) -> type[Exception]:
    with pytest.raises((WrongCredentials, LockedOut)) as caught:
        accounts.login(username, password)
    return caught.type


@pytest.mark.parametrize("typed", ["dora", "DORA", "  Dora "])
def test_name_and_password_let_in(accounts: Accounts, dora: User, typed: str) -> None:
    assert accounts.login(typed, PASSWORD) == dora


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("dora", "wrong password"),
        ("dora", ""),
        ("dora", "x" * 73),
        ("dora", PASSWORD + "\0"),
        ("dora", "\ud800broken!"),
        ("nobody", PASSWORD),
        ("", PASSWORD),
        ("dora'--", PASSWORD),
        ("\ud800\0", PASSWORD),
        ("d" * 10_000, PASSWORD),
    ],
)
def test_a_wrong_name_and_a_wrong_password_are_refused_alike_and_cost_one_check_each(
    accounts: Accounts, dora: User, hasher: QuickHasher, username: str, password: str
) -> None:
    refusal(accounts, "somebody", "something")
    checks, hashes = hasher.checks, hasher.hashes
    with pytest.raises(WrongCredentials, match="Username or password is wrong"):
        accounts.login(username, password)
    assert (hasher.checks - checks, hasher.hashes - hashes) == (1, 0)


def test_the_very_first_login_costs_the_same_whether_or_not_the_name_exists(store: Store, clock: FakeClock, dora: User) -> None:
    costs = []
    for username in ("dora", "nobody"):
        fresh = QuickHasher()
        pool = PasswordPool(fresh, workers=1)
        refusal(Accounts(store, Settings(), clock, pool), username, "wrong password")
        pool.close()
        costs.append((fresh.checks, fresh.hashes))
    assert costs == [(1, 1), (1, 1)]


def test_the_same_letters_from_another_keyboard_are_the_same_password(accounts: Accounts, teacher: User) -> None:
    composed, decomposed = "caf\u00e9 au lait", "cafe\u0301 au lait"
    user = accounts.register("emil", "Emil", composed, accounts.join_code(teacher.id))
    assert accounts.login("emil", decomposed) == user


@pytest.mark.parametrize("typed", ["x" * 73, "", "impossible\0"])
def test_what_is_checked_in_place_of_an_impossible_password_opens_nothing(accounts: Accounts, teacher: User, typed: str) -> None:
    accounts.register("emil", "Emil", "impossible", accounts.join_code(teacher.id))
    assert refusal(accounts, "emil", typed) is WrongCredentials


def test_a_demo_account_has_no_password(accounts: Accounts, teacher: User, hasher: QuickHasher) -> None:
    for password in ("", "instructor", "None"):
        assert refusal(accounts, "instructor", password) is WrongCredentials
    assert hasher.checks == 3


def test_passwords_are_hashed_off_the_callers_thread(accounts: Accounts, dora: User, hasher: QuickHasher) -> None:
    accounts.login("dora", PASSWORD)
    assert all(name.startswith("tideline-password") for name in hasher.threads)


@pytest.mark.parametrize("username", ["dora", "nobody", "not a name!"])
def test_a_name_is_locked_after_five_failures_and_frees_itself(
    accounts: Accounts, dora: User, clock: FakeClock, hasher: QuickHasher, username: str
) -> None:
    assert [refusal(accounts, username, f"guess number {n}") for n in range(5)] == [WrongCredentials] * 5
    checks = hasher.checks
    clock.advance(60)
    with pytest.raises(LockedOut) as caught:
        accounts.login(username, PASSWORD)
    assert caught.value.retry_after == 240
    assert caught.value.sentence == "Too many attempts. Wait 4 minutes, then try again."
    assert hasher.checks == checks
    clock.advance(240)
    assert refusal(accounts, username, "guess number 6") is WrongCredentials


def test_a_lock_of_one_name_leaves_the_others_alone_and_ends_for_its_owner(
    accounts: Accounts, dora: User, teacher: User, clock: FakeClock
) -> None:
    emil = accounts.register("emil", "Emil", PASSWORD, accounts.join_code(teacher.id))
    for _ in range(6):
        refusal(accounts, "Dora", "wrong password")
    assert accounts.login("emil", PASSWORD) == emil
    assert refusal(accounts, "dORA", PASSWORD) is LockedOut
    clock.advance(300)
    assert accounts.login("dora", PASSWORD) == dora


def test_a_success_forgets_the_failures_before_it(accounts: Accounts, dora: User) -> None:
    for _ in range(3):
        for _ in range(4):
            refusal(accounts, "dora", "wrong password")
        assert accounts.login("dora", PASSWORD) == dora


def test_failures_long_ago_do_not_count(accounts: Accounts, dora: User, clock: FakeClock) -> None:
    for _ in range(3):
        assert [refusal(accounts, "dora", "wrong password") for _ in range(4)] == [WrongCredentials] * 4
        clock.advance(minutes=5)
    assert accounts.login("dora", PASSWORD) == dora


def test_of_32_guesses_at_once_only_five_are_judged(accounts: Accounts, dora: User, hasher: QuickHasher) -> None:
    gate = threading.Barrier(32)

    def guess(number: int) -> type[Exception]:
        gate.wait()
        return refusal(accounts, "dora", f"guess number {number}")

    with ThreadPoolExecutor(32) as threads:
        outcomes = list(threads.map(guess, range(32)))
    assert outcomes.count(WrongCredentials) == hasher.checks == 5
    assert outcomes.count(LockedOut) == 27
    assert refusal(accounts, "dora", PASSWORD) is LockedOut


def test_a_full_queue_refuses_at_once_and_does_not_count_as_a_failure(store: Store, clock: FakeClock, dora: User) -> None:
    hasher = HeldHasher()
    pool = PasswordPool(hasher, workers=1, queue=3)
    accounts = Accounts(store, Settings(lockout_failures=1), clock, pool)
    logins = [accounts.start_login("nobody0", PASSWORD)]
    assert hasher.begun.acquire(timeout=10)
    logins += [accounts.start_login(f"nobody{n}", PASSWORD) for n in (1, 2, 3)]
    assert [login.ahead for login in logins] == [0, 0, 1, 2]
    assert (pool.waiting, logins[3].done) == (3, False)
    for _ in range(3):
        with pytest.raises(Busy, match="3 people are waiting to log in"):
            accounts.start_login("dora", PASSWORD)
    hasher.go.set()
    for login in logins:
        with pytest.raises(WrongCredentials):
            login.result(10)
    assert [login.ahead for login in logins] == [0, 0, 0, 0]
    assert accounts.login("dora", PASSWORD) == dora
    pool.close()


def test_a_login_nobody_waits_for_any_more_is_settled_all_the_same(accounts: Accounts, dora: User) -> None:
    for _ in range(4):
        refusal(accounts, "dora", "wrong password")
    abandoned = accounts.start_login("dora", PASSWORD)
    while not abandoned.done:
        threading.Event().wait(0.01)
    assert [refusal(accounts, "dora", "wrong password") for _ in range(5)] == [WrongCredentials] * 5


def test_a_result_may_be_asked_for_in_steps(store: Store, clock: FakeClock, dora: User) -> None:
    hasher = HeldHasher()
    pool = PasswordPool(hasher, workers=1)
    login = Accounts(store, Settings(), clock, pool).start_login("dora", PASSWORD)
    with pytest.raises(TimeoutError):
        login.result(0.01)
    hasher.go.set()
    assert login.result(10) == dora
    pool.close()


def test_a_stopping_server_says_so(store: Store, clock: FakeClock, dora: User) -> None:
    hasher = HeldHasher()
    pool = PasswordPool(hasher, workers=1)
    accounts = Accounts(store, Settings(), clock, pool)
    first, second = accounts.start_login("nobody", PASSWORD), accounts.start_login("dora", PASSWORD)
    assert hasher.begun.acquire(timeout=10)
    pool.close()
    with pytest.raises(Busy):
        second.result(10)
    with pytest.raises(Busy, match="stopping"):
        accounts.start_login("dora", PASSWORD)
    hasher.go.set()
    with pytest.raises(WrongCredentials):
        first.result(10)


def test_a_new_password_replaces_the_old_one(accounts: Accounts, dora: User) -> None:
    accounts.change_password(dora.id, PASSWORD, "battery staple")
    assert refusal(accounts, "dora", PASSWORD) is WrongCredentials
    assert accounts.login("dora", "battery staple") == dora


def test_changing_a_password_needs_the_old_one_and_is_locked_as_a_login_is(accounts: Accounts, dora: User) -> None:
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            accounts.change_password(dora.id, "wrong password", "battery staple")
    with pytest.raises(LockedOut):
        accounts.change_password(dora.id, PASSWORD, "battery staple")


@pytest.mark.parametrize(("new", "sentence"), [("short", "too short"), ("é" * 37, "74 bytes of at most 72"), ("nul\0nulnul", "NUL")])
def test_a_bad_new_password_changes_nothing(accounts: Accounts, dora: User, new: str, sentence: str) -> None:
    with pytest.raises(PasswordRefused, match=sentence):
        accounts.change_password(dora.id, PASSWORD, new)
    assert accounts.login("dora", PASSWORD) == dora


def test_nobody_gives_a_demo_account_a_password(accounts: Accounts, teacher: User, store: Store) -> None:
    with pytest.raises(WrongCredentials):
        accounts.change_password(teacher.id, "", "battery staple")
    assert store.read(lambda db: users.password_hash(db, teacher.id)) is None
