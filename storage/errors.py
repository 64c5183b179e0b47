"""What can go wrong with the database file, in one sentence of what happened and one of what to do."""

from pathlib import Path


class StorageError(Exception):
    """The database cannot be used. `sentence` may be shown to anybody."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def explain(error: Exception, path: Path) -> StorageError:
    """Return the StorageError that says what `error`, raised while using the file at `path`, means to a person."""
    if isinstance(error, StorageError):
        return error
    text = str(error).lower()
    if "full" in text or "no space left" in text:
        return StorageError("The disk is full, so nothing more can be stored. Free some space, then repeat the last step.")
    if "locked" in text or "busy" in text:
        return StorageError("The database is busy with another program. Wait a moment and repeat the last step.")
    if "not a database" in text or "malformed" in text or "disk image" in text:
        return StorageError(
            f"The file {path} is damaged or not a Tideline database. "
            "Restore it from a backup, move it away to start afresh, or set TIDELINE_DB to another file."
        )
    if isinstance(error, OSError) or "readonly" in text or "unable to open" in text or "i/o" in text:
        return StorageError(
            f"Tideline cannot write its database {path}. "
            "Give this user write access to the file and its folder, or set TIDELINE_DB to another file."
        )
    return StorageError(f"The database {path} refused the last step ({type(error).__name__}). Repeat it; the log has the details.")
