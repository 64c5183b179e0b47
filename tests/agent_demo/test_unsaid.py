"""Sentences that name food or exercise and must log nothing, and exercise that no table has."""

from __future__ import annotations

import pytest

from agent.demo.understand import understand

LOGS = {"log_food", "log_workout", "other_day"}


@pytest.mark.parametrize(
    "text",
    [
        "i would have gone for a run but it rained",
        "they offered me cake and i refused",
        "i turned down the wine",
        "supposed to run 10k today",
        "my wife and her friends went running for an hour",
        "tom brought donuts to work",
        "made pancakes for the kids",
        "watched football for two hours",
        "there's pizza in the fridge",
        "pizza has a lot of calories",
        "tomorrow i'm going bouldering for 2 hours",
    ],
)
def test_what_was_not_done_logs_nothing(text: str) -> None:
    assert not LOGS & {act.intent for act in understand(text)}


@pytest.mark.parametrize(
    ("text", "name", "minutes"),
    [
        ("wakeboarding for 45 minutes", "wakeboarding", 45),
        ("an hour of capoeira", "capoeira", 60),
        ("mowed the grass for 40 minutes", "mowed grass", 40),
        ("cheerleading practice, 90 min", "cheerleading", 90),
        ("rock climbing from 2pm till 4pm", "rock climbing", 120),
    ],
)
def test_exercise_of_any_name_with_a_time_is_logged(text: str, name: str, minutes: float) -> None:
    assert [(move.name, move.length) for act in understand(text) for move in act.moves] == [(name, minutes)]
