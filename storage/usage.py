"""What was used and what it cost, added up for one's own page and for the instructor's panel.

Only model calls count, for they are the bill. A person's own figures are added up from their calls; the class's come from
`usage_totals`, which a trigger keeps as calls are written, because adding up every call of a class on each refresh is too slow.
Nothing here reads a message.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlite_utils import Database

from storage.clock import from_us, to_us
from storage.model_calls import SUMS, totals_of
from storage.records import Role, Totals, dollars

_MINUTE_US = 60_000_000
_SECOND_US = 1_000_000
_KEPT = "turns, calls, tokens_in, tokens_cached, tokens_out, cost_nano, unpriced_calls, estimated_calls"
_KEPT_OR_0 = ", ".join(f"coalesce(t.{column}, 0)" for column in _KEPT.split(", "))
_KEPT_SUMS = ", ".join(f"coalesce(sum(t.{column}), 0)" for column in _KEPT.split(", "))
_ASKED_BY_INSTRUCTOR = "EXISTS (SELECT 1 FROM users WHERE id = ? AND role = 'instructor')"


@dataclass(frozen=True, slots=True)
class DayUsage:
    """What one person used on one day of their own calendar."""

    day: str
    """YYYY-MM-DD"""
    totals: Totals


@dataclass(frozen=True, slots=True)
class ChatUsage:
    """What one person used in one chat; a deleted chat still has cost."""

    chat_id: str
    title: str
    deleted: bool
    last_at: datetime
    totals: Totals


@dataclass(frozen=True, slots=True)
class UserUsage:
    """What one person used in all, as the instructor sees it."""

    user_id: str
    username: str
    display_name: str
    role: Role
    is_demo: bool
    last_at: datetime | None
    """When their last model call began; None when there was none."""
    totals: Totals


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What the class has used by the end of one bucket of time, counted from the beginning of the curve."""

    at: datetime
    """The end of the bucket."""
    cost: Decimal
    tokens: int


def mine(db: Database, user_id: str, *, since: datetime | None = None) -> Totals:
    """Return what a person used, in all or in calls begun at or after `since`."""
    sql = f"SELECT {SUMS} FROM model_calls c WHERE c.user_id = ? AND c.started_at >= ?"
    return totals_of(db.execute(sql, (user_id, _from(since))).fetchone())


def by_day(db: Database, user_id: str, *, since: datetime | None = None, utc_offset_minutes: int = 0) -> list[DayUsage]:
    """Return a person's days with use, oldest first; days begin at midnight, `utc_offset_minutes` east of UTC."""
    rows = db.execute(
        f"SELECT date((c.started_at + ?) / {_SECOND_US}, 'unixepoch') AS day, {SUMS} FROM model_calls c "
        "WHERE c.user_id = ? AND c.started_at >= ? GROUP BY day ORDER BY day",
        (utc_offset_minutes * _MINUTE_US, user_id, _from(since)),
    )
    return [DayUsage(row[0], totals_of(row[1:])) for row in rows]


def by_chat(db: Database, user_id: str, *, since: datetime | None = None) -> list[ChatUsage]:
    """Return a person's chats with use, the last used first, deleted ones too."""
    rows = db.execute(
        f"SELECT c.chat_id, h.title, h.deleted_at IS NOT NULL, max(c.started_at) AS last_at, {SUMS} FROM model_calls c "
        "JOIN chats h ON h.id = c.chat_id AND h.user_id = c.user_id "
        "WHERE c.user_id = ? AND c.started_at >= ? GROUP BY c.chat_id ORDER BY last_at DESC, c.chat_id",
        (user_id, _from(since)),
    )
    return [ChatUsage(row[0], row[1], bool(row[2]), from_us(row[3]), totals_of(row[4:])) for row in rows]


def class_by_user(db: Database, instructor_id: str) -> list[UserUsage]:
    """Return everybody with what they used, the most expensive first; [] unless an instructor asks."""
    rows = db.execute(
        f"SELECT u.id, u.username, u.display_name, u.role, u.is_demo, t.last_at, {_KEPT_OR_0} FROM users u "
        f"LEFT JOIN usage_totals t ON t.user_id = u.id WHERE {_ASKED_BY_INSTRUCTOR} "
        "ORDER BY coalesce(t.cost_nano, 0) DESC, coalesce(t.turns, 0) DESC, u.username",
        (instructor_id,),
    )
    return [_user_usage(row) for row in rows]


def class_totals(db: Database, instructor_id: str) -> Totals:
    """Return what the whole class used; nothing but zeros unless an instructor asks."""
    sql = f"SELECT {_KEPT_SUMS} FROM usage_totals t WHERE {_ASKED_BY_INSTRUCTOR}"
    return totals_of(db.execute(sql, (instructor_id,)).fetchone())


def class_curve(db: Database, instructor_id: str, *, since: datetime, bucket_seconds: int) -> list[CurvePoint]:
    """Return what the class used since `since`, cumulative, a point for each bucket in which something was used.

    Buckets are `bucket_seconds` long and counted from `since`, where the curve begins at zero. [] unless an instructor asks. The work
    grows with the calls since `since`, not with those before.
    """
    start, width = to_us(since), bucket_seconds * _SECOND_US
    rows = db.execute(
        "SELECT (c.started_at - ?) / ? AS bucket, coalesce(sum(c.cost_nano), 0), sum(c.tokens_in + c.tokens_out) "
        "FROM users u CROSS JOIN model_calls c ON c.user_id = u.id AND c.started_at >= ? "
        f"WHERE {_ASKED_BY_INSTRUCTOR} GROUP BY bucket ORDER BY bucket",
        (start, width, start, instructor_id),
    )
    return list(_cumulative(rows, start, width))


def _user_usage(row: Any) -> UserUsage:
    last_at = None if row[5] is None else from_us(row[5])
    return UserUsage(row[0], row[1], row[2], row[3], bool(row[4]), last_at, totals_of(row[6:]))


def _cumulative(rows: Iterator[tuple[int, int, int]], start: int, width: int) -> Iterator[CurvePoint]:
    cost = tokens = 0
    for bucket, more_cost, more_tokens in rows:
        cost, tokens = cost + more_cost, tokens + more_tokens
        dollars_so_far = dollars(cost)
        assert dollars_so_far is not None
        yield CurvePoint(from_us(start + (bucket + 1) * width), dollars_so_far, tokens)


def _from(since: datetime | None) -> int:
    return 0 if since is None else to_us(since)
