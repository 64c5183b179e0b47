"""Every setting of Tideline, read from the environment when asked for, never at import.

A field's documentation stands under it; the README's table of settings is checked against this module.
"""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from storage.errors import StorageError

DemoFault = Literal[
    "loop_tool",
    "invent_tool",
    "bad_arguments",
    "over_call",
    "silence",
    "drip",
    "rate_limit",
    "server_error",
    "drop",
    "empty",
    "endless",
]
"""The ways in which the demo model can be made to misbehave; agent.demo.faults does it."""


class Settings(BaseSettings):
    """Tideline's settings; each is the environment variable `TIDELINE_` + the field's name in capitals."""

    model_config = SettingsConfigDict(env_prefix="TIDELINE_", frozen=True, use_attribute_docstrings=True)

    db: Path = Path("data/tideline.db")
    """The SQLite file; its folder is created."""

    model: str = "demo"
    """`demo`, or a provider and model that `init_chat_model` takes, such as `google_genai:gemini-2.5-flash`."""

    priced_as: str = "google:gemini-2.5-flash"
    """Whose prices the demo model shows, as provider:model of genai-prices."""

    gemini_base_url: str | None = None
    """Where the Gemini client connects instead of Google, for a proxy or a test server."""

    embeddings: str | None = None
    """An embedding model, such as `google_genai:gemini-embedding-001`, by which `retrieval` finds by meaning too; unset for words alone."""

    own_key_model: str = "google_genai:gemini-2.5-flash"
    """The model that a learner's own key is used with."""

    google_api_key: SecretStr | None = Field(default=None, validation_alias="GOOGLE_API_KEY")
    """The class's Gemini key: the environment variable `GOOGLE_API_KEY`, or the same name in .streamlit/secrets.toml."""

    demo_first_token_s: float = Field(default=0.35, ge=0, le=30)
    """Seconds before the demo model's first word, on average."""

    demo_seconds_per_word: float = Field(default=0.03, ge=0, le=5)
    """Seconds between two words of the demo model, on average."""

    demo_spread: float = Field(default=0.35, ge=0, le=2)
    """How much the demo model's delays vary (sigma of a log-normal distribution); 0 for always the same."""

    demo_seconds_per_1k_tokens: float = Field(default=0.0, ge=0, le=30)
    """Seconds by which a thousand tokens of context delay the demo model's first word."""

    demo_seed: int = 0
    """The seed of the demo model's delays and faults."""

    demo_fault: DemoFault | None = None
    """Make the demo model misbehave in every call, to see the limits hold: one of the faults listed under "The demo model"."""

    demo_accounts: bool | None = None
    """Offer one-click demo accounts: `true`, `false`, or unset for only on a server and request that are local."""

    trust_proxy: bool = False
    """Believe X-Forwarded-Proto and X-Forwarded-Host, for a reverse proxy that sets them itself."""

    session_days: int = Field(default=30, ge=1, le=365)
    """Days until a login ends by itself."""

    lockout_failures: int = Field(default=5, ge=1)
    """Wrong passwords in a row before a name is locked."""

    lockout_seconds: int = Field(default=300, ge=1)
    """Seconds that a locked name stays locked."""

    hash_workers: int | None = Field(default=None, ge=1)
    """Threads that check passwords; unset for one less than the processors."""

    hash_queue: int = Field(default=200, ge=1)
    """Password checks that may wait before the next is told to try again."""

    max_message_chars: int = Field(default=8000, ge=1)
    """Characters in one message of a person."""

    max_tool_calls: int = Field(default=5, ge=0)
    """Tool calls in one turn."""

    max_model_calls: int = Field(default=7, ge=1)
    """Model calls in one turn; the last is made without tools, so that it ends in an answer."""

    max_retries: int = Field(default=3, ge=0)
    """Repeats of failed model calls in one turn, all calls together."""

    turn_deadline_s: float = Field(default=30.0, gt=0)
    """Seconds from the start of a turn to its end, whatever happens."""

    chat_queue: int = Field(default=10, ge=1)
    """Messages that may wait in one chat while an answer is being written."""


def load_settings(google_api_key: str | None = None) -> Settings:
    """Read the settings from the environment as it is now.

    `google_api_key` is the key found elsewhere (secrets.toml), used where the environment has none.
    Raises StorageError, whose sentence names the settings, when a value is not allowed.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        raise StorageError(_refusal(error)) from error
    if google_api_key and settings.google_api_key is None:
        return settings.model_copy(update={"google_api_key": SecretStr(google_api_key)})
    return settings


def _refusal(error: ValidationError) -> str:
    """Return which settings are wrong and why, without their values, which may be secret."""
    faults = []
    for fault in error.errors(include_input=False, include_url=False):
        field = str(fault["loc"][0])
        name = field if field.isupper() else f"TIDELINE_{field.upper()}"
        faults.append(f"{name} ({fault['msg'].lower()})")
    return f"A setting has a value that is not allowed: {', '.join(faults)}. Correct it in the environment and start again."
