"""The simulator's parameters as a class really lived them: how much people write, how often, how many tools, under which policy.

Every figure says how many observations it rests on, is None where there is none, and keeps to what a scenario may hold: where it has to
be cut to that, it says so. Messages are stored four tokens heavier than they are billed (`agent.memory.replay.FRAMING`).
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import fmean, median, pstdev

from pydantic import BaseModel

from agent.memory.knowledge import CHARS_A_TOKEN
from agent.memory.policy import MemoryPolicy
from agent.memory.promptcache import CacheRules
from agent.memory.replay import FRAMING
from simulation.measured import Terms, TurnTaken, by_chat, is_cold
from simulation.scenario import Conversation, Reset, Scenario

DAY_S = 86_400
LEAST_SUMMARY = 100
"""Characters, as a policy allows."""
_ENOUGH = 3
"""Turns of a person whose mean says something."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One calibrated parameter."""

    measured: float | None
    """None when nothing was seen that says it."""
    of: int
    """How many observations it rests on."""
    value: float | None
    """What the simulator takes for it: rounded where it takes whole numbers, and cut to what it allows."""
    cut: bool = False
    """Whether it was cut."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was measured."""

    figures: Mapping[str, Figure]
    """By the names of a scenario's and its conversation's fields. `days` are those on which a person was active: so many people, days and
    prompts a day are as many turns as there were."""
    policy: MemoryPolicy
    """The most frequent one."""
    policies: int
    """How many different ones were in use."""
    under_policy: int
    """Turns under the most frequent one."""
    reset: Reset | None
    """Whether people start a new chat each day; None when nobody was seen on two days."""
    model: str
    """The most frequent one."""
    turns: int
    failed: int
    estimated: int
    cached_share: float | None
    """Share of the input that came from the prompt cache."""
    unsaid_share: float | None
    """Output that was billed beyond what was said, as a share of that: a model's reasoning, or another tokenizer."""
    summary_chars: int | None
    """How long summaries really were, about; None when none was written."""
    quoted_share: float | None
    """Of the messages that retrieval may quote, how many it did; None when it was never asked."""
    call_in: float | None
    """Mean input of a call that answers."""
    spread: float | None
    """How much people differ in how much they say and are told: the standard deviation of their means, as a share of the mean."""

    def lived(self, policy: MemoryPolicy) -> MemoryPolicy:
        """Return a policy with summaries as long, and as many quotes, as they really were: the simulator takes the most allowed."""
        update: dict[str, int] = {}
        if self.summary_chars is not None:
            update["max_summary_chars"] = min(policy.max_summary_chars, max(LEAST_SUMMARY, self.summary_chars))
        if self.quoted_share is not None:
            update["retrieval_k"] = min(policy.retrieval_k, max(1, round(policy.retrieval_k * self.quoted_share)))
        return policy.model_copy(update=update)

    def conversation(self, base: Conversation) -> Conversation:
        """Return the measured conversation; what is not known is as in `base`."""
        return Conversation.model_validate(base.model_dump() | self._known(Conversation))

    def scenario(self, base: Scenario, terms: Terms | None = None) -> Scenario:
        """Return the measured class; what is not known is as in `base`. `terms` are those of its model."""
        known: dict[str, object] = dict(base) | self._known(Scenario)
        known |= {"conversation": self.conversation(base.conversation), "policy": self.lived(self.policy), "growth": 0.0}
        known |= {} if self.reset is None else {"reset": self.reset}
        known |= {} if terms is None else {"cache": terms.cache, "model_window": terms.model_window}
        known |= {} if terms is None or terms.rates is None else {"rates": terms.rates}
        return Scenario.model_validate(known)

    def _known(self, model: type[BaseModel]) -> dict[str, float]:
        return {name: each.value for name, each in self.figures.items() if name in model.model_fields and each.value is not None}


