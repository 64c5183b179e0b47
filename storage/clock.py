"""The one source of time, and how an instant is written into SQLite.

Everything that needs the time is handed a Clock, so that tests and replays can move it. Nothing else may call datetime.now().
"""

from datetime import UTC, datetime, timedelta
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Clock(Protocol):
    """Tells the time in UTC."""

    def now(self) -> datetime:
        """Return the current instant, timezone-aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the current instant in UTC."""
        return datetime.now(UTC)


def to_us(instant: datetime) -> int:
    """Return `instant` as whole microseconds since 1970-01-01 UTC, as every table keeps it."""
    return (instant - _EPOCH) // _MICROSECOND


def from_us(microseconds: int) -> datetime:
    """Return the instant, in UTC, that `to_us` turned into `microseconds`."""
    return _EPOCH + timedelta(microseconds=microseconds)
