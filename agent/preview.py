"""What the next question of a chat would be sent with, as the page shows it before anything is typed."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlite_utils import Database

from agent.catalogue import ModelChoice
from agent.gathering import LATER, Asked, Gathered, gather
from agent.memory.policy import MemoryPolicy
from agent.pricing import context_window, price_call
from agent.prompt import local_date, system_prompt, zone_of
from agent.tool_weight import TOOL_TOKENS
from storage import messages


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
    db: Database, user_id: str, chat_id: str, *, policy: MemoryPolicy, choice: ModelChoice, now: datetime, timezone: str = "UTC"
) -> Preview:
    """Return what a question asked now would be sent with; the question itself weighs nothing yet."""
    last = _last_question(db, user_id, chat_id) if policy.strategy == "retrieval" else None
    asked = Asked(user_id, chat_id, LATER, zone_of(timezone), last or "", _NextQuestion())
    gathered = gather(db, asked, policy, system_prompt(local_date(now, timezone)), TOOL_TOKENS, context_window(*choice.priced_as))
    price = price_call(*choice.priced_as, gathered.tokens, 0, 0, now)
    return Preview(gathered, last, price.dollars if price else None)


def _last_question(db: Database, user_id: str, chat_id: str) -> str | None:
    return next((message.text for message in messages.latest(db, user_id, chat_id, 1) if message.role == "user"), None)
