"""Pins: what can be pinned, how many, and what becomes of a pin."""

import pytest

from storage import chats, messages, pins
from storage.database import Store
from storage.pins import MAX_PINS, TooManyPins
from storage.records import Message, NotFound
from tests.storage.makers import NOW, World, answered, ask, chat_of, settle, with_tools, world


@pytest.fixture
def dora(store: Store) -> World:
    return world(store)


def pin(dora: World, message: Message | int) -> None:
    number = message if isinstance(message, int) else message.id
    dora.store.write(lambda db: pins.pin(db, dora.user.id, number, NOW))


def pinned(dora: World) -> list[str]:
    return [message.text for message in dora.store.read(lambda db: pins.of_chat(db, dora.user.id, dora.chat.id))]


def said(dora: World) -> list[Message]:
    return dora.store.read(lambda db: messages.latest(db, dora.user.id, dora.chat.id, 100))


def test_pins_come_in_the_order_they_were_said(dora: World) -> None:
    answered(dora.store, dora.chat, "I am allergic to peanuts.", "Noted.")
    answered(dora.store, dora.chat, "My goal is 70 kg.", "Fine.")
    allergy, _, goal, fine = said(dora)
    for message in (fine, goal, allergy, goal):
        pin(dora, message)
    assert pinned(dora) == [allergy.text, goal.text, fine.text]
    dora.store.write(lambda db: pins.unpin(db, dora.user.id, goal.id))
    dora.store.write(lambda db: pins.unpin(db, dora.user.id, goal.id))
    assert pinned(dora) == [allergy.text, fine.text]


def test_a_chat_has_its_own_pins(dora: World) -> None:
    answered(dora.store, dora.chat)
    pin(dora, said(dora)[0])
    other = chat_of(dora.store, dora.user)
    assert dora.store.read(lambda db: pins.of_chat(db, dora.user.id, other.id)) == []


def test_a_chat_has_at_most_twenty(dora: World) -> None:
    for number in range(MAX_PINS // 2 + 1):
        answered(dora.store, dora.chat, f"{number}?")
    talk = said(dora)
    for message in talk[:MAX_PINS]:
        pin(dora, message)
    with pytest.raises(TooManyPins) as refused:
        pin(dora, talk[MAX_PINS])
    assert refused.value.limit == MAX_PINS == 20
    pin(dora, talk[0])
    dora.store.write(lambda db: pins.unpin(db, dora.user.id, talk[0].id))
    pin(dora, talk[MAX_PINS])
    assert len(pinned(dora)) == MAX_PINS


def test_only_words_of_people_and_agent_can_be_pinned(dora: World) -> None:
    turn = ask(dora.store, dora.chat).turn
    settle(dora.store, turn, with_tools())
    tool = next(message for message in said(dora) if message.role == "tool")
    for number in (tool.id, 999, -1):
        with pytest.raises(NotFound):
            pin(dora, number)
    assert pinned(dora) == []


def test_in_a_deleted_chat_nothing_can_be_pinned(dora: World) -> None:
    answered(dora.store, dora.chat)
    first = said(dora)[0]
    dora.store.write(lambda db: chats.delete(db, dora.user.id, dora.chat.id, NOW))
    with pytest.raises(NotFound):
        pin(dora, first)


def test_a_pin_goes_with_its_message(dora: World) -> None:
    answered(dora.store, dora.chat)
    pin(dora, said(dora)[0])
    dora.store.write(lambda db: db.execute("DELETE FROM messages"))
    assert dora.store.read(lambda db: db.execute("SELECT count(*) FROM pins").fetchone()[0]) == 0
