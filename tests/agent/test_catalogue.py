"""Which model a turn uses, what it is called and whose price applies."""

import pytest

from agent.catalogue import ModelChoice, choice_of, choose, split_name
from agent.limits import TurnLimits, limits_from
from storage.settings import Settings


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("google_genai:gemini-2.5-flash", ("google_genai", "gemini-2.5-flash")),
        ("gemini-2.5-flash", ("", "gemini-2.5-flash")),
        ("openrouter:a/b:free", ("openrouter", "a/b:free")),
        ("", ("", "")),
    ],
)
def test_a_name_is_split_at_its_first_colon(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts


def test_the_demo_model_shows_the_prices_it_is_set_to() -> None:
    choice = choose(Settings(priced_as="openai:gpt-9"), own_key=False)
    assert choice == ModelChoice("demo", ("openai", "gpt-9"))
    assert choice.label == "demo model, priced as gpt-9"


def test_another_model_shows_its_own_prices() -> None:
    choice = choose(Settings(model="google_genai:gemini-2.5-pro", priced_as="openai:gpt-9"), own_key=False)
    assert choice == ModelChoice("google_genai:gemini-2.5-pro", ("google_genai", "gemini-2.5-pro"))
    assert choice.label == "gemini-2.5-pro"


def test_a_learners_key_is_used_with_the_model_for_it() -> None:
    settings = Settings(model="demo", own_key_model="google_genai:gemini-2.5-flash")
    assert choose(settings, own_key=True).name == "google_genai:gemini-2.5-flash"
    assert choose(settings, own_key=False).name == "demo"


def test_a_stored_name_stands_for_the_same_choice() -> None:
    settings = Settings()
    for own_key in (True, False):
        choice = choose(settings, own_key)
        assert choice_of(settings, choice.name) == choice


def test_the_limits_of_a_turn_are_the_courses_unless_set() -> None:
    assert limits_from(Settings()) == TurnLimits() == TurnLimits(5, 7, 3, 30.0, 8000, 10)
    settings = Settings(max_tool_calls=1, max_model_calls=2, max_retries=3, turn_deadline_s=4.5, max_message_chars=6, chat_queue=7)
    assert limits_from(settings) == TurnLimits(1, 2, 3, 4.5, 6, 7)
