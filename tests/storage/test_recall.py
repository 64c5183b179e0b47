"""What the search brings back stays above a floor, on the conversations it was tuned on and on those it was not."""

from pathlib import Path

import pytest

from benchmarks.recollection import HELD_OUT, Outcome, Setting, ask_all, mean_tokens, recall, stored
from storage.database import Store

BUDGET = 700


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Outcome]]:
    """What every question gets, alone with its conversation and among all of them."""
    found = {}
    for where, one_person in (("one chat", False), ("all chats", True)):
        store = Store.open(Path(tmp_path_factory.mktemp("recall")) / "recall.db")
        talks = stored(store, one_person)
        found[where] = ask_all(store, talks, Setting(10, 10, one_person))
        store.close()
    return found


def some(outcomes: list[Outcome], words: str, held_out: bool) -> list[Outcome]:
    return [each for each in outcomes if each.question.words == words and each.question.held_out is held_out]


@pytest.mark.parametrize(
    ("where", "words", "held_out", "floor"),
    [
        ("one chat", "many", False, 0.91),
        ("one chat", "few", False, 0.72),
        ("one chat", "many", True, 0.93),
        ("one chat", "few", True, 0.48),
        ("all chats", "many", False, 0.84),
        ("all chats", "few", False, 0.41),
        ("all chats", "many", True, 0.86),
        ("all chats", "few", True, 0.22),
    ],
)
def test_recall_stays_above_its_floor(outcomes: dict[str, list[Outcome]], where: str, words: str, held_out: bool, floor: float) -> None:
    assert recall(some(outcomes[where], words, held_out)) >= floor


def test_ten_found_messages_and_ten_last_ones_are_few_tokens(outcomes: dict[str, list[Outcome]]) -> None:
    assert mean_tokens(outcomes["one chat"]) < BUDGET
    assert mean_tokens(outcomes["all chats"]) < BUDGET


def test_the_set_is_large_and_partly_held_out(outcomes: dict[str, list[Outcome]]) -> None:
    questions = [outcome.question for outcome in outcomes["one chat"]]
    assert len(questions) == len({(question.text, question.evidence) for question in questions}) == 526
    assert sum(question.held_out for question in questions) == 101
    assert len(HELD_OUT) == 3
    assert all(question.evidence for question in questions)
