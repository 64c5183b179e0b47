"""Turns: the queue of each chat, who is running what, and how each turn ended.

A turn is admitted, runs under a lease of one process, and is settled once. At most one turn of a chat runs at a time; the others wait
in the order they were admitted. Every state change is one conditional statement, so two processes on one file cannot both win.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage import chats, counterfactuals, messages, model_calls, policies
from storage.clock import from_us, to_us
from storage.counterfactuals import Counterfactual
from storage.records import ModelCall, NewMessage, NotFound, Turn, TurnStatus, dollars, nano_dollars

_COLUMNS = (
    "t.seq, t.id, t.chat_id, t.user_id, t.status, t.model, p.body, t.timezone, t.created_at, t.started_at, t.finished_at, t.error, "
    "t.sent_messages, t.tokens_in, t.tokens_cached, t.tokens_out, t.cost_nano, t.estimated, t.first_token_ms, t.duration_ms, t.login_id, "
    "t.summary, t.quoted, t.imported IS NOT NULL"
)
_FROM = "FROM turns t JOIN policies p ON p.id = t.policy"
_OPEN = "t.status IN ('queued', 'running')"
"""In the very words of the index `turns_open`, which SQLite uses for nothing else; so it is said beside `status = 'running'` too."""


class QueueIsFull(Exception):
    """The chat already has `waiting` turns behind the running one, of `limit` allowed."""

    def __init__(self, waiting: int, limit: int) -> None:
        super().__init__(f"{waiting} of {limit} waiting")
        self.waiting = waiting
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one process to run a turn until an instant."""

    owner: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Admission:
    """What is needed to admit a turn. `turn_id` is the same for a repeat of the same request."""

    turn_id: str
    user_id: str
    chat_id: str
    question: NewMessage
    model: str
    policy: str | None
    """None for the one that holds for the chat at this moment."""
    timezone: str
    login_id: str | None
    queue_limit: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a turn ended."""

    status: TurnStatus
    error: str | None
    messages: Sequence[NewMessage]
    sent_messages: int | None
    first_token_ms: int | None
    duration_ms: int | None
    calls: Sequence[ModelCall] = ()
    """Model calls that are not stored yet."""
    stored_calls: int = 0
    """How many model calls of the turn are stored already."""
    summary_id: int | None = None
    """The summary that was sent."""
    quoted: Sequence[int] = ()
    """The messages that were quoted beside the window."""
    counterfactuals: Sequence[Counterfactual] = ()
    """What the other strategies would have sent."""


class CallsMissing(Exception):
    """Fewer model calls of a turn are stored than it made: their own writes failed. Nothing was settled."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A turn that was taken."""

    turn: Turn
    is_new: bool
    ahead: int
    """Turns of the chat that come before it."""


def admit(db: Database, admission: Admission, lease: Lease, now: datetime) -> Admitted:
    """Store a question and its turn, running at once when the chat is idle; a repeat returns the turn that is there.

    Raises NotFound when the chat is deleted, unknown or somebody else's, QueueIsFull when too many turns wait.
    """
    row = db.execute(
        f"SELECT c.title, (SELECT count(*) FROM turns t WHERE t.chat_id = c.id AND {_OPEN}), "
        f"(SELECT count(*) FROM turns t WHERE t.id = ?), {policies.CHOSEN} "
        f"FROM chats c {policies.FROM_CHOSEN} WHERE c.id = ? AND c.user_id = ? AND c.deleted_at IS NULL",
        (admission.turn_id, admission.chat_id, admission.user_id),
    ).fetchone()
    if row is None:
        raise NotFound("chat")
    title, busy, known, *chosen = row
    if known:
        return Admitted(get(db, admission.user_id, admission.turn_id), is_new=False, ahead=0)
    if busy > admission.queue_limit:
        raise QueueIsFull(busy - 1, admission.queue_limit)
    policy = policies.held(chosen) if admission.policy is None else admission.policy
    turn = _insert(db, admission, policy, None if busy else lease, now)
    messages.add(db, admission.chat_id, turn.seq, [admission.question], now)
    if title == chats.NEW_TITLE:
        title = chats.tidy_title(admission.question.text)
    db.execute("UPDATE chats SET updated_at = ?, title = ? WHERE id = ?", (to_us(now), title, admission.chat_id))
    return Admitted(turn, is_new=True, ahead=busy)


