"""What the chat page shows, read in one snapshot: the list of chats, the latest exchanges, what waits, what the agent will see next."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from sqlite_utils import Database

from agent.catalogue import ModelChoice
from agent.memory.context import ContextPlan
from agent.preview import Preview, preview
from pages.ui import memory_choice
from pages.ui.memory_choice import Choice
from pages.ui.savings import NO_SAVINGS, Savings, chat_savings
from pages.ui.shading import Standing
from storage import chats, counterfactuals, messages, model_calls, pins, summaries, turns
from storage.counterfactuals import UNCAPPED, TurnCost
from storage.records import Chat, Message, Turn
from storage.summaries import Checkpoint, Failure

if TYPE_CHECKING:
    from storage.vectors import Shelf

SHOWN = 30
"""Messages shown at first, and added by each "Show earlier"."""
LISTED = 30
"""Chats in the sidebar at first."""
DRAWN = 60
"""Turns in the small curve of the panel."""
EXPLAINED = 5
"""Turns that are looked through for why the cap cost more than it saved."""


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
class Reach:
    """How far into the chat a summary reaches."""

    turn_seq: int
    message_id: int
    """The last message that is folded into it."""
    messages: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the next call will send of this chat, and what it will not."""

    messages: int
    tokens: int
    preview: Preview
    summary: Checkpoint | None
    """The newest summary, sent or not."""
    failure: Failure | None
    """Why the last summary was not written."""
    pinned: int
    reach: Reach | None = None
    """How far the summary that is sent reaches, where it ends before what was read for the plan."""

    @property
    def plan(self) -> ContextPlan:
        """The plan for a question asked now."""
        return self.preview.gathered.plan

    @property
    def sent_messages(self) -> int:
        """Messages that are sent word for word, without the question that is not asked yet."""
        return len(self.plan.sent) - 1

    @property
    def unseen_messages(self) -> int:
        """Messages that are not."""
        return self.messages - self.sent_messages

    @property
    def unseen_tokens(self) -> int:
        """Their tokens."""
        return max(0, self.tokens - self.plan.window)

    @property
    def first_sent(self) -> int:
        """The id of the first message that is sent; that of no message when only the question is."""
        return self.plan.sent[0]

    @property
    def is_all_sent(self) -> bool:
        """Whether nothing of the chat is left out."""
        return self.unseen_messages == 0

    @property
    def folded(self) -> int:
        """How many messages the summary that is sent stands for."""
        if self.reach or not self.plan.summary:
            return self.reach.messages if self.reach else 0
        return self.preview.gathered.before + sum(place == "summarised" for place in self.plan.placements.values())

    def standing(self, message_id: int, turn_seq: int) -> Standing:
        """Return where a message of the chat stands; one that was too old to be read may be in the summary."""
        placement = self.plan.placements.get(message_id) or self._unread(message_id, turn_seq)
        return "pinned" if placement == "sent" and message_id in self.plan.quoted else placement

    def _unread(self, message_id: int, turn_seq: int) -> Standing:
        """Return where a message stands that was not read. A question that waited has a lower id than the answer before it."""
        end = self.reach
        folded = (turn_seq, message_id) <= (end.turn_seq, end.message_id) if end else self.plan.summary > 0
        return "summarised" if folded else "left_out"


@dataclass(frozen=True, slots=True)
class ChatView:
    """Everything the chat page shows. `chat` is None for a chat that is not begun yet."""

    listed: Sequence[Chat]
    choice: Choice
    outlook: Outlook
    chat: Chat | None = None
    exchanges: Sequence[Exchange] = ()
    savings: Savings = NO_SAVINGS
    curve: Sequence[TurnCost] = ()
    reason: str | None = None
    """Why the cap has cost more than it saved, where it has."""

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
        memory = (self.choice, self.outlook.summary, self.outlook.failure, self.outlook.pinned)
        return signature(self.listed, (exchange.turn for exchange in self.exchanges if exchange.is_open), memory)


