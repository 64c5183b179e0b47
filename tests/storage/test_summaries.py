"""A summary's life: begun, finished or failed, one of a chat at a time, and which one a turn may use."""

from datetime import timedelta
from functools import partial

import pytest

from storage import messages, summaries
from storage.database import Store
from storage.records import NotFound, Turn
from storage.summaries import Failure
from tests.storage.makers import NOW, World, answered, ask, chat_of, world

LATER = NOW + timedelta(seconds=5)


@pytest.fixture
def dora(store: Store) -> World:
    return world(store)


def last_message(dora: World, turn: Turn) -> int:
    return dora.store.read(lambda db: messages.of_turn(db, dora.user.id, turn.id))[-1].id


def begin(dora: World, turn: Turn, owner: str = "o") -> int | None:
    folded = last_message(dora, turn)
    return dora.store.write(lambda db: summaries.begin(db, dora.user.id, turn.chat_id, turn.seq, folded, owner, 321, NOW))


def finish(dora: World, number: int | None, text: str = "She ate.") -> bool:
    assert number is not None
    return dora.store.write(lambda db: summaries.finish(db, number, text, 3, LATER))


def fail(dora: World, number: int | None, error: str = "No answer.") -> bool:
    assert number is not None
    return dora.store.write(lambda db: summaries.fail(db, number, error, LATER))


def latest(dora: World, before: int | None = None) -> summaries.Checkpoint | None:
    return dora.store.read(lambda db: summaries.latest(db, dora.user.id, dora.chat.id, before))


def failure(dora: World) -> Failure | None:
    return dora.store.read(lambda db: summaries.last_failure(db, dora.user.id, dora.chat.id))


def test_a_finished_summary_is_the_checkpoint_of_later_turns_only(dora: World) -> None:
    first, second, third = (answered(dora.store, dora.chat, f"{n}?") for n in range(3))
    begun = begin(dora, first)
    assert latest(dora) is None
    assert finish(dora, begun, "Ate \ud800.")
    found = latest(dora)
    assert found is not None
    assert (found.id, found.chat_id, found.turn_seq, found.text, found.tokens) == (begun, dora.chat.id, first.seq, "Ate ?.", 3)
    assert (found.message_id, found.created_at) == (last_message(dora, first), NOW)
    assert latest(dora, first.seq) is None
    assert latest(dora, second.seq) == found
    finish(dora, begin(dora, third), "Newer.")
    assert latest(dora, third.seq) == found
    newest = latest(dora)
    assert newest is not None
    assert newest.text == "Newer."
    assert dora.store.read(lambda db: summaries.get(db, dora.user.id, found.id)) == found


def test_one_summary_of_a_chat_is_written_at_a_time(dora: World) -> None:
    turn = answered(dora.store, dora.chat)
    begun = begin(dora, turn)
    assert begin(dora, turn) is None
    elsewhere = chat_of(dora.store, dora.user)
    assert begin(dora, answered(dora.store, elsewhere)) is not None
    fail(dora, begun)
    assert begin(dora, turn) is not None


def test_a_failure_is_shown_until_one_succeeds_and_is_never_memory(dora: World) -> None:
    turn = answered(dora.store, dora.chat)
    finish(dora, begin(dora, turn), "Good.")
    failed = begin(dora, turn)
    assert fail(dora, failed, "Rate limit.")
    assert failure(dora) == Failure("Rate limit.", LATER)
    good = latest(dora)
    assert good is not None
    assert good.text == "Good."
    with pytest.raises(NotFound):
        dora.store.read(lambda db: summaries.get(db, dora.user.id, failed or 0))
    trying = begin(dora, turn)
    assert failure(dora) is not None
    finish(dora, trying)
    assert failure(dora) is None


def test_a_summary_ends_once(dora: World) -> None:
    begun = begin(dora, answered(dora.store, dora.chat))
    assert fail(dora, begun)
    assert not finish(dora, begun)
    assert not fail(dora, begun, "Again.")
    assert failure(dora) == Failure("No answer.", LATER)
    assert latest(dora) is None


def test_what_was_being_written_is_found_after_a_crash(dora: World) -> None:
    turn = answered(dora.store, dora.chat)
    finish(dora, begin(dora, turn))
    begun = begin(dora, turn, "dead|1")
    (left,) = dora.store.read(summaries.running)
    assert (left.id, left.chat_id, left.user_id, left.turn_seq, left.turn_id) == (begun, dora.chat.id, dora.user.id, turn.seq, turn.id)
    assert (left.owner, left.estimated_in, left.created_at, left.message_id) == ("dead|1", 321, NOW, last_message(dora, turn))
    fail(dora, begun)
    assert dora.store.read(summaries.running) == []


def test_chat_turn_and_message_must_belong_together(dora: World) -> None:
    here = ask(dora.store, dora.chat).turn
    there = ask(dora.store, chat_of(dora.store, dora.user)).turn
    mine, other = last_message(dora, here), last_message(dora, there)
    for turn, message in ((here.seq, other), (there.seq, mine), (999, mine), (here.seq, 999)):
        begun = partial(summaries.begin, user_id=dora.user.id, chat_id=dora.chat.id, turn_seq=turn, message_id=message)
        with pytest.raises(NotFound):
            dora.store.write(partial(begun, owner="o", estimated_in=1, now=NOW))


def test_a_summary_goes_with_the_last_message_that_it_stands_for(dora: World) -> None:
    turn = answered(dora.store, dora.chat)
    finish(dora, begin(dora, turn))
    dora.store.write(lambda db: db.execute("DELETE FROM messages WHERE id = ?", (last_message(dora, turn),)))
    assert latest(dora) is None