def settle(db: Database, turn: Turn, owner: str, ending: Settlement, now: datetime) -> Turn | None:
    """Close a running turn that `owner` holds, with the sums of its model calls; return it, or None when it was closed already.

    Raises CallsMissing when the turn's earlier writes did not all succeed.
    """
    for call in ending.calls:
        model_calls.add(db, turn.seq, call)
    sums = model_calls.turn_totals(db, turn.seq)
    if sums.calls < ending.stored_calls + len(ending.calls):
        raise CallsMissing
    cost = None if sums.unpriced_calls else sums.cost
    estimated = sums.estimated_calls > 0
    changed = db.execute(
        "UPDATE turns SET status = ?, error = ?, sent_messages = ?, tokens_in = ?, tokens_cached = ?, tokens_out = ?, cost_nano = ?, "
        "estimated = ?, first_token_ms = ?, duration_ms = ?, finished_at = ?, summary = ?, quoted = ?, lease_owner = NULL, "
        "lease_until = NULL "
        "WHERE seq = ? AND status = 'running' AND lease_owner = ?",
        (
            *(ending.status, ending.error, ending.sent_messages, sums.tokens_in, sums.tokens_cached, sums.tokens_out),
            *(nano_dollars(cost), int(estimated), ending.first_token_ms, ending.duration_ms, to_us(now)),
            *(ending.summary_id, json.dumps(list(ending.quoted)) if ending.quoted else None, turn.seq, owner),
        ),
    )
    if changed.rowcount == 0:
        return None
    messages.add(db, turn.chat_id, turn.seq, ending.messages, now)
    counterfactuals.add(db, turn.seq, ending.counterfactuals)
    return _one(db, "t.seq = ?", (turn.seq,))


def is_held(db: Database, turn: Turn, owner: str) -> bool:
    """Whether a turn runs under a lease of `owner`."""
    held = db.execute("SELECT 1 FROM turns WHERE seq = ? AND status = 'running' AND lease_owner = ?", (turn.seq, owner))
    return held.fetchone() is not None


def begin_call(db: Database, turn_seq: int, tokens_in: int) -> None:
    """Note that a model call of a turn is under way, with the estimate of its input; storing a call ends it."""
    db.execute("UPDATE turns SET open_call = ? WHERE seq = ? AND status = 'running'", (tokens_in, turn_seq))


def open_call(db: Database, turn_seq: int) -> int | None:
    """Return the estimated input of the model call that is under way in a turn, None when none is."""
    row = db.execute("SELECT open_call FROM turns WHERE seq = ?", (turn_seq,)).fetchone()
    return row[0] if row else None


def claim_next(db: Database, chat_id: str, lease: Lease, now: datetime) -> Turn | None:
    """Start the turn that has waited longest in a chat, unless one is running or none waits; return it."""
    oldest = db.execute(
        f"SELECT t.seq, t.status FROM turns t WHERE t.chat_id = ? AND {_OPEN} ORDER BY t.status = 'running' DESC, t.seq LIMIT 1",
        (chat_id,),
    ).fetchone()
    if oldest is None or oldest[1] == "running":
        return None
    db.execute(
        "UPDATE turns SET status = 'running', started_at = ?, lease_owner = ?, lease_until = ? WHERE seq = ? AND status = 'queued'",
        (to_us(now), lease.owner, to_us(lease.until), oldest[0]),
    )
    return _one(db, "t.seq = ?", (oldest[0],))


def withdraw(db: Database, user_id: str, turn_id: str, now: datetime) -> Turn | None:
    """Close a waiting turn of `user_id` as stopped before it began; return it, or None when it is not waiting."""
    changed = db.execute(
        "UPDATE turns SET status = 'stopped', finished_at = ?, cost_nano = 0 WHERE id = ? AND user_id = ? AND status = 'queued'",
        (to_us(now), turn_id, user_id),
    )
    return _one(db, "t.id = ?", (turn_id,)) if changed.rowcount else None


