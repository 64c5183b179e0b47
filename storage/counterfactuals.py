"""Counterfactuals: what each memory strategy would have sent and cost for a turn, beside what was really spent.

Sums over a chat are kept by a trigger, because the chat page shows them on every run. `state` is a number of the strategy's own that
its next turn starts from (the first message of a chunked window, say); nothing here looks inside.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlite_utils import Database

from storage.clock import from_us, to_us
from storage.model_calls import SUMS, totals_of
from storage.records import Totals, dollars, nano_dollars

UNCAPPED = "full"
"""The strategy that forgets nothing: what a capped one is held against."""
_COLUMNS = "f.strategy, f.tokens_in, f.tokens_cached, f.tokens_out, f.cost_nano, f.estimated, f.reason, f.state"
_KEPT = "tokens_in, tokens_cached, tokens_out, cost_nano, unpriced_turns, estimated_turns, turns"
_KEPT_SUMS = ", ".join(f"sum(k.{column})" for column in _KEPT.split(", "))


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What one strategy would have sent and cost for one turn, summary calls and cache discounts included."""

    strategy: str
    tokens_in: int
    tokens_cached: int
    tokens_out: int
    cost: Decimal | None
    """None when the price is not known."""
    estimated: bool
    """Whether a size in it is a guess: a summary that was never written, a retrieval that was not run."""
    reason: str | None = None
    """Why it came out as it did, where that needs saying."""
    state: int | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """Counterfactuals of one strategy added up."""

    tokens_in: int
    tokens_cached: int
    tokens_out: int
    cost: Decimal
    """Of the turns that have a price."""
    unpriced_turns: int
    estimated_turns: int
    turns: int


@dataclass(frozen=True, slots=True)
class Compared:
    """What those turns cost that were compared with the full history, their summaries' calls too."""

    turns: int
    cost: Decimal
    """Of the calls that have a price."""
    unpriced_calls: int


@dataclass(frozen=True, slots=True)
class TurnCost:
    """What one turn cost and would have cost uncapped."""

    at: datetime
    spent: Decimal | None
    """All model calls of the turn, its summary's too; None when one has no known price."""
    uncapped: Decimal | None
    spent_tokens: int
    uncapped_tokens: int
    estimated: bool
    """Whether the uncapped figure is partly a guess."""


def add(db: Database, turn_seq: int, items: Iterable[Counterfactual]) -> None:
    """Store the counterfactuals of a turn that the caller has checked to be the person's; those of a strategy it has already stay."""
    values: list[Any] = []
    for item in items:
        values += (turn_seq, item.strategy, item.tokens_in, item.tokens_cached, item.tokens_out)
        values += (nano_dollars(item.cost), int(item.estimated), item.reason, item.state)
    if values:
        rows = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, ?)"] * (len(values) // 9))
        db.execute(f"INSERT INTO counterfactuals VALUES {rows} ON CONFLICT DO NOTHING", values)


def for_turn(db: Database, user_id: str, turn_id: str) -> list[Counterfactual]:
    """Return the counterfactuals of one turn of `user_id`, by strategy."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM turns t JOIN counterfactuals f ON f.turn = t.seq WHERE t.id = ? AND t.user_id = ? ORDER BY f.strategy",
        (turn_id, user_id),
    )
    return [_counterfactual(row) for row in rows]


def previous_state(db: Database, chat_id: str, user_id: str, strategy: str, before_turn: int) -> int | None:
    """Return the state that a strategy's last counterfactual of a chat of `user_id` before a turn left, None where there is none."""
    row = db.execute(
        "SELECT f.state FROM messages m JOIN counterfactuals f ON f.turn = m.turn AND f.strategy = ? "
        "WHERE m.chat_id = ? AND m.turn < ? AND EXISTS (SELECT 1 FROM chats c WHERE c.id = m.chat_id AND c.user_id = ?) "
        "ORDER BY m.turn DESC LIMIT 1",
        (strategy, chat_id, before_turn, user_id),
    ).fetchone()
    return None if row is None else row[0]


