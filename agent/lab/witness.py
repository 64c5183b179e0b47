"""What a conversation's texts say to a replay: exact where they are known, guessed where a summary was never written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.known import Texts, told
from agent.lab.conversation import Conversation
from agent.lab.ranking import Rankings
from agent.memory.context import sought
from agent.memory.history import History
from agent.memory.knowledge import Fold
from agent.memory.policy import MemoryPolicy
from agent.memory.starts import STARTS
from storage.records import Message

Write = Callable[[str, str], str]
"""Writes a summary, given the two messages that ask for it."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The running summary as it stands when the conversation is over."""

    message_id: int
    tokens: int
    text: str


class Witness(Texts):
    """The texts of a conversation, which also remembers the last summary that was written."""

    last: Checkpoint | None = None

    def fold(self, start: int, end: int, previous: Fold | None) -> Fold:
        """Return the summary call for the messages from `start` to `end`."""
        made = Texts.fold(self, start, end, previous)
        self.last = Checkpoint(self.messages[end - 1].id, made.block_tokens, told(made))
        return made


def witness(conversation: Conversation, policy: MemoryPolicy, rankings: Rankings, write: Write | None) -> Witness:
    """Return what is known of a conversation under a policy."""
    places = _question_places(conversation)
    chat = History(conversation.messages)

    def find(turn: int) -> Sequence[Message]:
        return found(rankings.turns[turn], chat, places[turn] + 1, policy)

    return Witness(policy, conversation.messages, conversation.prompts, conversation.zone, write, find)


def found(ranking: Sequence[Message], chat: History, end: int, policy: MemoryPolicy) -> list[Message]:
    """Return what retrieval finds for the question at `end - 1`: the best that the window does not hold, as the live agent asks for it."""
    exclude, most = sought(policy, chat.ids(STARTS["retrieval"](chat, end, policy, 0), end))
    return [message for message in ranking if message.id not in exclude][:most]


def _question_places(conversation: Conversation) -> list[int]:
    places, place = [], 0
    for turn in conversation.turns:
        places.append(place)
        place += len(turn.messages)
    return places
