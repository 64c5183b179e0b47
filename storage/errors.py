"""What can go wrong with the database file, in one sentence of what happened and one of what to do."""

import errno
import sqlite3
from enum import Enum, auto
from pathlib import Path


class StorageError(Exception):
    """The database cannot be used. `sentence` may be shown to anybody."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class _Trouble(Enum):
    FULL = auto()
    BUSY = auto()
    DAMAGED = auto()
    NO_ACCESS = auto()


_ERRNOS = {errno.ENOSPC: _Trouble.FULL, errno.EDQUOT: _Trouble.FULL, errno.EBUSY: _Trouble.BUSY, errno.EAGAIN: _Trouble.BUSY}
_CODES = {
    sqlite3.SQLITE_FULL: _Trouble.FULL,
    sqlite3.SQLITE_BUSY: _Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: _Trouble.BUSY,
    sqlite3.SQLITE_NOTADB: _Trouble.DAMAGED,
    sqlite3.SQLITE_CORRUPT: _Trouble.DAMAGED,
    sqlite3.SQLITE_READONLY: _Trouble.NO_ACCESS,
    sqlite3.SQLITE_CANTOPEN: _Trouble.NO_ACCESS,
    sqlite3.SQLITE_PERM: _Trouble.NO_ACCESS,
    sqlite3.SQLITE_IOERR: _Trouble.NO_ACCESS,
}
_WORDS = {
    "disk is full": _Trouble.FULL,
    "is locked": _Trouble.BUSY,
    "not a database": _Trouble.DAMAGED,
    "malformed": _Trouble.DAMAGED,
    "readonly": _Trouble.NO_ACCESS,
    "unable to open": _Trouble.NO_ACCESS,
    "i/o error": _Trouble.NO_ACCESS,
}
_PRIMARY = 0xFF
"""The part of an extended result code that names the kind of trouble."""


def explain(error: Exception, path: Path) -> StorageError:
    """Return the StorageError that says what `error`, raised while using the file at `path`, means to a person."""
    if isinstance(error, StorageError):
        return error
    match _trouble(error):
        case _Trouble.FULL:
            return StorageError("The disk is full, so nothing more can be stored. Free some space, then repeat the last step.")
        case _Trouble.BUSY:
            return StorageError("The database is busy with another program. Wait a moment and repeat the last step.")
        case _Trouble.DAMAGED:
            return StorageError(
                f"The file {path} is damaged or not a Tideline database. "
                "Restore it from a backup, move it away to start afresh, or set TIDELINE_DB to another file."
            )
        case _Trouble.NO_ACCESS:
            return StorageError(
                f"Tideline cannot write its database {path}. "
                "Give this user write access to the file and its folder, or set TIDELINE_DB to another file."
            )
    return StorageError(f"The database {path} refused the last step ({type(error).__name__}). Repeat it; the log has the details.")


def _trouble(error: Exception) -> _Trouble | None:
    """Return the kind of trouble by the error's number: its text may name a path, and a path may be called anything."""
    if isinstance(error, OSError):
        return _ERRNOS.get(error.errno or 0, _Trouble.NO_ACCESS)
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return _CODES.get(code & _PRIMARY)
    return next((trouble for words, trouble in _WORDS.items() if words in str(error).lower()), None)
