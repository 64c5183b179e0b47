"""Vectors of messages: whose they are, which are found, in what order, and that they go with their messages."""

import math
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from storage import chats, messages, vectors
from storage.database import Store
from storage.records import Message
from storage.vectors import Shelf, pack
from tests.storage.makers import NOW, World, answered, ask, chat_of, world

MODEL = "some:model"
SAID = ("salad", "lunch", "running")
DIRECTIONS = {"salad": (1.0, 0.0, 0.0), "lunch": (0.8, 0.6, 0.0), "running": (0.0, 0.0, 1.0), "A salad.": (-1.0, 0.0, 0.0)}
QUESTION = pack((1.0, 0.1, 0.0))


@pytest.fixture
def dora(store: Store) -> World:
    """Dora, who said three things, each with a vector."""
    dora = world(store)
    for text in SAID:
        answered(store, dora.chat, text)
    embed(dora)
    return dora


def embed(who: World, model: str = MODEL) -> int:
    def write(db: Database) -> int:
        todo = vectors.missing(db, who.user.id, who.chat.id, model, 100, across_chats=True)
        return vectors.add(db, who.user.id, model, [(message.id, pack(DIRECTIONS[message.text])) for message in todo])

    return who.store.write(write)


def found(who: World, shelf: Shelf | None = None, limit: int = 9, **how: Any) -> list[str]:
    search = partial(vectors.find, user_id=who.user.id, chat_id=who.chat.id, question=QUESTION, limit=limit, shelf=shelf or Shelf(MODEL))
    return [message.text for message in who.store.read(lambda db: search(db, **how))]


def talk(who: World) -> list[Message]:
    return who.store.read(lambda db: messages.latest(db, who.user.id, who.chat.id, 100))


def rows(store: Store) -> int:
    return int(store.read(lambda db: db.execute("SELECT count(*) FROM message_vectors").fetchone()[0]))


@given(st.lists(st.floats(-1e30, 1e30), min_size=1, max_size=8))
def test_a_vector_is_kept_at_length_one(values: list[float]) -> None:
    kept = pack(values)
    assert len(kept) == 4 * len(values)
    again = pack(memoryview(kept).cast("f"))
    length = math.sqrt(sum(value * value for value in memoryview(again).cast("f")))
    assert length == 0 or abs(length - 1) < 1e-6


@pytest.mark.parametrize("values", [[], [math.nan], [1.0, math.inf]])
def test_what_is_no_vector_is_refused(values: list[float]) -> None:
    with pytest.raises(ValueError, match="not a vector"):
        pack(values)


def test_the_nearest_come_first_and_what_has_nothing_in_common_not_at_all(dora: World) -> None:
    assert found(dora) == ["salad", "lunch"]
    assert found(dora, limit=1) == ["salad"]


def test_only_earlier_turns_and_nothing_that_is_sent_anyhow(dora: World) -> None:
    second = talk(dora)[2]
    turn = dora.store.read(lambda db: db.execute("SELECT turn FROM messages WHERE id = ?", (second.id,)).fetchone()[0])
    assert found(dora, before_turn=turn) == ["salad"]
    assert found(dora, exclude=[talk(dora)[0].id], limit=1) == ["lunch"]


def test_other_chats_only_when_asked_for_and_never_deleted_ones(dora: World) -> None:
    other = chat_of(dora.store, dora.user)
    answered(dora.store, other, "salad")
    embed(dora)
    shelf = Shelf(MODEL)
    assert found(dora, shelf) == ["salad", "lunch"]
    assert found(dora, shelf, across_chats=True) == ["salad", "salad", "lunch"]
    dora.store.write(lambda db: chats.delete(db, dora.user.id, other.id, NOW))
    assert found(dora, shelf, across_chats=True) == ["salad", "lunch"]


def test_one_shelf_serves_everybody_their_own(dora: World) -> None:
    emil, shelf = world(dora.store, "emil"), Shelf(MODEL)
    answered(emil.store, emil.chat, "lunch")
    embed(emil)
    for _ in range(2):
        assert found(dora, shelf, across_chats=True) == ["salad", "lunch"]
        assert found(emil, shelf, across_chats=True) == ["lunch"]


