"""The wellness log: meals and workouts that a person asked to have written down."""

from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from storage.clock import from_us, to_us
from storage.records import NotFound, WellnessEntry

_COLUMNS = "id, kind, name, amount, day, created_at"
_MINE = "FROM wellness_entries WHERE user_id = ? AND removed_at IS NULL"


def add(
    db: Database,
    user_id: str,
    turn_seq: int | None,
    kind: Literal["food", "workout"],
    name: str,
    amount: float,
    day: str,
    now: datetime,
) -> WellnessEntry:
    """Write one entry: `amount` is kcal for food and minutes for a workout, `day` is YYYY-MM-DD in the person's own time."""
    cursor = db.execute(
        "INSERT INTO wellness_entries(user_id, turn, kind, name, amount, day, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (user_id, turn_seq, kind, name, amount, day, to_us(now)),
    )
    assert cursor.lastrowid is not None
    return get(db, user_id, cursor.lastrowid)


def get(db: Database, user_id: str, entry_id: int) -> WellnessEntry:
    """Return one entry. Raises NotFound when it is removed, unknown or somebody else's."""
    row = db.execute(f"SELECT {_COLUMNS} {_MINE} AND id = ?", (user_id, entry_id)).fetchone()
    if row is None:
        raise NotFound("entry")
    return _entry(row)


def list_day(db: Database, user_id: str, day: str, limit: int = 100) -> list[WellnessEntry]:
    """Return the entries of a person's day (YYYY-MM-DD), in the order they were written."""
    rows = db.execute(f"SELECT {_COLUMNS} {_MINE} AND day = ? ORDER BY id LIMIT ?", (user_id, day, limit))
    return [_entry(row) for row in rows]


def update(db: Database, user_id: str, entry_id: int, name: str | None, amount: float | None) -> WellnessEntry:
    """Change the name or the amount of an entry (None leaves it) and return it. Raises NotFound as `get` does."""
    db.execute(
        "UPDATE wellness_entries SET name = coalesce(?, name), amount = coalesce(?, amount) "
        "WHERE user_id = ? AND id = ? AND removed_at IS NULL",
        (name, amount, user_id, entry_id),
    )
    return get(db, user_id, entry_id)


def delete(db: Database, user_id: str, entry_id: int, now: datetime) -> WellnessEntry:
    """Remove an entry from the log and return what it was. Raises NotFound as `get` does."""
    entry = get(db, user_id, entry_id)
    db.execute("UPDATE wellness_entries SET removed_at = ? WHERE user_id = ? AND id = ?", (to_us(now), user_id, entry_id))
    return entry


def _entry(row: Any) -> WellnessEntry:
    unit: Literal["kcal", "min"] = "kcal" if row[1] == "food" else "min"
    return WellnessEntry(row[0], row[1], row[2], row[3], unit, row[4], from_us(row[5]))