def get(db: Database, user_id: str, turn_id: str) -> Turn:
    """Return one turn. Raises NotFound when it is unknown or somebody else's."""
    return _sure(_one(db, "t.id = ? AND t.user_id = ?", (turn_id, user_id)))


def for_messages(db: Database, user_id: str, chat_id: str, turn_ids: Iterable[str]) -> dict[str, Turn]:
    """Return the turns of a chat of `user_id` that are named, by id."""
    names = list(turn_ids)
    marks = ",".join("?" * len(names))
    found = _many(db, f"t.user_id = ? AND t.chat_id = ? AND t.id IN ({marks})", (user_id, chat_id, *names))
    return {turn.id: turn for turn in found}


def open_turns(db: Database, user_id: str, chat_id: str) -> list[Turn]:
    """Return the turns of a chat of `user_id` that are not finished: the running one first, then the waiting ones in order."""
    found = _many(db, f"t.chat_id = ? AND t.user_id = ? AND {_OPEN}", (chat_id, user_id))
    return sorted(found, key=lambda turn: (turn.status != "running", turn.seq))


def running(db: Database) -> list[tuple[Turn, Lease]]:
    """Return every running turn with its lease, for the process that looks after crashed ones."""
    where = f"t.status = 'running' AND {_OPEN}"
    turns = _many(db, where, ())
    rows = db.execute(f"SELECT t.seq, t.lease_owner, t.lease_until FROM turns t WHERE {where}")
    leases = {seq: Lease(owner, from_us(until)) for seq, owner, until in rows}
    return [(turn, leases[turn.seq]) for turn in turns]


def waiting_chats(db: Database) -> list[str]:
    """Return the chats in which a turn waits and none runs (left over from a process that ended)."""
    rows = db.execute(
        f"SELECT DISTINCT t.chat_id FROM turns t WHERE t.status = 'queued' AND {_OPEN} AND NOT EXISTS "
        "(SELECT 1 FROM turns r WHERE r.chat_id = t.chat_id AND r.status = 'running' AND r.status IN ('queued', 'running'))"
    )
    return [row[0] for row in rows]


def _insert(db: Database, admission: Admission, policy: str, lease: Lease | None, now: datetime) -> Turn:
    started = now if lease else None
    cursor = db.execute(
        "INSERT INTO turns(id, chat_id, user_id, status, model, policy, timezone, login_id, created_at, started_at, lease_owner, "
        "lease_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(admission.turn_id, admission.chat_id, admission.user_id, "running" if lease else "queued", admission.model),
            *(policies.keep(db, policy), admission.timezone, admission.login_id, to_us(now), to_us(now) if lease else None),
            *(lease.owner if lease else None, to_us(lease.until) if lease else None),
        ),
    )
    assert cursor.lastrowid is not None
    return Turn(
        seq=cursor.lastrowid,
        id=admission.turn_id,
        chat_id=admission.chat_id,
        user_id=admission.user_id,
        status="running" if lease else "queued",
        model=admission.model,
        policy=policy,
        timezone=admission.timezone,
        created_at=now,
        started_at=started,
        login_id=admission.login_id,
    )


def _many(db: Database, where: str, values: tuple[Any, ...]) -> list[Turn]:
    return [_turn(row) for row in db.execute(f"SELECT {_COLUMNS} {_FROM} WHERE {where}", values)]


def _one(db: Database, where: str, values: tuple[Any, ...]) -> Turn | None:
    found = _many(db, where, values)
    return found[0] if found else None


def _sure(turn: Turn | None) -> Turn:
    if turn is None:
        raise NotFound("turn")
    return turn


def _turn(row: Any) -> Turn:
    times = [from_us(value) if value is not None else None for value in row[9:11]]
    fields: list[Any] = [
        *row[:8],
        from_us(row[8]),
        *times,
        *row[11:16],
        dollars(row[16]),
        bool(row[17]),
        *row[18:22],
        messages.ids_of(row[22]),
        bool(row[23]),
    ]
    return Turn(*fields)
