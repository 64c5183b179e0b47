"""Model calls: one row a request to a model, written as it ends, whatever its end. The truth that every total is added up from."""

from typing import Any

from sqlite_utils import Database

from storage.clock import from_us, to_us
from storage.records import ModelCall, Totals, dollars, nano_dollars

_COLUMNS = (
    "c.chat_id, c.user_id, c.purpose, c.model, c.priced_as, c.tokens_in, c.tokens_cached, c.tokens_out, c.tokens_reasoning, c.cost_nano, "
    "c.source, c.outcome, c.attempt, c.first_token_ms, c.duration_ms, c.finish_reason, c.started_at, c.price"
)
SUMS = (
    "count(DISTINCT c.turn), count(*), coalesce(sum(c.tokens_in), 0), coalesce(sum(c.tokens_cached), 0), "
    "coalesce(sum(c.tokens_out), 0), coalesce(sum(c.cost_nano), 0), coalesce(sum(c.cost_nano IS NULL), 0), "
    "coalesce(sum(c.source = 'estimate'), 0)"
)
"""Columns that `totals_of` reads, over `model_calls c`."""


def add(db: Database, turn_seq: int, call: ModelCall) -> None:
    """Store a call of a turn, which is then no longer under way."""
    db.execute("UPDATE turns SET open_call = NULL WHERE seq = ?", (turn_seq,))
    db.execute(
        "INSERT INTO model_calls(turn, chat_id, user_id, purpose, model, priced_as, tokens_in, tokens_cached, tokens_out, "
        "tokens_reasoning, cost_nano, source, outcome, attempt, first_token_ms, duration_ms, finish_reason, started_at, price) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            turn_seq,
            *(call.chat_id, call.user_id, call.purpose, call.model, call.priced_as),
            *(call.tokens_in, call.tokens_cached, call.tokens_out, call.tokens_reasoning, nano_dollars(call.cost)),
            *(call.source, call.outcome, call.attempt, call.first_token_ms, call.duration_ms, call.finish_reason),
            *(to_us(call.started_at), call.price),
        ),
    )


def for_turn(db: Database, user_id: str, turn_id: str) -> list[ModelCall]:
    """Return the calls of one turn of `user_id`, in the order they ended."""
    rows = db.execute(
        f"SELECT t.id, {_COLUMNS} FROM turns t JOIN model_calls c ON c.turn = t.seq "
        "WHERE t.id = ? AND t.user_id = ? AND c.user_id = t.user_id ORDER BY c.id",
        (turn_id, user_id),
    )
    return [_call(row) for row in rows]


def chat_totals(db: Database, user_id: str, chat_id: str) -> Totals:
    """Return everything that one chat of `user_id` has used."""
    sql = f"SELECT {SUMS} FROM model_calls c WHERE c.chat_id = ? AND c.user_id = ?"
    return totals_of(db.execute(sql, (chat_id, user_id)).fetchone())


def turn_totals(db: Database, turn_seq: int) -> Totals:
    """Return everything that one turn has used, for its settlement."""
    return totals_of(db.execute(f"SELECT {SUMS} FROM model_calls c WHERE c.turn = ?", (turn_seq,)).fetchone())


def totals_of(row: Any) -> Totals:
    """Return the Totals of a row that begins with the columns of SUMS."""
    cost = dollars(row[5])
    assert cost is not None
    return Totals(row[0], row[1], row[2], row[3], row[4], cost, row[6], row[7])


def _call(row: Any) -> ModelCall:
    fields: list[Any] = [*row[:10], dollars(row[10]), *row[11:17], from_us(row[17]), row[18]]
    return ModelCall(*fields)
