"""The last messages, at most the cap."""

from agent.memory.history import History
from agent.memory.policy import MemoryPolicy


def start(history: History, end: int, policy: MemoryPolicy, folded: int) -> int:
    """Return where the last `max_messages_per_user` messages begin."""
    return history.first_user_from(end - policy.max_messages_per_user, end)
