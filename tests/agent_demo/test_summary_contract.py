"""Summaries in the very words the agent asks for them with, folded round after round, and read back as knowledge."""

from __future__ import annotations

from datetime import date

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from agent.demo.model import DemoChatModel
from agent.memory.wire import quoted_line, system_text
from agent.summary_prompt import summary_question, summary_system
from tests.agent_demo.loop import SYSTEM, ask

DAY = date(2026, 11, 16)
ROUNDS = (
    ("what's my name?", "Martin"),
    ("I'm allergic to peanuts and shellfish", "had a salad"),
    ("my sister Anna lives in Oslo", "ran 30 min"),
    ("I want to run a marathon in May", "slept 7 hours"),
    ("I don't eat meat", "or dairy actually"),
)


def folded(limit: int) -> str:
    """The summary after five rounds, each folded into the one before."""
    summary: str | None = None
    for said in ROUNDS:
        lines = [line for text in said for line in (quoted_line(DAY, "user", text), quoted_line(DAY, "assistant", answer_to(text)))]
        messages = [SystemMessage(summary_system(limit)), HumanMessage(summary_question(summary, lines))]
        summary = DemoChatModel().invoke(messages).text
        assert 0 < len(summary) <= limit
    assert summary is not None
    return summary


def answer_to(text: str) -> str:
    return "I don't see that in what I was sent. Would you tell me (again)?" if text.endswith("?") else "Noted."


@pytest.mark.parametrize("limit", [400, 1200])
@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("what am I allergic to?", "shellfish"),
        ("what's my name?", "Martin"),
        ("who is Anna?", "sister"),
        ("what's my goal?", "marathon"),
        ("what don't I eat?", "dairy"),
    ],
)
def test_a_fact_that_only_the_summary_holds_is_answered(limit: int, asked: str, answer: str) -> None:
    said = ask(asked, system=system_text(SYSTEM, folded(limit), ()))
    assert answer in said
    assert "summary" in said


@pytest.mark.parametrize(
    ("told", "asked", "answer"),
    [
        ("I'm allergic to peanuts", "what am I allergic to?", "peanuts"),
        ("nuts make my throat swell", "what am I allergic to?", "nuts"),
        ("my goal is to lose 5 kg", "what is my goal?", "5 kg"),
        ("my knee hurts when I run", "which body part hurts?", "knee"),
    ],
)
def test_a_fact_that_only_a_quoted_message_holds_is_answered(told: str, asked: str, answer: str) -> None:
    quotes = (quoted_line(DAY, "user", told), quoted_line(DAY, "assistant", "Noted."))
    said = ask(asked, system=system_text(SYSTEM, None, quotes))
    assert answer in said
    assert "on Monday" in said


def test_a_suggestion_keeps_to_an_allergy_that_only_the_summary_or_a_quote_holds() -> None:
    for system in (
        system_text(SYSTEM, "Allergic to: nuts", ()),
        system_text(SYSTEM, None, (quoted_line(DAY, "user", "I'm allergic to nuts"),)),
    ):
        answer = ask("suggest a snack", system=system)
        assert "allergic to nuts" in answer
        assert "almond" not in answer