def chat_sums(db: Database, user_id: str, chat_id: str) -> dict[str, Sum]:
    """Return what each strategy would have used in a chat of `user_id`, over the turns that have counterfactuals."""
    rows = db.execute(
        f"SELECT k.strategy, {_KEPT} FROM chats c JOIN counterfactual_totals k ON k.chat_id = c.id WHERE c.id = ? AND c.user_id = ?",
        (chat_id, user_id),
    )
    return _sums(rows)


def spent(db: Database, user_id: str, chat_id: str) -> Totals:
    """Return what those turns of a chat really used that have counterfactuals, so that the two can be compared."""
    row = db.execute(
        f"SELECT {SUMS} FROM model_calls c WHERE c.chat_id = ? AND c.user_id = ? "
        "AND EXISTS (SELECT 1 FROM counterfactuals f WHERE f.turn = c.turn)",
        (chat_id, user_id),
    ).fetchone()
    return totals_of(row)


def class_sums(db: Database, instructor_id: str) -> dict[str, Sum]:
    """Return what each strategy would have used over everybody's turns; {} unless an instructor asks."""
    rows = db.execute(
        f"SELECT k.strategy, {_KEPT_SUMS} FROM counterfactual_totals k "
        "WHERE EXISTS (SELECT 1 FROM users WHERE id = ? AND role = 'instructor') GROUP BY k.strategy",
        (instructor_id,),
    )
    return _sums(rows)


def class_compared(db: Database, instructor_id: str) -> Compared:
    """Return what everybody's turns really cost that `class_sums` has the full history of; nothing unless an instructor asks."""
    row = db.execute(
        "SELECT coalesce(sum(turns), 0), coalesce(sum(cost_nano), 0), coalesce(sum(unpriced_calls), 0) FROM compared_totals "
        "WHERE EXISTS (SELECT 1 FROM users WHERE id = ? AND role = 'instructor')",
        (instructor_id,),
    ).fetchone()
    cost = dollars(row[1])
    assert cost is not None
    return Compared(row[0], cost, row[2])


def user_by_turn(db: Database, user_id: str, since: datetime | None = None, limit: int = 1000) -> list[TurnCost]:
    """Return the last `limit` turns of `user_id` asked since `since` that have counterfactuals, oldest first."""
    start = 0 if since is None else to_us(since)  # of the calls too, though a turn's come after it: they have the index
    return _curve(db, "c.user_id = ? AND c.started_at >= ? AND t.created_at >= ?", (user_id, start, start), limit)


def chat_curve(db: Database, user_id: str, chat_id: str, limit: int = 1000) -> list[TurnCost]:
    """Return those of the last `limit` turns of a chat of `user_id` that have counterfactuals, oldest first, however long it is."""
    last = "SELECT DISTINCT m.turn FROM messages m WHERE m.chat_id = ? ORDER BY m.turn DESC LIMIT ?"
    return _curve(db, f"c.turn IN ({last}) AND +c.user_id = ?", (chat_id, limit, user_id), limit)


def _curve(db: Database, where: str, values: tuple[Any, ...], limit: int) -> list[TurnCost]:
    rows = db.execute(
        "SELECT t.created_at, CASE WHEN count(c.cost_nano) = count(*) THEN sum(c.cost_nano) END, f.cost_nano, "
        "sum(c.tokens_in + c.tokens_out), f.tokens_in + f.tokens_out, f.estimated FROM model_calls c "
        f"JOIN counterfactuals f ON f.turn = c.turn AND f.strategy = '{UNCAPPED}' JOIN turns t ON t.seq = c.turn "
        f"WHERE {where} GROUP BY c.turn ORDER BY c.turn DESC LIMIT ?",
        (*values, limit),
    ).fetchall()
    return [TurnCost(from_us(row[0]), dollars(row[1]), dollars(row[2]), row[3], row[4], bool(row[5])) for row in reversed(rows)]


def _counterfactual(row: Any) -> Counterfactual:
    fields: list[Any] = [*row[:4], dollars(row[4]), bool(row[5]), *row[6:8]]
    return Counterfactual(*fields)


def _sums(rows: Iterator[Any]) -> dict[str, Sum]:
    found = {}
    for strategy, tokens_in, cached, out, nano, *counts in rows:
        cost = dollars(nano)
        assert cost is not None
        found[strategy] = Sum(tokens_in, cached, out, cost, *counts)
    return found
