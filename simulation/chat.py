"""One chat as arrays over its turns: how many messages and tokens there are before each turn, and where a window over them begins.

The rules are those of `agent.memory.strategies`, for a chat whose turns are all alike, at all turns at once. Tests hold them to those.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from agent.memory.policy import MemoryPolicy
from agent.memory.replay import FRAMING
from simulation.scenario import Conversation

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
_HAIR = 1e-9
"""Keeps a product that is a whole number from being rounded down below it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How many rounds and messages a chat has, whatever they weigh. Arrays have one entry more than turns, the last for the chat's end."""

    rounds: Places
    """Tool rounds before each turn."""
    messages: Places
    """Messages before each turn, which is the place of its question."""

    @property
    def turns(self) -> int:
        """How many turns there are."""
        return len(self.messages) - 1


@dataclass(frozen=True, slots=True)
class Weights:
    """What a person's messages weigh, with their framing; the first axis is the person's where there are several."""

    question: Floats
    """Shape (people, 1)."""
    reply: Floats
    """Shape (people, 1)."""
    round: int
    """A tool call with its result."""
    before: Floats
    """All messages before each turn, shape (people, turns + 1)."""


@lru_cache(maxsize=32)
def shape(tool_rounds: float, turns: int) -> Shape:
    """Return the shape of a chat of so many turns. Each is a question, its tool rounds of two messages each, and a reply."""
    number = np.arange(turns + 1, dtype=np.int64)
    rounds = np.floor(number * tool_rounds + _HAIR).astype(np.int64)
    return Shape(rounds, 2 * (number + rounds))


def weights(conversation: Conversation, chat: Shape, scale: Floats) -> Weights:
    """Return what the messages weigh of people whose prompts and replies are `scale` (people,) times the conversation's."""
    factor = scale[:, None]
    question = conversation.prompt_tokens * factor + FRAMING
    reply = conversation.reply_tokens * factor + FRAMING
    one_round = conversation.call_tokens + conversation.result_tokens + 2 * FRAMING
    before = np.arange(chat.turns + 1) * (question + reply) + chat.rounds * one_round
    return Weights(question, reply, one_round, before)


def first_turns(chat: Shape, policy: MemoryPolicy, folded: Places | None) -> Places:
    """Return for each turn the first earlier turn that is sent with it, itself when none is, shape (turns,).

    `folded` are the messages that the summary holds at each turn, for the strategy `summary` alone.
    """
    number = np.arange(chat.turns, dtype=np.int64)
    end = chat.messages[:-1] + 1
    if policy.strategy == "full":
        return np.zeros(chat.turns, dtype=np.int64)
    if policy.strategy == "chunked_window":
        cap = policy.max_messages_per_user
        half = max(1, cap // 2)
        place = np.where(end <= cap, 0, -((cap - end) // half) * half)
    elif policy.strategy == "retrieval":
        place = end - policy.retrieval_window
    else:
        place = end - policy.max_messages_per_user
    if folded is not None:
        place = np.maximum(place, folded)
    return np.minimum(_turn_from(chat, place), number)


def _turn_from(chat: Shape, place: Places) -> Places:
    """Return the first turn whose question stands at each place or after it; where turns are all alike, by one division."""
    rounds = int(chat.rounds[1]) if chat.turns else 0
    if chat.rounds[-1] == rounds * chat.turns:
        return np.maximum(-(-place // (2 + 2 * rounds)), 0)
    return np.searchsorted(chat.messages, place)


def lightest(weight: Weights, first: Places, room: Floats) -> Places:
    """Return from which turn on all that is sent weighs at most `room` (people, turns), the question included, but not before `first`."""
    turns = weight.before.shape[1] - 1
    number = np.arange(turns, dtype=np.int64)
    needed = weight.before[:, :-1] + weight.question - room
    found = np.stack([np.searchsorted(mine, least) for mine, least in zip(weight.before, needed, strict=True)])
    later: Places = np.minimum(np.maximum(found, first), number)
    return later
