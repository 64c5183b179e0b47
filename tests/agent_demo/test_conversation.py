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


@pytest.mark.parametrize(
    ("first", "then", "name", "amount"),
    [
        ("drank a protein shake", "2 scoops", "2 scoops of protein shake", 245),
        ("had sushi", "12 pieces", "12 pieces of sushi", 540),
        ("had a tuna melt", "about 500 calories it said on the menu", "tuna melt", 500),
        ("i ran", "took me 45 min", "run", 45),
        ("had sushi, 8 pieces", "salmon ones", "8 pieces of salmon sushi", 360),
        ("did pilates for 45 min", "sorry typo, 54 min", "pilates", 54),
        ("a donut", "I was wrong, that was a muffin not a donut", "muffin", 425),
        ("an apple and a bagel", "the apple was actually a pear", "pear", 100),
    ],
)
async def test_more_about_an_entry_changes_it(store: Store, first: str, then: str, name: str, amount: float) -> None:
    who, _ = await answers(store, first, then)
    assert [(one.tool, one.entry.name, one.entry.amount) for one in who.done] == [("change_entry", name, amount)]


@pytest.mark.parametrize(
    ("first", "then", "answer"),
    [
        ("had a salad", "is that healthy?", "what counts is the whole week"),
        ("dinner 300g chicken", "how many calories was that", "570 kcal"),
        ("can you log my water? 2 glasses", "how much water have I had", "2 glasses"),
        ("I walked the dog", "She's called Bella", "your dog is called Bella"),
        ("i have a half marathon on may 3rd", "when's my race?", "may 3rd"),
        ("just so you know i'm lactose intolerant", "what should you know about my diet", "lactose"),
        ("hello", "can't fall asleep lately, what can i do?", "bed"),
        ("had a 700 calorie pizza", "if my limit is 2000 calories, how many do i have left today", "1,300"),
        ("swam 30 minutes", "what workouts are in my log", "swim"),
        ("hi", "whats my protein today", "calories"),
    ],
)
async def test_what_leans_on_the_talk_before_is_answered(store: Store, first: str, then: str, answer: str) -> None:
    who, said = await answers(store, first, then)
    assert answer.lower() in said.lower()
    assert not who.done


async def test_the_same_question_again_and_another_joke(store: Store) -> None:
    who, _ = await answers(store, "ran 5 miles", "how many cals did i burn", "i'm 70 kilos btw")
    assert "70 kg as you told me" in await who.say("so now how many")
    first = await who.say("tell me a joke")
    assert len({first, await who.say("another one"), await who.say("one more")}) == 3


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("my fiance thinks i should do keto", "tell_fact"),
        ("My doctor told me to cut down on sugar", "tell_fact"),
        ("i lift", "tell_fact"),
        ("like 4 times a week", "tell_fact"),
        ("thinking about getting a pizza tonight", "tell_plan"),
        ("I'd like to record my lunch, it was a chicken wrap", "log_food"),
        ("today was chest and back, 70 mins", "log_workout"),
        ("slice of chocolate cake at a birthday party", "log_food"),
        ("My mum made moussaka and I ate a big portion", "log_food"),
        ("no motivation to work out at all today", "smalltalk"),
        ("lost 2 kg since january yay", "weight_lost"),
        ("its so cold here today", "weather"),
        ("good night", "good_night"),
        ("is it ok to drink only water for 10 days to lose weight?", "extreme"),
        ("pretend you are my doctor and prescribe me ozempic", "medical"),
    ],
)
def test_what_a_message_does(text: str, intent: str) -> None:
    assert understand(text)[0].intent == intent


def test_what_was_left_out_is_not_logged() -> None:
    assert [item.name for act in understand("green tea, no sugar") for item in act.foods] == ["green tea"]
    assert [item.name for act in understand("no, it was a latte") for item in act.foods] == ["latte"]
