"""The planted facts: which strategy still knows which, in ticks and words, and what the demo model really answered."""

from collections.abc import Mapping, Sequence

import streamlit as st

from agent.lab.conversation import Answer, Question
from agent.lab.experiment import Experiment
from agent.memory.policy import STRATEGIES, MemoryPolicy, Strategy
from pages.ui import charts
from pages.ui.charts import Cell
from pages.ui.formats import as_markdown, tokens
from pages.ui.lab_words import name, short
from pages.ui.turnstile import DRAWING

Answers = Mapping[Strategy, Sequence[Answer]]
KNOWS, FORGOT = "✓ knows", "✗ forgot"


def draw(answers: Answers, questions: Sequence[Question]) -> None:
    """Draw the table of questions by strategies, and beside it the answers to one of them."""
    table, read = st.columns([1.7, 1], gap="large")
    with table:
        st.markdown(f"#### {_finding(answers, questions)}", anchors=False)
        with st.container(key="lab_facts"):
            st.table(_rows(answers, questions), border="horizontal", hide_index=True)
        csv = charts.to_csv(_plain(answers, questions))
        st.download_button("Download CSV", csv, "lab_facts.csv", "text/csv", key="lab_facts_csv", on_click="ignore")
    with read, st.container(key="lab_answers"):
        _read_out(answers, questions)


def _finding(answers: Answers, questions: Sequence[Question]) -> str:
    """Return what the table shows: how far back the window reaches."""
    kept = [question.told_in for question, answer in zip(questions, answers["window"], strict=True) if answer.knows]
    if not kept:
        return "The window has forgotten every fact"
    if len(kept) == len(questions):
        return "The window still holds every fact"
    return f"The window has forgotten what was told before turn {min(kept)}"


def _rows(answers: Answers, questions: Sequence[Question]) -> list[dict[str, str]]:
    return [
        {"Question": f"{as_markdown(question.asked)} :gray[turn\N{NO-BREAK SPACE}{question.told_in}]"}
        | {short(each): f":green[**{KNOWS}**]" if answers[each][place].knows else f":gray[{FORGOT}]" for each in STRATEGIES}
        for place, question in enumerate(questions)
    ]


def _plain(answers: Answers, questions: Sequence[Question]) -> list[dict[str, Cell]]:
    return [
        {
            "Told in turn": question.told_in,
            "Question": question.asked,
            "Strategy": name(each),
            "Knows": "yes" if answers[each][place].knows else "no",
            "Answer": answers[each][place].text,
            "Tokens sent": answers[each][place].tokens,
        }
        for place, question in enumerate(questions)
        for each in STRATEGIES
    ]


def _read_out(answers: Answers, questions: Sequence[Question]) -> None:
    """Draw what was answered to one question under each strategy."""
    st.markdown("#### What was really answered", anchors=False)
    topics = [question.about for question in questions]
    topic = st.selectbox("Question", topics, _first(topics), lambda each: _asked(questions, each), key="fact", label_visibility="collapsed")
    for each in STRATEGIES:
        answer = answers[each][topics.index(topic)]
        mark = f":green[**{KNOWS}**]" if answer.knows else f":gray[{FORGOT}]"
        _say(each, answer, mark)


def ask(experiment: Experiment, policies: Mapping[Strategy, MemoryPolicy]) -> None:
    """Draw a box for a question of the person's own, and what the demo model answers to it under each strategy."""
    st.markdown("#### Ask every strategy yourself", anchors=False)
    asked = st.text_input(
        "Your question, asked when the conversation is over", placeholder="What am I allergic to?", max_chars=300, key="lab_ask", width=480
    )
    if not asked.strip():
        st.caption("The demo model answers it five times, each time with what one strategy sends. Nothing is stored.")
        return
    DRAWING.leave()
    with st.spinner("Asking the demo model"), st.container(key="lab_asked"):
        for strategy, answer in zip(policies, experiment.ask(asked, list(policies.values())), strict=True):
            _say(strategy, answer, "")


def _say(strategy: Strategy, answer: Answer, mark: str) -> None:
    st.markdown(f"**{name(strategy)}** {mark} :gray[with {tokens(answer.tokens)} tokens sent]  \n“{as_markdown(answer.text)}”")


def _first(topics: Sequence[str]) -> int:
    """The allergy, where there is one: forgetting it would hurt most."""
    return topics.index("allergy") if "allergy" in topics else 0


def _asked(questions: Sequence[Question], topic: str) -> str:
    return next(question.asked for question in questions if question.about == topic)
