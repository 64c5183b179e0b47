"""Logins as they are kept: attempts counted against a lock, one-time tickets, and sessions.

No secret is kept here: of a ticket's and a session's random token only the hash arrives. An attempt is counted before it is judged,
in one transaction, so that many guesses made at the same moment cannot all slip in under the limit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from storage.clock import from_us, to_us
from storage.records import User
from storage.users import user_of

_KEEP_REVOKED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Session:
    """A login that holds at this moment."""

    user: User
    last_seen_at: datetime
    expires_at: datetime


def begin_attempt(db: Database, key: str, now: datetime, *, limit: int, lock_for: timedelta) -> datetime | None:
    """Count an attempt under `key`, or refuse it: None when it may go on, else the instant at which the lock ends.

    The attempt that reaches `limit` goes on but locks the key behind it; `clear_attempts` lifts that when it succeeds. Attempts are
    forgotten once none was made for `lock_for`, so a lock ends by itself and needs nobody to lift it.
    """
    row = db.execute("SELECT failures, last_at, locked_until FROM login_failures WHERE username = ?", (key,)).fetchone()
    moment = to_us(now)
    if row is not None and row[2] is not None and row[2] > moment:
        return from_us(row[2])
    forgotten = row is None or row[2] is not None or from_us(row[1]) <= now - lock_for
    failures = 1 if forgotten else row[0] + 1
    locked_until = to_us(now + lock_for) if failures >= limit else None
    db.execute(
        "INSERT OR REPLACE INTO login_failures(username, failures, last_at, locked_until) VALUES (?, ?, ?, ?)",
        (key, failures, moment, locked_until),
    )
    return None


def take_back_attempt(db: Database, key: str) -> None:
    """Uncount an attempt that was never judged, and the lock it set."""
    db.execute("UPDATE login_failures SET failures = failures - 1, locked_until = NULL WHERE username = ?", (key,))
    db.execute("DELETE FROM login_failures WHERE username = ? AND failures < 1", (key,))


def clear_attempts(db: Database, key: str) -> None:
    """Forget the attempts under `key`, for one has succeeded."""
    db.execute("DELETE FROM login_failures WHERE username = ?", (key,))


def add_ticket(db: Database, ticket_hash: str, user_id: str, expires_at: datetime) -> None:
    """Keep a one-time ticket of `user_id`."""
    db.execute("INSERT INTO login_tickets VALUES (?, ?, ?)", (ticket_hash, user_id, to_us(expires_at)))


def take_ticket(db: Database, ticket_hash: str, now: datetime) -> str | None:
    """Use a ticket up and return whose it is; None when it is unknown, used or expired."""
    sql = "SELECT user_id FROM login_tickets WHERE ticket_hash = ? AND expires_at > ?"
    row = db.execute(sql, (ticket_hash, to_us(now))).fetchone()
    db.execute("DELETE FROM login_tickets WHERE ticket_hash = ?", (ticket_hash,))
    return None if row is None else row[0]


def add_session(db: Database, id_hash: str, user_id: str, slot: str, now: datetime, expires_at: datetime) -> None:
    """Keep a login of `user_id`."""
    db.execute(
        "INSERT INTO login_sessions(id_hash, user_id, slot, created_at, last_seen_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
        (id_hash, user_id, slot, to_us(now), to_us(now), to_us(expires_at)),
    )


def find_session(db: Database, id_hash: str, now: datetime) -> Session | None:
    """Return a login and whose it is; None when it is unknown, expired or revoked."""
    row = db.execute(
        "SELECT u.id, u.username, u.display_name, u.role, u.is_demo, u.created_at, s.last_seen_at, s.expires_at "
        "FROM login_sessions s JOIN users u ON u.id = s.user_id "
        "WHERE s.id_hash = ? AND s.expires_at > ? AND s.revoked_at IS NULL",
        (id_hash, to_us(now)),
    ).fetchone()
    return None if row is None else Session(user_of(row), from_us(row[6]), from_us(row[7]))


def living(db: Database, id_hashes: Iterable[str], now: datetime) -> set[str]:
    """Return those of the named logins that hold at this moment."""
    named = list(id_hashes)
    marks = ",".join("?" * len(named))
    sql = f"SELECT id_hash FROM login_sessions WHERE id_hash IN ({marks}) AND expires_at > ? AND revoked_at IS NULL"
    return {row[0] for row in db.execute(sql, (*named, to_us(now)))}


def touch_session(db: Database, id_hash: str, now: datetime) -> None:
    """Write down that a login was used just now."""
    db.execute("UPDATE login_sessions SET last_seen_at = max(last_seen_at, ?) WHERE id_hash = ?", (to_us(now), id_hash))


def revoke_session(db: Database, id_hash: str, now: datetime) -> None:
    """End a login; one that is unknown or has ended stays as it is."""
    db.execute("UPDATE login_sessions SET revoked_at = ? WHERE id_hash = ? AND revoked_at IS NULL", (to_us(now), id_hash))


def revoke_all(db: Database, user_id: str, now: datetime) -> list[str]:
    """End every login of `user_id`, and the tickets that would become one; return the hashes of the logins that ended now."""
    ended = db.execute("SELECT id_hash FROM login_sessions WHERE user_id = ? AND revoked_at IS NULL", (user_id,)).fetchall()
    db.execute("UPDATE login_sessions SET revoked_at = ? WHERE user_id = ? AND revoked_at IS NULL", (to_us(now), user_id))
    db.execute("DELETE FROM login_tickets WHERE user_id = ?", (user_id,))
    return [row[0] for row in ended]


def sweep(db: Database, now: datetime, lock_for: timedelta) -> None:
    """Delete what no longer matters: expired tickets, ended logins, attempts that `begin_attempt` would forget."""
    moment = to_us(now)
    db.execute("DELETE FROM login_tickets WHERE expires_at <= ?", (moment,))
    db.execute("DELETE FROM login_sessions WHERE expires_at <= ? OR revoked_at <= ?", (moment, to_us(now - _KEEP_REVOKED)))
    db.execute(
        "DELETE FROM login_failures WHERE last_at <= ? AND (locked_until IS NULL OR locked_until <= ?)",
        (to_us(now - lock_for), moment),
    )
