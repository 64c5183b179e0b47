"""Which of many rules are worth trying on a text: those of which one word, at least, stands in it.

A rule's pattern costs far more than a look for its words, and a look for each of hundreds of words costs more than one for the few whose
first letters stand in the text at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_LETTERS = 3


class Gates:
    """The words of many rules, found together."""

    def __init__(self, needs: Sequence[Sequence[str]]) -> None:
        """Take for each rule the words of which one must stand in a text, in lower case; a rule without any is always open."""
        self._open = frozenset(place for place, words in enumerate(needs) if not words)
        self._by_start: dict[str, list[tuple[str, int]]] = {}
        for place, words in enumerate(needs):
            for word in words:
                self._by_start.setdefault(word[:_LETTERS], []).append((word, place))
        self._sizes = sorted({len(start) for start in self._by_start})

    def open(self, low: str) -> list[int]:
        """Return the places of the rules worth trying on a text in lower case, in their order."""
        found = set(self._open)
        for start in self._starts(low):
            for word, place in self._by_start[start]:
                if place not in found and word in low:
                    found.add(place)
        return sorted(found)

    def _starts(self, low: str) -> Iterator[str]:
        for size in self._sizes:
            yield from {low[at : at + size] for at in range(len(low) - size + 1)} & self._by_start.keys()
