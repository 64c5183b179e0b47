"""People who can log in. A password is only ever seen here as the hash that somebody else made of it."""

from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.clock import from_us, to_us
from storage.records import NotFound, Role, User, new_id

_COLUMNS = "id, username, display_name, role, is_demo, created_at"


class NameTaken(Exception):
    """Somebody has this username already, in whatever capitals."""


def add(
    db: Database,
    username: str,
    display_name: str,
    role: Role,
    now: datetime,
    *,
    password_hash: str | None,
    is_demo: bool = False,
) -> User:
    """Store a new person and return them; without a `password_hash` nobody can log in with a password.

    Raises NameTaken when the username exists in any capitals.
    """
    row = (new_id(), username, display_name, role, int(is_demo), to_us(now))
    cursor = db.execute(
        f"INSERT INTO users({_COLUMNS}, password_hash) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (*row, password_hash),
    )
    if cursor.rowcount != 1:
        raise NameTaken(username)
    return user_of(row)


def get(db: Database, user_id: str) -> User:
    """Return a person. Raises NotFound when there is none with this id."""
    row = db.execute(f"SELECT {_COLUMNS} FROM users WHERE id = ?", (user_id,)).fetchone()
    if row is None:
        raise NotFound("user")
    return user_of(row)


def by_name(db: Database, username: str) -> User | None:
    """Return the person with this username, in whatever capitals, or None."""
    row = db.execute(f"SELECT {_COLUMNS} FROM users WHERE username = ?", (username,)).fetchone()
    return None if row is None else user_of(row)


def demo(db: Database) -> list[User]:
    """Return the demo accounts that exist, in the order they were made."""
    return [user_of(row) for row in db.execute(f"SELECT {_COLUMNS} FROM users WHERE is_demo ORDER BY created_at, id")]


def password_hash(db: Database, user_id: str) -> str | None:
    """Return the hash of a person's password; None when they have none, or do not exist."""
    row = db.execute("SELECT password_hash FROM users WHERE id = ?", (user_id,)).fetchone()
    return None if row is None else row[0]


def replace_password(db: Database, user_id: str, old_hash: str, new_hash: str) -> bool:
    """Exchange a person's password hash; False when `old_hash` is not (or no longer) theirs."""
    sql = "UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?"
    return db.execute(sql, (new_hash, user_id, old_hash)).rowcount == 1


def has_instructor(db: Database) -> bool:
    """Say whether an instructor exists who is not a demo account."""
    sql = "SELECT EXISTS (SELECT 1 FROM users WHERE role = 'instructor' AND NOT is_demo)"
    return bool(db.execute(sql).fetchone()[0])


def user_of(row: Any) -> User:
    """Return the User of a row that holds id, username, display_name, role, is_demo and created_at, in this order."""
    return User(row[0], row[1], row[2], row[3], bool(row[4]), from_us(row[5]))