def calibrate(
    turns: Sequence[TurnTaken], cache: CacheRules | None, *, utc_offset_s: float = 0.0, schema_tokens: int = 0
) -> Calibration | None:
    """Return what these turns say of the class, None when there are none.

    `cache` decides what is a pause; days begin `utc_offset_s` east of UTC; `schema_tokens` is what the tools' schemas weigh alone.
    """
    if not turns:
        return None
    (policy, under), *others = Counter(turn.policy for turn in turns).most_common()
    return Calibration(
        figures={**_habits(turns, utc_offset_s), **_messages(turns), **_overhead(turns, schema_tokens), **_pauses(turns, cache)},
        policy=policy,
        policies=1 + len(others),
        under_policy=under,
        reset=_reset(turns, utc_offset_s),
        model=Counter(turn.model for turn in turns).most_common(1)[0][0],
        turns=len(turns),
        failed=sum(turn.failed for turn in turns),
        estimated=sum(turn.estimated for turn in turns),
        cached_share=_ratio(sum(turn.tokens_cached for turn in turns), sum(turn.tokens_in for turn in turns)),
        unsaid_share=_unsaid_share(turns),
        summary_chars=_summary_chars(turns),
        quoted_share=_quoted_share(turns),
        call_in=_ratio(sum(turn.answer_in for turn in turns), sum(turn.answer_calls for turn in turns)),
        spread=_spread(turns),
    )


def _habits(turns: Sequence[TurnTaken], utc_offset_s: float) -> dict[str, Figure]:
    active = {(turn.person, _day(turn, utc_offset_s)) for turn in turns}
    people = len({person for person, _ in active})
    return {
        "users": _figure(Scenario, "users", people, len(turns)),
        "days": _figure(Scenario, "days", len(active) / people, people),
        "prompts_per_day": _figure(Scenario, "prompts_per_day", len(turns) / len(active), len(active)),
    }


def _messages(turns: Sequence[TurnTaken]) -> dict[str, Figure]:
    def per(total: int, of: int, framing: float = FRAMING) -> float | None:
        return total / of - framing if of else None

    answered = [turn for turn in turns if not turn.failed and turn.replies]
    rounds, replies = sum(turn.rounds for turn in turns), len(answered)
    framed = FRAMING * sum(turn.replies for turn in answered)
    figures = {
        "prompt_tokens": (per(sum(turn.asked for turn in turns), len(turns)), len(turns)),
        "reply_tokens": (per(sum(turn.replied for turn in answered) - framed, replies, 0), replies),
        "tool_rounds": (per(sum(turn.rounds for turn in answered), replies, 0), replies),
        "call_tokens": (per(sum(turn.called for turn in turns), rounds), rounds),
        "result_tokens": (per(sum(turn.results for turn in turns), rounds), rounds),
    }
    return {name: _figure(Conversation, name, measured, of) for name, (measured, of) in figures.items()}


def _pauses(turns: Sequence[TurnTaken], cache: CacheRules | None) -> dict[str, Figure]:
    """Return how many prompts come in one go, and the time between them; a pause is what the prompt cache does not outlive."""
    rules = cache or CacheRules()
    cold = sum(is_cold(turn, rules) for turn in turns)
    gaps = [turn.gap_s for turn in turns if turn.gap_s is not None and turn.gap_s < rules.ttl_s]
    return {
        "sitting": _figure(Conversation, "sitting", len(turns) / cold if cold else None, cold),
        "pause_s": _figure(Conversation, "pause_s", median(gaps) if gaps else None, len(gaps)),
    }


def _overhead(turns: Sequence[TurnTaken], schema_tokens: int) -> dict[str, Figure]:
    """Return system prompt and schemas: the median of what was billed as input and is none of the messages that were sent."""
    found = list(_overheads(turns))
    both = median(found) if found else None
    schemas = None if both is None else min(both, schema_tokens)
    system = None if both is None or schemas is None else both - schemas
    return {
        "system_tokens": _figure(Conversation, "system_tokens", system, len(found)),
        "schema_tokens": _figure(Conversation, "schema_tokens", schemas, len(found)),
    }


