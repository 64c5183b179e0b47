"""The store under threads, processes, a full disk, a wrong folder and a broken file."""

import errno
import os
import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from storage import database
from storage.database import Store
from storage.errors import StorageError, explain
from storage.migrations import SCHEMA_VERSION
from tests.house.source import ROOT

WAIT = 30.0
"""Seconds after which a test that hangs is a failure."""


def put(key: str, value: str = "1") -> Callable[[Database], None]:
    return lambda db: void(db.execute("INSERT INTO class_settings VALUES (?, ?, 0)", (key, value)))


def void(_: object) -> None:
    return None


def keys(db: Database) -> list[str]:
    return [row[0] for row in db.execute("SELECT key FROM class_settings ORDER BY key")]


def add_one(db: Database) -> int:
    """Read a number, add one, write it back: loses an update wherever two such units overlap."""
    value = int(db.execute("SELECT value FROM class_settings WHERE key = 'n'").fetchone()[0])
    db.execute("UPDATE class_settings SET value = ? WHERE key = 'n'", (str(value + 1),))
    return value + 1


def number(store: Store) -> int:
    return int(store.read(lambda db: db.execute("SELECT value FROM class_settings WHERE key = 'n'").fetchone()[0]))


def script(path: Path, code: str) -> "subprocess.Popen[str]":
    """Start another process that runs `code`, with Store imported and `path` set."""
    head = f"import sys\nfrom pathlib import Path\nfrom storage.database import Store\npath = Path({str(path)!r})\n"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", head + code], env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


class Held:
    """Keeps the writer busy, so that what is written meanwhile waits and is committed as one group."""

    def __init__(self, store: Store) -> None:
        self._go = threading.Event()
        begun = threading.Event()

        def hold(_: Database) -> None:
            begun.set()
            self._go.wait(WAIT)

        self._first = store.write_soon(hold)
        assert begun.wait(WAIT)

    def release(self) -> None:
        self._go.set()
        self._first.result(WAIT)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stores opened in this test wait a twentieth of a second for other programs, not ten seconds."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)


# Writing


def test_a_write_returns_what_its_function_returned_and_is_there_to_read(store: Store) -> None:
    assert store.write(lambda db: db.execute("INSERT INTO class_settings VALUES ('a', '1', 0)").rowcount) == 1
    assert store.read(keys) == ["a"]


def test_a_failing_write_is_undone_whole_and_its_own_error_is_raised(store: Store) -> None:
    def fail(db: Database) -> None:
        put("a")(db)
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        store.write(fail)
    store.write(put("b"))
    assert store.read(keys) == ["b"]


class Odd(BaseException):
    """Neither an Exception nor of SQLite, as a cancellation is not."""


@pytest.mark.parametrize("error", [LookupError("mine"), Odd("mine"), sqlite3.IntegrityError("mine"), sqlite3.OperationalError("mine")])
def test_a_failing_unit_of_a_group_fails_alone(store: Store, error: BaseException) -> None:
    def fail(db: Database) -> None:
        put("bad")(db)
        raise error

    held = Held(store)
    before = [store.write_soon(put(f"before{n}")) for n in range(3)]
    bad = store.write_soon(fail)
    after = [store.write_soon(put(f"after{n}")) for n in range(3)]
    held.release()
    failure = bad.exception(WAIT)
    assert isinstance(failure, StorageError) if isinstance(error, sqlite3.OperationalError) else failure is error
    assert [future.result(WAIT) for future in (*before, *after)] == [None] * 6
    assert store.read(keys) == ["after0", "after1", "after2", "before0", "before1", "before2"]


def test_a_statement_that_breaks_a_rule_in_a_group_fails_alone(store: Store) -> None:
    held = Held(store)
    good, double, other = store.write_soon(put("a")), store.write_soon(put("a")), store.write_soon(put("b"))
    held.release()
    assert (good.exception(WAIT), other.exception(WAIT)) == (None, None)
    assert isinstance(double.exception(WAIT), sqlite3.IntegrityError)
    assert store.read(keys) == ["a", "b"]


def test_what_waits_together_is_committed_together(store: Store) -> None:
    """A second connection sees nothing until the last of them is done, and then everything."""
    watcher = sqlite3.connect(store.path, check_same_thread=False)
    seen: list[int] = []

    def look(db: Database) -> None:
        put(str(len(seen)))(db)
        seen.append(watcher.execute("SELECT count(*) FROM class_settings").fetchone()[0])

    held = Held(store)
    waiting = [store.write_soon(look) for _ in range(20)]
    held.release()
    for future in waiting:
        future.result(WAIT)
    assert seen == [0] * 20
    assert watcher.execute("SELECT count(*) FROM class_settings").fetchone() == (20,)
    watcher.close()


