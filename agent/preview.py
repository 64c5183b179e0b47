"""What the next question of a chat would be sent with, as the page shows it before anything is typed."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlite_utils import Database

from agent.catalogue import ModelChoice
from agent.gathering import LATER, Asked, Gathered, gather
from agent.memory.policy import MemoryPolicy
from agent.pricing import context_window, price_call
from agent.prompt import local_date, system_prompt, zone_of
from agent.recall import Meaning
from agent.tool_weight import TOOL_TOKENS
from storage import messages
from storage.records import Message

if TYPE_CHECKING:
    from storage.vectors import Shelf


@dataclass(frozen=True, slots=True)
class Preview:
    """The next context as it stands now."""

    gathered: Gathered
    searched: str | None
    """The question that retrieval was run for, the last one asked; None where nothing was looked for."""
    cost: Decimal | None
    """Dollars of this input, uncached; None when the price is not known."""


@dataclass(frozen=True, slots=True)
class _NextQuestion:
    """Stands for the message that the person may send next."""

    id: int = -1
    role: str = "user"
    tokens: int = 0


def preview(
    db: Database,
    user_id: str,
    chat_id: str,
    *,
    policy: MemoryPolicy,
    choice: ModelChoice,
    now: datetime,
    timezone: str = "UTC",
    shelf: "Shelf | None" = None,
) -> Preview:
    """Return what a question asked now would be sent with; the question itself weighs nothing yet.

    No model is called, an embedding model neither: with a `shelf`, the vector that the last question has by now is looked for.
    """
    last = _last_question(db, user_id, chat_id) if policy.strategy == "retrieval" else None
    meaning = _meaning(db, user_id, last, shelf) if last and shelf else None
    text, unlike = (last.text, (last.id,)) if last else ("", ())
    asked = Asked(user_id, chat_id, LATER, zone_of(timezone), text, _NextQuestion(), meaning, unlike)
    gathered = gather(db, asked, policy, system_prompt(local_date(now, timezone)), TOOL_TOKENS, context_window(*choice.priced_as))
    price = price_call(*choice.priced_as, gathered.tokens, 0, 0, now)
    return Preview(gathered, last.text if last else None, price.dollars if price else None)


def _meaning(db: Database, user_id: str, question: Message, shelf: "Shelf") -> Meaning | None:
    from storage import vectors

    vector = vectors.of_message(db, user_id, question.id, shelf.model)
    return None if vector is None else Meaning(vector, shelf)


def _last_question(db: Database, user_id: str, chat_id: str) -> Message | None:
    return next((message for message in messages.latest(db, user_id, chat_id, 1) if message.role == "user"), None)
