"""Memory policies: which one holds for a chat, and who may choose it.

A policy is kept as the JSON that the agent made of it; nothing here looks inside. A chat's own comes before its owner's, the owner's
before the class's. Where the instructor does not allow choices, those made earlier rest and hold again when they are allowed again.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage import users
from storage.clock import to_us
from storage.records import NotFound, storable

DEFAULT_BODY = "{}"
"""The policy where nobody chose one: the agent's own defaults."""
_KEY = "memory_policy"
CHOSEN = f"pc.body, pu.body, (SELECT value FROM class_settings WHERE key = '{_KEY}')"
"""Columns that `held` reads, over `chats c` and FROM_CHOSEN."""
FROM_CHOSEN = "JOIN users u ON u.id = c.user_id LEFT JOIN policies pc ON pc.id = c.policy LEFT JOIN policies pu ON pu.id = u.policy"


class PolicyLocked(Exception):
    """The instructor does not allow a policy of one's own for `what`: 'chat' or 'user'."""

    def __init__(self, what: str) -> None:
        super().__init__(f"policy of one's own: {what}")
        self.what = what


@dataclass(frozen=True, slots=True)
class ClassPolicy:
    """What the instructor chose for the class."""

    body: str | None = None
    """None for the app's own default."""
    learners_may: bool = True
    """Whether learners may choose a policy for all their chats."""
    chats_may: bool = True
    """Whether learners may choose a policy for one chat."""


@dataclass(frozen=True, slots=True)
class OwnPolicies:
    """What a person chose, whether it holds now or not."""

    chat: str | None
    user: str | None


def effective(db: Database, user_id: str, chat_id: str) -> str:
    """Return the policy that the next turn of a chat of `user_id` runs under. Raises NotFound as `own` does."""
    return holding(own(db, user_id, chat_id), class_policy(db))


def holding(mine: OwnPolicies, everybody: ClassPolicy) -> str:
    """Return the policy that holds of those a person and an instructor chose."""
    if everybody.chats_may and mine.chat is not None:
        return mine.chat
    if everybody.learners_may and mine.user is not None:
        return mine.user
    return DEFAULT_BODY if everybody.body is None else everybody.body


def held(row: Sequence[str | None]) -> str:
    """Return the policy that holds by a row of CHOSEN."""
    chat, user, everybody = row
    return holding(OwnPolicies(chat, user), _class_policy(everybody))


def own(db: Database, user_id: str, chat_id: str) -> OwnPolicies:
    """Return what `user_id` chose. Raises NotFound when the chat is deleted, unknown or somebody else's."""
    row = db.execute(
        f"SELECT pc.body, pu.body FROM chats c {FROM_CHOSEN} WHERE c.id = ? AND c.user_id = ? AND c.deleted_at IS NULL",
        (chat_id, user_id),
    ).fetchone()
    if row is None:
        raise NotFound("chat")
    return OwnPolicies(*row)


def of_user(db: Database, user_id: str) -> OwnPolicies:
    """Return what `user_id` chose for all chats, as it holds in a chat that is not begun yet. Raises NotFound for an unknown person."""
    row = db.execute("SELECT p.body FROM users u LEFT JOIN policies p ON p.id = u.policy WHERE u.id = ?", (user_id,)).fetchone()
    if row is None:
        raise NotFound("user")
    return OwnPolicies(None, row[0])


def set_for_chat(db: Database, user_id: str, chat_id: str, body: str | None) -> None:
    """Choose the policy of one chat; None for none of its own.

    Raises NotFound as `own` does, PolicyLocked when the instructor does not allow it (taking a choice back is always allowed).
    """
    own(db, user_id, chat_id)
    if body is not None and not class_policy(db).chats_may:
        raise PolicyLocked("chat")
    number = None if body is None else keep(db, body)
    db.execute("UPDATE chats SET policy = ? WHERE id = ? AND user_id = ?", (number, chat_id, user_id))


def set_for_user(db: Database, user_id: str, body: str | None) -> None:
    """Choose the policy of all of a person's chats that have none of their own; None for the class's.

    Raises NotFound for an unknown person, PolicyLocked as `set_for_chat` does.
    """
    users.get(db, user_id)
    if body is not None and not class_policy(db).learners_may:
        raise PolicyLocked("user")
    number = None if body is None else keep(db, body)
    db.execute("UPDATE users SET policy = ? WHERE id = ?", (number, user_id))


def class_policy(db: Database) -> ClassPolicy:
    """Return what the instructor chose for the class."""
    row = db.execute("SELECT value FROM class_settings WHERE key = ?", (_KEY,)).fetchone()
    return _class_policy(None if row is None else row[0])


def set_class_policy(db: Database, instructor_id: str, body: str | None, learners_may: bool, chats_may: bool, now: datetime) -> None:
    """Choose for the class. Raises NotFound when `instructor_id` is not an instructor."""
    value = json.dumps([None if body is None else storable(body), learners_may, chats_may])
    changed = db.execute(
        "INSERT INTO class_settings(key, value, updated_at) SELECT ?, ?, ? "
        "WHERE EXISTS (SELECT 1 FROM users WHERE id = ? AND role = 'instructor') "
        "ON CONFLICT(key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
        (_KEY, value, to_us(now), instructor_id),
    )
    if changed.rowcount == 0:
        raise NotFound("instructor")


def keep(db: Database, body: str) -> int:
    """Return the row that holds a policy, made if it is new."""
    text = storable(body)
    row = db.execute("SELECT id FROM policies WHERE body = ?", (text,)).fetchone()
    if row is None:
        row = (db.execute("INSERT INTO policies(body) VALUES (?)", (text,)).lastrowid,)
    number: int = row[0]
    return number


def _class_policy(value: str | None) -> ClassPolicy:
    return ClassPolicy() if value is None else ClassPolicy(*json.loads(value))
