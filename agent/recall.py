"""Which earlier messages a question is given: those that its words find, and, with an embedding model, those that mean alike.

The two rankings are joined by reciprocal rank fusion, which needs no scores that could be compared: a message is worth 1 / (60 + rank)
in each. https://doi.org/10.1145/1571941.1572114 (Cormack, Clarke and Büttcher, 2009).
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqlite_utils import Database

from storage import search
from storage.records import Message
from storage.settings import Settings

if TYPE_CHECKING:
    from storage.vectors import Shelf

T = TypeVar("T", bound=Hashable)
SEARCH = "embedding"
"""The purpose of a call that says what texts mean."""
RANK_CONSTANT = 60
DEPTH = 50
"""How many of each ranking are joined, at least."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A question as an embedding model sees it."""

    vector: bytes
    shelf: "Shelf"
    """The same model's vectors of the messages."""


def shelf_for(settings: Settings) -> "Shelf | None":
    """Return where the vectors of the embedding model that is set are; None, with nothing imported, when none is."""
    if not settings.embeddings:
        return None
    from storage.vectors import Shelf

    return Shelf(settings.embeddings)


def find(
    db: Database,
    user_id: str,
    chat_id: str,
    question: str,
    limit: int,
    *,
    meaning: Meaning | None,
    across_chats: bool = False,
    before_turn: int | None = None,
    exclude: Collection[int] = (),
) -> list[Message]:
    """Return the messages of `user_id` that a question is most likely about, the most relevant first, as `storage.search.find` does."""
    if meaning is None:
        return search.find(db, user_id, chat_id, question, limit, across_chats=across_chats, before_turn=before_turn, exclude=exclude)
    from storage import vectors

    deep = max(DEPTH, limit)
    by_words = search.find(db, user_id, chat_id, question, deep, across_chats=across_chats, before_turn=before_turn, exclude=exclude)
    by_meaning = vectors.find(
        db,
        user_id,
        chat_id,
        meaning.vector,
        deep,
        shelf=meaning.shelf,
        across_chats=across_chats,
        before_turn=before_turn,
        exclude=exclude,
    )
    messages = {message.id: message for message in (*by_words, *by_meaning)}
    ranked = fused([[message.id for message in found] for found in (by_words, by_meaning)])
    return [messages[each] for each in ranked[:limit]]


def fused(rankings: Iterable[Sequence[T]]) -> list[T]:
    """Return all that is in any of the rankings, best first, each once; of equals, the one that an earlier ranking has first."""
    worth: dict[T, float] = {}
    for ranking in rankings:
        for rank, each in enumerate(dict.fromkeys(ranking), 1):
            worth[each] = worth.get(each, 0.0) + 1 / (RANK_CONSTANT + rank)
    return sorted(worth, key=lambda each: worth[each], reverse=True)
