"""Every function that takes a user_id gives the owner what is theirs, and anybody else nothing; and no function was forgotten here."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlite_utils import Database

from storage import (
    chats,
    counterfactuals,
    messages,
    model_calls,
    pins,
    policies,
    quiz,
    search,
    summaries,
    transfer,
    turns,
    vectors,
    wellness,
)
from storage.database import Store
from storage.records import Message, NotFound, Position, Totals
from tests.storage.makers import NOW, World, ask, chat_of, ending, model_call, past_turn, settle, what_if, world

DAY = "2026-03-02"
NOBODY = "nobody"
UP = vectors.pack([0.0, 1.0])


@dataclass(frozen=True)
class Belongings:
    """The ids of what Dora has."""

    chat: str
    deleted: str
    turn: str
    seq: int
    waiting: str
    messages: list[int]
    entry: int
    checkpoint: int
    imported: str


def said(what: Callable[..., None], *arguments: Any) -> str:
    """Call a function that returns nothing when all is well; return a word instead."""
    what(*arguments)
    return "done"


Call = Callable[[Database, str, Belongings], Any]

CALLS: dict[str, Call] = {
    "chats.list_chats": lambda db, user, its: [chat for chat in chats.list_chats(db, user) if chat.id == its.chat],
    "chats.get": lambda db, user, its: chats.get(db, user, its.chat),
    "chats.rename": lambda db, user, its: chats.rename(db, user, its.chat, "Stolen", NOW),
    "chats.delete": lambda db, user, its: said(chats.delete, db, user, its.chat, NOW),
    "chats.restore": lambda db, user, its: chats.restore(db, user, its.deleted),
    "messages.latest": lambda db, user, its: messages.latest(db, user, its.chat),
    "messages.outline": lambda db, user, its: messages.outline(db, user, its.chat, its.seq, 30),
    "messages.by_ids": lambda db, user, its: messages.by_ids(db, user, its.chat, its.messages),
    "messages.following": lambda db, user, its: messages.following(db, user, its.chat, None, its.seq, 30),
    "messages.of_turn": lambda db, user, its: messages.of_turn(db, user, its.turn),
    "messages.size": lambda db, user, its: messages.size(db, user, its.chat),
    "messages.recent": lambda db, user, its: messages.recent(db, user, its.chat, its.seq + 1),
    "messages.position": lambda db, user, its: messages.position(db, user, its.chat, its.seq + 1),
    "pins.pin": lambda db, user, its: said(pins.pin, db, user, its.messages[1], NOW),
    "pins.unpin": lambda db, user, its: said(pins.unpin, db, user, its.messages[0]),
    "pins.of_chat": lambda db, user, its: pins.of_chat(db, user, its.chat),
    "policies.effective": lambda db, user, its: policies.effective(db, user, its.chat),
    "policies.own": lambda db, user, its: policies.own(db, user, its.chat),
    "policies.set_for_chat": lambda db, user, its: said(policies.set_for_chat, db, user, its.chat, '{"stolen": 1}'),
    "quiz.attempts": lambda db, user, its: quiz.attempts(db, user, "gap_20"),
    "quiz.progress": lambda db, user, its: quiz.progress(db, user),
    "search.find": lambda db, user, its: search.find(db, user, its.chat, "What did I eat?", 5),
    "search.find, across chats": lambda db, user, its: [
        message for message in search.find(db, user, its.chat, "What did I eat?", 5, across_chats=True) if message.chat_id == its.chat
    ],
    "summaries.latest": lambda db, user, its: summaries.latest(db, user, its.chat),
    "summaries.get": lambda db, user, its: summaries.get(db, user, its.checkpoint),
    "summaries.begin": lambda db, user, its: summaries.begin(db, user, its.chat, its.seq, its.messages[0], "o", 9, NOW),
    "summaries.last_failure": lambda db, user, its: summaries.last_failure(db, user, its.chat),
    "counterfactuals.for_turn": lambda db, user, its: counterfactuals.for_turn(db, user, its.turn),
    "counterfactuals.chat_sums": lambda db, user, its: counterfactuals.chat_sums(db, user, its.chat),
    "counterfactuals.spent": lambda db, user, its: counterfactuals.spent(db, user, its.chat),
    "counterfactuals.chat_curve": lambda db, user, its: counterfactuals.chat_curve(db, user, its.chat),
    "counterfactuals.previous_state": lambda db, user, its: counterfactuals.previous_state(db, its.chat, user, "full", its.seq + 1),
    "counterfactuals.user_by_turn": lambda db, user, its: counterfactuals.user_by_turn(db, user),
    "model_calls.for_turn": lambda db, user, its: model_calls.for_turn(db, user, its.turn),
    "model_calls.of_chat": lambda db, user, its: model_calls.of_chat(db, user, its.chat),
    "model_calls.chat_totals": lambda db, user, its: model_calls.chat_totals(db, user, its.chat),
    "transfer.read": lambda db, user, its: transfer.read(db, user, its.chat),
    "transfer.calls_elsewhere": lambda db, user, its: transfer.calls_elsewhere(db, user, its.imported),
    "turns.withdraw": lambda db, user, its: turns.withdraw(db, user, its.waiting, NOW),
    "turns.get": lambda db, user, its: turns.get(db, user, its.turn),
    "turns.for_messages": lambda db, user, its: turns.for_messages(db, user, its.chat, [its.turn]),
    "turns.open_turns": lambda db, user, its: turns.open_turns(db, user, its.chat),
    "vectors.missing": lambda db, user, its: vectors.missing(db, user, its.chat, "other", 9),
    "vectors.missing, across chats": lambda db, user, its: [
        message for message in vectors.missing(db, user, its.chat, "other", 99, across_chats=True) if message.chat_id == its.chat
    ],
    "vectors.add": lambda db, user, its: vectors.add(db, user, "model", [(its.messages[1], UP)]) or None,
    "vectors.of_message": lambda db, user, its: vectors.of_message(db, user, its.messages[0], "model"),
    "vectors.known": lambda db, user, its: vectors.known(db, user, its.chat, "model") or None,
    "vectors.find": lambda db, user, its: vectors.find(db, user, its.chat, UP, 9, shelf=vectors.Shelf("model")),
    "vectors.find, across chats": lambda db, user, its: [
        message
        for message in vectors.find(db, user, its.chat, UP, 9, shelf=vectors.Shelf("model"), across_chats=True)
        if message.chat_id == its.chat
    ],
    "wellness.get": lambda db, user, its: wellness.get(db, user, its.entry),
    "wellness.list_day": lambda db, user, its: wellness.list_day(db, user, DAY),
    "wellness.update": lambda db, user, its: wellness.update(db, user, its.entry, "Stolen", 1.0),
    "wellness.delete": lambda db, user, its: wellness.delete(db, user, its.entry, NOW),
}
NAME_NOTHING = {"chats.create", "policies.of_user", "quiz.add", "transfer.add", "wellness.add", "policies.set_for_user"}
"""They name nothing but the person."""
NOTHING: Sequence[Any] = ([], {}, None, (0, 0), Position(0, 0))
ROOMS = (chats, counterfactuals, messages, model_calls, pins, policies, quiz, search, summaries, transfer, turns, vectors, wellness)


@pytest.fixture
def dora(store: Store) -> World:
    return world(store)


@pytest.fixture
def hers(dora: World) -> Belongings:
    """A chat that Dora deleted, and one of hers with a turn that is done, one that runs and one that waits, and what belongs to them."""
    done = ask(dora.store, dora.chat).turn
    settle(dora.store, done, replace(ending("A salad.", "done", model_call(done)), counterfactuals=[what_if("full", state=3)]))
    ask(dora.store, dora.chat, "Running?")
    waiting = ask(dora.store, dora.chat, "Waiting?").turn
    entry = dora.store.write(lambda db: wellness.add(db, dora.user.id, done.seq, "food", "salad", 180.0, DAY, NOW))
    deleted = chat_of(dora.store, dora.user)
    dora.store.write(lambda db: chats.delete(db, dora.user.id, deleted.id, NOW))
    talk: list[Message] = dora.store.read(lambda db: messages.of_turn(db, dora.user.id, done.id))
    dora.store.write(lambda db: pins.pin(db, dora.user.id, talk[0].id, NOW))
    dora.store.write(lambda db: vectors.add(db, dora.user.id, "model", [(talk[0].id, UP)]))
    dora.store.write(lambda db: quiz.add(db, dora.user.id, quiz.NewAnswer("gap_20", "19860", 19860.0, True), NOW))
    checkpoint = dora.store.write(lambda db: summarise(db, dora, done.seq, talk[0].id, good=True))
    dora.store.write(lambda db: summarise(db, dora, done.seq, talk[0].id, good=False))
    brought = dora.store.write(lambda db: transfer.add(db, dora.user.id, "Old", None, [past_turn(model_call(done))], NOW))
    imported = dora.store.read(lambda db: transfer.read(db, dora.user.id, brought.id)).turns[0].turn.id
    ids = [message.id for message in talk]
    return Belongings(dora.chat.id, deleted.id, done.id, done.seq, waiting.id, ids, entry.id, checkpoint, imported)


def summarise(db: Database, dora: World, turn_seq: int, message_id: int, *, good: bool) -> int:
    began = summaries.begin(db, dora.user.id, dora.chat.id, turn_seq, message_id, "o", 9, NOW)
    assert began is not None
    assert summaries.finish(db, began, "She ate.", 3, NOW) if good else summaries.fail(db, began, "No answer.", NOW)
    return began


def dump(store: Store) -> list[str]:
    return store.read(lambda db: list(db.conn.iterdump()))


def is_nothing(found: Any) -> bool:
    return found in NOTHING or (isinstance(found, Totals) and found.calls == found.tokens_in == found.cost == 0)


@pytest.mark.parametrize("name", CALLS)
def test_the_owner_gets_what_is_theirs(dora: World, hers: Belongings, name: str) -> None:
    assert not is_nothing(dora.store.write(lambda db: CALLS[name](db, dora.user.id, hers)))


@pytest.mark.parametrize("asker", ["emil", NOBODY, ""])
@pytest.mark.parametrize("name", CALLS)
def test_anybody_else_gets_nothing_and_changes_nothing(dora: World, hers: Belongings, name: str, asker: str) -> None:
    emil = world(dora.store, "emil")
    ask(emil.store, emil.chat)
    before = dump(dora.store)
    who = emil.user.id if asker == "emil" else asker

    def call(db: Database) -> Any:
        """Not raised to the store, which would undo what was changed."""
        try:
            return CALLS[name](db, who, hers)
        except NotFound:
            return None

    assert is_nothing(dora.store.write(call))
    assert dump(dora.store) == before


@pytest.mark.parametrize("room", ROOMS, ids=lambda module: module.__name__)
def test_no_function_with_a_user_id_is_forgotten_here(room: Any) -> None:
    short = room.__name__.rpartition(".")[2]
    public = {
        f"{short}.{name}"
        for name, function in inspect.getmembers(room, inspect.isfunction)
        if function.__module__ == room.__name__ and not name.startswith("_") and "user_id" in inspect.signature(function).parameters
    }
    assert public - NAME_NOTHING == {name.partition(",")[0] for name in CALLS if name.startswith(f"{short}.")}
