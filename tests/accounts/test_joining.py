"""How accounts come into being: by the class code, by the setup link, and the demo accounts."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from accounts.errors import AccountError, DemoNotOffered, LockedOut, NotInstructor, RegistrationRefused
from accounts.passwords import PasswordPool
from accounts.service import Accounts
from accounts.tokens import ALPHABET, new_join_code, same_code
from storage.database import Store
from storage.records import User
from storage.settings import Settings
from tests.accounts.conftest import PASSWORD
from tests.accounts.fakes import QuickHasher
from tests.fakes import FakeClock

WRONG_CODE = "The class code is wrong"


def people(store: Store) -> list[str]:
    return [row[0] for row in store.read(lambda db: db.execute("SELECT username FROM users").fetchall())]


@pytest.fixture
def strict(store: Store, clock: FakeClock, pool: PasswordPool) -> Accounts:
    """Accounts of a server without demo accounts, whoever asks."""
    return Accounts(store, Settings(demo_accounts=False), clock, pool)


def test_the_class_code_makes_a_learner(accounts: Accounts, teacher: User) -> None:
    code = accounts.join_code(teacher.id)
    user = accounts.register(" Emil.1 ", " Emil Ø. ", PASSWORD, code)
    assert (user.username, user.display_name, user.role, user.is_demo) == ("Emil.1", "Emil Ø.", "learner", False)
    assert accounts.login("emil.1", PASSWORD) == user


def test_the_code_stays_until_it_is_renewed(accounts: Accounts, teacher: User) -> None:
    code = accounts.join_code(teacher.id)
    assert accounts.join_code(teacher.id) == code
    newer = accounts.renew_join_code(teacher.id)
    assert accounts.join_code(teacher.id) == newer != code
    with pytest.raises(RegistrationRefused, match=WRONG_CODE):
        accounts.register("emil", "Emil", PASSWORD, code)


def test_only_the_instructor_sees_or_renews_the_code(accounts: Accounts, dora: User, teacher: User) -> None:
    code = accounts.join_code(teacher.id)
    for ask in (accounts.join_code, accounts.renew_join_code):
        for stranger in (dora.id, "nobody"):
            with pytest.raises(NotInstructor):
                ask(stranger)
    assert accounts.join_code(teacher.id) == code


def test_two_who_ask_at_once_see_the_same_code(accounts: Accounts, teacher: User) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(accounts.join_code, [teacher.id] * 8))) == 1


def test_a_code_is_easy_to_read_and_to_type() -> None:
    codes = {new_join_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 9 and code[4] == "-" and set(code) <= {*ALPHABET, "-"} for code in codes)
    assert set("0O1IL5S2Z8B").isdisjoint(ALPHABET)
    assert same_code(" kq7m 4xrt", "KQ7M-4XRT")
    assert not any(same_code(typed, "KQ7M-4XRT") for typed in ("", "KQ7M", "KQ7M-4XR", "KQ7M-4XRTT", "ÄÖ", "\ud800"))


def test_without_a_class_code_nobody_registers(accounts: Accounts, store: Store) -> None:
    for code in ("", "None", "KQ7M-4XRT"):
        with pytest.raises(RegistrationRefused, match=WRONG_CODE):
            accounts.register("emil", "Emil", PASSWORD, code)
    assert people(store) == []


def test_a_wrong_code_costs_no_hash_and_tells_nothing_about_names(accounts: Accounts, dora: User, hasher: QuickHasher) -> None:
    before = hasher.hashes
    for username in ("dora", "emil"):
        with pytest.raises(RegistrationRefused, match=WRONG_CODE):
            accounts.register(username, "Emil", PASSWORD, "KQ7M-4XRT")
    assert hasher.hashes == before


def guess_until_locked(accounts: Accounts) -> LockedOut:
    for _ in range(50):
        with pytest.raises(RegistrationRefused, match=WRONG_CODE):
            accounts.register("eve", "Eve", PASSWORD, "KQ7M-4XRT")
    with pytest.raises(LockedOut) as caught:
        accounts.register("eve", "Eve", PASSWORD, "KQ7M-4XRT")
    return caught.value


def test_guessing_codes_is_locked_and_the_lock_ends_by_itself(accounts: Accounts, teacher: User, clock: FakeClock) -> None:
    accounts.join_code(teacher.id)
    clock.advance(guess_until_locked(accounts).retry_after)
    with pytest.raises(RegistrationRefused, match=WRONG_CODE):
        accounts.register("eve", "Eve", PASSWORD, "KQ7M-4XRT")


def test_a_stranger_who_guesses_codes_keeps_nobody_out_who_knows_the_code(accounts: Accounts, teacher: User, dora: User) -> None:
    code = accounts.join_code(teacher.id)
    guess_until_locked(accounts)
    assert accounts.register("emil", "Emil", PASSWORD, f" {code.lower()} ").username == "emil"
    assert accounts.register("fay", "Fay", PASSWORD, code).username == "fay"


def test_only_wrong_codes_in_a_row_lock(accounts: Accounts, teacher: User) -> None:
    code = accounts.join_code(teacher.id)
    guess_until_locked(accounts)
    accounts.register("emil", "Emil", PASSWORD, code)
    guess_until_locked(accounts)


def test_while_there_is_no_code_every_guess_counts(accounts: Accounts) -> None:
    guess_until_locked(accounts)


@pytest.mark.parametrize("username", ["dora", "DORA", "alice", "Bob", "carol", "instructor"])
def test_a_name_that_is_taken_or_kept_for_a_demo_account(accounts: Accounts, dora: User, teacher: User, username: str) -> None:
    with pytest.raises(RegistrationRefused, match="taken"):
        accounts.register(username, "Somebody", PASSWORD, accounts.join_code(teacher.id))


def test_of_eight_who_want_one_name_at_once_one_gets_it(accounts: Accounts, teacher: User) -> None:
    code = accounts.join_code(teacher.id)

    def register(number: int) -> str:
        try:
            return accounts.register("emil", f"Emil {number}", f"password {number}", code).display_name
        except RegistrationRefused as error:
            return error.sentence

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(register, range(8)))
    winners = [number for number in range(8) if outcomes[number] == f"Emil {number}"]
    assert len(winners) == 1
    assert outcomes.count("This username is taken. Choose another.") == 7
    assert accounts.login("emil", f"password {winners[0]}").username == "emil"


@pytest.mark.parametrize(
    ("username", "display_name", "password", "sentence"),
    [
        ("em", "Emil", PASSWORD, "3 to 32 characters"),
        ("e" * 33, "Emil", PASSWORD, "3 to 32 characters"),
        ("em il", "Emil", PASSWORD, "3 to 32 characters"),
        ("émile", "Emil", PASSWORD, "3 to 32 characters"),
        ("emil\n1", "Emil", PASSWORD, "3 to 32 characters"),
        ("emil", "  ", PASSWORD, "1 to 60 characters"),
        ("emil", "E" * 61, PASSWORD, "1 to 60 characters"),
        ("emil", "E\nmil", PASSWORD, "invisible"),
        ("emil", "E\u202emil", PASSWORD, "invisible"),
        ("emil", "E\u2066mil", PASSWORD, "invisible"),
        ("emil", "E\u2028mil", PASSWORD, "invisible"),
        ("emil", "\u200d\u200d", PASSWORD, "invisible"),
        ("emil", "\ud800", PASSWORD, "invisible"),
        ("emil", "Emil", "1234567", "at least 8 characters"),
        ("emil", "Emil", "1" * 73, "73 bytes of at most 72"),
        ("emil", "Emil", "\ud800" * 8, "broken character"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_the_rule(
    accounts: Accounts, teacher: User, store: Store, username: str, display_name: str, password: str, sentence: str
) -> None:
    with pytest.raises(RegistrationRefused, match=sentence):
        accounts.register(username, display_name, password, accounts.join_code(teacher.id))
    assert "emil" not in people(store)


@pytest.mark.parametrize("display_name", ["María José", "李雷", "عمر", "👩‍👩‍👧 Ada", "O'Brien <b>", "می‌خواهم"])
def test_names_of_the_world_are_welcome(accounts: Accounts, teacher: User, display_name: str) -> None:
    assert accounts.register("emil", display_name, PASSWORD, accounts.join_code(teacher.id)).display_name == display_name


def test_demo_accounts_are_offered_locally_always_the_same(accounts: Accounts, store: Store) -> None:
    offered = accounts.demo_accounts(local=True)
    assert [(user.username, user.display_name, user.role) for user in offered] == [
        ("alice", "Alice", "learner"),
        ("bob", "Bob", "learner"),
        ("carol", "Carol", "learner"),
        ("instructor", "Instructor", "instructor"),
    ]
    assert accounts.demo_accounts(local=True) == offered
    assert accounts.demo_login("bob", local=True) == offered[1]
    assert len(people(store)) == 4


def test_demo_accounts_made_at_once_are_made_once(accounts: Accounts, store: Store) -> None:
    with ThreadPoolExecutor(8) as threads:
        logins = list(threads.map(lambda _: accounts.demo_login("alice", local=True), range(8)))
    assert len(set(logins)) == 1
    assert sorted(people(store)) == ["alice", "bob", "carol", "instructor"]


@pytest.mark.parametrize(
    ("setting", "local", "offered"),
    [(None, True, True), (None, False, False), (True, False, True), (False, True, False)],
)
def test_where_demo_accounts_are_offered(
    store: Store, clock: FakeClock, pool: PasswordPool, setting: bool | None, local: bool, offered: bool
) -> None:
    accounts = Accounts(store, Settings(demo_accounts=setting), clock, pool)
    assert bool(accounts.demo_accounts(local=local)) == offered
    assert (accounts.setup_link_token(local=local) is None) == offered
    if not offered:
        with pytest.raises(DemoNotOffered):
            accounts.demo_login("alice", local=local)
        assert people(store) == []


def test_an_account_of_ones_own_is_no_demo_account(accounts: Accounts, dora: User) -> None:
    with pytest.raises(DemoNotOffered):
        accounts.demo_login("dora", local=True)


def test_the_setup_link_makes_the_instructor_once(strict: Accounts) -> None:
    token = strict.setup_link_token()
    assert token is not None
    assert strict.is_setup_token(token)
    user = strict.create_instructor(token, "prof", "Prof. Ada", PASSWORD)
    assert user.role == "instructor"
    assert strict.login("prof", PASSWORD) == user
    assert strict.join_code(user.id)
    assert not strict.is_setup_token(token)
    with pytest.raises(RegistrationRefused, match="setup link"):
        strict.create_instructor(token, "prof2", "Prof. Bea", PASSWORD)
    assert strict.setup_link_token() is None


def test_a_demo_instructor_of_earlier_does_not_stand_in_for_a_real_one(strict: Accounts, teacher: User) -> None:
    assert strict.setup_link_token() is not None


def test_of_two_who_use_one_setup_link_at_once_one_becomes_instructor(strict: Accounts) -> None:
    token = strict.setup_link_token() or ""

    def create(name: str) -> bool:
        try:
            strict.create_instructor(token, name, name, PASSWORD)
        except AccountError:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(create, ["prof1", "prof2"])) == [False, True]


def test_a_setup_link_ends_after_a_day_or_with_the_next(strict: Accounts, clock: FakeClock) -> None:
    first, second = strict.setup_link_token() or "", strict.setup_link_token() or ""
    assert not strict.is_setup_token(first)
    clock.advance(hours=24)
    assert not strict.is_setup_token(second)
    with pytest.raises(RegistrationRefused, match="too old"):
        strict.create_instructor(second, "prof", "Prof", PASSWORD)


def test_a_refused_application_leaves_the_setup_link_good(strict: Accounts) -> None:
    token = strict.setup_link_token() or ""
    for username, sentence in (("x", "3 to 32"), ("alice", "taken")):
        with pytest.raises(RegistrationRefused, match=sentence):
            strict.create_instructor(token, username, "Prof", PASSWORD)
    assert strict.create_instructor(token, "prof", "Prof", PASSWORD).username == "prof"


@pytest.mark.parametrize("token", ["", "unknown", "\ud800"])
def test_a_setup_link_that_never_was(strict: Accounts, hasher: QuickHasher, token: str) -> None:
    with pytest.raises(RegistrationRefused, match="setup link"):
        strict.create_instructor(token, "prof", "Prof", PASSWORD)
    assert hasher.hashes == 0
