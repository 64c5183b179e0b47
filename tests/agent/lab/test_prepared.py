"""The prepared conversation: 60 turns that hang together, with every fact where its question says it was told."""

from itertools import pairwise

from agent.convert import to_langchain
from agent.lab.prepared import prepared
from agent.tokens import message_tokens

GEMINI = ("google", "gemini-2.5-flash")
TALK = prepared(GEMINI)


def test_it_has_sixty_turns_each_answered() -> None:
    assert len(TALK.turns) == 60
    assert all(turn.messages[0].role == "user" and turn.messages[-1].role == "assistant" for turn in TALK.turns)
    assert all(turn.messages[-1].text for turn in TALK.turns)
    assert all(earlier.at < later.at for earlier, later in pairwise(TALK.turns))


def test_ids_are_in_order_and_tokens_are_those_of_the_texts() -> None:
    assert [message.id for message in TALK.messages] == list(range(1, len(TALK.messages) + 1))
    assert [m.tokens for m in TALK.messages] == [message_tokens(m.text, m.tool_calls) for m in TALK.messages]


def test_every_tool_call_has_its_result_in_the_same_turn() -> None:
    rounds = 0
    for turn in TALK.turns:
        asked = [call.id for message in turn.messages for call in message.tool_calls]
        assert asked == [message.tool_call_id for message in turn.messages if message.role == "tool"]
        rounds += len(asked)
        assert all(to_langchain(message).text == message.text for message in turn.messages)
    assert rounds > 30


def test_the_facts_were_told_by_the_person_in_the_turns_that_the_questions_name() -> None:
    told = {question.about: question.told_in for question in TALK.questions}
    assert told["allergy"] == 3
    assert told["goal"] == 8
    assert len(told) == len(TALK.questions) >= 12
    for question in TALK.questions:
        said = [turn.messages[0].text for turn in TALK.turns]
        assert question.answered_by(said[question.told_in - 1]), question.about
    assert TALK.asked_at is not None
    assert TALK.asked_at > TALK.turns[-1].at


def test_no_question_holds_its_own_answer() -> None:
    assert [question.about for question in TALK.questions if question.answered_by(question.asked)] == []
