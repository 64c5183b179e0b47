"""Finding old messages: by word, by what stood before, by other words, by kind of answer; never somebody else's; whatever is asked."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from storage import chats, messages, search
from storage.database import Store
from storage.leaning import leaning, wish_of
from storage.records import Chat, Message
from storage.wording import MAX_WORDS, STOP_WORDS, kin, stem, words_of
from tests.storage.makers import NOW, World, answered, ask, chat_of, ending, settle, with_tools, world

NOTED = "Noted."
"""An answer that is found only for what stood before it; `find` leaves it out."""
ANY_TEXT = st.text(max_size=60)
FTS_SYNTAX = st.lists(st.sampled_from(['"', "'", "(", ")", "*", "^", ":", "-", "+", "NEAR", "AND", "OR", "NOT", "{", "}", "salad", ","]))


@pytest.fixture
def dora(store: Store) -> World:
    return world(store)


def say(dora: World, text: str, answer: str = NOTED, *, chat: Chat | None = None, at: datetime = NOW) -> int:
    """Say something and have it answered; return the turn's seq."""
    turn = ask(dora.store, chat or dora.chat, text, now=at).turn
    settle(dora.store, turn, ending(answer))
    return turn.seq


def find(
    dora: World,
    question: str,
    limit: int = 5,
    *,
    chat_id: str = "",
    across_chats: bool = False,
    before_turn: int | None = None,
    exclude: Collection[int] = (),
) -> list[str]:
    """Return the texts that are found for Dora, in her chat unless another is named."""
    where = chat_id or dora.chat.id
    search_for = partial(search.find, user_id=dora.user.id, chat_id=where, question=question, limit=limit, across_chats=across_chats)
    found = dora.store.read(partial(search_for, before_turn=before_turn, exclude=exclude))
    return [message.text for message in found if message.text != NOTED]


def test_a_message_is_found_by_its_words_in_whatever_form(dora: World) -> None:
    for text in ("I am allergic to peanuts.", "I slept badly.", "We walked to the café."):
        say(dora, text)
    assert find(dora, "Is there a peanut in it?", 1) == ["I am allergic to peanuts."]
    assert find(dora, "WALKING where?", 1) == ["We walked to the café."]
    assert find(dora, "which cafe", 1) == ["We walked to the café."]
    assert find(dora, "violin") == []


def test_a_rare_word_counts_more_than_a_frequent_one(dora: World) -> None:
    for number in range(8):
        say(dora, f"Breakfast number {number} was porridge.")
    say(dora, "The dentist found a hole.")
    assert find(dora, "porridge before the dentist", 1) == ["The dentist found a hole."]


def test_what_stood_before_a_message_helps_to_find_it(dora: World) -> None:
    say(dora, "What is your blood group?", "Which one is yours?")
    say(dora, "0 negative.")
    say(dora, "Nice day today.")
    assert "0 negative." in find(dora, "blood group", 4)
    assert find(dora, "blood group", 4).index("0 negative.") < 3


def test_other_words_for_the_same_are_found_after_the_same_words(dora: World) -> None:
    say(dora, "My granny came on Sunday.")
    say(dora, "Lunch was fine.")
    say(dora, "Grandmother says hello.")
    assert find(dora, "What about my grandmother?", 2) == ["Grandmother says hello.", "My granny came on Sunday."]


def test_a_month_finds_what_was_said_in_it(dora: World) -> None:
    say(dora, "I ran five kilometres.")
    say(dora, "I ran six kilometres.", at=NOW + timedelta(days=70))
    assert find(dora, "How far did I run in May?", 1) == ["I ran six kilometres."]
    assert find(dora, "How far did I run in March?", 1) == ["I ran five kilometres."]


def test_what_tells_goes_before_what_asks_and_what_the_agent_says(dora: World) -> None:
    say(dora, "My sister is called Ada.", "Your sister is called Ada.")
    say(dora, "What is my sister called?")
    assert find(dora, "What is my sister called?", 3) == [
        "My sister is called Ada.",
        "Your sister is called Ada.",
        "What is my sister called?",
    ]


def test_tools_and_empty_messages_are_not_found(dora: World) -> None:
    settle(dora.store, ask(dora.store, dora.chat, "Log a salad.").turn, with_tools("A salad is logged."))
    assert sorted(find(dora, "salad")) == ["A salad is logged.", "Log a salad.", "One moment."]


def test_later_turns_and_excluded_messages_are_left_out(dora: World) -> None:
    first, second = say(dora, "Salad one."), say(dora, "Salad two.")
    assert find(dora, "salad", before_turn=second) == ["Salad one."]
    assert find(dora, "salad", before_turn=first) == []
    said = dora.store.read(lambda db: messages.latest(db, dora.user.id, dora.chat.id))
    two = next(message.id for message in said if message.text == "Salad two.")
    assert find(dora, "salad", 1, exclude={two}) == ["Salad one."]


