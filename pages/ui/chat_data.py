"""What the chat page shows, read in one snapshot: the list of chats, the latest exchanges, what waits, what the agent will see next."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from sqlite_utils import Database

from agent.memory.context import plan
from agent.memory.policy import MemoryPolicy
from storage import chats, messages, model_calls, turns
from storage.records import Chat, Message, Totals, Turn

SHOWN = 30
"""Messages shown at first, and added by each "Show earlier"."""
LISTED = 30
"""Chats in the sidebar at first."""
NOTHING = Totals(0, 0, 0, 0, 0, Decimal(0), 0, 0)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question with everything that answered it."""

    turn: Turn
    messages: tuple[Message, ...]

    @property
    def question(self) -> str:
        """What the person wrote."""
        return self.messages[0].text

    @property
    def replies(self) -> tuple[Message, ...]:
        """The agent's messages and its tools' results, in order."""
        return self.messages[1:]

    @property
    def is_open(self) -> bool:
        """Whether the answer is still to come or being written."""
        return self.turn.status in ("queued", "running")


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the next call will send of this chat, and what it will not."""

    messages: int
    tokens: int
    sent_messages: int
    sent_tokens: int
    first_sent: int | None
    """The id of the first message that is sent; None when none is."""

    @property
    def unseen_messages(self) -> int:
        """Messages that the agent no longer sees."""
        return self.messages - self.sent_messages

    @property
    def unseen_tokens(self) -> int:
        """Their tokens."""
        return self.tokens - self.sent_tokens


@dataclass(frozen=True, slots=True)
class ChatView:
    """Everything the chat page shows. `chat` is None for a chat that is not begun yet."""

    listed: Sequence[Chat]
    chat: Chat | None
    exchanges: Sequence[Exchange]
    outlook: Outlook
    totals: Totals

    @property
    def has_earlier(self) -> bool:
        """Whether there are messages before those shown."""
        return sum(len(exchange.messages) for exchange in self.exchanges) < self.outlook.messages

    @property
    def running(self) -> Exchange | None:
        """The exchange that is being answered."""
        return next((exchange for exchange in self.exchanges if exchange.is_open), None)

    @property
    def signature(self) -> int:
        """Changes when anything shown has changed in the database."""
        return signature(self.listed, (exchange.turn for exchange in self.exchanges if exchange.is_open))


@dataclass(frozen=True, slots=True)
class _NextQuestion:
    """Stands for the message that the person may send next."""

    id: int = -1
    role: str = "user"
    tokens: int = 0


def load(db: Database, user_id: str, chat_id: str | None, policy: MemoryPolicy, shown: int, listed: int) -> ChatView:
    """Read the page of `user_id`. Raises NotFound when `chat_id` is deleted, unknown or somebody else's."""
    own = chats.list_chats(db, user_id, listed)
    if chat_id is None:
        return ChatView(own, None, (), Outlook(0, 0, 0, 0, None), NOTHING)
    chat = chats.get(db, user_id, chat_id)
    latest = messages.latest(db, user_id, chat_id, max(shown, policy.max_messages_per_user))
    found = turns.for_messages(db, user_id, chat_id, {message.turn_id for message in latest})
    outlook = look_ahead(latest, messages.size(db, user_id, chat_id), policy)
    totals = model_calls.chat_totals(db, user_id, chat_id)
    return ChatView(own, chat, tuple(_exchanges(latest, found)), outlook, totals)


def look_ahead(latest: Sequence[Message], size: tuple[int, int], policy: MemoryPolicy) -> Outlook:
    """Return what a next question would be sent with. `latest` are at least as many messages as the policy sends, `size` is the chat's."""
    following = _NextQuestion()
    sent = set(plan([*latest, following], policy).sent) - {following.id}
    if policy.strategy == "full":
        return Outlook(*size, *size, latest[0].id if latest else None)
    weight = sum(message.tokens for message in latest if message.id in sent)
    return Outlook(*size, len(sent), weight, min(sent, default=None))


def changes(db: Database, user_id: str, chat_id: str | None, listed: int) -> int:
    """Return the signature that a page read now would have, at the cost of two small reads."""
    waiting = turns.open_turns(db, user_id, chat_id) if chat_id else []
    return signature(chats.list_chats(db, user_id, listed), waiting)


def signature(listed: Iterable[Chat], waiting: Iterable[Turn]) -> int:
    """Return a number that changes when a chat is used, renamed, added or deleted, or a turn begins or ends."""
    own = tuple((chat.id, chat.title, chat.updated_at) for chat in listed)
    return hash((own, frozenset((turn.id, turn.status) for turn in waiting)))


def _exchanges(latest: Sequence[Message], found: Mapping[str, Turn]) -> Iterator[Exchange]:
    for turn_id, group in groupby(latest, key=lambda message: message.turn_id):
        if turn_id in found:
            yield Exchange(found[turn_id], tuple(group))
