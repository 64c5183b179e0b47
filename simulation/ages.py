"""What people of many rates and message lengths take on each day since they joined: the table that whole populations are read from.

People differ in their rate, a whole number of prompts a day, and in the length of their messages. The turns of a chat are worked out
once for all rates, at a few lengths; a day's prompts are then the difference of two running sums. Between two lengths a cost is a straight
line, but for thresholds (the cache's smallest prefix, a token budget, a dearer tier): where a line would err, more lengths are worked out.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.memory.policy import Strategy
from simulation.chat import Floats, Places
from simulation.curves import is_cold, turns_of
from simulation.scenario import Scenario

TOLERANCE = 0.001
"""How far, relatively, a straight line between two lengths may be from the cost at the length halfway."""
CLOSE = 0.004
"""Lengths that differ by less than this share are not told apart further."""
MOST_LENGTHS = 513
MOST_TURNS = 1_000_000
"""Turns that are worked out for one strategy, over all lengths, before accuracy is given up for speed."""
_LEAST_LENGTHS = 5
_EVENLY = 3
"""How often all lengths are halved as soon as one threshold is met."""
_CHECKED = (0.1, 0.3, 0.6, 1.0)
"""Shares of the longest chat at which a straight line is held to the cost."""


@dataclass(frozen=True, slots=True)
class Ages:
    """What people take on each day since they joined under one strategy, in dollars."""

    rates: Places
    """Whole prompts a day, rising, (rates,)."""
    lengths: Floats
    """Factors of the tokens of prompts and replies, rising, (lengths,)."""
    daily: Floats
    """Shape (rates, lengths, days)."""

    def between(self, scales: Floats) -> tuple[NDArray[np.intp], Floats]:
        """Return for each length the place of the one below it in `lengths`, and how far towards the next it lies, 0 to 1."""
        return between(self.lengths, scales)

    def places(self, rates: Places) -> NDArray[np.intp]:
        """Return where rates stand in `rates`; all must be there."""
        return np.searchsorted(self.rates, rates)


def between(rising: Floats, values: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Return for each value the place of the number below it, and how far towards the next it lies, 0 to 1."""
    if len(rising) == 1:
        return np.zeros(len(values), dtype=np.intp), np.zeros(len(values))
    below = np.clip(np.searchsorted(rising, values, side="right") - 1, 0, len(rising) - 2)
    left, right = rising[below], rising[below + 1]
    return below, np.clip((values - left) / (right - left), 0.0, 1.0)


def since_joining(joined: Floats, taken: Floats) -> tuple[NDArray[np.complex128], int]:
    """Return the product of the transforms of who joins on each day and of what is taken by the day since, and the transforms' length.

    Its inverse, `by_calendar`, is what is taken on each calendar day; kinds can be added up before. The last axis is days.
    """
    size = 2 ** math.ceil(math.log2(max(2 * taken.shape[-1] - 1, 2)))
    return np.fft.rfft(joined, size) * np.fft.rfft(taken, size), size


def by_calendar(transformed: NDArray[np.complex128], size: int, days: int) -> Floats:
    """Return what is taken on each calendar day, from `since_joining`."""
    found = np.fft.irfft(transformed, size)[..., :days]
    return np.asarray(np.maximum(found, 0.0))


def ages(scenario: Scenario, strategy: Strategy, rates: Places, scales: Sequence[float] | Floats) -> Ages:
    """Return the table for people of these rates, and of lengths between the least and the greatest of `scales`."""
    known = np.unique(rates)
    chats = _Chats(scenario, strategy, max(int(known[-1]), 1))
    lengths = chats.cover(float(np.min(scales)), float(np.max(scales)))
    return Ages(known, lengths, _days(chats, lengths, known))


@dataclass(frozen=True, slots=True)
class _Chat:
    """The turns of the longest chat at one length."""

    sums: Floats
    """Dollars before each turn and at the end, when every turn comes soon after the last, (turns + 1,); after a pause, if they all do."""
    extra: Floats
    """What each turn takes more after a pause, (turns,)."""
    checked: Floats
    """Sums by which lengths are compared."""


