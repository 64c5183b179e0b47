"""When a chat's running summary is written, and which turns each call takes in: `agent.memory.fold` along a whole chat at once."""

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from agent.memory.fold import AT_ONCE, MOST_CALLS
from agent.memory.policy import MemoryPolicy
from simulation.chat import Shape, shape


@dataclass(frozen=True, slots=True)
class Folds:
    """The summary calls of a chat, in their order."""

    after: NDArray[np.int64]
    """After which turn each call is made."""
    start: NDArray[np.int64]
    """The first turn that it takes in."""
    end: NDArray[np.int64]
    """The turn before which it stops."""

    def held(self, turns: int) -> NDArray[np.int64]:
        """Return how many turns the summary holds when each turn begins, shape (turns,)."""
        if not len(self.after):
            return np.zeros(turns, dtype=np.int64)
        made = np.searchsorted(self.after, np.arange(turns))
        return np.concatenate([[0], self.end])[made]


def folds(tool_rounds: float, turns: int, policy: MemoryPolicy) -> Folds:
    """Return the summary calls of a chat of so many turns."""
    return _folds(tool_rounds, turns, policy.summarize_after_messages, policy.max_messages_per_user)


@lru_cache(maxsize=32)
def _folds(tool_rounds: float, turns: int, after: int, cap: int) -> Folds:
    most = min(after, max(2, cap))
    chat = shape(tool_rounds, turns)
    found = _walk(chat, most, float(tool_rounds).is_integer())
    return Folds(*(np.asarray([each[part] for each in found], dtype=np.int64) for part in range(3)))


def _walk(chat: Shape, most: int, alike: bool) -> list[tuple[int, int, int]]:
    """Return (after, start, end) of each call; where turns are `alike` and a call leaves things as an earlier one did, the rest repeats."""
    places = chat.messages.tolist()
    found: list[tuple[int, int, int]] = []
    seen: dict[int, int] = {}
    turn, held = 0, 0
    while True:
        turn = max(turn, bisect_left(places, places[held] + most) - 1)
        if turn >= chat.turns:
            return found
        made = _after_turn(places, turn, held, most)
        if not made:
            turn += 1
            continue
        found += made
        held = made[-1][2]
        left = turn - held
        if alike and left in seen:
            return _repeated(found, seen[left], chat.turns)
        seen[left] = len(found)
        turn += 1


def _after_turn(places: list[int], turn: int, held: int, most: int) -> list[tuple[int, int, int]]:
    """Return the calls made after one turn: as long as too much stands unfolded, and no more than may be at once."""
    end = places[turn + 1]
    made: list[tuple[int, int, int]] = []
    while len(made) < MOST_CALLS and end - places[held] >= most:
        target = min(end - most // 2, places[held] + AT_ONCE)
        upto = min(bisect_left(places, target + 1) - 1, turn)
        upto = max(upto, min(held + 1, turn))
        if upto <= held:
            break
        made.append((turn, held, upto))
        held = upto
    return made


def _repeated(found: list[tuple[int, int, int]], begin: int, turns: int) -> list[tuple[int, int, int]]:
    """Go on as from the call at `begin` to the last, each time later by as many turns, to the chat's end."""
    period = found[-1][0] - found[begin - 1][0]
    cycle = np.asarray(found[begin:], dtype=np.int64)
    times = max(0, (turns - found[-1][0]) // period + 1)
    later = (cycle[None] + (np.arange(1, times + 1) * period)[:, None, None]).reshape(-1, 3)
    return [*found, *map(tuple, later[later[:, 0] < turns].tolist())]