def test_a_shelf_reads_nobody_elses_vectors_even_when_it_is_handed_their_ids(dora: World) -> None:
    def nearest(db: Database, user_id: str) -> list[int]:
        keys = db.execute("SELECT id, turn FROM messages WHERE chat_id = ?", (dora.chat.id,)).fetchall()
        return Shelf(MODEL).nearest(db, user_id, keys, QUESTION, 9)

    assert len(dora.store.read(lambda db: nearest(db, dora.user.id))) == 2
    assert dora.store.read(lambda db: nearest(db, "emil")) == []


def test_a_shelf_reads_what_is_new_and_forgets_who_searched_longest_ago(dora: World) -> None:
    emil, shelf = world(dora.store, "emil"), Shelf(MODEL, kept_bytes=1)
    answered(emil.store, emil.chat, "lunch")
    embed(emil)
    for text in ("lunch", "lunch", "salad"):
        before = found(dora, shelf)
        answered(dora.store, dora.chat, text)
        assert found(dora, shelf) == before
        embed(dora)
        assert sorted(found(dora, shelf)) == sorted([*before, text])
        assert found(emil, shelf) == ["lunch"]


def test_a_deleted_message_is_in_no_index(dora: World) -> None:
    shelf, first = Shelf(MODEL), talk(dora)[0]
    assert found(dora, shelf)[0] == "salad"
    count = rows(dora.store)
    dora.store.write(lambda db: db.execute("DELETE FROM messages WHERE id = ?", (first.id,)))
    assert rows(dora.store) == count - 1
    assert found(dora, shelf) == ["lunch"]


def test_an_id_that_is_given_again_does_not_bring_its_vector(dora: World) -> None:
    shelf, last = Shelf(MODEL), talk(dora)[-1]
    found(dora, shelf)
    dora.store.write(lambda db: db.execute("DELETE FROM messages WHERE id = ?", (last.id,)))
    turn = ask(dora.store, dora.chat, "lunch").turn
    assert talk(dora)[-1].id == last.id
    embed(dora)
    assert found(dora, shelf, before_turn=turn.seq + 1) == ["salad", "lunch", "lunch"]


def test_what_is_missing_comes_newest_first_and_only_words_of_people_and_agent(dora: World) -> None:
    def missing(model: str, limit: int = 9) -> list[str]:
        return [each.text for each in dora.store.read(lambda db: vectors.missing(db, dora.user.id, dora.chat.id, model, limit))]

    assert missing(MODEL) == []
    assert missing("other") == ["A salad.", "running", "A salad.", "lunch", "A salad.", "salad"]
    assert missing("other", 2) == ["A salad.", "running"]
    turn = ask(dora.store, dora.chat, " \n ").turn
    dora.store.write(
        lambda db: db.execute(
            "INSERT INTO messages(chat_id, turn, role, text, tokens, created_at) VALUES (?, ?, 'tool', 'Logged.', 1, 0)",
            (dora.chat.id, turn.seq),
        )
    )
    assert missing(MODEL) == []


def test_another_models_vectors_stand_in_place_of_the_first_ones(dora: World) -> None:
    assert found(dora, Shelf("other")) == []
    assert embed(dora, "other") == 6
    assert found(dora, Shelf("other")) == ["salad", "lunch"]
    assert found(dora) == []
    assert rows(dora.store) == 6


def test_a_vector_of_another_width_is_passed_over(dora: World) -> None:
    shelf, first = Shelf(MODEL), talk(dora)[0]
    dora.store.write(lambda db: vectors.add(db, dora.user.id, MODEL, [(first.id, pack((1.0, 0.0)))]))
    assert found(dora, shelf) == found(dora, shelf) == ["lunch"]


def test_a_vector_that_comes_too_late_is_not_kept(dora: World) -> None:
    other = chat_of(dora.store, dora.user)
    answered(dora.store, other, "salad")
    [_, late] = dora.store.read(lambda db: vectors.missing(db, dora.user.id, other.id, MODEL, 9))
    dora.store.write(lambda db: chats.delete(db, dora.user.id, other.id, NOW))
    assert dora.store.write(lambda db: vectors.add(db, dora.user.id, MODEL, [(late.id, QUESTION), (10**6, QUESTION)])) == 0
