"""What retrieval finds in a conversation, by the very search of the live agent, over a database in memory that is gone afterwards.

The messages are added turn by turn and each question is searched for before its own turn is added, as it would have been live.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from agent.lab.conversation import Conversation, Said
from storage import chats, search, turns, users
from storage.migrations import migrations
from storage.records import Chat, Message, NewMessage
from storage.turns import Admission, Lease, Settlement

DEEPEST = 200
"""Places of a ranking that are kept: as many as a search with the largest window and the most recalled messages could need."""
_WHEN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rankings:
    """For each turn's question, and for each question asked at the end, the earlier messages, the most relevant first."""

    turns: tuple[tuple[Message, ...], ...]
    questions: tuple[tuple[Message, ...], ...]


def rank(conversation: Conversation) -> Rankings:
    """Search a conversation for every question that was asked in it or is asked about it."""
    db = Database(memory=True)
    try:
        migrations.apply(db)
        return _Scratch(db).rank(conversation)
    finally:
        db.conn.close()


class _Scratch:
    """One person with one chat, filled as the conversation goes on."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._user = users.add(db, "lab", "Lab", "learner", _WHEN, password_hash=None).id
        self._chat: Chat = chats.create(db, self._user, "", _WHEN)
        self._known: dict[int, Message] = {}
        """The conversation's messages by the ids they have here."""

    def rank(self, conversation: Conversation) -> Rankings:
        found = []
        for number, turn in enumerate(conversation.turns):
            found.append(self._find(turn.messages[0].text))
            self._add(number, turn)
        return Rankings(tuple(found), tuple(self._find(question.asked) for question in conversation.questions))

    def _find(self, question: str) -> tuple[Message, ...]:
        hits = search.find(self._db, self._user, self._chat.id, question, DEEPEST)
        return tuple(self._known[hit.id] for hit in hits)

    def _add(self, number: int, turn: Said) -> None:
        question, *rest = (_new(message) for message in turn.messages)
        lease = Lease("lab", turn.at + timedelta(days=1))
        admission = Admission(f"lab-{number}", self._user, self._chat.id, question, "lab", "{}", "UTC", None, 1)
        running = turns.admit(self._db, admission, lease, turn.at).turn
        turns.settle(self._db, running, lease.owner, Settlement("done", None, rest, None, None, None), turn.at)
        self._learn(turn.messages)

    def _learn(self, said: Sequence[Message]) -> None:
        """Note under which ids the newest messages were stored: in order, one after the other."""
        start = len(self._known) + 1
        self._known.update(enumerate(said, start))


def _new(message: Message) -> NewMessage:
    return NewMessage(message.role, message.text, message.tokens, message.tool_calls, message.tool_call_id, message.tool_name)
