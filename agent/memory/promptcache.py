"""A provider's implicit prompt cache, as far as one conversation can tell: whose beginning was sent lately need not be read again.

A request is found by its longest beginning, in whole messages, that an earlier request had too, if that is at least the minimum long
and not older than the time to live. Gemini 2.5 Flash asks for 1,024 tokens; how long a prefix lives is not published, five minutes is
what the demo model simulates. Other people's requests are not seen here.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from itertools import islice, takewhile


@dataclass(frozen=True, slots=True)
class CacheRules:
    """What a prompt cache keeps."""

    min_tokens: int = 1024
    ttl_s: float = 300.0


COMPARED = 64
"""Runs that begin with the same words are compared up to this many, the latest first: in a chat of nothing but "ok", all do."""
LONG_AGO = float("-inf")


class CacheState:
    """The requests of one conversation that a cache still remembers. A request is a head and a run of the chat's messages.

    `content` names what the message at a place says: a cache knows text, not messages, so a window that begins with another message of
    the same words is found too. Without it, no two messages are alike. Requests must come in the order of their times.
    """

    def __init__(self, rules: CacheRules | None, content: Callable[[int], Hashable] | None = None) -> None:
        self._rules = rules
        self._content = content or _place
        self._heads: dict[Hashable, float] = {}
        """When tool schemas, and whole heads, were last sent."""
        self._runs: dict[Hashable, dict[int, tuple[int, float]]] = {}
        """By head and first message: for each place where a run began, where the latest ended and when it was sent."""

    def read(self, key: tuple[Hashable, ...], run: tuple[int, int], tools: int, head: int, weight: Callable[[int], int], at: float) -> int:
        """Return how many input tokens were cached, remembering this request for the next.

        `key` names the tool schemas (first) and the system message; `run` is from which place to which the chat's messages are sent;
        `tools` and `head` are the tokens of the schemas and of schemas and system message, `weight` gives those from the run's
        beginning up to a place; `at` is the time in seconds.
        """
        rules = self._rules
        if rules is None:
            return 0
        alike = self._runs.setdefault((key, self._content(run[0])), {})
        shared = self._longest(alike, run, rules.ttl_s, at)
        if shared:
            best = head + weight(run[0] + shared)
        elif self._heads.get(key, LONG_AGO) + rules.ttl_s > at:
            best = head
        else:
            best = tools if self._heads.get(key[0], LONG_AGO) + rules.ttl_s > at else 0
        self._heads[key[0]] = self._heads[key] = at
        alike[run[0]] = (run[1], at)
        return best if best >= rules.min_tokens else 0

    def _longest(self, alike: dict[int, tuple[int, float]], run: tuple[int, int], ttl_s: float, at: float) -> int:
        """Return with how many messages the run begins as one that was sent lately did."""
        longest = 0
        for start, (end, sent_at) in islice(reversed(alike.items()), COMPARED):
            if sent_at + ttl_s > at:
                longest = max(longest, self._shared((start, end), run))
                if longest == run[1] - run[0]:
                    break
        return longest

    def _shared(self, sent: tuple[int, int], run: tuple[int, int]) -> int:
        """Return with how many messages both runs begin."""
        most = min(sent[1] - sent[0], run[1] - run[0])
        if sent[0] == run[0]:
            return most
        alike = (self._content(sent[0] + step) == self._content(run[0] + step) for step in range(most))
        return sum(1 for _ in takewhile(bool, alike))


def _place(place: int) -> Hashable:
    return place
