"""Model calls: one row a request to a model, written as it ends, whatever its end. The truth that every total is added up from."""

from typing import Any

from sqlite_utils import Database

from storage.clock import from_us, to_us
from storage.records import ModelCall, Totals, dollars, nano_dollars

_FIELDS = (
    "purpose, model, priced_as, tokens_in, tokens_cached, tokens_out, tokens_reasoning, cost_nano, source, outcome, attempt, "
    "first_token_ms, duration_ms, finish_reason, started_at, price"
)
"""What `values_of` returns and `call_of` reads, in this order."""
_COLUMNS = ", ".join(f"c.{field}" for field in ("chat_id", "user_id", *_FIELDS.split(", ")))
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
        f"INSERT INTO model_calls(turn, chat_id, user_id, {_FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (turn_seq, call.chat_id, call.user_id, *values_of(call)),
    )


def values_of(call: ModelCall) -> tuple[Any, ...]:
    """Return what is stored of a call beside whose it is."""
    return (
        *(call.purpose, call.model, call.priced_as, call.tokens_in, call.tokens_cached, call.tokens_out, call.tokens_reasoning),
        *(nano_dollars(call.cost), call.source, call.outcome, call.attempt, call.first_token_ms, call.duration_ms, call.finish_reason),
        *(to_us(call.started_at), call.price),
    )


def for_turn(db: Database, user_id: str, turn_id: str) -> list[ModelCall]:
    """Return the calls of one turn of `user_id`, in the order they ended."""
    rows = db.execute(
        f"SELECT t.id, {_COLUMNS} FROM turns t JOIN model_calls c ON c.turn = t.seq "
        "WHERE t.id = ? AND t.user_id = ? AND c.user_id = t.user_id ORDER BY c.id",
        (turn_id, user_id),
    )
    return [call_of(row) for row in rows]


def of_chat(db: Database, user_id: str, chat_id: str) -> dict[str, list[ModelCall]]:
    """Return the calls of a chat of `user_id` by their turn's id, each turn's in the order they ended."""
    rows = db.execute(
        f"SELECT t.id, {_COLUMNS} FROM model_calls c JOIN turns t ON t.seq = c.turn WHERE c.chat_id = ? AND c.user_id = ? ORDER BY c.id",
        (chat_id, user_id),
    )
    found: dict[str, list[ModelCall]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(call_of(row))
    return found


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


def call_of(row: Any) -> ModelCall:
    """Return the call of a row: its turn's id, the chat's, the person's, then what `values_of` returns."""
    fields: list[Any] = [*row[:10], dollars(row[10]), *row[11:17], from_us(row[17]), row[18]]
    return ModelCall(*fields)
