"""The hard limits of one turn, as the course lists them: tool calls, model calls, retries, time."""

from dataclasses import dataclass

from storage.settings import Settings


@dataclass(frozen=True, slots=True)
class TurnLimits:
    """What one turn may use at most."""

    max_tool_calls: int = 5
    max_model_calls: int = 7
    max_retries: int = 3
    deadline_s: float = 30.0
    max_message_chars: int = 8000
    queue_length: int = 10


def limits_from(settings: Settings) -> TurnLimits:
    """Return the limits that the settings ask for."""
    return TurnLimits(
        settings.max_tool_calls,
        settings.max_model_calls,
        settings.max_retries,
        settings.turn_deadline_s,
        settings.max_message_chars,
        settings.chat_queue,
    )
