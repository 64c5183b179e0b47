"""An answer as markdown: the same live and stored, and nothing in it breaks out."""

from datetime import UTC, datetime

import pytest

from agent.events import TOOL_ERROR, Notice, Started, TextDelta, ToolFinished, ToolStarted
from pages.ui.answer import CURSOR, THINKING, Answer, ending_note, stored_answer
from storage.records import Message, Speaker, ToolCall, Turn, TurnStatus

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ASKED = ToolCall("1", "log_food", {"name": "salad", "calories": 180})
LOGGED = "Logged #1 food: salad, 180 kcal on 2026-03-02."


def message(role: Speaker, text: str, *calls: ToolCall) -> Message:
    return Message(1, "chat", "turn", role, text, 1, NOW, calls, "1", "log_food" if role == "tool" else None)


def turn(status: TurnStatus, error: str | None = None) -> Turn:
    return Turn(1, "t", "c", "u", status, "demo", "{}", "UTC", NOW, NOW, NOW, error, 1, 1, 0, 1, None, False, 1, 1)


def test_a_live_answer_and_the_stored_one_look_the_same() -> None:
    live = Answer()
    said = (
        TextDelta("Let me "),
        TextDelta("log that."),
        ToolStarted(ASKED.id, ASKED.name, ASKED.args),
        ToolFinished("1", "log_food", True, LOGGED),
    )
    for event in (Started(1), *said, TextDelta("Done.")):
        live.take(event)
    stored = stored_answer([message("assistant", "Let me log that.", ASKED), message("tool", LOGGED), message("assistant", "Done.")])
    step = ":small[:gray[:material/restaurant: Logged \\#1 food\\: salad, 180 kcal on 2026-03-02.]]"
    assert live.markdown() == stored.markdown() == f"Let me log that.\n\n{step}\n\nDone."


def test_while_it_is_written() -> None:
    answer = Answer()
    assert answer.markdown(CURSOR) == THINKING
    answer.take(ToolStarted(ASKED.id, ASKED.name, ASKED.args))
    assert "log\\_food\\: name salad, calories 180…" in answer.markdown(CURSOR)
    assert answer.markdown(CURSOR).endswith(THINKING)
    answer.take(TextDelta("Well"))
    assert answer.markdown(CURSOR).endswith("Well" + CURSOR)


def test_a_refused_tool_call_is_marked() -> None:
    answer = Answer()
    answer.take(ToolFinished("9", "invented_tool", False, TOOL_ERROR + "there is no such tool"))
    assert answer.markdown() == ":small[:gray[:material/block: there is no such tool]]"


def test_a_notice_is_shown_after_the_answer() -> None:
    answer = Answer()
    answer.take(Notice("Tried again."))
    answer.take(TextDelta("Hello"))
    assert answer.markdown() == "Hello\n\n:small[:orange[Tried again.]]"


def test_what_a_tool_says_cannot_leave_its_line() -> None:
    answer = Answer()
    answer.take(ToolFinished("1", "log_food", True, "a]] ![x](https://evil.example)\nsecond line"))
    assert "second line" not in answer.markdown()
    assert "\\[x\\]" in answer.markdown()


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        ("failed", "The key was refused.", "The key was refused."),
        ("failed", None, "failed"),
        ("stopped", None, "You stopped"),
        ("interrupted", None, "send it again"),
    ],
)
def test_an_answer_that_is_not_whole_says_why(status: TurnStatus, error: str | None, said: str) -> None:
    assert said in ending_note(turn(status, error))


def test_a_whole_answer_says_nothing_more() -> None:
    assert ending_note(turn("done")) == ""
