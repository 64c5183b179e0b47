"""A class's turns as the simulator takes them: read with the viewer's own id, with the prices and the prompt cache they ran under."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from agent.catalogue import DEMO, cache_rules, choice_of, split_name
from agent.memory.policy import policy_of
from agent.memory.promptcache import CacheRules
from agent.pricing import context_window
from agent.tool_weight import TOOL_TOKENS
from simulation.calibrate import Calibration, calibrate
from simulation.measured import Terms, TurnTaken
from simulation.prediction import Prediction, predict
from simulation.rates import of_model
from simulation.scenario import Conversation
from storage import measured
from storage.measured import MeasuredTurn
from storage.settings import Settings

PERIODS: Mapping[str, timedelta | None] = {"All": None, "7 days": timedelta(days=7), "Last hour": timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class Lived:
    """What was measured in a period, and what follows from it."""

    calibration: Calibration
    terms: Mapping[str, Terms]
    """By the names of the models that were in use."""
    prediction: Prediction

    @property
    def priced_as(self) -> str:
        """Whose prices the most frequent model has, as provider:model."""
        return priced_as(self.calibration.model)


def read(db: Database, viewer_id: str, period: str, now: datetime, settings: Settings, utc_offset_s: float) -> Lived | None:
    """Return what `viewer_id` may see of a period: an instructor the class's turns, a learner their own; None when there are none.

    Days begin `utc_offset_s` east of UTC.
    """
    back = PERIODS[period]
    turns = measured.turns(db, viewer_id, since=None if back is None else now - back)
    return lived([taken(turn, settings) for turn in turns], now, settings, utc_offset_s)


def lived(turns: Sequence[TurnTaken], now: datetime, settings: Settings, utc_offset_s: float = 0.0) -> Lived | None:
    """Return what follows from turns, None when there are none."""
    terms = {name: _terms(name, settings, now) for name in {turn.model for turn in turns}}
    rules = next((each.cache for each in terms.values() if each.cache), CacheRules())
    found = calibrate(turns, rules, utc_offset_s=utc_offset_s, schema_tokens=TOOL_TOKENS)
    return None if found is None else Lived(found, terms, predict(turns, found, Conversation(), terms))


def priced_as(model: str) -> str:
    """Return whose prices a model of `TurnTaken` has, as provider:model."""
    return model.partition(" ")[2]


def is_demo(model: str) -> bool:
    """Say whether a model of `TurnTaken` is the demo model."""
    return model.partition(" ")[0] == DEMO


def taken(turn: MeasuredTurn, settings: Settings) -> TurnTaken:
    """Return a turn as the simulator takes it."""
    price = turn.priced_as or ":".join(filter(None, choice_of(settings, turn.model).priced_as))
    return TurnTaken(
        person=turn.person,
        chat=turn.chat,
        number=turn.number,
        at=turn.at.timestamp(),
        gap_s=turn.gap_s,
        failed=turn.status != "done",
        policy=policy_of(turn.policy),
        model=f"{turn.model} {price}",
        sent=turn.sent,
        summarised=turn.summarised,
        quoted=turn.quoted,
        asked=turn.asked,
        replied=turn.replied,
        called=turn.called,
        results=turn.results,
        replies=turn.replies,
        rounds=turn.rounds,
        answers=turn.answers,
        answer_calls=turn.answer.calls,
        answer_in=turn.answer.tokens_in,
        summary_calls=turn.summary.calls,
        summary_out=turn.summary.tokens_out,
        tokens_in=turn.answer.tokens_in + turn.summary.tokens_in,
        tokens_cached=turn.answer.tokens_cached + turn.summary.tokens_cached,
        tokens_out=turn.answer.tokens_out + turn.summary.tokens_out,
        dollars=None if turn.cost is None else float(turn.cost),
        estimated=turn.estimated,
    )


def _terms(model: str, settings: Settings, now: datetime) -> Terms:
    provider, of = split_name(priced_as(model))
    rules = CacheRules() if is_demo(model) else cache_rules(choice_of(settings, model.partition(" ")[0]))
    return Terms(of_model(provider, of, now), rules, context_window(provider, of))
