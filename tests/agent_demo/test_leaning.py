"""Messages that add to the one before, and answers that once made one wince."""

from __future__ import annotations

import pytest

from storage.database import Store
from tests.agent_demo.reallog import Person
from tests.storage.makers import world


@pytest.fixture
def dora(store: Store) -> Person:
    return Person(world(store))


def entries(person: Person) -> list[tuple[str, str, float]]:
    return [(done.tool, done.entry.name, done.entry.amount) for done in person.done]


async def test_a_number_given_later_makes_the_entry_exact_instead_of_adding_one(dora: Person) -> None:
    await dora.say("i had eggs and bacon")
    await dora.say("3 eggs")
    assert entries(dora) == [("change_entry", "3 eggs", 230)]
    await dora.say("and 4 rashers of bacon")
    assert entries(dora) == [("change_entry", "4 rashers of bacon", 225)]


async def test_energy_given_later_is_that_of_the_one_thing_logged(dora: Person) -> None:
    await dora.say("had some crisps")
    await dora.say("roughly 200 cals")
    assert entries(dora) == [("change_entry", "crisps", 200)]


async def test_a_planned_meal_is_logged_when_it_was_had(dora: Person) -> None:
    await dora.say("ok i'll do salmon with rice then")
    assert not dora.done
    await dora.say("just had it, plus a glass of white wine")
    assert [name for _, name, _ in entries(dora)] == ["salmon", "rice", "glass of white wine"]


async def test_what_was_removed_can_be_put_back(dora: Person) -> None:
    await dora.say("did 10 mins of stretching")
    await dora.say("delete that")
    await dora.say("no wait put it back")
    assert entries(dora) == [("log_workout", "stretching", 10)]


async def test_a_wish_is_added_to_the_advice_asked_for(dora: Person) -> None:
    await dora.say("what should i have for lunch")
    assert "chicken" in await dora.say("something with chicken maybe?")


@pytest.mark.parametrize("dish", ["prawn curry", "shrimp pasta", "crab cakes"])
async def test_a_dish_named_after_what_one_is_allergic_to_is_advised_against(dora: Person, dish: str) -> None:
    await dora.say("i'm allergic to shellfish")
    assert (await dora.say(f"can i have {dish} for dinner")).startswith("Better not")


async def test_a_name_ends_before_by_the_way(dora: Person) -> None:
    assert "Sam!" in await dora.say("my name is sam by the way")


async def test_pints_without_a_name_are_beer(dora: Person) -> None:
    await dora.say("i had a kebab and 3 pints")
    assert [name for _, name, _ in entries(dora)] == ["kebab", "3 pints of beer"]


async def test_bad_sleep_gets_a_tip_when_asked(dora: Person) -> None:
    await dora.say("didnt sleep well, woke up like 4 times")
    assert "5 hours" in await dora.say("maybe 5 hours total")
    assert "caffeine" in await dora.say("what can i do about it")
