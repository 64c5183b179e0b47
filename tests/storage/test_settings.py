"""Settings come from the environment when asked for, and wrong ones are named in a sentence."""

from pathlib import Path

import pytest

from storage.errors import StorageError
from storage.settings import load_settings


def test_defaults_need_nothing() -> None:
    settings = load_settings()
    assert settings.db == Path("data/tideline.db")
    assert settings.model == "demo"
    assert settings.google_api_key is None


def test_the_environment_is_read_at_each_call(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().session_days == 30
    monkeypatch.setenv("TIDELINE_SESSION_DAYS", "7")
    assert load_settings().session_days == 7


def test_the_key_of_the_environment_goes_before_the_one_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    from_file = load_settings("from-file").google_api_key
    assert from_file is not None
    assert from_file.get_secret_value() == "from-file"
    monkeypatch.setenv("GOOGLE_API_KEY", "from-environment")
    from_environment = load_settings("from-file").google_api_key
    assert from_environment is not None
    assert from_environment.get_secret_value() == "from-environment"
    assert "from-environment" not in repr(load_settings())


def test_wrong_settings_are_named_without_their_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDELINE_SESSION_DAYS", "a-secret")
    monkeypatch.setenv("TIDELINE_CHAT_QUEUE", "0")
    with pytest.raises(StorageError) as caught:
        load_settings()
    assert "TIDELINE_SESSION_DAYS" in caught.value.sentence
    assert "TIDELINE_CHAT_QUEUE (input should be greater than or equal to 1)" in caught.value.sentence
    assert "a-secret" not in caught.value.sentence
