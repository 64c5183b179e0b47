"""Everything: the course's uncapped case, which grows with every message."""

from agent.memory.history import History
from agent.memory.policy import MemoryPolicy


def start(history: History, end: int, policy: MemoryPolicy, folded: int) -> int:
    """Return the beginning of the chat."""
    return history.first_user_from(0, end)
