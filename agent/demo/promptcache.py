"""A simulation of a provider's implicit prompt cache, so that its discount shows up without a provider.

A request whose first messages are the same as an earlier request's, and together at least the minimum long, counts
those tokens as read from the cache until the time to live is over. It keeps digests, never text.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from hashlib import blake2b
from threading import Lock

KEPT_PREFIXES = 50_000


class PromptCache:
    """Remembers which message prefixes were sent lately. Safe to share between threads."""

    def __init__(self, min_tokens: int, ttl_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self._min_tokens = min_tokens
        self._ttl_s = ttl_s
        self._now = now
        self._until: OrderedDict[bytes, float] = OrderedDict()
        self._lock = Lock()

    def read(self, parts: Sequence[tuple[str, int]]) -> int:
        """How many input tokens an earlier request already brought, remembering this request for the next one.

        Args:
            parts: the request in order (tool schemas first, then messages), each as its exact content and its tokens.
        """
        prefixes = self._prefixes(parts)
        now = self._now()
        with self._lock:
            hit = max((tokens for digest, tokens in prefixes if self._until.get(digest, now) > now), default=0)
            for digest, _ in prefixes:
                self._until[digest] = now + self._ttl_s
                self._until.move_to_end(digest)
            while len(self._until) > KEPT_PREFIXES:
                self._until.popitem(last=False)
        return hit

    def _prefixes(self, parts: Sequence[tuple[str, int]]) -> list[tuple[bytes, int]]:
        """The digest and length of every prefix that is long enough to be cached."""
        digest, total, found = blake2b(digest_size=16), 0, []
        for content, tokens in parts:
            digest.update(content.encode("utf-8", "surrogatepass") + b"\x00")
            total += tokens
            if total >= self._min_tokens:
                found.append((digest.copy().digest(), total))
        return found
