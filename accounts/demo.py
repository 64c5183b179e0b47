"""The demo accounts: people without a password, for one click on the machine that the server runs on."""

from datetime import datetime

from sqlite_utils import Database

from storage import users
from storage.records import Role, User

DEMO: dict[str, tuple[str, Role]] = {
    "alice": ("Alice", "learner"),
    "bob": ("Bob", "learner"),
    "carol": ("Carol", "learner"),
    "instructor": ("Instructor", "instructor"),
}
"""Username to display name and role. Nobody else can take these names."""


def make_missing(db: Database, now: datetime) -> list[User]:
    """Make the demo accounts that do not exist yet, and return all."""
    for username, (display_name, role) in DEMO.items():
        if users.by_name(db, username) is None:
            users.add(db, username, display_name, role, now, password_hash=None, is_demo=True)
    return users.demo(db)


def in_order(found: list[User]) -> list[User]:
    """Return demo accounts in the order they are offered."""
    order = list(DEMO)
    return sorted(found, key=lambda user: order.index(user.username))
