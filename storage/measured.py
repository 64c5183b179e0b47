"""What people's turns really took, one record a turn: what the simulator is calibrated with, and held against.

An instructor gets the whole class, a learner only what is their own: the query itself looks up who asks. People and chats are numbers
that mean nothing outside one answer, and no text is read, of a message or of a title.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlite_utils import Database

from storage.clock import from_us, to_us
from storage.records import TurnStatus, dollars

MOST_TURNS = 20_000


class Used(NamedTuple):
    """Model calls of one purpose added up."""

    calls: int
    tokens_in: int
    tokens_cached: int
    tokens_out: int


class MeasuredTurn(NamedTuple):
    """One settled turn, in numbers; a tuple, because a class has twenty thousand of them."""

    person: int
    """Who asked: a number in the order of first appearance here."""
    chat: int
    """In which chat, numbered likewise."""
    number: int
    """Which turn of its chat it was, from 1."""
    at: datetime
    """When it began."""
    gap_s: float | None
    """Seconds since the chat's turn before it began; None for the first."""
    status: TurnStatus
    model: str
    policy: str
    """The memory policy that it ran under, as it is kept."""
    sent: int | None
    """Messages sent word for word in its first call, the question included."""
    summarised: bool
    """Whether a summary stood in front of them."""
    quoted: int
    """Messages quoted in front of them."""
    asked: int
    """Tokens of the person's message; these and the next three as they are stored, role and separators counted."""
    replied: int
    """Tokens of what the agent said to the person."""
    called: int
    """Tokens of what the agent said to call tools."""
    results: int
    """Tokens of the tools' results."""
    replies: int
    """Messages that `replied` is the sum of."""
    rounds: int
    """Messages that `called` is the sum of: each is a model call, however many tools it calls."""
    answers: int
    """Messages that `results` is the sum of."""
    answer: Used
    """The calls that answer."""
    summary: Used
    """The calls that wrote a summary after it."""
    cost: Decimal | None
    """Of all its calls; None when one has no known price."""
    estimated: bool
    """Whether a figure is an estimate, the provider having reported none."""
    priced_as: str | None
    """Whose price applied, as provider:model."""


_MINE = """
FROM users u CROSS JOIN chats h ON h.user_id = u.id AND h.updated_at >= :since CROSS JOIN messages m ON m.chat_id = h.id
WHERE (u.id = :viewer OR EXISTS (SELECT 1 FROM users WHERE id = :viewer AND role = 'instructor'))
"""
"""The messages that the viewer may have counted, in chats that were used in the period, whole: a turn's number counts all before it."""
_SAID = f"""
WITH said AS (
  SELECT m.turn AS seq, sum(CASE WHEN m.role = 'user' THEN m.tokens ELSE 0 END),
    sum(CASE WHEN m.role = 'assistant' AND m.tool_calls IS NULL THEN m.tokens ELSE 0 END),
    sum(CASE WHEN m.tool_calls IS NOT NULL THEN m.tokens ELSE 0 END), sum(CASE WHEN m.role = 'tool' THEN m.tokens ELSE 0 END),
    sum(m.role = 'assistant' AND m.tool_calls IS NULL), sum(m.tool_calls IS NOT NULL), sum(m.role = 'tool')
  {_MINE} GROUP BY m.turn)
SELECT said.*, t.created_at, t.status IN ('queued', 'running') OR t.imported IS NOT NULL, t.user_id, t.chat_id,
  coalesce(t.started_at, t.created_at), t.status, t.model, p.body, t.sent_messages, t.summary IS NOT NULL,
  coalesce(json_array_length(t.quoted), 0)
FROM said CROSS JOIN turns t ON t.seq = said.seq CROSS JOIN policies p ON p.id = t.policy ORDER BY said.seq
"""
_ANSWER, _SUMMARY = "c.purpose <> 'summary'", "c.purpose = 'summary'"
_SUMS = ", ".join(
    f"sum(CASE WHEN {purpose} THEN {what} ELSE 0 END)"
    for purpose in (_ANSWER, _SUMMARY)
    for what in ("1", "c.tokens_in", "c.tokens_cached", "c.tokens_out")
)
_CALLED = f"""
WITH mine AS (SELECT m.turn AS seq {_MINE} AND m.turn >= :first GROUP BY m.turn)
SELECT c.turn, {_SUMS}, CASE WHEN count(c.cost_nano) = count(*) THEN sum(c.cost_nano) END, max(c.source = 'estimate'), max(c.priced_as)
FROM mine CROSS JOIN model_calls c ON c.turn = mine.seq GROUP BY c.turn
"""
_NO_CALLS = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, None)
"""A turn that made no call has cost nothing."""


def turns(db: Database, viewer_id: str, *, since: datetime | None = None, limit: int = MOST_TURNS) -> list[MeasuredTurn]:
    """Return the newest `limit` settled turns asked at or after `since`, oldest first: the class's for an instructor, else one's own.

    Turns of deleted chats count, for they were billed; turns that came in a file do not, nor do those that are still being answered.
    The work grows with the turns of the chats that were used since then.
    """
    values: dict[str, str | int] = {"viewer": viewer_id, "since": 0 if since is None else to_us(since)}
    placed = deque(_placed(db.execute(_SAID, values), values["since"]), limit)
    if not placed:
        return []
    calls = db.execute(_CALLED, values | {"first": placed[0].seq})
    return list(_measured(placed, {row[0]: row[1:] for row in calls}))


class _Placed(NamedTuple):
    """A turn as the first statement found it, with its place in its chat."""

    seq: int
    number: int
    gap_s: float | None
    row: Any


def _placed(rows: Iterator[Any], since: Any) -> Iterator[_Placed]:
    """Yield the turns that count; the others are only counted with."""
    numbers: dict[str, int] = {}
    begun: dict[str, int] = {}
    for row in rows:
        asked_at, passed_over, _, chat, began = row[8:13]
        number = numbers[chat] = numbers.get(chat, 0) + 1
        before = begun.get(chat)
        begun[chat] = began
        if asked_at >= since and not passed_over:
            yield _Placed(row[0], number, None if before is None else (began - before) / 1_000_000, row)


def _measured(placed: Iterable[_Placed], called: Mapping[int, Any]) -> Iterator[MeasuredTurn]:
    people: dict[str, int] = {}
    chats: dict[str, int] = {}
    for seq, number, gap_s, row in placed:
        person, chat = people.setdefault(row[10], len(people)), chats.setdefault(row[11], len(chats))
        used = called.get(seq, _NO_CALLS)
        spent = (Used(*used[:4]), Used(*used[4:8]), dollars(used[8]), bool(used[9]), used[10])
        fields: list[Any] = [person, chat, number, from_us(row[12]), gap_s, *row[13:17], bool(row[17]), row[18], *row[1:8], *spent]
        yield MeasuredTurn(*fields)
