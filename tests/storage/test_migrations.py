"""From an empty file and from a database of the first schema, with data in it, to the newest schema."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from storage import chats, messages, model_calls, policies, search, turns, wellness
from storage.clock import to_us
from storage.database import Store
from storage.errors import StorageError
from storage.migrations import SCHEMA_VERSION, migrations
from tests.storage.makers import NOW

FIRST = "m001_first_schema"
AT = to_us(NOW)
ROWS: dict[str, list[tuple[Any, ...]]] = {
    "users": [("u", "dora", "Dora", "learner", "hash", 0, AT), ("p", "prof", "Prof", "instructor", None, 1, AT)],
    "login_sessions": [("s", "u", "dora", AT, AT, AT + 1, None)],
    "login_tickets": [("k", "u", AT)],
    "login_failures": [("emil", 3, AT, None)],
    "class_settings": [("join_code", "abc", AT)],
    "chats": [("c", "u", "Lunch 🥗", AT, AT, None), ("gone", "u", "Old", AT, AT, AT)],
    "policies": [(1, "{}")],
    "turns": [
        (1, "t1", "c", "u", "done", "demo", 1, "UTC", "l", AT, AT, AT, None, None, None, 1, 100, 40, 20, 1_000_000, 0, 12, 34),
        (2, "t2", "c", "u", "running", "demo", 1, "UTC", None, AT, AT, None, "o", AT, None, None, 0, 0, 0, None, 0, None, None),
        (3, "t3", "c", "u", "queued", "demo", 1, "UTC", None, AT, None, None, None, None, None, None, 0, 0, 0, None, 0, None, None),
    ],
    "messages": [
        (1, "c", 1, "user", "A salad\0, 180 kcal", 7, AT, None, None, None, None),
        (2, "c", 1, "assistant", "", 9, AT, '[["c1", "log_food", {"name": "salad"}]]', None, None, None),
        (3, "c", 1, "tool", "Logged.", 5, AT, None, "c1", "log_food", None),
        (4, "c", 2, "user", "And now?", 3, AT, None, None, None, None),
        (5, "c", 3, "user", "Hello?", 3, AT, None, None, None, None),
    ],
    "model_calls": [
        (1, 1, "c", "u", "answer", "demo", "google:g", "1/2/3", 100, 40, 20, 5, 1_000_000, "provider", "ok", 1, 12, 34, "STOP", AT),
        (3, 1, "c", "u", "answer", "demo", "google:g", "1/2/3", 0, 0, 0, 0, 0, "provider", "ok", 1, 12, 34, "STOP", AT),
        (2, 2, "c", "u", "answer", "demo", None, None, 10, 0, 0, 0, None, "estimate", "error", 1, None, 34, None, AT),
    ],
    "wellness_entries": [(1, "u", 1, "food", "salad", 180.0, "2026-03-02", AT, None)],
}
"""A row or more of every table of the first schema."""


def connect(path: Path) -> Database:
    return Database(sqlite3.connect(path, isolation_level=None), execute_plugins=False)


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A file of the first schema with ROWS in it."""
    path = tmp_path / "old.db"
    db = connect(path)
    migrations.apply(db, stop_before=[each.name for each in migrations.pending(db) if each.name != FIRST])
    for table, rows in ROWS.items():
        for row in rows:
            db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
    db.execute("PRAGMA user_version = 1")
    db.conn.close()
    return path


