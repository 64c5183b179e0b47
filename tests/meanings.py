"""What texts mean, for tests: vectors in which words of one topic are one direction, the same on every machine."""

import re
import threading
import zlib
from dataclasses import dataclass, field

from langchain_core.embeddings import Embeddings

TOPICS = (
    {"diet", "pescatarian", "fish", "eat"},
    {"allergic", "allergy", "peanuts", "nuts"},
    {"sister", "martha", "relative", "relatives"},
    {"goal", "marathon", "aim"},
)
_OTHERS = 12


def meaning(text: str) -> list[float]:
    """Return a text's vector: its topics, and a little of each of its words."""
    vector = [0.0] * (len(TOPICS) + _OTHERS)
    for word in re.findall(r"\w+", text.lower()):
        for place, topic in enumerate(TOPICS):
            vector[place] += 3.0 * (word in topic)
        vector[len(TOPICS) + zlib.crc32(word.encode()) % _OTHERS] += 0.3
    return vector


@dataclass
class FakeEmbeddings(Embeddings):
    """A real LangChain embeddings client without a network."""

    questions: list[str] = field(default_factory=list)
    batches: list[list[str]] = field(default_factory=list)
    error: Exception | None = None
    hold: threading.Event | None = None
    """Nothing is answered before this is set."""

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of what is looked for."""
        self.questions.append(text)
        self._wait()
        return meaning(text)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of what is looked through."""
        self.batches.append(texts)
        self._wait()
        return [meaning(text) for text in texts]

    def _wait(self) -> None:
        if self.hold is not None:
            self.hold.wait(20)
        if self.error is not None:
            raise self.error