def load(
    db: Database,
    user_id: str,
    chat_id: str | None,
    *,
    model: ModelChoice,
    now: datetime,
    timezone: str,
    shown: int,
    listed: int,
    shelf: "Shelf | None" = None,
) -> ChatView:
    """Read the page of `user_id`; `shelf` is the runner's. Raises NotFound when `chat_id` is deleted, unknown or somebody else's."""
    own, choice = chats.list_chats(db, user_id, listed), memory_choice.read(db, user_id, chat_id)
    ahead = preview(db, user_id, chat_id or "", policy=choice.policy, choice=model, now=now, timezone=timezone, shelf=shelf)
    if chat_id is None:
        return ChatView(own, choice, Outlook(0, 0, ahead, None, None, 0))
    chat = chats.get(db, user_id, chat_id)
    latest = messages.latest(db, user_id, chat_id, shown)
    found = turns.for_messages(db, user_id, chat_id, {message.turn_id for message in latest})
    exchanges = tuple(_exchanges(latest, found))
    outlook = _outlook(db, user_id, chat_id, ahead)
    gain = read_savings(db, user_id, chat_id)
    curve = counterfactuals.chat_curve(db, user_id, chat_id, DRAWN)
    return ChatView(own, choice, outlook, chat, exchanges, gain, curve, _reason(db, user_id, exchanges) if gain.is_loss else None)


def read_savings(db: Database, user_id: str, chat_id: str) -> Savings:
    """Return what a chat of `user_id` has cost, and would have with its full history."""
    totals = model_calls.chat_totals(db, user_id, chat_id)
    uncapped = counterfactuals.chat_sums(db, user_id, chat_id).get(UNCAPPED)
    compared = totals if uncapped is None or uncapped.turns == totals.turns else counterfactuals.spent(db, user_id, chat_id)
    return chat_savings(totals, compared, uncapped)


def changes(db: Database, user_id: str, chat_id: str | None, listed: int) -> int:
    """Return the signature that a page read now would have, at the cost of a few small reads."""
    waiting = turns.open_turns(db, user_id, chat_id) if chat_id else []
    choice = memory_choice.read(db, user_id, chat_id)
    memory = _memory(db, user_id, chat_id) if chat_id else (None, None, 0)
    return signature(chats.list_chats(db, user_id, listed), waiting, (choice, *memory))


def signature(listed: Iterable[Chat], waiting: Iterable[Turn], memory: Hashable = None) -> int:
    """Return a number that changes when a chat is used, renamed, added or deleted, a turn begins or ends, or the memory changes."""
    own = tuple((chat.id, chat.title, chat.updated_at) for chat in listed)
    return hash((own, frozenset((turn.id, turn.status) for turn in waiting), memory))


def _outlook(db: Database, user_id: str, chat_id: str, ahead: Preview) -> Outlook:
    many, weight = messages.size(db, user_id, chat_id)
    summary, failure, pinned = _memory(db, user_id, chat_id)
    return Outlook(many, weight, ahead, summary, failure, pinned, _reach(db, user_id, ahead))


def _reach(db: Database, user_id: str, ahead: Preview) -> Reach | None:
    sent = ahead.gathered.summary
    if sent is None or sent.message_id in ahead.gathered.plan.placements:
        return None
    last = messages.by_ids(db, user_id, sent.chat_id, [sent.message_id])[0]
    seq = turns.get(db, user_id, last.turn_id).seq
    return Reach(seq, last.id, messages.position(db, user_id, sent.chat_id, seq + 1).messages)


def _memory(db: Database, user_id: str, chat_id: str) -> tuple[Checkpoint | None, Failure | None, int]:
    return (
        summaries.latest(db, user_id, chat_id),
        summaries.last_failure(db, user_id, chat_id),
        len(pins.of_chat(db, user_id, chat_id)),
    )


def _reason(db: Database, user_id: str, exchanges: Sequence[Exchange]) -> str | None:
    """Return why the full history would have been cheaper, by the last of the turns that says so."""
    for exchange in reversed(exchanges[-EXPLAINED:]):
        for other in counterfactuals.for_turn(db, user_id, exchange.turn.id):
            if other.strategy == UNCAPPED and other.reason:
                return other.reason
    return None


def _exchanges(latest: Sequence[Message], found: Mapping[str, Turn]) -> Iterator[Exchange]:
    for turn_id, group in groupby(latest, key=lambda message: message.turn_id):
        if turn_id in found:
            yield Exchange(found[turn_id], tuple(group))
