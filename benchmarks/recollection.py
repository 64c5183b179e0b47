"""How much of what was said comes back: questions whose answer stands in known messages, over conversations made for this.

tests/data/recall holds ten conversations of two voices and 526 questions, each with the messages that hold its answer, all written for
Tideline. A question of `many` words shares some with its evidence, one of `few` hardly any. The search was tuned on seven of the
conversations, which its thesaurus was written beside; those in HELD_OUT were written afterwards and added no word to it. The figures of
two of them, not of `island`, were in view when the weights were chosen.
"""

import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from agent.memory.wire import quoted_line
from agent.tokens import count_text, message_tokens
from storage import chats, messages, search, turns, users
from storage.database import Store
from storage.records import Chat, Message, NewMessage
from storage.turns import Admission, Lease, Settlement

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "data" / "recall"
HELD_OUT = frozenset({"island", "vanlife", "widow"})


@dataclass(frozen=True, slots=True)
class Question:
    """A question asked behind the end of a conversation."""

    text: str
    evidence: frozenset[int]
    """The stored messages that hold the answer."""
    words: str
    """`many` or `few`."""
    held_out: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """A stored conversation."""

    user_id: str
    chat_id: str
    said: tuple[Message, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """How the past is sent: the last messages, and the `k` found ones before them, in all of the person's chats or in this one."""

    window: int
    k: int = 0
    across_chats: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one question got."""

    question: Question
    reached: int
    """How many of the messages that hold the answer are sent."""
    tokens: int
    ms: float


def stored(store: Store, one_person: bool) -> list[Talk]:
    """Store every conversation as a chat, of one person or each of a person of its own."""
    talks = []
    for path in sorted(FOLDER.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        talks.append(store.write(partial(_store, name=path.stem, content=content, one_person=one_person)))
    return talks


def ask_all(store: Store, talks: list[Talk], setting: Setting) -> list[Outcome]:
    """Return what each question of each conversation gets."""
    return [_ask(store, talk, question, setting) for talk in talks for question in talk.questions]


def recall(outcomes: list[Outcome]) -> float:
    """Return the share of the messages with answers that are sent."""
    return sum(outcome.reached for outcome in outcomes) / sum(len(outcome.question.evidence) for outcome in outcomes)


def mean_tokens(outcomes: list[Outcome]) -> float:
    """Return what a question sends of the past, in tokens."""
    return statistics.mean(outcome.tokens for outcome in outcomes)


def _ask(store: Store, talk: Talk, question: Question, setting: Setting) -> Outcome:
    window = talk.said[-setting.window :]
    left = {message.id for message in window}
    began = time.perf_counter()
    found = store.read(
        lambda db: search.find(db, talk.user_id, talk.chat_id, question.text, setting.k, across_chats=setting.across_chats, exclude=left)
    )
    ms = (time.perf_counter() - began) * 1e3
    lines = "\n".join(quoted_line(message.created_at.date(), message.role, message.text) for message in found)
    tokens = sum(message_tokens(message.text) for message in window) + count_text(lines)
    return Outcome(question, len(question.evidence & (left | {message.id for message in found})), tokens, ms)


def _store(db: Database, name: str, content: dict[str, Any], one_person: bool) -> Talk:
    now = datetime.fromisoformat("2026-01-01T08:00:00+00:00")
    login = "reader" if one_person else name
    user = users.by_name(db, login) or users.add(db, login, login, "learner", now, password_hash=None)
    chat = chats.create(db, user.id, name, now)
    for exchange in _exchanges(content["messages"]):
        _add(db, chat, exchange)
    said = tuple(messages.latest(db, user.id, chat.id, 10_000))
    ids = {item["id"]: message.id for item, message in zip(content["messages"], said, strict=True)}
    questions = tuple(
        Question(item["question"], frozenset(ids[number] for number in item["evidence"]), item["words"], name in HELD_OUT)
        for item in content["questions"]
    )
    return Talk(user.id, chat.id, said, questions)


def _exchanges(items: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Yield the messages turn by turn; a day that the agent opens is a turn of its own."""
    turn: list[dict[str, Any]] = []
    for item in items:
        if turn and (item["role"] == "user" or item["day"] != turn[0]["day"]):
            yield turn
            turn = []
        turn.append(item)
    yield turn


def _add(db: Database, chat: Chat, exchange: list[dict[str, Any]]) -> None:
    at = datetime.fromisoformat(f"{exchange[0]['day']}T09:00:00+00:00")
    first, *rest = (NewMessage(item["role"], item["text"], message_tokens(item["text"])) for item in exchange)
    number = db.execute("SELECT count(*) FROM turns").fetchone()[0]
    lease = Lease("recall", at + timedelta(days=1))
    asked = Admission(f"recall-{number}", chat.user_id, chat.id, first, "demo", "{}", "UTC", None, 1)
    turn = turns.admit(db, asked, lease, at).turn
    turns.settle(db, turn, lease.owner, Settlement("done", None, rest, None, None, None), at)
