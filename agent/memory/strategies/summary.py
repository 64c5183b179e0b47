"""The messages since the running summary; while it is late or has failed, at most the cap of them."""

from agent.memory.history import History
from agent.memory.policy import MemoryPolicy


def start(history: History, end: int, policy: MemoryPolicy, folded: int) -> int:
    """Return where the messages that are not folded begin, or the last `max_messages_per_user` of them."""
    return history.first_user_from(max(folded, end - policy.max_messages_per_user), end)
