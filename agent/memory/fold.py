"""When a running summary is due, and which messages it takes in."""

from agent.memory.history import History
from agent.memory.policy import MemoryPolicy

AT_ONCE = 60
"""Messages that one summary call takes in at most; a chat that comes late to this strategy is folded in several calls."""


def due(history: History, end: int, folded: int, policy: MemoryPolicy) -> int | None:
    """Return up to which place the summary should reach, None while too little stands unfolded.

    `end` is the place after the last message of a finished turn, `folded` the messages already folded. When
    `summarize_after_messages` stand unfolded, the oldest whole exchanges are folded until about half of that remains.
    """
    if end - folded < policy.summarize_after_messages:
        return None
    keep = max(1, policy.summarize_after_messages // 2)
    upto = history.last_user(min(end - keep, folded + AT_ONCE) + 1)
    if upto <= folded:
        upto = history.first_user_from(folded + 1, end)
    return upto if folded < upto < end else None
