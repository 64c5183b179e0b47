"""Who somebody is: the one door to logins, registration, demo accounts and the class code.

No Streamlit and no HTTP here: the caller brings what a form or a cookie held, and gets a person or a refusal with its sentence.
Passwords and tokens are never logged, and a session's token is known to nobody but the browser: storage holds its hash.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlite_utils import Database

from accounts import cookies, rules, tokens
from accounts.demo import DEMO, in_order, make_missing
from accounts.errors import (
    Busy,
    DemoNotOffered,
    NotInstructor,
    PasswordRefused,
    RegistrationRefused,
    TicketRefused,
    WrongCredentials,
)
from accounts.joining import SETUP_REFUSED, TAKEN, WRONG_CODE, Application, application, join
from accounts.lockout import Lockout
from accounts.passwords import PasswordPool, Pending
from storage import classroom, logins, users
from storage.clock import Clock
from storage.database import Store
from storage.records import NotFound, Role, User
from storage.settings import Settings

TICKET_LIFE = timedelta(seconds=60)
SETUP_LIFE = timedelta(hours=24)
SEEN_EVERY = timedelta(minutes=1)
REGISTRATION_KEY = "registration form"
REGISTRATION_PATIENCE = 10
"""The form is shared by a whole class, so it bears this many times the wrong tries of one name. The lock asks wrong guessers to wait;
what keeps the code from being guessed are its 37 random bits."""


@dataclass(frozen=True, slots=True)
class Login:
    """A login that holds."""

    session_token: str = field(repr=False)
    user: User
    expires_at: datetime
    login_id: str
    """Names this login to others, such as the runner; it opens nothing."""


def _unheard(_: Iterable[str]) -> None:
    """Nothing hangs on a login here."""


class Accounts:
    """Accounts over one database. Thread-safe; one object serves the whole process.

    `on_ended` is told the ids of the logins that this object ends, so that what hangs on a login goes with it; see also `living`.
    """

    def __init__(
        self, store: Store, settings: Settings, clock: Clock, hasher: PasswordPool, *, on_ended: Callable[[Iterable[str]], None] = _unheard
    ) -> None:
        self._store = store
        self._on_ended = on_ended
        self._settings = settings
        self._clock = clock
        self._pool = hasher
        self._lockout = Lockout(store, clock, settings.lockout_seconds)

    def login(self, username: str, password: str) -> User:
        """Return the person of this name and password, waiting for the check to have its turn.

        Raises WrongCredentials, LockedOut or Busy; an unknown name is treated, counted and timed as a wrong password is.
        """
        return self.start_login(username, password).result()

    def start_login(self, username: str, password: str) -> Pending[User]:
        """As `login`, but return at once: `.ahead` says how many are served before, `.result(timeout)` is the outcome.

        Raises LockedOut and Busy right here; `result` raises WrongCredentials.
        """
        name = username.strip()
        known = rules.USERNAME.fullmatch(name) is not None
        user, hashed = self._store.read(lambda db: _credentials(db, name)) if known else (None, None)
        key = name if known else tokens.hash_token(name)
        return self._start_check(key, user, hashed, password)

    def change_password(self, user_id: str, old: str, new: str) -> None:
        """Give a person a new password and end all their logins, this one too (issue a new ticket to stay).

        Raises WrongCredentials, LockedOut or Busy as `login` does, PasswordRefused when the new one breaks the rules.
        """
        new = rules.tidy(new)
        if problem := rules.password_problem(new):
            raise PasswordRefused(problem)
        user = self._store.read(lambda db: users.get(db, user_id))
        old_hash = self._store.read(lambda db: users.password_hash(db, user_id))
        self._start_check(user.username, user, old_hash, old).result()
        new_hash = self._pool.hash(new, lambda made: made).result()
        now = self._clock.now()

        def replace(db: Database) -> list[str]:
            if old_hash is None or not users.replace_password(db, user_id, old_hash, new_hash):
                raise WrongCredentials
            return logins.revoke_all(db, user_id, now)

        self._on_ended(self._store.write(replace))

    def register(self, username: str, display_name: str, password: str, join_code: str) -> User:
        """Make a learner's account for somebody who knows the class's join code, and return it.

        Raises RegistrationRefused with a sentence, LockedOut for a wrong code after many, or Busy.
        """
        return self.start_registration(username, display_name, password, join_code).result()

    def start_registration(self, username: str, display_name: str, password: str, join_code: str) -> Pending[User]:
        """As `register`, but return at once; see `start_login`. Only a name taken at the last moment is told by `result`."""
        asked = application(username, display_name, password)
        self._check_join_code(join_code)
        return self._start_joining(asked, "learner")

    def demo_accounts(self, *, local: bool) -> list[User]:
        """Return the demo accounts in a fixed order, making those that do not exist yet; [] unless they are offered.

        `local` says what `locality.is_local_request` said of the request; the setting `demo_accounts` overrules it.
        """
        if not self._offers_demo(local):
            return []
        found = self._store.read(users.demo)
        if len(found) < len(DEMO):
            now = self._clock.now()
            found = self._store.write(lambda db: make_missing(db, now))
        return in_order(found)

    def demo_login(self, username: str, *, local: bool) -> User:
        """Return a demo account, which has no password. Raises DemoNotOffered when it is not offered or none."""
        for user in self.demo_accounts(local=local):
            if user.username == username:
                return user
        raise DemoNotOffered

    def issue_ticket(self, user_id: str) -> str:
        """Return a ticket that `redeem_ticket` turns into a login of `user_id`, once and within 60 seconds."""
        ticket = tokens.new_token()
        expires_at = self._clock.now() + TICKET_LIFE
        self._store.write(lambda db: logins.add_ticket(db, tokens.hash_token(ticket), user_id, expires_at))
        return ticket

    def redeem_ticket(self, ticket: str, slot: str, *, replaces: str | None = None) -> Login:
        """Use a ticket up and return the login it opens; the login of the session token `replaces`, if any, ends.

        Raises TicketRefused when the ticket is unknown, used or expired, or `slot` is not a valid slot.
        """
        if not cookies.valid_slot(slot):
            raise TicketRefused
        token = tokens.new_token()
        now = self._clock.now()

        def redeem(db: Database) -> logins.Session | None:
            user_id = logins.take_ticket(db, tokens.hash_token(ticket), now)
            if user_id is None:
                return None
            if replaces:
                logins.revoke_session(db, tokens.hash_token(replaces), now)
            logins.sweep(db, now, self._lockout.lock_for)
            expires_at = now + timedelta(days=self._settings.session_days)
            logins.add_session(db, tokens.hash_token(token), user_id, slot, now, expires_at)
            return logins.find_session(db, tokens.hash_token(token), now)

        session = self._store.write(redeem)
        if session is None:
            raise TicketRefused
        if replaces:
            self._on_ended([tokens.hash_token(replaces)])
        return Login(token, session.user, session.expires_at, tokens.hash_token(token))

    def who(self, session_token: str) -> Login | None:
        """Return the login of a session token; None when it is unknown, expired or revoked."""
        login_id = tokens.hash_token(session_token)
        now = self._clock.now()
        session = self._store.read(lambda db: logins.find_session(db, login_id, now))
        if session is None:
            return None
        if now - session.last_seen_at >= SEEN_EVERY:
            self._store.write_soon(lambda db: logins.touch_session(db, login_id, now))
        return Login(session_token, session.user, session.expires_at, login_id)

    def living(self, login_ids: Iterable[str]) -> set[str]:
        """Return those of the named logins that hold: it shows which expired, or were ended by another process on the same file."""
        now = self._clock.now()
        return self._store.read(lambda db: logins.living(db, login_ids, now))

    def logout(self, session_token: str) -> None:
        """End the login of this token for good; a token that opens nothing is no error."""
        now, login_id = self._clock.now(), tokens.hash_token(session_token)
        self._store.write(lambda db: logins.revoke_session(db, login_id, now))
        self._on_ended([login_id])

    def logout_everywhere(self, user_id: str) -> None:
        """End every login of a person, in all browsers, and their unused tickets."""
        now = self._clock.now()
        self._on_ended(self._store.write(lambda db: logins.revoke_all(db, user_id, now)))

    def join_code(self, instructor_id: str) -> str:
        """Return the class's join code, making it when there is none. Raises NotInstructor for anybody else."""
        code = self._store.read(lambda db: classroom.join_code_for(db, instructor_id))
        return code or self._keep_join_code(instructor_id, replace=False)

    def renew_join_code(self, instructor_id: str) -> str:
        """Replace the join code, so that the old one is refused, and return it. Raises NotInstructor for anybody else."""
        return self._keep_join_code(instructor_id, replace=True)

    def setup_link_token(self, *, local: bool = False) -> str | None:
        """Return a new one-time token with which the first instructor's account is made within 24 hours.

        It replaces the one before. None when a real instructor exists, or when demo accounts are offered (`local` as in
        `demo_accounts`: True when the server listens on loopback only).
        """
        if self._offers_demo(local):
            return None
        token = tokens.new_token()
        now = self._clock.now()

        def keep(db: Database) -> bool:
            if users.has_instructor(db):
                return False
            classroom.set_setup_token(db, tokens.hash_token(token), now, now + SETUP_LIFE)
            return True

        return token if self._store.write(keep) else None

    def is_setup_token(self, setup_token: str) -> bool:
        """Say whether this token would still make an instructor, so that a page need not show the form in vain."""
        now = self._clock.now()
        return self._store.read(lambda db: classroom.is_setup_token(db, tokens.hash_token(setup_token), now))

    def create_instructor(self, setup_token: str, username: str, display_name: str, password: str) -> User:
        """Make the instructor's account with the token of `setup_link_token`, which is used up only when it succeeds.

        Raises RegistrationRefused with a sentence, or Busy.
        """
        asked = application(username, display_name, password)
        if not self.is_setup_token(setup_token):
            raise RegistrationRefused(SETUP_REFUSED)
        return self._start_joining(asked, "instructor", setup_token).result()

    def _offers_demo(self, local: bool) -> bool:
        return local if self._settings.demo_accounts is None else self._settings.demo_accounts

    def _start_check(self, key: str, user: User | None, hashed: str | None, password: str) -> Pending[User]:
        """Count an attempt under `key`, then have the pool check the password; see `start_login` for what is raised."""
        self._lockout.begin(key, self._settings.lockout_failures)

        def judge(right: bool) -> User:
            if not right or user is None:
                raise WrongCredentials
            self._lockout.succeeded(key)
            return user

        try:
            return self._pool.check(rules.tidy(password), hashed, judge)
        except Busy:
            self._lockout.never_judged(key)
            raise

    def _check_join_code(self, typed: str) -> None:
        """Judge the code before the lock, so that a stranger's wrong guesses keep nobody out who knows the right one."""
        code = self._store.read(classroom.join_code)
        if not tokens.same_code(typed, code or tokens.new_join_code()):
            self._lockout.begin(REGISTRATION_KEY, self._settings.lockout_failures * REGISTRATION_PATIENCE)
            raise RegistrationRefused(WRONG_CODE)
        self._lockout.succeeded(REGISTRATION_KEY)

    def _start_joining(self, asked: Application, role: Role, setup_token: str | None = None) -> Pending[User]:
        """Hash the password, then store the person, using the setup token up in the same transaction."""
        if self._store.read(lambda db: users.by_name(db, asked.username)) is not None:
            raise RegistrationRefused(TAKEN)

        def store(password_hash: str) -> User:
            now = self._clock.now()
            return self._store.write(lambda db: join(db, asked, role, password_hash, now, setup_token))

        return self._pool.hash(asked.password, store)

    def _keep_join_code(self, instructor_id: str, *, replace: bool) -> str:
        code = tokens.new_join_code()
        now = self._clock.now()
        try:
            return self._store.write(lambda db: classroom.set_join_code(db, instructor_id, code, now, replace=replace))
        except NotFound as error:
            raise NotInstructor from error


def _credentials(db: Database, username: str) -> tuple[User | None, str | None]:
    user = users.by_name(db, username)
    return (None, None) if user is None else (user, users.password_hash(db, user.id))