def test_other_chats_are_searched_when_asked_for_and_not_when_deleted(dora: World) -> None:
    other = chat_of(dora.store, dora.user)
    say(dora, "Salad here.")
    say(dora, "Salad there.", chat=other)
    assert find(dora, "salad") == ["Salad here."]
    assert sorted(find(dora, "salad", across_chats=True)) == ["Salad here.", "Salad there."]
    dora.store.write(lambda db: chats.delete(db, dora.user.id, other.id, NOW))
    assert find(dora, "salad", across_chats=True) == ["Salad here."]
    assert find(dora, "salad", chat_id=other.id) == []


def test_many_messages_of_a_deleted_chat_do_not_hide_the_one_that_is_left(dora: World) -> None:
    say(dora, "A salad and a long walk.")
    other = chat_of(dora.store, dora.user)
    for number in range(60):
        say(dora, f"Salad {number}.", "Salad.", chat=other)
    dora.store.write(lambda db: chats.delete(db, dora.user.id, other.id, NOW))
    assert find(dora, "salad", 3, across_chats=True) == ["A salad and a long walk."]


def test_nobody_elses_messages_are_found_nor_change_the_order(dora: World) -> None:
    for text in ("Salad with beans.", "Soup with beans.", "Soup with peas."):
        say(dora, text)
    before = find(dora, "beans soup salad")
    emil = world(dora.store, "emil")
    for _ in range(20):
        answered(emil.store, emil.chat, "Salad, salad, salad.", "More salad.")
    assert find(dora, "beans soup salad") == before
    assert find(dora, "salad", chat_id=emil.chat.id) == []
    assert find(dora, "salad", chat_id=emil.chat.id, across_chats=True)[0] == "Salad with beans."
    assert "More salad." not in find(dora, "salad", chat_id=emil.chat.id, across_chats=True)


def test_a_deleted_message_is_not_found_and_the_index_stays_sound(dora: World) -> None:
    say(dora, "A salad.")
    dora.store.write(lambda db: db.execute("DELETE FROM messages WHERE text = 'A salad.'"))
    assert find(dora, "salad") == []
    dora.store.write(lambda db: db.execute("DELETE FROM chats"))
    dora.store.write(lambda db: db.execute("INSERT INTO message_search(message_search, rank) VALUES ('integrity-check', 1)"))
    assert dora.store.read(lambda db: db.execute("SELECT count(*) FROM message_search").fetchone()) == (0,)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(question=ANY_TEXT | FTS_SYNTAX.map(" ".join) | st.text("我想吃沙拉ไทยкот²Ⅷ\u0301\x00\ud800", max_size=40))
@example("我今天吃了一个沙拉")
@example("²")
@example('"" OR *')
@example("salad " * 5000)
def test_whatever_is_asked_there_is_an_answer(dora: World, question: str) -> None:
    if not find(dora, "salad", 1):
        say(dora, "我今天吃了一个沙拉, a salad.")
    assert len(find(dora, question, 3)) <= 3
    assert find(dora, f"{question} salad", 3)[:1] or len(words_of(f"{question} salad")) == MAX_WORDS


@given(ANY_TEXT)
def test_words_are_each_once_without_stop_words_and_need_no_quoting(question: str) -> None:
    words = words_of(question)
    assert len(words) == len(set(words)) <= MAX_WORDS
    assert not STOP_WORDS & set(words)
    assert all(word.isalnum() and word in question.lower() for word in words)


@pytest.mark.parametrize("limit", [0, -1])
def test_nothing_is_found_where_nothing_is_wanted(dora: World, limit: int) -> None:
    say(dora, "A salad.")
    assert find(dora, "salad", limit) == []
    assert find(dora, "What did you tell me about it?") == []
    assert find(dora, "") == []


@pytest.mark.parametrize(
    ("one", "other"), [("run", "running"), ("study", "studies"), ("bakes", "bake"), ("stopped", "stop"), ("glass", "glass")]
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_the_thesaurus_widens_both_ways_but_kinds_only_downwards() -> None:
    assert "granny" in kin("grandmothers")
    assert "grandmother" in kin("granny")
    assert "violin" in kin("instrument")
    assert "instrument" not in kin("violin")
    assert kin("xylophone") == ()
    assert "heart rate" in kin("pulse")


def message(text: str, role: str = "user") -> Message:
    return Message(1, "c", "t", "assistant" if role == "assistant" else "user", text, 3, NOW)


def test_the_kind_of_answer_is_preferred() -> None:
    plain, many, when = (wish_of(text) for text in ("What did I eat?", "How many did I eat?", "When did I eat?"))
    assert leaning(plain, message("I ate three.")) == leaning(plain, message("I ate."))
    assert leaning(many, message("I ate three.")) > leaning(many, message("I ate."))
    assert leaning(when, message("I ate on Monday.")) > leaning(when, message("I ate."))
    assert leaning(plain, message("Did I eat?")) < leaning(plain, message("Did I eat? I did.")) == 1
    assert leaning(plain, replace(message("I ate."), role="assistant")) < 1
