"""A window that keeps its beginning: it grows up to the cap, then drops half of it in one step.

A sliding window changes its first message with every turn, so that a provider's prompt cache, which knows a request by its beginning,
never has it. Here the beginning stays for half a cap of messages. It follows from the number of messages alone: no state is kept.
"""

from agent.memory.history import History
from agent.memory.policy import MemoryPolicy


def start(history: History, end: int, policy: MemoryPolicy, folded: int) -> int:
    """Return where the window begins: the chat's beginning, or a multiple of half a cap of messages after it."""
    cap = policy.max_messages_per_user
    if end <= cap:
        return history.first_user_from(0, end)
    half = max(1, cap // 2)
    steps = -(-(end - cap) // half)
    return history.first_user_from(steps * half, end)
