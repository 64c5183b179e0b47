"""The quiz panel: empty, right, wrong, nonsense, after F5, for another person, for an instructor, and what it sends to the simulator."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import sim_quiz
from scaling.services import Services
from simulation.questions import questions
from simulation.quiz import NumberQuestion
from storage import quiz
from storage.quiz import ClassCount
from storage.records import User
from tests.pages.conftest import words

LogIn = Callable[[str], User]
OpenQuiz = Callable[..., AppTest]
OF = len(questions())


def script() -> None:
    """A page with nothing but the panel, in a fragment as the simulator draws it."""
    import streamlit as st

    from pages.ui import sim_quiz
    from pages.ui.gate import require_login
    from simulation.lesson import Lesson

    require_login()

    @st.fragment
    def panel() -> None:
        sim_quiz.draw(require_login(), Lesson())

    panel()


@pytest.fixture
def open_quiz(running: Services, cookies: dict[str, str]) -> OpenQuiz:
    """Open the quiz in a tab of its own."""

    def run(slot: str, **params: str) -> AppTest:
        app = AppTest.from_function(script, default_timeout=30)
        app.query_params.update({"slot": slot, **params})
        app.run()
        assert not app.exception
        return app

    return run


def answer(app: AppTest, question: str, typed: str) -> str:
    """Type an answer, check it, and return everything the page then says."""
    app.text_input(key=f"q_{question}").input(typed)
    app.button(key=f"q_check_{question}").click().run()
    assert not app.exception
    return words(app)


def kept(running: Services, user: User, question: str = "gap_20") -> list[tuple[str, float | None, bool]]:
    found = running.store.read(lambda db: quiz.attempts(db, user.id, question))
    return [(each.typed, each.value, each.right) for each in found]


def test_the_panel_asks_for_a_login(open_quiz: OpenQuiz) -> None:
    app = open_quiz("alice")
    assert "of 14 right" not in words(app)


def test_at_first_nothing_is_answered(open_quiz: OpenQuiz, log_in: LogIn) -> None:
    log_in("alice")
    app = open_quiz("alice")
    said = words(app)
    assert f"0 of {OF} right" in said
    assert "Begin with “No cap against 20 messages”" in said
    assert all(question.title.split(",")[0] in said for question in questions().values())
    assert "Right:" not in said
    assert "Not yet" not in said
    assert [field.value for field in app.text_input] == [""] * len(app.text_input)
    assert len(app.text_input) + len(app.radio) == OF
    assert not app.expander


def test_a_right_answer_is_said_explained_and_kept(open_quiz: OpenQuiz, log_in: LogIn, running: Services) -> None:
    alice = log_in("alice")
    said = answer(open_quiz("alice"), "gap_20", "$19,860")
    assert "✓ Right:**] “\\$19,860”" in said
    assert "No cap\\: \\$21,645.00. With 20 messages\\: \\$1,785.00." in said
    assert f"1 of {OF} right" in said
    assert "Next: “Half saved, with 20 messages”" in said
    assert kept(running, alice) == [("$19,860", 19860.0, True)]


def test_a_wrong_answer_gets_its_hint_and_may_be_corrected(open_quiz: OpenQuiz, log_in: LogIn, running: Services) -> None:
    alice = log_in("alice")
    app = open_quiz("alice")
    said = answer(app, "gap_20", "17325")
    assert "Not yet:" in said
    assert "50-message cap" in said
    assert f"0 of {OF} right" in said
    assert [each.label for each in app.expander] == ["How to get there"]
    said = answer(app, "gap_20", "19,86k")
    assert "2 attempts" in said
    assert f"1 of {OF} right" in said
    assert kept(running, alice) == [("17325", 17325.0, False), ("19,86k", 19860.0, True)]


def test_who_was_right_once_stays_right(open_quiz: OpenQuiz, log_in: LogIn) -> None:
    log_in("alice")
    app = open_quiz("alice")
    answer(app, "half_20", "3")
    said = answer(app, "half_20", "4")
    assert "You had it right before." in said
    assert f"1 of {OF} right" in said


@pytest.mark.parametrize("typed", ["", "   ", "lots", "3 or 4", "**bold** $x$ ![](https://evil.example/p.png)"])
def test_nonsense_gets_a_sentence_and_is_not_kept(open_quiz: OpenQuiz, log_in: LogIn, running: Services, typed: str) -> None:
    alice = log_in("alice")
    app = open_quiz("alice")
    answer(app, "gap_20", typed)
    assert app.warning[0].value.endswith("Type an amount in dollars, such as \\$1,234.50 or 1.2k.")
    assert kept(running, alice) == []
    answer(app, "gap_20", "19860")
    assert not app.warning
    assert len(kept(running, alice)) == 1


def test_what_was_typed_is_shown_as_text(open_quiz: OpenQuiz, log_in: LogIn) -> None:
    log_in("alice")
    said = answer(open_quiz("alice"), "gap_20", "![](x) :red[5] $5")
    assert "![](" not in said
    app = open_quiz("alice")
    said = answer(app, "gap_20", "<b>~5~</b>")
    assert "“\\<b\\>\\~5\\~\\</b\\>”" in said


def test_a_choice_is_judged_and_explained(open_quiz: OpenQuiz, log_in: LogIn, running: Services) -> None:
    alice = log_in("alice")
    app = open_quiz("alice")
    app.button(key="q_check_why_quadratic").click().run()
    assert [each.value for each in app.warning] == ["Choose one of the answers."]
    app.radio(key="q_why_quadratic").set_value("users")
    app.button(key="q_check_why_quadratic").click().run()
    assert "Not yet:" in words(app)
    app.radio(key="q_why_quadratic").set_value("sum")
    app.button(key="q_check_why_quadratic").click().run()
    assert not app.exception
    assert "= N(N + 1)/2" in words(app)
    assert kept(running, alice, "why_quadratic") == [("users", None, False), ("sum", None, True)]


def test_a_new_tab_and_a_new_login_show_the_same(open_quiz: OpenQuiz, log_in: LogIn) -> None:
    log_in("alice")
    app = open_quiz("alice")
    answer(app, "gap_20", "17,325")
    app.radio(key="q_why_quadratic").set_value("sum")
    app.button(key="q_check_why_quadratic").click().run()
    log_in("alice")
    again = open_quiz("alice")
    assert again.text_input(key="q_gap_20").value == "17,325"
    assert again.radio(key="q_why_quadratic").value == "sum"
    said = words(again)
    assert f"1 of {OF} right" in said
    assert "50-message cap" in said


def test_another_persons_answers_are_not_seen(open_quiz: OpenQuiz, log_in: LogIn, running: Services) -> None:
    log_in("bob")
    answer(open_quiz("bob"), "gap_20", "19,860.01")
    alice = log_in("alice")
    app = open_quiz("alice")
    assert app.text_input(key="q_gap_20").value == ""
    assert "19,860.01" not in words(app)
    assert "19,860.01" not in str(app.session_state.to_dict())
    assert f"0 of {OF} right" in words(app)
    assert kept(running, alice) == []


def test_a_double_click_is_one_attempt(open_quiz: OpenQuiz, log_in: LogIn, running: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiz, "SAME_CLICK", timedelta(minutes=5))  # as long as two reruns may take on a busy machine
    alice = log_in("alice")
    app = open_quiz("alice")
    answer(app, "gap_20", "17325")
    app.button(key="q_check_gap_20").click().run()
    assert kept(running, alice) == [("17325", 17325.0, False)]
    assert "attempts" not in words(app)


def test_after_the_last_attempt_that_is_kept_one_is_still_told(
    open_quiz: OpenQuiz, log_in: LogIn, running: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quiz, "MAX_ATTEMPTS", 1)
    alice = log_in("alice")
    app = open_quiz("alice")
    answer(app, "gap_20", "1")
    answer(app, "gap_20", "19860")
    assert app.warning[0].value == "Right. It is not stored\\: 1 attempts at this question are, which is the most."
    assert len(kept(running, alice)) == 1


def test_nothing_is_kept_once_the_login_has_ended(open_quiz: OpenQuiz, log_in: LogIn, running: Services, cookies: dict[str, str]) -> None:
    alice = log_in("alice")
    app = open_quiz("alice")
    cookies.clear()
    app.text_input(key="q_gap_20").input("19860")
    app.button(key="q_check_gap_20").click().run()
    assert not app.exception
    assert kept(running, alice) == []


def test_all_right(open_quiz: OpenQuiz, log_in: LogIn, running: Services) -> None:
    alice, now = log_in("alice"), running.clock.now()
    for name, question in questions().items():
        right = str(question.expected.value) if isinstance(question, NumberQuestion) else next(o.id for o in question.options if o.right)
        new = quiz.NewAnswer(name, right, None, right=True)
        running.store.write(partial(quiz.add, user_id=alice.id, answer=new, now=now))
    said = words(open_quiz("alice"))
    assert f"{OF} of {OF} right" in said
    assert "All of them." in said
    assert said.count("✓ Right:") == OF


def test_an_instructor_sees_counts_and_no_names(open_quiz: OpenQuiz, log_in: LogIn) -> None:
    log_in("alice")
    answer(open_quiz("alice"), "gap_20", "19860")
    log_in("bob")
    answer(open_quiz("bob"), "gap_20", "1")
    log_in("instructor")
    app = open_quiz("instructor", q_class="true")
    (table,) = app.table
    rows = table.value.to_dict("records")
    assert rows[0] == {"Question": "No cap against 20 messages", "Answered": "2", "Right": "1", "Share": "50%"}
    assert rows[1] == {"Question": "Half saved, with 20 messages", "Answered": "0", "Right": "0", "Share": "\N{EN DASH}"}
    assert len(rows) == OF
    assert "alice" not in (words(app) + str(rows)).lower()


def test_an_instructor_may_show_how_before_anybody_answers(open_quiz: OpenQuiz, log_in: LogIn) -> None:
    log_in("instructor")
    app = open_quiz("instructor")
    assert [each.label for each in app.expander] == ["How the class is doing", *["How to get there"] * OF]
    assert not app.table
    opened = open_quiz("instructor", q_class="true")
    assert "No learner has answered yet." in words(opened)


def test_a_learner_sees_nothing_of_the_class(open_quiz: OpenQuiz, log_in: LogIn) -> None:
    log_in("alice")
    app = open_quiz("alice", q_class="true")
    assert not app.expander
    assert not app.table


def test_the_simulator_is_set_to_the_questions_class(open_quiz: OpenQuiz, log_in: LogIn) -> None:
    log_in("alice")
    app = open_quiz("alice")
    app.button(key="q_show_half_100").click().run()
    assert not app.exception
    state = app.session_state["sim_state"]
    names = ("view", "users", "days", "prompts", "cap", "tokens", "price")
    assert [state[name] for name in names] == ["taught", 200, 30, 15, 100, 500, 0.002]


def test_the_rows_of_cards_have_no_holes() -> None:
    asked = list(questions().values())
    for many in range(1, 8):
        rows = list(sim_quiz._rows(asked[:many]))
        assert [each for row in rows for each in row] == asked[:many]
        assert [len(row) for row in rows][many % 2 :] == [2] * (many // 2)


def test_the_share_of_the_class() -> None:
    rows = sim_quiz.class_rows({"gap_20": ClassCount(3, 2)})
    assert rows[0]["Share"] == "67%"
