"""What a turn adds to the file: the same for the thousandth as for the first, and little beside its words."""

from dataclasses import replace
from itertools import pairwise

from sqlite_utils import Database

from storage.database import Store
from storage.records import NewMessage
from tests.storage.makers import ask, ending, model_call, settle, what_if, world

STRATEGIES = ("full", "window", "chunked_window", "summary", "retrieval")
REASON = "The sliding window changed the prefix, so nothing was cached: at this price the full history would have been cheaper."
TURNS = 150
MOST = 3000


INDEX = (
    "SELECT (SELECT sum(length(block)) FROM message_search_data) + (SELECT sum(length(sz)) FROM message_search_docsize) "
    "+ (SELECT coalesce(sum(length(c0) + length(c1) + length(c2) + length(c3)), 0) FROM message_search_content)"
)


def grown(store: Store) -> int:
    """Return the bytes of the file beside those that the search index fills."""

    def count(db: Database) -> int:
        pages, free, size, index = (
            db.execute(sql).fetchone()[0] or 0 for sql in ("PRAGMA page_count", "PRAGMA freelist_count", "PRAGMA page_size", INDEX)
        )
        return int((pages - free) * size - index)

    return store.read(count)


def test_a_turn_stays_small_and_of_one_size(store: Store) -> None:
    dora = world(store)
    question, answer = "What did I eat on Monday? " * 4, "You had a salad and a soup on Monday. " * 6
    sizes = [grown(store)]
    for _ in range(4):
        for number in range(TURNS):
            turn = ask(store, dora.chat, question).turn
            guesses = [replace(what_if(strategy, state=number), reason=REASON) for strategy in STRATEGIES]
            final = replace(ending("", "done", model_call(turn)), quoted=range(100_000, 100_010), counterfactuals=guesses)
            settle(store, turn, replace(final, messages=[NewMessage("assistant", answer, 50)]))
        sizes.append(grown(store))
    steps = [(after - before) / TURNS - len(question + answer) for before, after in pairwise(sizes)]
    assert max(steps) < MOST
    assert max(steps[1:]) < 1.2 * min(steps[1:])