def contents(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of the first schema's tables, in the columns that they had then."""
    found = {}
    for table, rows in ROWS.items():
        width = len(rows[0])
        found[table] = [tuple(row[:width]) for row in db.execute(f"SELECT * FROM {table} ORDER BY 1 DESC")]
    return found


def schema(db: Database) -> list[tuple[Any, ...]]:
    sql = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name"
    return [tuple(row) for row in db.execute(sql)]


def test_the_sample_has_every_table_of_the_first_schema(first: Path) -> None:
    db = connect(first)
    assert {name for name in db.table_names() if not name.startswith(("_", "sqlite_"))} == set(ROWS)
    db.conn.close()


def test_the_schema_version_is_the_number_of_migrations() -> None:
    db = Database(memory=True)
    assert len(migrations.pending(db)) == SCHEMA_VERSION
    db.conn.close()


def test_what_was_in_the_first_schema_is_still_there(first: Path) -> None:
    db = connect(first)
    before = contents(db)
    db.conn.close()
    store = Store.open(first)
    assert store.read(contents) == before
    assert store.read(lambda db: db.execute("PRAGMA user_version").fetchone()[0]) == SCHEMA_VERSION
    assert store.read(lambda db: db.execute("PRAGMA foreign_key_check").fetchall()) == []
    assert store.read(migrations.pending) == []
    store.close()


def test_data_of_the_first_schema_is_read_by_todays_functions(first: Path) -> None:
    store = Store.open(first)
    assert [chat.title for chat in store.read(lambda db: chats.list_chats(db, "u"))] == ["Lunch 🥗"]
    said = store.read(lambda db: messages.latest(db, "u", "c"))
    assert [message.text for message in said] == ["A salad\0, 180 kcal", "", "Logged.", "And now?", "Hello?"]
    assert said[1].tool_calls[0].args == {"name": "salad"}
    assert [turn.id for turn in store.read(lambda db: turns.open_turns(db, "u", "c"))] == ["t2", "t3"]
    assert len(store.read(lambda db: model_calls.for_turn(db, "u", "t1"))) == 2
    assert [entry.name for entry in store.read(lambda db: wellness.list_day(db, "u", "2026-03-02"))] == ["salad"]
    sql = "SELECT turns, calls, cost_nano, unpriced_calls FROM usage_totals WHERE user_id = 'u'"
    assert store.read(lambda db: db.execute(sql).fetchall()) == [(2, 3, 1_000_000, 1)]
    totals = store.read(lambda db: model_calls.chat_totals(db, "u", "c"))
    assert (totals.calls, totals.tokens_in) == (3, 110)
    assert store.read(lambda db: messages.size(db, "u", "c")) == (5, 27)
    assert store.read(lambda db: policies.effective(db, "u", "c")) == "{}"
    assert [message.id for message in store.read(lambda db: search.find(db, "u", "c", "the salad", 1))] == [1]
    store.close()


def test_messages_that_were_there_are_indexed_as_new_ones_are(first: Path) -> None:
    store = Store.open(first)
    sql = "SELECT rowid, text, context, days, owner FROM message_search ORDER BY rowid"
    filled = store.read(lambda db: db.execute(sql).fetchall())
    sizes = store.read(lambda db: db.execute("SELECT id, message_count, token_count FROM chats ORDER BY id").fetchall())
    assert [row[0] for row in filled] == [1, 4, 5]
    assert filled[2][2:4] == ("And now? A salad", "2026-03-02 monday march")

    def say_again(db: Database) -> None:
        rows = db.execute("SELECT * FROM messages ORDER BY id").fetchall()
        db.execute("DELETE FROM messages")
        assert db.execute("SELECT count(*) FROM message_search").fetchone() == (0,)
        assert db.execute("SELECT sum(message_count), sum(token_count) FROM chats").fetchone() == (0, 0)
        for row in rows:
            db.execute(f"INSERT INTO messages VALUES ({', '.join('?' * len(row))})", row)

    store.write(say_again)
    assert store.read(lambda db: db.execute(sql).fetchall()) == filled
    assert store.read(lambda db: db.execute("SELECT id, message_count, token_count FROM chats ORDER BY id").fetchall()) == sizes
    store.write(lambda db: db.execute("INSERT INTO message_search(message_search, rank) VALUES ('integrity-check', 1)"))
    store.close()


def test_migrated_and_new_files_have_one_schema(first: Path, tmp_path: Path) -> None:
    migrated, new = Store.open(first), Store.open(tmp_path / "new.db")
    assert migrated.read(schema) == new.read(schema)
    migrated.close()
    new.close()


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    store = Store.open(path)
    store.check()
    assert store.read(contents) == {table: [] for table in ROWS}
    store.close()


def test_opening_again_changes_nothing(first: Path) -> None:
    Store.open(first).close()
    again = Store.open(first)
    applied = again.read(lambda db: db.execute("SELECT * FROM _sqlite_migrations").fetchall())
    again.close()
    last = Store.open(first)
    assert last.read(lambda db: db.execute("SELECT * FROM _sqlite_migrations").fetchall()) == applied
    last.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(first: Path) -> None:
    db = connect(first)
    db.execute("CREATE TABLE usage_totals(mine TEXT)")
    before = (contents(db), schema(db))
    with pytest.raises(StorageError):
        Store.open(first)
    assert (contents(db), schema(db)) == before
    assert db.execute("PRAGMA user_version").fetchone()[0] == 1
    db.execute("DROP TABLE usage_totals")
    db.conn.close()
    Store.open(first).close()


def test_a_file_of_another_program_is_not_lost(tmp_path: Path) -> None:
    """Tideline adds its tables beside those that are there; a table of the same name is refused."""
    db = connect(tmp_path / "other.db")
    db.execute("CREATE TABLE users(name TEXT)")
    db.execute("INSERT INTO users VALUES ('mine')")
    with pytest.raises(StorageError):
        Store.open(tmp_path / "other.db")
    assert db.execute("SELECT * FROM users").fetchall() == [("mine",)]
    assert db.table_names() == ["users"]
    db.conn.close()
