"""What the simulator says that these very turns took, beside what they did take: as many, at the same times, but all of them average."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from agent.memory.policy import MemoryPolicy
from simulation.calibrate import Calibration
from simulation.measured import Terms, TurnTaken, is_cold
from simulation.rates import own
from simulation.scenario import Conversation
from simulation.turns import Turns, chat_turns

Sums = NDArray[np.float64]
_FREE = own(Decimal(0), None, Decimal(0), "no price")


@dataclass(frozen=True, slots=True)
class Compared:
    """Two sums that grow from turn to turn, in the order of time."""

    at: Sums
    """When each turn began, in seconds since 1970."""
    measured: Sums
    """Up to and with each turn."""
    predicted: Sums

    @property
    def error(self) -> float | None:
        """By how many percent the prediction is too high at the end, below 0 too low; None when nothing was used."""
        end = float(self.measured[-1])
        return 100 * (float(self.predicted[-1]) - end) / end if end else None

    @property
    def along(self) -> float | None:
        """By how many percent it is off on the way, up or down, on average over the turns; each of what was measured by then."""
        some = self.measured > 0
        if not some.any():
            return None
        return float(100 * np.mean(np.abs(self.predicted[some] - self.measured[some]) / self.measured[some]))


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was predicted beside what was measured."""

    tokens: Compared | None
    """Input and output of all calls; None when no turn reached a model."""
    dollars: Compared | None
    """None when no turn has a price."""
    reached: int
    """Turns that reached a model."""
    priced: int
    """Those that are compared in dollars."""


def predict(turns: Sequence[TurnTaken], calibration: Calibration, base: Conversation, terms: Mapping[str, Terms]) -> Prediction:
    """Predict these turns, each at its place in its chat, under its own policy, warm or cold as it really came after the last one.

    All of them say, do and are answered what the calibration says is average; what it does not know is as in `base`. `terms` are those
    of every model in `turns`. A turn that reached no model is in neither sum, one without a price not among the dollars.
    """
    reached = sorted((turn for turn in turns if turn.tokens_in > 0), key=lambda turn: turn.at)
    foreseen = _Foreseen(reached, calibration, base, terms)
    both = [foreseen.of(turn) for turn in reached]
    tokens = _compared([(turn.at, float(turn.tokens_in + turn.tokens_out), used) for turn, (used, _) in zip(reached, both, strict=True)])
    dollars = _compared(
        [
            (turn.at, turn.dollars, cost)
            for turn, (_, cost) in zip(reached, both, strict=True)
            if turn.dollars is not None and terms[turn.model].rates is not None
        ]
    )
    return Prediction(tokens, dollars, len(reached), 0 if dollars is None else len(dollars.at))


class _Foreseen:
    """The turns of an average chat under each policy and model that was in use, as far as the longest chat went."""

    def __init__(self, turns: Sequence[TurnTaken], calibration: Calibration, base: Conversation, terms: Mapping[str, Terms]) -> None:
        self._terms = terms
        longest: dict[tuple[MemoryPolicy, str], int] = {}
        for turn in turns:
            key = turn.policy, turn.model
            longest[key] = max(longest.get(key, 0), turn.number)
        talk = calibration.conversation(base)
        self._chats = {key: _chat(talk, calibration.lived(key[0]), terms[key[1]], number) for key, number in longest.items()}

    def of(self, turn: TurnTaken) -> tuple[float, float]:
        """Return the tokens and the dollars of a turn."""
        chat, place = self._chats[turn.policy, turn.model], turn.number - 1
        cost = chat.cold_dollars if is_cold(turn, self._terms[turn.model].cache) else chat.dollars
        return float(chat.tokens_in[place] + chat.tokens_out[place]), float(cost[place])


def _chat(talk: Conversation, policy: MemoryPolicy, terms: Terms, turns: int) -> Turns:
    return chat_turns(talk, policy, terms.rates or _FREE, terms.cache, turns, model_window=terms.model_window)


def _compared(rows: Sequence[tuple[float, float, float]]) -> Compared | None:
    if not rows:
        return None
    at, measured, predicted = np.asarray(rows, dtype=np.float64).T
    return Compared(at, np.cumsum(measured), np.cumsum(predicted))
