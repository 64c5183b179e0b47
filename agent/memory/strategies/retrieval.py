"""A few last messages; those found for the question are quoted in front of them."""

from agent.memory.history import History
from agent.memory.policy import MemoryPolicy


def start(history: History, end: int, policy: MemoryPolicy, folded: int) -> int:
    """Return where the last `retrieval_window` messages begin."""
    return history.first_user_from(end - policy.retrieval_window, end)
