"""What new users said that an earlier coach took wrongly."""

from __future__ import annotations

import pytest

from agent.demo.understand import understand
from storage.database import Store
from tests.agent_demo.reallog import Person
from tests.storage.makers import world


async def answers(store: Store, *said: str) -> tuple[Person, str]:
    """The person after saying all this, and the last answer."""
    who = Person(world(store))
    answer = ""
    for text in said:
        answer = await who.say(text)
    return who, answer


@pytest.mark.parametrize(
    ("text", "food"),
    [
        ("not nuts, they make my mouth itch", "nuts"),
        ("nuts make my throat swell", "nuts"),
        ("shellfish makes my lips tingle", "shellfish"),
        ("I can't have dairy, it upsets my stomach", "dairy"),
    ],
)
async def test_what_a_food_does_to_the_body_is_an_allergy_told(store: Store, text: str, food: str) -> None:
    who, answer = await answers(store, text, "what am I allergic to?")
    assert food in answer
    assert not who.done


def test_a_meal_that_did_harm_once_is_still_a_meal() -> None:
    assert [act.intent for act in understand("i ate a pizza that upset my stomach")] == ["log_food"]


@pytest.mark.parametrize("text", ["you got the beer wrong, it was cider", "you logged a beer but it was cider"])
async def test_a_wrong_entry_named_is_changed(store: Store, text: str) -> None:
    who, _ = await answers(store, "had a beer", text)
    assert [(one.tool, one.entry.name) for one in who.done] == [("change_entry", "cider")]


async def test_a_class_with_its_length_was_done_and_one_without_is_to_come(store: Store) -> None:
    who, _ = await answers(store, "zumba class tonight, 50 minutes")
    assert [(one.tool, one.entry.amount) for one in who.done] == [("log_workout", 50.0)]
    assert [act.intent for act in understand("i have a zumba class tonight")] == ["tell_plan"]


async def test_only_a_goal_told_as_one_answers_what_my_goal_is(store: Store) -> None:
    _, answer = await answers(store, "the goal of the match was great", "what's my goal?")
    assert "match" not in answer


@pytest.mark.parametrize("text", ["its Martin", "call me Martin"])
async def test_a_name_at_the_greeting_is_a_name(store: Store, text: str) -> None:
    _, answer = await answers(store, "hello", text, "what's my name?")
    assert "Martin" in answer


def test_a_burnt_dinner_is_small_talk_and_burnt_energy_is_not() -> None:
    assert understand("i burnt my dinner")[0].intent == "mishap"
    assert understand("i burnt 300 calories")[0].intent != "mishap"
