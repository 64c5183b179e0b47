"""A provider's implicit prompt cache, as far as one conversation can tell: whose beginning was sent lately need not be read again.

A request is found by its longest beginning, in whole messages, that an earlier request had too, if that is at least the minimum long
and not older than the time to live. Gemini 2.5 Flash asks for 1,024 tokens; how long a prefix lives is not published, five minutes is
what the demo model simulates. Other people's requests are not seen here.
"""

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CacheRules:
    """What a prompt cache keeps."""

    min_tokens: int = 1024
    ttl_s: float = 300.0


@dataclass(frozen=True, slots=True)
class _Sent:
    key: Hashable
    end: int
    at: float


class CacheState:
    """The requests of one conversation that a cache still remembers. A request is a head and a run of the chat's messages."""

    def __init__(self, rules: CacheRules | None) -> None:
        self._rules = rules
        self._sent: deque[_Sent] = deque()

    def read(self, key: tuple[Hashable, ...], tools: int, head: int, weight: Callable[[int], int], end: int, at: float) -> int:
        """Return how many input tokens were cached, remembering this request for the next.

        `key` names tool schemas (first), system message and the window's first message; `tools` and `head` are the tokens of the
        schemas and of schemas and system message; `weight` gives the tokens from the window's beginning up to a place, `end` is the
        place after the last message sent; `at` is the time in seconds.
        """
        rules = self._rules
        if rules is None:
            return 0
        while self._sent and self._sent[0].at + rules.ttl_s <= at:
            self._sent.popleft()
        shared = max((min(sent.end, end) for sent in self._sent if sent.key == key), default=None)
        best = 0 if shared is None else head + weight(shared)
        for sent in self._sent if shared is None else ():
            assert isinstance(sent.key, tuple)
            best = max(best, self._common_head(sent.key, key, tools, head))
        self._sent.append(_Sent(key, end, at))
        return best if best >= rules.min_tokens else 0

    @staticmethod
    def _common_head(sent: tuple[Hashable, ...], key: tuple[Hashable, ...], tools: int, head: int) -> int:
        """Return the tokens that two requests share which begin with different messages."""
        if sent[0] != key[0]:
            return 0
        return head if sent[:-1] == key[:-1] else tools
