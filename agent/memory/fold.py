"""When a running summary is due, and which messages it takes in."""

from agent.memory.history import History
from agent.memory.policy import MemoryPolicy

AT_ONCE = 60
"""Messages that one summary call takes in at most; a chat that comes late to this strategy is folded in several calls."""

MOST_CALLS = 3
"""Summary calls after one turn at most, so that a long chat is not paid for all at once; the rest follows after the next turns."""


def due(history: History, end: int, folded: int, policy: MemoryPolicy) -> int | None:
    """Return up to which place the summary should reach, None while too little stands unfolded.

    `end` is the place after the last message of a finished turn, `folded` the messages already folded. When
    `summarize_after_messages` stand unfolded, the oldest whole exchanges are folded until about half of that remains. Where the cap
    is smaller, it stands in its place: what the window can no longer hold would else be neither sent nor summarised.
    """
    most = min(policy.summarize_after_messages, max(2, policy.max_messages_per_user))
    if end - folded < most:
        return None
    target = min(end - most // 2, folded + AT_ONCE)
    if target < history.before:
        return target
    upto = history.last_user(target + 1)
    if upto <= folded:
        upto = history.first_user_from(folded + 1, end)
    return upto if folded < upto < end else None
