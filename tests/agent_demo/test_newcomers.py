"""What people new to the coach say and ask in their first ten minutes."""

from __future__ import annotations

import pytest

from agent.demo.understand import understand
from storage.database import Store
from tests.agent_demo.test_conversation import answers_again
from tests.agent_demo.test_trial import answers


async def test_a_drink_after_yesterdays_meal_belongs_to_yesterday(store: Store) -> None:
    who, _ = await answers(store, "i had pizza yesterday", "and a beer")
    assert [(one.entry.name, one.entry.day) for one in who.done] == [("beer", "2026-11-19")]
    who, _ = await answers_again(who, "had an apple")
    assert [one.entry.day for one in who.done] == ["2026-11-20"]


async def test_what_is_in_the_log_is_not_logged_again(store: Store) -> None:
    who, answer = await answers(store, "i made it, tofu stir fry", "log it pls")
    assert not who.done
    assert "already" in answer


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("had a meal deal, chicken and bacon sandwich, crisps and a coke", ["chicken and bacon sandwich", "crisps", "coke"]),
        ("egg and bacon roll", ["egg and bacon roll"]),
        ("soup and a cheese sandwich", ["soup", "cheese sandwich"]),
        ("crisps and chicken wrap", ["crisps", "chicken wrap"]),
    ],
)
def test_two_fillings_are_one_sandwich(text: str, names: list[str]) -> None:
    assert [item.name for act in understand(text) for item in act.foods] == names


async def test_a_second_dislike_in_a_word_is_kept_too(store: Store) -> None:
    who, _ = await answers(store, "i don't eat meat", "or dairy actually")
    answer = await who.say("suggest something for lunch")
    assert "no meat" in answer
    assert "no dairy" in answer
    assert "you eat no" in answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("should i skip dinner?", "meal"),
        ("where do I start?", "Start small"),
        ("what's my bmi?", "height"),
        ("had a fight with my boyfriend", "sorry"),
        ("I have a bad back so no running", "bad back"),
        ("hey coach whats up", "?"),
        ("is keto good?", "diet"),
        ("how much coffee is too much", "400 mg"),
        ("how long till i see results", "weeks"),
        ("is it normal that my weight changes from day to day", "normal"),
        ("should i work out before or after breakfast?", "before"),
        ("ok what would be light", "kcal"),
    ],
)
async def test_everyday_questions_and_worries_are_answered(store: Store, text: str, answer: str) -> None:
    assert answer in (await answers(store, text))[1]


@pytest.mark.parametrize(
    ("before", "text", "answer"),
    [
        ("hello", "is this free?", "cost nothing"),
        ("hello", "do you sell my data", "send nothing"),
        ("my goal is 1800 calories a day", "how many left", "1,800"),
        ("had soup 200 kcal", "hm what was the total", "200 kcal"),
        ("i'm lactose intolerant btw", "what about yogurt?", "Better not"),
        ("I'm vegetarian", "Can you make me a meal plan for tomorrow?", "vegetarian"),
        ("what should i have for breakfast?", "something with eggs", "egg"),
        ("ran 30 min and had soup 200 kcal", "How many calories did I eat and burn today?", "200 kcal"),
        ("hi", "my bench went up to 60kg!", "!"),
    ],
)
async def test_what_a_newcomer_asks_next_is_answered_and_logs_nothing(store: Store, before: str, text: str, answer: str) -> None:
    who, said = await answers(store, before, text)
    assert answer in said
    assert not who.done


async def test_a_second_length_without_its_unit_is_minutes_too(store: Store) -> None:
    who, _ = await answers(store, "45 mins weights and 15 on the treadmill")
    assert [one.entry.amount for one in who.done] == [45.0, 15.0]


@pytest.mark.parametrize(
    "text", ["wanna get abs", "lets say i run for an hour how much is that", "I take the bus but I want to go by bike, 20 minutes"]
)
async def test_what_is_only_wished_or_supposed_is_not_logged(store: Store, text: str) -> None:
    who, _ = await answers(store, text)
    assert not who.done


async def test_amounts_after_an_exclamation_belong_to_the_run(store: Store) -> None:
    who, _ = await answers(store, "ok went running! 42 minutes, 7.2km")
    assert [(one.entry.name, one.entry.amount) for one in who.done] == [("7.2 km run", 42.0)]


@pytest.mark.parametrize(
    ("before", "text", "answer"),
    [
        ("I am allergic at nuts", "what is my allergy?", "nuts"),
        ("my bday is june 3", "when's my birthday", "june 3"),
        ("hello", "Is there nuts in granola?", "usually contains nuts"),
        ("hello", "does bread contain dairy", "check the label"),
        ("hello", "any way to burn that off quick?", "no need"),
        ("ran 40 min", "it was hard", "Well done"),
        ("hello", "Is it normal to be so tired after?", "normal"),
        ("hello", "Bonjour", "English"),
        ("hello", "not bad huh", "?"),
    ],
)
async def test_plain_or_foreign_sounding_english_is_understood(store: Store, before: str, text: str, answer: str) -> None:
    assert answer in (await answers(store, before, text))[1]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("i'm off sugar", "tell_diet"),
        ("no more sugar for me", "tell_diet"),
        ("what should i cook", "advise_meal"),
        ("no dinner tonight", "no_meal"),
        ("i don't want to run", "no_workout"),
        ("dinner was amazing", "praise"),
        ("are you sure?", "sure"),
        ("i'm off to bed", "good_night"),
    ],
)
def test_small_remarks_are_no_entries(text: str, intent: str) -> None:
    assert [act.intent for act in understand(text)] == [intent]