def _overheads(turns: Iterable[TurnTaken]) -> Iterator[float]:
    """Yield the overhead of a call of each turn whose messages are all known: those that it was sent with, whole turns, nothing quoted."""
    for chat in by_chat(turns):
        places = list(accumulate((turn.messages for turn in chat), initial=0))
        weights = list(accumulate((turn.weight for turn in chat), initial=0))
        since = 0
        for index, turn in enumerate(chat):
            if index and turn.number != chat[index - 1].number + 1:
                since = index  # a turn between them is not here
            plain = turn.sent and not turn.failed and not turn.summarised and not turn.quoted
            if not plain or turn.answer_calls != turn.rounds + 1 or turn.sent is None:
                continue
            first = bisect_left(places, places[index] + 1 - turn.sent, since, index + 1)
            if places[first] == places[index] + 1 - turn.sent:
                window = weights[index] - weights[first] + turn.asked
                yield turn.answer_in / turn.answer_calls - window - (turn.called + turn.results) / 2


def _reset(turns: Sequence[TurnTaken], utc_offset_s: float) -> Reset | None:
    """Say whether those who come back on another day begin a new chat then, by what most of their later turns are in."""
    first_of_person: dict[int, int] = {}
    first_of_chat: dict[int, int] = {}
    old = new = 0
    for turn in sorted(turns, key=lambda each: each.at):
        day = _day(turn, utc_offset_s)
        began = first_of_chat.setdefault(turn.chat, day if turn.number == 1 else day - 1)
        if day > first_of_person.setdefault(turn.person, day):
            old, new = old + (began < day), new + (began == day)
    if not old + new:
        return None
    return "daily" if new > old else "never"


def _unsaid_share(turns: Iterable[TurnTaken]) -> float | None:
    whole = [turn for turn in turns if not turn.failed and not turn.estimated]
    billed = sum(turn.tokens_out - turn.summary_out for turn in whole)
    said = sum(turn.replied + turn.called - FRAMING * (turn.replies + turn.rounds) for turn in whole)
    share = _ratio(billed, said)
    return None if share is None else share - 1


def _summary_chars(turns: Iterable[TurnTaken]) -> int | None:
    written = [turn for turn in turns if turn.summary_calls]
    tokens = _ratio(sum(turn.summary_out for turn in written), sum(turn.summary_calls for turn in written))
    return None if tokens is None else round(CHARS_A_TOKEN * tokens)


def _quoted_share(turns: Iterable[TurnTaken]) -> float | None:
    asked = [turn for turn in turns if turn.policy.strategy == "retrieval" and turn.sent is not None]
    most = [min(max(2 * turn.number - 1 - turn.policy.retrieval_window, 0), turn.policy.retrieval_k) for turn in asked]
    share = _ratio(sum(turn.quoted for turn in asked), sum(most))
    return None if share is None else min(1.0, share)


def _spread(turns: Iterable[TurnTaken]) -> float | None:
    """Return None for fewer than two people of whom at least three turns are known."""
    said: dict[int, list[int]] = {}
    for turn in turns:
        if not turn.failed:
            said.setdefault(turn.person, []).append(turn.weight)
    means = [fmean(weights) for weights in said.values() if len(weights) >= _ENOUGH]
    return pstdev(means) / fmean(means) if len(means) > 1 and any(means) else None


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _day(turn: TurnTaken, utc_offset_s: float) -> int:
    return int((turn.at + utc_offset_s) // DAY_S)


def _figure(model: type[BaseModel], name: str, measured: float | None, of: int) -> Figure:
    """Return a figure that keeps to the bounds of a model's field."""
    if measured is None:
        return Figure(None, of, None)
    field = model.model_fields[name]
    wanted = float(round(measured)) if field.annotation is int else measured
    least = max((float(rule.ge) for rule in field.metadata if hasattr(rule, "ge")), default=wanted)
    most = min((float(rule.le) for rule in field.metadata if hasattr(rule, "le")), default=wanted)
    value = min(max(wanted, least), most)
    return Figure(measured, of, value, cut=value != wanted)