class _Chats:
    """The turns of the longest chat under one strategy, at those lengths that were asked for."""

    def __init__(self, scenario: Scenario, strategy: Strategy, rate: int) -> None:
        self.scenario = scenario
        self.always_cold = bool(is_cold(2, scenario.conversation.model_copy(update={"sitting": 2}), scenario.cache, 2)[1])
        self._strategy: Strategy = strategy
        self._rate = rate
        self._known: dict[float, _Chat] = {}

    def at(self, lengths: Floats) -> list[_Chat]:
        """Return the chats at lengths that were worked out."""
        return [self._known[length] for length in lengths.tolist()]

    def cover(self, low: float, high: float) -> Floats:
        """Return lengths from `low` to `high` between which costs are nearly straight lines, having worked them out."""
        if high - low < 1e-9 * high:
            self._work_out([low])
            return np.asarray([low])
        bent = [(low, high)]
        self._work_out([low, high, _middle((low, high))])
        most = int(np.clip(MOST_TURNS // len(self._known[low].extra), _LEAST_LENGTHS, MOST_LENGTHS))
        if most > 2 ** (_EVENLY + 1) and self._halves(bent):
            bent = self._evenly(bent)
        while (bent := self._halves(bent)) and len(self._known) < most:
            bent = sorted(bent, key=_ratio, reverse=True)[: most - len(self._known)]
            self._work_out([_middle(span) for span in bent])
        return np.asarray(sorted(self._known))

    def _evenly(self, spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
        """Return the spans halved a few times: where one threshold is, there are others, and a middle may lie on the line by chance."""
        for _ in range(_EVENLY):
            spans = [half for low, high in spans for half in ((low, _middle((low, high))), (_middle((low, high)), high))]
            self._work_out([_middle(span) for span in spans])
        return spans

    def _work_out(self, lengths: Sequence[float]) -> None:
        turns = turns_of(self.scenario, self._strategy, self._rate, scale=np.asarray(lengths))
        base = turns.cold_dollars if self.always_cold else turns.dollars
        sums = np.zeros((len(lengths), base.shape[1] + 1))
        np.cumsum(base, axis=1, out=sums[:, 1:])
        extra = turns.cold_dollars - base
        places = np.ceil(np.asarray(_CHECKED) * base.shape[1]).astype(np.int64)
        for length, mine, more in zip(lengths, sums, extra, strict=True):
            self._known[float(length)] = _Chat(mine, more, np.append(mine[places], mine[-1] + more.sum()))

    def _halves(self, spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        """Return the halves of those spans whose middle is not on the straight line between their ends."""
        halves: list[tuple[float, float]] = []
        for low, high in spans:
            middle = _middle((low, high))
            share = (middle - low) / (high - low)
            left, found, right = (self._known[length].checked for length in (low, middle, high))
            bent = np.abs(found - (1 - share) * left - share * right) > TOLERANCE * found
            if bent.any() and high > low * (1 + CLOSE):
                halves += [(low, middle), (middle, high)]
        return halves


def _middle(span: tuple[float, float]) -> float:
    return math.sqrt(span[0] * span[1])


def _ratio(span: tuple[float, float]) -> float:
    return span[1] / span[0]


def _days(chats: _Chats, lengths: Floats, rates: Places) -> Floats:
    """Return what people of each rate take on each day, shape (rates, lengths, days)."""
    scenario, known = chats.scenario, chats.at(lengths)
    laid = 1 if scenario.reset == "daily" else scenario.days
    sums = np.stack([chat.sums for chat in known])
    pauses = None if chats.always_cold else _by_sitting(np.stack([chat.extra for chat in known]), scenario.conversation.sitting)
    found = np.zeros((len(rates), len(lengths), laid))
    for place, rate in enumerate(rates.tolist()):
        if rate:
            ends = sums[:, : laid * rate + 1 : rate]
            np.subtract(ends[:, 1:], ends[:, :-1], out=found[place])
            if pauses is not None:
                found[place] += _cold(pauses, rate, laid, scenario.conversation.sitting)
    return found if laid == scenario.days else np.repeat(found, scenario.days, axis=2)


def _by_sitting(extra: Floats, sitting: int) -> Floats:
    """Return for each turn the sum of `extra` over the turns before it that lie whole sittings apart from it, (lengths, turns + ...)."""
    lengths, turns = extra.shape
    rows = -(-turns // sitting)
    padded = np.zeros((lengths, (rows + 1) * sitting))
    padded[:, sitting : sitting + turns] = extra
    laid = padded.reshape(lengths, rows + 1, sitting)
    return np.cumsum(laid, axis=1).reshape(lengths, -1)


def _cold(pauses: Floats, rate: int, days: int, sitting: int) -> Floats:
    """Return what the turns after a pause take more on each day: its first, and those whole sittings later."""
    last, stop = -(-rate // sitting) * sitting, (days - 1) * rate + 1
    found: Floats = pauses[:, last : last + stop : rate] - pauses[:, :stop:rate]
    return found
