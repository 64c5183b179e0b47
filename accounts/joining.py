"""Asking for an account: what is asked is checked against the rules, then stored in one transaction."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlite_utils import Database

from accounts import rules, tokens
from accounts.demo import DEMO
from accounts.errors import RegistrationRefused
from storage import classroom, users
from storage.records import Role, User

TAKEN = "This username is taken. Choose another."
WRONG_CODE = "The class code is wrong. Ask your instructor for the current one."
SETUP_REFUSED = "This setup link was used, replaced or is too old. Restart the server and open the link it prints."


@dataclass(frozen=True, slots=True)
class Application:
    """What somebody asks an account for, in its tidy form and within the rules. Made by `application`."""

    username: str
    display_name: str
    password: str = field(repr=False)


def application(username: str, display_name: str, password: str) -> Application:
    """Return the application in its tidy form. Raises RegistrationRefused when something in it breaks a rule."""
    made = Application(username.strip(), rules.tidy(display_name).strip(), rules.tidy(password))
    problem = (
        rules.username_problem(made.username) or rules.display_name_problem(made.display_name) or rules.password_problem(made.password)
    )
    if problem:
        raise RegistrationRefused(problem)
    if made.username.lower() in DEMO:
        raise RegistrationRefused(TAKEN)
    return made


def join(db: Database, asked: Application, role: Role, password_hash: str, now: datetime, setup_token: str | None) -> User:
    """Store the person, using `setup_token` up if there is one. Raises RegistrationRefused when token or name is gone."""
    if setup_token is not None and not classroom.take_setup_token(db, tokens.hash_token(setup_token), now):
        raise RegistrationRefused(SETUP_REFUSED)
    try:
        return users.add(db, asked.username, asked.display_name, role, now, password_hash=password_hash)
    except users.NameTaken as error:
        raise RegistrationRefused(TAKEN) from error
