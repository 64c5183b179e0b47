"""The system prompt and whose day it is."""

from datetime import UTC, date, datetime

import pytest

from agent.prompt import local_date, system_prompt

LATE = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("UTC", 2), ("Europe/Zurich", 3), ("America/New_York", 2), ("Pacific/Kiritimati", 3), ("Asia/Kolkata", 3), ("Pacific/Pago_Pago", 2)],
)
def test_the_date_is_the_persons_own(zone: str, day: int) -> None:
    assert local_date(LATE, zone) == date(2026, 3, day)


@pytest.mark.parametrize("zone", ["", "Nowhere/Atlantis", "../../etc/passwd", "/etc/passwd", "Europe", "a\0b", "x" * 500, "🌍"])
def test_an_unknown_zone_is_utc(zone: str) -> None:
    assert local_date(LATE, zone) == date(2026, 3, 2)


def test_the_prompt_names_the_day_the_tools_and_the_limits() -> None:
    prompt = system_prompt(date(2026, 3, 2))
    assert "2026-03-02 (Monday)" in prompt
    for tool in ("log_food", "log_workout", "read_log", "change_entry", "remove_entry"):
        assert tool in prompt
    assert "not a doctor" in prompt


def test_the_prompt_is_the_same_all_day_for_the_providers_cache() -> None:
    assert system_prompt(date(2026, 3, 2)) == system_prompt(date(2026, 3, 2))
    assert system_prompt(date(2026, 3, 2)) != system_prompt(date(2026, 3, 3))