def test_a_write_that_is_given_up_before_its_turn_is_not_made(store: Store) -> None:
    held = Held(store)
    unwanted, wanted = store.write_soon(put("unwanted")), store.write_soon(put("wanted"))
    assert unwanted.cancel()
    held.release()
    wanted.result(WAIT)
    assert store.read(keys) == ["wanted"]


def test_32_threads_write_without_an_error_or_a_lost_update(store: Store) -> None:
    store.write(put("n", "0"))
    with ThreadPoolExecutor(32) as pool:
        results = list(pool.map(lambda _: store.write(add_one), range(320)))
    assert sorted(results) == list(range(1, 321))
    assert number(store) == 320


def test_two_stores_on_one_file_lose_no_update(store: Store) -> None:
    store.write(put("n", "0"))
    other = Store.open(store.path)
    with ThreadPoolExecutor(16) as pool:
        results = list(pool.map(lambda n: (store, other)[n % 2].write(add_one), range(100)))
    other.close()
    assert sorted(results) == list(range(1, 101))


def test_two_processes_on_one_file_lose_no_update(store: Store) -> None:
    store.write(put("n", "0"))
    code = (
        "store = Store.open(path)\n"
        "def add(db):\n"
        "    value = int(db.execute(\"SELECT value FROM class_settings WHERE key = 'n'\").fetchone()[0])\n"
        "    db.execute(\"UPDATE class_settings SET value = ? WHERE key = 'n'\", (str(value + 1),))\n"
        "for _ in range(100): store.write(add)\n"
        "store.close()\n"
    )
    others = [script(store.path, code) for _ in range(2)]
    for _ in range(100):
        store.write(add_one)
    for other in others:
        _, complaint = other.communicate(timeout=WAIT)
        assert (other.returncode, complaint) == (0, "")
    assert number(store) == 300


# Reading


def test_reading_goes_on_while_a_write_is_under_way_and_does_not_see_it(store: Store) -> None:
    written, read = threading.Event(), threading.Event()

    def slow(db: Database) -> None:
        put("a")(db)
        written.set()
        assert read.wait(WAIT)

    future = store.write_soon(slow)
    assert written.wait(WAIT)
    assert store.read(keys) == []
    read.set()
    future.result(WAIT)
    assert store.read(keys) == ["a"]


def test_one_read_sees_one_snapshot(store: Store) -> None:
    def twice(db: Database) -> tuple[list[str], list[str]]:
        first = keys(db)
        store.write(put("meanwhile"))
        return first, keys(db)

    assert store.read(twice) == ([], [])
    assert store.read(keys) == ["meanwhile"]


def test_a_read_cannot_write(store: Store) -> None:
    with pytest.raises(StorageError):
        store.read(put("a"))
    assert store.read(keys) == []


def test_a_failing_read_leaves_the_next_one_a_clean_connection(store: Store) -> None:
    def fail(db: Database) -> None:
        keys(db)
        raise LookupError

    for _ in range(3):
        with pytest.raises(LookupError):
            store.read(fail)
    store.write(put("a"))
    assert store.read(keys) == ["a"]


def test_more_readers_than_are_kept_read_at_once(store: Store) -> None:
    everybody = threading.Barrier(database.IDLE_READERS + 8)

    def read(_: int) -> int:
        return store.read(lambda db: (everybody.wait(WAIT), len(keys(db)))[1])

    store.write(put("a"))
    with ThreadPoolExecutor(everybody.parties) as pool:
        assert list(pool.map(read, range(everybody.parties))) == [1] * everybody.parties


# The end


def test_a_closed_store_takes_no_writes_and_says_so(store: Store) -> None:
    store.write(put("a"))
    store.close()
    store.close()
    with pytest.raises(StorageError, match="shutting down"):
        store.write(put("b"))


def test_writes_that_wait_are_finished_before_the_end(store: Store) -> None:
    held = Held(store)
    waiting = [store.write_soon(put(f"{n:03}")) for n in range(150)]
    closing = threading.Thread(target=store.close)
    closing.start()
    held.release()
    closing.join(WAIT)
    assert all(future.done() and future.exception() is None for future in waiting)
    again = Store.open(store.path)
    assert len(again.read(keys)) == 150
    again.close()


class LateQueue(SimpleQueue[Any]):
    """Lets the store close while a job is on its way into the queue."""

    def __init__(self, real: SimpleQueue[Any], close: Callable[[], None]) -> None:
        self._real = real
        self.closing = threading.Thread(target=close)

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        if item is not None:
            self.closing.start()
            self.closing.join(0.2)
        self._real.put(item)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        return self._real.get(block, timeout)

    def get_nowait(self) -> Any:
        return self._real.get_nowait()


