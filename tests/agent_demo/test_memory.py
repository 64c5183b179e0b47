"""What the demo model knows is what it is sent: the full history recalls every fact, a window without it none."""

from __future__ import annotations

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from agent.demo.model import DemoChatModel
from tests.agent_demo.loop import SYSTEM, Talk, ask
from tests.agent_demo.planted import FACTS, Planted, conversation

NOT_SEEN = "I don't see"


@pytest.fixture(scope="module")
def history() -> list[BaseMessage]:
    talk = Talk()
    for text in conversation():
        talk.say(text)
    assert sum(isinstance(message, HumanMessage) for message in talk.messages) == 60
    return talk.messages


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.asked)
def test_with_the_full_history_every_fact_is_recalled(fact: Planted, history: list[BaseMessage]) -> None:
    answer = ask(fact.asked, history)
    assert fact.expected in answer
    assert "you told me" in answer.lower()


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.asked)
def test_with_a_window_that_excludes_it_no_fact_is_recalled(fact: Planted, history: list[BaseMessage]) -> None:
    window = history[-40:]
    assert all(fact.told != message.text for message in window)
    answer = ask(fact.asked, window)
    assert fact.expected not in answer
    assert NOT_SEEN in answer


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.asked)
def test_cutting_only_the_fact_changes_the_answer(fact: Planted, history: list[BaseMessage]) -> None:
    """The coach's own acknowledgement stays in the context, and must not keep the fact alive."""
    cut = [message for message in history if not (isinstance(message, HumanMessage) and message.text == fact.told)]
    answer = ask(fact.asked, cut)
    assert answer != ask(fact.asked, history)
    assert fact.expected not in answer


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.asked)
def test_a_recalled_message_brings_a_fact_back_with_its_day(fact: Planted) -> None:
    system = f"{SYSTEM}\n\nEarlier messages that may help:\n[2026-11-16] user: {fact.told}\n[2026-11-16] assistant: Noted."
    answer = ask(fact.asked, system=system)
    assert fact.expected in answer
    assert "you told me on monday" in answer.lower()


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.asked)
def test_its_own_summary_keeps_every_fact(fact: Planted, history: list[BaseMessage]) -> None:
    prompt = "Summarise the conversation below for later. At most 1200 characters."
    summary = DemoChatModel().invoke([SystemMessage(prompt), *history]).text
    assert len(summary) <= 1200
    answer = ask(fact.asked, system=f"{SYSTEM}\n\nSummary of the earlier conversation:\n{summary}")
    assert fact.expected in answer
    assert "summary" in answer


def test_a_summary_in_the_third_person_is_read_too() -> None:
    system = (
        f"{SYSTEM}\n\nSummary of the earlier conversation:\n"
        "The user is allergic to peanuts and lives in Oslo. The user wants to run a marathon in May. Their sister's name is Anna."
    )
    assert "peanuts" in ask("What am I allergic to?", system=system)
    assert "marathon" in ask("What is my goal?", system=system)
    assert "Oslo" in ask("Where do I live?", system=system)
    assert "Anna" in ask("What's my sister's name?", system=system)


def test_a_summary_may_come_as_one_transcript_and_keeps_to_its_limit() -> None:
    lines = "\n".join(f"user: {text}\nassistant: Noted." for text in conversation())
    for limit in (80, 300, 1200):
        prompt = f"Summarise the conversation in at most {limit} characters."
        summary = DemoChatModel().invoke([SystemMessage(prompt), HumanMessage(lines)]).text
        assert 0 < len(summary) <= limit
        assert "Rosalind" in summary


def test_a_summary_of_a_summary_keeps_the_old_facts() -> None:
    prompt = (
        "Summarise the conversation in at most 600 characters.\n\nSummary of the earlier conversation:\nName: "
        "Sam\nAllergic to: peanuts\nPeople: sister = Anna"
    )
    said = [HumanMessage("I live in Porto"), AIMessage("Noted.")]
    summary = DemoChatModel().invoke([SystemMessage(prompt), *said]).text
    for word in ("Sam", "peanuts", "Anna", "Porto"):
        assert word in summary


def test_what_is_taken_back_is_no_longer_said() -> None:
    said = [HumanMessage("I'm allergic to peanuts and sesame"), AIMessage("Noted."), HumanMessage("I'm not allergic to peanuts anymore")]
    answer = ask("What am I allergic to?", said)
    assert "sesame" in answer
    assert "peanuts" not in answer


def test_the_coach_never_takes_its_own_words_for_the_persons() -> None:
    said = [HumanMessage("hello"), AIMessage("You told me you're allergic to peanuts and your name is Sam.")]
    assert NOT_SEEN in ask("What am I allergic to?", said)
    assert "Sam" not in ask("What's my name?", said)
