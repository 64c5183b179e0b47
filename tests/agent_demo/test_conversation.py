"""What leans on the talk around it: an amount that is put right at once, what was in the sandwich, a word that answers a question."""

from __future__ import annotations

import pytest

from agent.demo.understand import understand
from storage.database import Store
from tests.agent_demo.reallog import Done, Person
from tests.agent_demo.test_trial import answers


def entries(done: list[Done]) -> list[tuple[str, str]]:
    return [(one.tool, one.entry.name) for one in done]


@pytest.mark.parametrize("text", ["a beer. well 2", "a beer, no, 2", "had a beer, sorry I mean 2", "one beer... actually two"])
async def test_a_number_that_is_put_right_at_once_is_logged_right(store: Store, text: str) -> None:
    who, _ = await answers(store, text)
    assert entries(who.done) == [("log_food", "2 beers")]


@pytest.mark.parametrize("text", ["well 2", "make that two", "actually 2", "no, 2"])
async def test_a_number_that_is_put_right_later_changes_the_entry(store: Store, text: str) -> None:
    who, _ = await answers(store, "a beer", text)
    assert entries(who.done) == [("change_entry", "2 beers")]


async def test_another_food_or_length_in_the_same_breath_replaces_the_first(store: Store) -> None:
    who, _ = await answers(store, "had a burger, no wait it was a wrap")
    assert entries(who.done) == [("log_food", "wrap")]
    who, _ = await answers_again(who, "ran 20 min, no, 30")
    assert [(one.tool, one.entry.amount) for one in who.done] == [("log_workout", 30.0)]


async def answers_again(who: Person, *said: str) -> tuple[Person, str]:
    answer = ""
    for text in said:
        answer = await who.say(text)
    return who, answer


@pytest.mark.parametrize(
    ("dish", "inside", "name"),
    [
        ("had a sandwich", "ham and cheese", "ham and cheese sandwich"),
        ("had a sandwich", "turkey and cheese", "turkey and cheese sandwich"),
        ("had a sandwich", "no, turkey and cheese", "turkey and cheese sandwich"),
        ("ate a wrap", "it was chicken and avocado", "chicken and avocado wrap"),
        ("had soup", "tomato", "tomato soup"),
    ],
)
async def test_what_was_in_a_dish_names_it(store: Store, dish: str, inside: str, name: str) -> None:
    who, _ = await answers(store, dish, inside)
    assert entries(who.done) == [("change_entry", name)]


@pytest.mark.parametrize("text", ["and an apple", "had an apple too", "2 eggs"])
async def test_what_came_with_a_dish_is_an_entry_of_its_own(store: Store, text: str) -> None:
    who, _ = await answers(store, "had a sandwich", text)
    assert [one.tool for one in who.done] == ["log_food"]


@pytest.mark.parametrize(
    ("question", "word", "known"),
    [
        ("what's my name?", "Martin", "Martin"),
        ("do you know my name?", "martin", "Martin"),
        ("what am I allergic to?", "peanuts and shrimp", "shrimp"),
        ("how old am I?", "34", "34"),
        ("what's my goal?", "lose 5 kg", "lose 5 kg"),
        ("where do I live?", "Leeds", "Leeds"),
    ],
)
async def test_a_word_answers_what_the_coach_could_not(store: Store, question: str, word: str, known: str) -> None:
    who, answer = await answers(store, question, word, question)
    assert known in answer
    assert "don't see" not in answer
    assert not who.done


@pytest.mark.parametrize(("before", "known"), [("hello", True), ("ran 20 min", False)])
async def test_a_lone_name_after_a_greeting_is_a_name_and_elsewhere_is_not(store: Store, before: str, known: bool) -> None:
    _, answer = await answers(store, before, "Martin", "what's my name?")
    assert ("Martin" in answer) == known


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("cycled to work, took 25 min", 25), ("went for a swim. it took me half an hour", 30), ("did yoga and it lasted 40 minutes", 40)],
)
def test_how_long_it_took_belongs_to_what_was_done(text: str, minutes: float) -> None:
    assert [move.minutes for act in understand(text) for move in act.moves] == [minutes]


async def test_two_days_in_one_sentence_are_two_entries(store: Store) -> None:
    who, answer = await answers(store, "ran 30 minutes yesterday and 50 minutes today", "what's my average run time?")
    assert "40 min" in answer
    assert len([message for message in who.messages if "Logged #" in message.text]) == 2


@pytest.mark.parametrize(
    ("said", "asked", "answer"),
    [
        ("had a burrito 600 kcal and a pasta 800 kcal", "what's the average per meal today?", "700 kcal"),
        ("had a sandwich 420 calories", "how many kcal was my sandwich?", "420 kcal"),
        ("played tennis 90 min and ran 20 min", "what was my longest workout today?", "tennis (90 min)"),
        ("had toast 180 kcal and soup 200 kcal", "which food had the most calories today?", "soup (200 kcal)"),
        ("walked 25 minutes", "how much did i walk today?", "25 min"),
        ("had toast 180 kcal and soup 200 kcal", "how much is that all together?", "380 kcal"),
        ("rowed 20 minutes", "summary of today?", "rowing (20 min)"),
    ],
)
async def test_the_log_is_summed_compared_and_picked_from(store: Store, said: str, asked: str, answer: str) -> None:
    assert answer in (await answers(store, said, asked))[1]


async def test_a_width_in_inches_is_no_count(store: Store) -> None:
    who, _ = await answers(store, "ate a 12 inch margherita pizza and a 6 inch subway sandwich")
    assert all(200 < one.entry.amount < 1500 for one in who.done)


async def test_pictures_stand_for_words_only_where_there_are_none(store: Store) -> None:
    who, _ = await answers(store, "🍕🍕 for lunch")
    assert entries(who.done) == [("log_food", "pizza")]
    who, _ = await answers_again(who, "avocado toast 🥑")
    assert entries(who.done) == [("log_food", "avocado toast")]


@pytest.mark.parametrize(
    ("text", "meant"),
    [("actualy it was two", "correct"), ("had an egg yestarday", "other_day"), ("a mornign run", "log_workout")],
)
def test_everyday_words_are_read_out_of_slips(text: str, meant: str) -> None:
    assert [act.intent for act in understand(text)] == [meant]