def test_a_write_that_races_with_the_end_is_not_left_hanging(store: Store) -> None:
    late = LateQueue(store._jobs, store.close)
    store._jobs = late
    store.write_soon(put("late")).result(WAIT)
    late.closing.join(WAIT)
    with pytest.raises(StorageError, match="shutting down"):
        store.write(put("later"))


# What can go wrong with the file


def test_the_folder_is_created(tmp_path: Path) -> None:
    Store.open(tmp_path / "a" / "b" / "tideline.db").close()
    assert (tmp_path / "a" / "b" / "tideline.db").is_file()


def test_a_file_where_the_folder_should_be_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine")
    with pytest.raises(StorageError) as caught:
        Store.open(tmp_path / "data" / "tideline.db")
    assert str(tmp_path / "data" / "tideline.db") in caught.value.sentence
    assert "TIDELINE_DB" in caught.value.sentence
    assert (tmp_path / "data").read_text() == "mine"


def test_a_folder_where_the_file_should_be_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "tideline.db").mkdir()
    with pytest.raises(StorageError, match="TIDELINE_DB"):
        Store.open(tmp_path / "tideline.db")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(min_size=2, max_size=3000))
def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(StorageError, match="damaged or not a Tideline database"):
        Store.open(path)
    assert path.read_bytes() == content


def big(path: Path) -> Path:
    """Write a database of some hundred pages."""
    store = Store.open(path)
    store.write(lambda db: [put(f"{n:05}", "x" * 500)(db) for n in range(1000)])
    store.close()
    return path


@pytest.mark.parametrize("kept", [0.9, 0.5, 0.1, 0.01])
def test_a_truncated_database_is_refused_and_left_as_it_is(tmp_path: Path, kept: float) -> None:
    path = big(tmp_path / "t.db")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(StorageError, match="Restore it from a backup"):
        Store.open(path)
    assert path.read_bytes() == whole[: int(len(whole) * kept)]


def test_a_database_with_pages_overwritten_is_refused(tmp_path: Path) -> None:
    path = big(tmp_path / "t.db")
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 40_960] = random.Random(7).randbytes(40_960)
    path.write_bytes(content)
    with pytest.raises(StorageError, match="damaged"):
        Store.open(path)


def test_a_database_that_breaks_while_in_use_gives_sentences(tmp_path: Path) -> None:
    store = Store.open(big(tmp_path / "t.db"))
    with store.path.open("r+b") as file:
        file.seek(4096)
        file.write(random.Random(7).randbytes(store.path.stat().st_size - 4096))
    with pytest.raises(StorageError, match="damaged"):
        store.read(keys)
    with pytest.raises(StorageError, match="damaged"):
        store.check()
    store.close()


def limit_pages(store: Store, more: int) -> None:
    """Let the database grow by `more` pages and then be as on a full disk."""
    pages = store.read(lambda db: db.execute("PRAGMA page_count").fetchone()[0])
    store.write(lambda db: void(db.execute(f"PRAGMA max_page_count = {pages + more}")))


def test_a_full_disk_is_said_and_loses_nothing(store: Store) -> None:
    store.write(put("before"))
    limit_pages(store, 2)
    with pytest.raises(StorageError, match="disk is full"):
        store.write(put("too much", "x" * 100_000))
    assert store.read(keys) == ["before"]
    limit_pages(store, 1000)
    store.write(put("too much", "x" * 100_000))
    assert store.read(keys) == ["before", "too much"]


def test_on_a_full_disk_the_small_of_a_group_are_still_written(store: Store) -> None:
    limit_pages(store, 3)
    held = Held(store)
    small, large, last = store.write_soon(put("a")), store.write_soon(put("b", "x" * 100_000)), store.write_soon(put("c"))
    held.release()
    assert isinstance(large.exception(WAIT), StorageError)
    assert (small.exception(WAIT), last.exception(WAIT)) == (None, None)
    assert store.read(keys) == ["a", "c"]


@pytest.fixture
def occupied(impatient: None, tmp_path: Path) -> Iterator[tuple[Store, sqlite3.Connection]]:
    """A store, and another program that holds the write lock of its file."""
    store = Store.open(tmp_path / "busy.db")
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield store, other
    other.close()
    store.close()


def test_another_program_that_holds_the_file_is_said(occupied: tuple[Store, sqlite3.Connection]) -> None:
    store, other = occupied
    with pytest.raises(StorageError, match="busy"):
        store.write(put("a"))
    assert store.read(keys) == []
    other.execute("ROLLBACK")
    store.write(put("a"))
    assert store.read(keys) == ["a"]


