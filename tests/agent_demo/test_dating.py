"""Yesterday's meals, with the agent's real tools: which day they are logged on, and moving them there."""

from __future__ import annotations

import pytest

from agent.demo.typos import mended
from storage.database import Store
from tests.agent_demo.reallog import Person
from tests.storage.makers import world


@pytest.fixture
def dora(store: Store) -> Person:
    return Person(world(store))


def days(person: Person) -> list[tuple[str, str]]:
    return [(done.entry.name, done.entry.day) for done in person.done]


async def test_what_was_eaten_yesterday_is_logged_on_yesterday_and_said_to_be(dora: Person) -> None:
    answer = await dora.say("yesterday I had pizza")
    assert days(dora) == [("pizza", "2026-11-19")]
    assert answer.startswith("Logged for yesterday: pizza")


async def test_a_day_named_once_holds_for_what_follows(dora: Person) -> None:
    await dora.say("On Monday I ate a burger and went for a run for 20 minutes")
    assert days(dora) == [("burger", "2026-11-16"), ("run", "2026-11-16")]
    await dora.say("yesterday I had soup. just had a banana.")
    assert days(dora) == [("soup", "2026-11-19"), ("banana", "2026-11-20")]


async def test_a_day_that_cannot_be_worked_out_is_asked_for(dora: Person) -> None:
    assert "Which day shall I put it on?" in await dora.say("I had a burger the other day")
    assert not dora.done
    await dora.say("on Tuesday")
    assert days(dora) == [("burger", "2026-11-17")]


async def test_an_entry_moves_to_the_day_it_belongs_to(dora: Person) -> None:
    await dora.say("had a burger")
    answer = await dora.say("that was yesterday")
    assert [(done.tool, done.entry.day) for done in dora.done] == [("remove_entry", "2026-11-20"), ("log_food", "2026-11-19")]
    assert "yesterday" in answer
    assert "empty" in await dora.say("what's in my log today?")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("sandwhich", "sandwich"), ("brocolli", "broccoli"), ("avacado", "avocado"), ("chikcen", "chicken"), ("swiming", "swimming")],
)
def test_a_slip_in_a_name_of_the_tables_is_mended(typed: str, meant: str) -> None:
    assert mended(typed) == meant


@pytest.mark.parametrize("word", ["oliver", "leeds", "carry", "carla", "cheesy", "quibbleberry", "later", "house", "beach"])
def test_a_word_of_its_own_is_left_alone(word: str) -> None:
    assert mended(word) == word