def test_a_name_denied_is_no_name() -> None:
    assert not any(fact.kind == "name" for act in understand("my name is not Tom") for fact in act.facts)


@pytest.mark.parametrize(
    ("before", "text", "answer"),
    [
        ("had 2 slices of pizza", "too much?", "Most adults need"),
        ("ran 20 min", "how active was i today", "20 min"),
        ("hello", "should i be worried?", "doctor"),
        ("hello", "dinner plans: pizza with friends", "pizza with friends"),
    ],
)
async def test_half_a_question_is_understood(store: Store, before: str, text: str, answer: str) -> None:
    who, said = await answers(store, before, text)
    assert answer in said
    assert not who.done


async def test_how_many_it_were_in_the_end_changes_the_entry(store: Store) -> None:
    who, _ = await answers(store, "had pizza", "had 4 slices in the end")
    assert [(one.tool, one.entry.name) for one in who.done] == [("change_entry", "4 slices of pizza")]


async def test_another_activity_is_another_entry(store: Store) -> None:
    who, _ = await answers(store, "did 20 min of yoga", "ran for 25 min")
    assert [(one.tool, one.entry.name) for one in who.done] == [("log_workout", "run")]


@pytest.mark.parametrize(
    ("told", "asked", "left_out"),
    [
        ("I'm vegan", "how do I gain weight?", "Leave out the eggs: you're vegan."),
        ("I'm lactose intolerant", "how do I make overnight oats?", "Leave out the milk or yogurt: you're lactose intolerant."),
        ("I'm allergic to fish", "how much fish should I eat a week?", "Leave out the fish, salmon or sardines: you're allergic to fish."),
    ],
)
async def test_advice_for_everybody_says_what_this_person_leaves_out(store: Store, told: str, asked: str, left_out: str) -> None:
    _, answer = await answers(store, told, asked)
    assert answer.endswith(left_out)


async def test_advice_leaves_nothing_out_for_somebody_who_told_nothing(store: Store) -> None:
    _, answer = await answers(store, "how do I gain weight?")
    assert "eggs" in answer
    assert "Leave out" not in answer


@pytest.mark.parametrize(
    ("said", "entry", "pace"),
    [
        (("went for a 25 min run", "it was 5k", "how fast was that?"), ("5 km run", 25), "5:00 min a km, 12.0 km/h"),
        (("walked 3 miles in 50 min", "what was my pace?"), ("3 mile walk", 50), "16:40 min a mile, 3.6 mph"),
        (("went for a run", "5k"), ("5 km run", 32), ""),
    ],
)
async def test_a_distance_told_afterwards_keeps_the_time_that_was_told(
    store: Store, said: tuple[str, ...], entry: tuple[str, int], pace: str
) -> None:
    who, answer = await answers(store, *said)
    assert pace in answer
    _, log = await answers_again(who, "what did I do today?")
    assert f"{entry[0]} ({entry[1]} min)" in log


@pytest.mark.parametrize(
    ("text", "says", "never"),
    [
        ("I'm bored and a bit lonely", "sorry", "Great"),
        ("later I walked 40 minutes", "Logged: walk (40 min)", "Bye"),
        ("I had a Caesar salad at noon that was 420 kcal", "caesar salad (420 kcal)", "estimate"),
        ("Have I logged any food today?", "no food today", "How about"),
        ("Have I logged any exercise today?", "no workout today", "Try"),
        ("later!", "Bye", "Logged"),
    ],
)
async def test_words_that_mean_something_else_here_are_read_by_what_stands_around_them(
    store: Store, text: str, says: str, never: str
) -> None:
    _, answer = await answers(store, text)
    assert says in answer
    assert never not in answer


async def test_a_glass_of_red_is_one_glass_after_two(store: Store) -> None:
    who, _ = await answers(store, "I had two glasses of red wine", "no sorry, one glass")
    assert who.done[-1].entry.name == "glass of red wine"


async def test_the_day_before_is_the_day_before_the_one_just_told(store: Store) -> None:
    who, _ = await answers(store, "I ran yesterday for 40 minutes", "and the day before 5k")
    assert (who.done[-1].entry.name, who.done[-1].entry.day) == ("5 km run", "2026-11-18")


async def test_grams_of_protein_are_not_made_up_of_calories(store: Store) -> None:
    _, answer = await answers(store, "I had scrambled eggs", "how much protein did I have?")
    assert "I count calories only" in answer
    assert "eggs" in answer


@pytest.mark.parametrize(
    ("said", "says", "never"),
    [
        (("just woke up, slept 7 hours",), "7 hours of sleep", "How many hours"),
        (("I ate an egg", "how does that compare to yesterday?"), "more today", "not something I know"),
        (("set my goal to 1800 kcal a day", "I had a pizza, 800 kcal", "how many left?"), "1,000 are left", "congratulations"),
        (("set my goal to 1800 kcal a day",), "1800 kcal a day", "ongratulations"),
        (("I sprained my ankle", "what can I still do?"), "ankle", "don't see that"),
        (("hit my goal today!",), "ongratulations", "Noted as your goal"),
    ],
)
async def test_what_is_told_in_passing_is_answered_for_what_it_is(store: Store, said: tuple[str, ...], says: str, never: str) -> None:
    _, answer = await answers(store, *said)
    assert says in answer
    assert never not in answer