def test_a_file_of_a_newer_tideline_is_refused_untouched(store: Store) -> None:
    store.write(put("a"))
    store.write(lambda db: void(db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")))
    store.close()
    before = store.path.read_bytes()
    with pytest.raises(StorageError, match=r"newer Tideline\. Update Tideline, or set TIDELINE_DB"):
        Store.open(store.path)
    assert store.path.read_bytes() == before


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are counted in /proc")
@pytest.mark.parametrize("content", [b"no database", None])
def test_a_refused_file_is_not_kept_open(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "refused.db"
    if content is None:
        newer = sqlite3.connect(path)
        newer.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        newer.close()
    else:
        path.write_bytes(content)
    with pytest.raises(StorageError):
        Store.open(path)
    assert [link for link in links() if "refused.db" in link] == []


def links() -> list[str]:
    found = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            found.append(str(link.readlink()))
        except FileNotFoundError:
            continue
    return found


def coded(code: int, text: str = "something else") -> sqlite3.Error:
    """Return an error as SQLite itself raises it: with its code."""
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (sqlite3.OperationalError("database or disk is full"), "Free some space"),
        (sqlite3.OperationalError("database is locked"), "busy with another program"),
        (sqlite3.DatabaseError("file is not a database"), "Restore it from a backup"),
        (sqlite3.DatabaseError("database disk image is malformed"), "Restore it from a backup"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "write access"),
        (sqlite3.OperationalError("unable to open database file"), "write access"),
        (sqlite3.OperationalError("disk I/O error"), "write access"),
        (PermissionError(13, "Permission denied"), "write access"),
        (OSError(28, "No space left on device"), "Free some space"),
        (sqlite3.OperationalError("no such table: secrets"), "OperationalError"),
        (PermissionError(errno.EACCES, "Permission denied", "/srv/fullstack/t.db"), "write access"),
        (PermissionError(errno.EACCES, "Permission denied", "/home/blocked/busy/t.db"), "write access"),
        (OSError(errno.EROFS, "Read-only file system", "/malformed"), "write access"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "Free some space"),
        (OSError(errno.ENOSPC, "Kein Speicherplatz"), "Free some space"),
        (coded(sqlite3.SQLITE_FULL), "Free some space"),
        (coded(sqlite3.SQLITE_BUSY_SNAPSHOT), "busy with another program"),
        (coded(sqlite3.SQLITE_LOCKED), "busy with another program"),
        (coded(sqlite3.SQLITE_NOTADB), "Restore it from a backup"),
        (coded(sqlite3.SQLITE_CORRUPT_INDEX), "Restore it from a backup"),
        (coded(sqlite3.SQLITE_READONLY_DBMOVED), "write access"),
        (coded(sqlite3.SQLITE_IOERR_WRITE), "write access"),
        (coded(sqlite3.SQLITE_ERROR, "no such column: full"), "OperationalError"),
        (coded(sqlite3.SQLITE_CONSTRAINT, "CHECK constraint failed: busy"), "OperationalError"),
    ],
)
def test_every_error_becomes_a_sentence_of_what_happened_and_what_to_do(error: Exception, words: str) -> None:
    sentence = explain(error, Path("/data/t.db")).sentence
    assert words in sentence
    assert sentence.count(". ") >= 1
    assert sentence.endswith(".")
    assert "secrets" not in sentence


def test_check_is_quiet_while_all_is_well(store: Store) -> None:
    store.check()


def test_two_processes_that_open_a_new_file_at_once_migrate_it_once(tmp_path: Path) -> None:
    code = (
        "for n in range(12):\n"
        "    sys.stdout.write('ready\\n'); sys.stdout.flush(); sys.stdin.readline()\n"
        "    Store.open(path / f'{n}.db').close()\n"
    )
    both = [script(tmp_path, code) for _ in range(2)]
    for _ in range(12):
        for each in both:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n", each.communicate(timeout=WAIT)
        for each in both:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
    for each in both:
        _, complaint = each.communicate(timeout=WAIT)
        assert (each.returncode, complaint) == (0, "")
    for n in range(12):
        store = Store.open(tmp_path / f"{n}.db")
        names = store.read(lambda db: [row[0] for row in db.execute("SELECT name FROM _sqlite_migrations")])
        store.close()
        assert len(names) == len(set(names)) == SCHEMA_VERSION


def test_many_threads_that_open_a_new_file_at_once_migrate_it_once(tmp_path: Path) -> None:
    everybody = threading.Barrier(6)

    def opened(_: int) -> Any:
        everybody.wait(WAIT)
        store = Store.open(tmp_path / "new.db")
        found = store.read(lambda db: db.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()[0])
        store.close()
        return found

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(opened, range(6))) == [SCHEMA_VERSION] * 6
