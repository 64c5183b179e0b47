"""What retrieval brings back, for how many tokens and in what time, against the last 30 messages."""

import random
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlite_utils import Database

from benchmarks.recollection import Outcome, Setting, Talk, ask_all, mean_tokens, recall, stored
from benchmarks.report import row
from storage import chats, messages, search, turns, users
from storage.database import Store
from storage.records import Chat, NewMessage
from storage.turns import Admission, Lease

BUDGET = 700
WINDOW = Setting(30)
KS = (10, 20)
CROWD = 10
EACH = 10_000
BLOCK = 500
QUERY_MS = 15.0
_WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def own_chat() -> None:
    """Each conversation is all that its person ever said: 121 to 235 messages."""
    _measure("one chat", 28, one_person=False)


def ten_chats() -> None:
    """All conversations are one person's, and every question is looked up in all of them: 1,700 messages that have much in common."""
    _measure("ten chats of one person", 19, one_person=True)


def large() -> None:
    """A query where its person said 10,000 messages and everybody 100,000, in sentences of the conversations and jumbled ones."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "large.db")
        talks = stored(store, one_person=False)
        texts = [message.text for talk in talks for message in talk.said]
        dice = random.Random(4)
        crowd = [store.write(partial(_newcomer, number=number)) for number in range(CROWD)]
        for _ in range(EACH // BLOCK):
            for chat in crowd:
                store.write(partial(_talk_much, chat=chat, texts=texts, dice=dice))
        questions = [question.text for talk in talks for question in talk.questions][::4]
        for where, across in (("in the chat", False), ("across chats", True)):
            taken = [_timed(store, crowd[3], question, across) for question in questions]
            row(f"recall: a query {where}, 10,000 of 100,000 messages, median", statistics.median(taken), "ms", QUERY_MS)
            row(
                f"recall: a query {where}, 10,000 of 100,000 messages, 95th percentile",
                statistics.quantiles(taken, n=20)[-1],
                "ms",
                QUERY_MS,
            )
        store.close()


def _timed(store: Store, chat: Chat, question: str, across: bool) -> float:
    began = time.perf_counter()
    store.read(lambda db: search.find(db, chat.user_id, chat.id, question, 10, across_chats=across))
    return (time.perf_counter() - began) * 1e3


def _newcomer(db: Database, number: int) -> Chat:
    user = users.add(db, f"crowd-{number}", "", "learner", _WHEN, password_hash=None)
    return chats.create(db, user.id, "", _WHEN)


def _talk_much(db: Database, chat: Chat, texts: list[str], dice: random.Random) -> None:
    """Store a block of messages as one long turn."""
    said = [
        text if dice.random() < 0.7 else " ".join(dice.sample(text.split() * 2, len(text.split()))) for text in dice.choices(texts, k=BLOCK)
    ]
    asked = Admission(
        f"{chat.id}-{dice.random()}", chat.user_id, chat.id, NewMessage("user", said[0], 20), "demo", "{}", "UTC", None, 10_000
    )
    turn = turns.admit(db, asked, Lease("recall", _WHEN + timedelta(days=1)), _WHEN).turn
    messages.add(db, chat.id, turn.seq, [NewMessage("assistant", text, 20) for text in said[1:]], _WHEN)


def _measure(where: str, best: int, *, one_person: bool) -> None:
    """Report the settings; `best` is the largest k that stays under the budget here."""
    settings = {f"retrieval k={k}": k for k in KS} | {f"retrieval best under {BUDGET} tokens, k={best}": best}
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "recall.db")
        talks = stored(store, one_person)
        floor = _rows(store, talks, f"{where}, window 30", WINDOW, None)
        for name, k in settings.items():
            _rows(store, talks, f"{where}, {name}", Setting(10, k, one_person), floor)
        store.close()


def _rows(store: Store, talks: list[Talk], name: str, setting: Setting, floor: float | None) -> float:
    """Report one setting; return its recall over the conversations that were held out."""
    outcomes = ask_all(store, talks, setting)
    parts: dict[str, list[Outcome]] = {"tuned on": [], "held out": []}
    for outcome in outcomes:
        parts["held out" if outcome.question.held_out else "tuned on"].append(outcome)
    for part, some in parts.items():
        for words in ("many", "few"):
            share = recall([outcome for outcome in some if outcome.question.words == words])
            row(f"recall, {name}: {part}, {words} words shared", share, "share")
    held_out = recall(parts["held out"])
    row(f"recall, {name}: held out, against window 30", held_out, "share", floor)
    row(f"recall, {name}: all", recall(outcomes), "share")
    row(f"recall, {name}: tokens", mean_tokens(outcomes), "tokens", BUDGET)
    row(f"recall, {name}: a query", statistics.median(outcome.ms for outcome in outcomes), "ms")
    return held_out
