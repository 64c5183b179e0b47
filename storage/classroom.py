"""What belongs to the class as a whole: the code learners join with, and the one-time link that makes its instructor."""

from datetime import datetime

from sqlite_utils import Database

from storage.clock import to_us
from storage.records import NotFound

_JOIN_CODE = "join_code"
_SETUP_HASH = "setup_token_hash"
_SETUP_EXPIRY = "setup_token_expires_at"
_IS_INSTRUCTOR = "EXISTS (SELECT 1 FROM users WHERE id = ? AND role = 'instructor')"


def join_code(db: Database) -> str | None:
    """Return the code to compare a registration with, or None when no instructor has made one. Not for showing."""
    return _value(db, _JOIN_CODE)


def join_code_for(db: Database, instructor_id: str) -> str | None:
    """Return the join code if `instructor_id` is an instructor and there is a code, else None."""
    sql = f"SELECT value FROM class_settings WHERE key = ? AND {_IS_INSTRUCTOR}"
    row = db.execute(sql, (_JOIN_CODE, instructor_id)).fetchone()
    return None if row is None else row[0]


def set_join_code(db: Database, instructor_id: str, code: str, now: datetime, *, replace: bool) -> str:
    """Keep `code` as the join code and return the code that now holds; without `replace` an existing one stays.

    Raises NotFound when `instructor_id` is not an instructor.
    """
    kept = "value = excluded.value, updated_at = excluded.updated_at" if replace else "value = value"
    db.execute(
        f"INSERT INTO class_settings(key, value, updated_at) SELECT ?, ?, ? WHERE {_IS_INSTRUCTOR} ON CONFLICT(key) DO UPDATE SET {kept}",
        (_JOIN_CODE, code, to_us(now), instructor_id),
    )
    held = join_code_for(db, instructor_id)
    if held is None:
        raise NotFound("instructor")
    return held


def set_setup_token(db: Database, token_hash: str, now: datetime, expires_at: datetime) -> None:
    """Keep the hash of the one setup token that is good from now on."""
    rows = ((_SETUP_HASH, token_hash), (_SETUP_EXPIRY, str(to_us(expires_at))))
    for key, value in rows:
        db.execute("INSERT OR REPLACE INTO class_settings(key, value, updated_at) VALUES (?, ?, ?)", (key, value, to_us(now)))


def is_setup_token(db: Database, token_hash: str, now: datetime) -> bool:
    """Say whether `token_hash` is that of the setup token, unused and unexpired."""
    expiry = _value(db, _SETUP_EXPIRY)
    return expiry is not None and int(expiry) > to_us(now) and _value(db, _SETUP_HASH) == token_hash


def take_setup_token(db: Database, token_hash: str, now: datetime) -> bool:
    """Use the setup token up; False when it is not the one, used or expired."""
    good = is_setup_token(db, token_hash, now)
    if good:
        db.execute("DELETE FROM class_settings WHERE key IN (?, ?)", (_SETUP_HASH, _SETUP_EXPIRY))
    return good


def _value(db: Database, key: str) -> str | None:
    row = db.execute("SELECT value FROM class_settings WHERE key = ?", (key,)).fetchone()
    return None if row is None else row[0]
