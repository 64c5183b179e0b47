"""One SQLite file under many threads.

Why it is shaped so: SQLite takes one writer at a time, and a deferred transaction that reads before it writes fails with 'database is
locked' under load. So every write of this process goes through one writer thread, in BEGIN IMMEDIATE transactions that commit all
waiting units of work together (group commit). Reads run in the calling thread on a pooled read-only connection, each in one snapshot.
A second process on the same file waits for the write lock up to the busy timeout.
"""

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlite_utils import Database

from storage.errors import StorageError, explain
from storage.migrations import SCHEMA_VERSION, migrations

T = TypeVar("T")
Job = tuple[Callable[[Database], Any], "Future[Any]"]

BUSY_SECONDS = 10.0
GROUP = 64
IDLE_READERS = 16
CHECK_UP_TO_BYTES = 20_000_000
MISUSE = (sqlite3.IntegrityError, sqlite3.ProgrammingError)
"""Errors of the statement rather than of the file: callers see them as they are."""


class Store:
    """The database of one Tideline process. Make it with `Store.open`; close it when the process ends."""

    def __init__(self, path: Path, writer: Database) -> None:
        self.path = path
        self._writer = writer
        self._readers: list[Database] = []
        self._readers_lock = threading.Lock()
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._closed = False
        self._closing_lock = threading.Lock()
        """Held while a job is queued and while the end is: no job may come after the end, where nothing would run it."""
        self._thread = threading.Thread(target=self._write_loop, name="tideline-writer", daemon=True)
        self._thread.start()

    @classmethod
    def open(cls, path: Path) -> "Store":
        """Open the file at `path`, creating its folder and bringing its schema up to date.

        Raises StorageError, whose sentence says what is wrong and what to do, when the file cannot be used.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            writer = _connect(path)
        except (OSError, sqlite3.Error) as error:
            raise explain(error, path) from error
        try:
            _prepare(writer, path)
        except StorageError:
            writer.conn.close()
            raise
        except (OSError, sqlite3.Error) as error:
            writer.conn.close()
            raise explain(error, path) from error
        return cls(path, writer)

    def read(self, fn: Callable[[Database], T]) -> T:
        """Run `fn` in this thread on a read-only connection, seeing one snapshot; return what it returns.

        Raises StorageError when the file cannot be read, and whatever `fn` raises.
        """
        try:
            db = self._borrow()
        except sqlite3.Error as error:
            raise explain(error, self.path) from error
        try:
            db.conn.execute("BEGIN")
            return fn(db)
        except MISUSE:
            raise
        except sqlite3.Error as error:
            raise explain(error, self.path) from error
        finally:
            self._give_back(db)

    def write(self, fn: Callable[[Database], T]) -> T:
        """Run `fn` in one transaction on the writer thread and return what it returned, once it is committed.

        When `fn` raises, its own changes alone are undone and the exception is raised here. Raises StorageError when the file cannot
        be written. `fn` may run twice (the first run undone), so it must not change anything but the database.
        """
        return self.write_soon(fn).result()

    def write_soon(self, fn: Callable[[Database], T]) -> "Future[T]":
        """As `write`, but return a future at once; it is done when the change is committed."""
        future: Future[T] = Future()
        with self._closing_lock:
            if not self._closed:
                self._jobs.put((fn, future))
                return future
        future.set_exception(StorageError("Tideline is shutting down. Start it again and repeat the last step."))
        return future

    def check(self) -> None:
        """Raise StorageError unless the database can be read now."""
        self.read(lambda db: db.execute("SELECT count(*) FROM class_settings").fetchone())

    def close(self) -> None:
        """Finish the writes that wait, then close every connection. A second call does nothing."""
        with self._closing_lock:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(None)
        self._thread.join(timeout=BUSY_SECONDS)
        with self._readers_lock:
            for db in self._readers:
                db.conn.close()
            self._readers.clear()

    def _borrow(self) -> Database:
        with self._readers_lock:
            if self._readers:
                return self._readers.pop()
        db = _connect(self.path)
        db.conn.execute("PRAGMA query_only=ON")
        return db

    def _give_back(self, db: Database) -> None:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        with self._readers_lock:
            if len(self._readers) < IDLE_READERS and not self._closed:
                self._readers.append(db)
                return
        db.conn.close()

    def _write_loop(self) -> None:
        while True:
            first = self._jobs.get()
            if first is None:
                break
            self._commit_group(self._waiting(first))
        self._writer.conn.close()

    def _waiting(self, first: Job) -> list[Job]:
        jobs = [first]
        while len(jobs) < GROUP:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                break
            if job is None:
                self._jobs.put(None)
                break
            jobs.append(job)
        return [job for job in jobs if job[1].set_running_or_notify_cancel()]

    def _commit_group(self, jobs: list[Job]) -> None:
        """Commit all jobs in one transaction; when the transaction itself fails, each job in its own."""
        if len(jobs) > 1 and self._try_together(jobs):
            return
        for fn, future in jobs:
            try:
                result = _in_transaction(self._writer, fn)
            except MISUSE as error:
                future.set_exception(error)
            except sqlite3.Error as error:
                future.set_exception(explain(error, self.path))
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

    def _try_together(self, jobs: list[Job]) -> bool:
        try:
            outcomes = _in_transaction(self._writer, lambda db: [_in_savepoint(db, fn) for fn, _ in jobs])
        except sqlite3.Error:
            return False
        for (_, future), (result, error) in zip(jobs, outcomes, strict=True):
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)
        return True


def _connect(path: Path) -> Database:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys=ON")
    return Database(connection, execute_plugins=False)


def _prepare(db: Database, path: Path) -> None:
    """Switch to WAL and migrate, letting one process at a time do it."""
    connection = db.conn
    if path.stat().st_size <= CHECK_UP_TO_BYTES:
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise sqlite3.DatabaseError(f"malformed: {verdict}")
    _switch_to_wal(connection)
    connection.execute("PRAGMA synchronous=NORMAL")
    if connection.execute("PRAGMA user_version").fetchone()[0] > SCHEMA_VERSION:
        raise StorageError(f"The database {path} was written by a newer Tideline. Update Tideline, or set TIDELINE_DB to another file.")
    _in_transaction(db, _migrate)


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL. SQLite does not wait here while another process does the same to a new file, so this tries again."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() >= until:
                raise
            time.sleep(0.01)
        else:
            return


def _migrate(db: Database) -> None:
    migrations.apply(db)
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _in_transaction(db: Database, fn: Callable[[Database], T]) -> T:
    connection = db.conn
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = fn(db)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result


def _in_savepoint(db: Database, fn: Callable[[Database], Any]) -> tuple[Any, BaseException | None]:
    """Run one unit of a group; an sqlite3.Error is let through, for it may have undone the whole transaction."""
    connection = db.conn
    connection.execute("SAVEPOINT unit")
    try:
        result = fn(db)
    except sqlite3.Error:
        raise
    except BaseException as error:
        connection.execute("ROLLBACK TO unit")
        connection.execute("RELEASE unit")
        return None, error
    connection.execute("RELEASE unit")
    return result, None
