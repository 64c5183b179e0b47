"""Indirect questions, sums and slips: answered from what was told, and from nothing else once it is cut away."""

from __future__ import annotations

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from agent.demo.secondthoughts import put_straight
from tests.agent_demo.loop import Talk, ask

TOLD = (
    ("my friend Lena swims every day and my friend Marc climbs", "which of my friends is the swimmer?", "Lena"),
    ("I cycle to campus, 4 km each way", "how do I get to campus?", "cycle"),
    ("I'm coeliac", "is there something I shouldn't eat?", "gluten"),
    ("my colleague Ahmed is fasting", "who's fasting at the moment?", "Ahmed"),
    ("my sister is getting married on 12 june", "what's happening in june?", "married"),
    ("I weigh 90 kg and want to get to 82", "how much have I still to lose?", "8 kg"),
    ("I'm 34", "how old will I be in ten years?", "44"),
    ("my gym is 40 a month", "how much is my gym per year?", "480"),
    ("my exam is in three weeks", "how many days until my exam?", "21 day"),
    ("I run 5 km three times a week", "how many km a week is that?", "15"),
    ("I have a nut allergy and a sore hip", "name both of my problems", "hip"),
    ("I do judo on mondays and yoga on fridays", "what do I do on fridays?", "yoga"),
    ("I take metformin twice a day", "how many tablets is that a week?", "14"),
)


def context(told: str) -> list[BaseMessage]:
    return [HumanMessage(told), AIMessage("Noted.")]


@pytest.mark.parametrize(("told", "asked", "answer"), TOLD, ids=[asked for _, asked, _ in TOLD])
def test_an_indirect_question_is_answered_by_what_was_told(told: str, asked: str, answer: str) -> None:
    assert answer in ask(asked, context(told))


@pytest.mark.parametrize(("told", "asked", "answer"), TOLD, ids=[asked for _, asked, _ in TOLD])
def test_without_what_was_told_the_answer_is_gone(told: str, asked: str, answer: str) -> None:
    for before in ([], context("I had an apple for a snack"), context("my cousin likes chess")):
        assert answer not in ask(asked, before)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("my dog is Rex, typo, his name is Max", "my dog is called Max"),
        ("i'm allergic to walnuts, no sorry, to pecans", "i'm allergic to pecans"),
        ("my right knee hurts. correction: the left knee", "my left knee hurts"),
        ("my exam is on thursday, i mean friday", "my exam is on friday"),
        ("I'm 170 cm. no, 172", "I'm 172 cm"),
        ("my dentist appointment isn't on monday, it's on tuesday", "my dentist appointment is on tuesday"),
        ("i'm vegan. well, actually vegetarian, i do eat eggs", "i'm vegetarian. i do eat eggs"),
        ("I'm sorry but my knee hurts", "I'm sorry but my knee hurts"),
        ("I actually love running", "I actually love running"),
        ("had a burger, sorry, two", "had a burger, sorry, two"),
        ("i like pizza. actually i had two slices", "i like pizza. actually i had two slices"),
    ],
)
def test_a_slip_is_put_right_within_a_message(said: str, meant: str) -> None:
    assert put_straight(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "my blood sugar was 7.8 this morning",
        "i shan't be having any pudding today",
        "cals in a zinger burger",
        "do whey shakes have dairy",
        "sorry, in english: how many calories does a beer have",
        "i've got 300 calories left, what fits?",
    ],
)
def test_what_is_no_meal_is_not_logged(said: str) -> None:
    talk = Talk()
    talk.say(said)
    assert not talk.log.entries


def test_a_grumble_changes_no_entry() -> None:
    talk = Talk()
    talk.say("had two bananas")
    talk.say("nah just tired of the night shifts")
    assert talk.log.names() == ["2 bananas"]


def test_what_makes_one_swell_up_is_an_allergy() -> None:
    talk = Talk()
    talk.say("no shellfish for me, I swell up like a balloon")
    assert "Better not" in talk.say("can I have a prawn curry?")


def test_an_unknown_food_is_never_called_safe_for_somebody_with_an_allergy() -> None:
    talk = Talk()
    talk.say("i'm allergic to nuts")
    for food in ("quibblecake", "marzipan"):
        assert "see nothing against" not in talk.say(f"can i eat {food}?")


@pytest.mark.parametrize("told", ["i'm vegan", "i'm allergic to eggs", "i don't eat fish"])
def test_sources_of_protein_leave_out_what_was_told(told: str) -> None:
    talk = Talk()
    talk.say(told)
    answer = talk.say("what foods are high in protein?").split("I kept in mind")[0].lower()
    assert {"i'm vegan": "yogurt", "i'm allergic to eggs": "egg", "i don't eat fish": "salmon"}[told] not in answer
    assert "lentils" in answer


def test_a_disliked_or_impossible_exercise_is_not_suggested() -> None:
    talk = Talk()
    talk.say("I can't swim and I hate running")
    for asked in ("suggest some cardio", "something else", "another", "give me a workout"):
        assert "swim" not in talk.say(asked)
        assert "easy running" not in talk.say(asked)
