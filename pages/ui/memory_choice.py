"""Whose memory policy holds in a chat, and choosing another: what is stored is validated first, and a refusal leaves it as it was.

What holds is the chat's own, else the person's, else the class's (see storage.policies). Nothing here draws.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from agent.memory.policy import MemoryPolicy
from pages.ui.memory_words import policy_of
from storage import policies
from storage.policies import DEFAULT_BODY, ClassPolicy, OwnPolicies, PolicyLocked

Scope = Literal["chat", "user"]


@dataclass(frozen=True, slots=True)
class Choice:
    """The policy that holds for the next message, and who may change it."""

    body: str
    own: OwnPolicies
    everybody: ClassPolicy
    in_chat: bool
    """Whether there is a chat yet that could have a policy of its own."""

    @property
    def policy(self) -> MemoryPolicy:
        """The policy."""
        return policy_of(self.body)

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """For what a policy may be chosen here."""
        chat: tuple[Scope, ...] = ("chat",) if self.in_chat and self.everybody.chats_may else ()
        return (*chat, "user") if self.everybody.learners_may else chat

    @property
    def scope(self) -> Scope | None:
        """For what the next change is made: where the policy that holds was chosen, else for this chat alone; None where none may be."""
        if "user" in self.scopes and self.own.user is not None and self.own.chat is None:
            return "user"
        return self.scopes[0] if self.scopes else None

    @property
    def is_own(self) -> bool:
        """Whether the person has chosen, rather than the class."""
        held = {"chat": self.own.chat, "user": self.own.user}
        return any(held[scope] is not None for scope in self.scopes)


def read(db: Database, user_id: str, chat_id: str | None) -> Choice:
    """Return the choice of `user_id` for a chat, or for the chats to come. Raises NotFound as `policies.own` does."""
    everybody = policies.class_policy(db)
    own = policies.own(db, user_id, chat_id) if chat_id else policies.of_user(db, user_id)
    return Choice(policies.holding(own, everybody), own, everybody, chat_id is not None)


def change(db: Database, user_id: str, chat_id: str | None, fields: Mapping[str, Any]) -> None:
    """Change some fields of the policy that holds. Raises ValidationError, NotFound, PolicyLocked; then nothing has changed."""
    now = read(db, user_id, chat_id)
    if now.scope is None:
        raise PolicyLocked("chat" if chat_id else "user")
    changed = MemoryPolicy.model_validate({**now.policy.model_dump(), **fields})
    store(db, user_id, chat_id, now.scope, changed)


def move(db: Database, user_id: str, chat_id: str, scope: Scope) -> None:
    """Let the policy that holds now hold for this chat alone, or for all of the person's chats that have none of their own."""
    store(db, user_id, chat_id, scope, read(db, user_id, chat_id).policy)


def store(db: Database, user_id: str, chat_id: str | None, scope: Scope, policy: MemoryPolicy) -> None:
    """Store a policy where it shall hold; for all chats, this chat's own gives way to it."""
    body = policy.model_dump_json()
    if scope == "chat" and chat_id:
        policies.set_for_chat(db, user_id, chat_id, body)
        return
    policies.set_for_user(db, user_id, body)
    if chat_id:
        policies.set_for_chat(db, user_id, chat_id, None)


def forget(db: Database, user_id: str, chat_id: str | None) -> None:
    """Go back to the class's policy, here and for all chats that have none of their own."""
    if chat_id:
        policies.set_for_chat(db, user_id, chat_id, None)
    policies.set_for_user(db, user_id, None)


def change_class(db: Database, instructor_id: str, fields: Mapping[str, Any], now: datetime) -> None:
    """Change the class's policy, or with `learners_may` and `chats_may` who may choose. Raises ValidationError, NotFound."""
    held = policies.class_policy(db)
    switches = {name: bool(fields.get(name, getattr(held, name))) for name in ("learners_may", "chats_may")}
    own_fields = {name: value for name, value in fields.items() if name not in switches}
    policy = MemoryPolicy.model_validate({**policy_of(held.body or DEFAULT_BODY).model_dump(), **own_fields})
    policies.set_class_policy(db, instructor_id, policy.model_dump_json(), **switches, now=now)
