"""What the panel "my class" says: the finding, why the prediction is off, what was measured beside what is set. Pure text."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from agent.memory.policy import MemoryPolicy, Strategy
from pages.ui import lab_words
from pages.ui.charts import Cell
from pages.ui.formats import UNKNOWN, as_markdown, count, money, money_alike, tokens
from pages.ui.sim_class_data import Lived, is_demo
from pages.ui.sim_fields import FIELDS, Value, plain
from simulation.calibrate import Calibration, Figure
from simulation.prediction import Compared
from simulation.scenario import Conversation, Scenario

Unit = Literal["Dollars", "Tokens"]
FEW = 30
"""Messages below which a few odd ones weigh much."""
LARGE = 10
"""Percent from which an error is explained."""
_NANO = Decimal("1e-9")
_FIGURES: Mapping[str, tuple[str, str, str]] = {
    "users": ("users", "message", "messages"),
    "days": ("days", "person", "people"),
    "prompts": ("prompts_per_day", "active day", "active days"),
    "tokens": ("prompt_tokens", "message", "messages"),
    "reply": ("reply_tokens", "reply", "replies"),
    "rounds": ("tool_rounds", "reply", "replies"),
    "call": ("call_tokens", "tool call", "tool calls"),
    "result": ("result_tokens", "tool call", "tool calls"),
    "system": ("system_tokens", "reply", "replies"),
    "schemas": ("schema_tokens", "reply", "replies"),
    "sitting": ("sitting", "sitting", "sittings"),
    "pause": ("pause_s", "gap", "gaps"),
}
"""By the simulator's names: which figure it is, and what it was observed on."""
_POLICY: Mapping[str, str] = {
    "cap": "max_messages_per_user",
    "fold": "summarize_after_messages",
    "chars": "max_summary_chars",
    "recent": "retrieval_window",
    "k": "retrieval_k",
    "budget": "max_context_tokens",
}
_MATTERS: Mapping[Strategy, tuple[str, ...]] = {
    "full": (),
    "window": ("cap",),
    "chunked_window": ("cap",),
    "summary": ("fold", "cap", "chars"),
    "retrieval": ("recent", "k"),
}
_RESETS = {"never": "for ever", "daily": "one day"}


def settings(lived: Lived) -> dict[str, Value]:
    """Return what the simulator is to be set to, by the names of its parameters; what is not known is not among them."""
    found, policy, terms = lived.calibration, lived.calibration.lived(lived.calibration.policy), lived.terms[lived.calibration.model]
    values: dict[str, Value] = {"strategy": policy.strategy, "growth": 0, "batch": False, "cache": terms.cache is not None}
    values |= {name: found.figures[figure].value for name, (figure, _, _) in _FIGURES.items() if found.figures[figure].value is not None}
    values |= {name: getattr(policy, field) for name, field in _POLICY.items()}
    values |= {} if found.reset is None else {"reset": found.reset}
    return values | ({} if terms.rates is None else {"model": lived.priced_as})


def numbers(lived: Lived, *, everybody: bool) -> dict[str, str]:
    """Return the large numbers on top."""
    found, compared = lived.calibration, lived.prediction.dollars
    people = {"People": f"{round(found.figures['users'].measured or 0):,}"} if everybody else {}
    return {
        **people,
        "Messages": f"{found.turns:,}",
        "Cost": lab_words.escape(money(None if compared is None else _dollars(compared.measured[-1]))),
        "From the prompt cache": UNKNOWN if found.cached_share is None else f"{100 * found.cached_share:.0f}%",
        **({"Without an answer": f"{found.failed:,}"} if found.failed else {}),
    }


def finding(compared: Compared, unit: Unit) -> str:
    """Return what was predicted and measured in the end, and by how much they differ."""
    ends = float(compared.predicted[-1]), float(compared.measured[-1])
    predicted, measured = money_alike(*map(_dollars, ends)) if unit == "Dollars" else (f"{tokens(round(end))}" for end in ends)
    if unit == "Tokens":
        predicted = f"{predicted} tokens"
    return lab_words.escape(f"Predicted {predicted}, measured {measured}: {_off(compared.error)}")


def on_the_way(compared: Compared) -> str:
    """Return how far off the prediction is along the way."""
    return "" if compared.along is None else f"On the way it was off by {compared.along:.0f}% on average."


def is_large(compared: Compared) -> bool:
    """Say whether the error is one to explain."""
    return max(abs(compared.error or 0), compared.along or 0) >= LARGE


def reasons(lived: Lived, unit: Unit) -> list[str]:
    """Return what is known to pull a prediction and these messages apart."""
    found = lived.calibration
    return [
        *([f"Only {count(lived.prediction.reached, 'message')}: a few unusual ones weigh much."] if lived.prediction.reached < FEW else []),
        *_of_people(found),
        *_of_counting(lived),
        *(_of_cache(lived) if unit == "Dollars" else ()),
    ] or ["No single reason stands out: people and days differ, and the simulator takes everybody for average."]


def left_out(lived: Lived, unit: Unit) -> str:
    """Return which messages are not compared; empty when all are."""
    turns, reached, priced = lived.calibration.turns, lived.prediction.reached, lived.prediction.priced
    words = []
    if turns > reached:
        words.append(f"{count(turns - reached, 'message')} reached no model")
    if unit == "Dollars" and reached > priced:
        words.append(f"{count(reached - priced, 'message')} had no known price")
    return f"Left out: {' and '.join(words)}." if words else ""


def rows(lived: Lived, now: Scenario, *, everybody: bool) -> list[dict[str, Cell]]:
    """Return what was measured beside what the simulator is set to."""
    who = "Your class" if everybody else "You"
    return [
        {"": f"**{as_markdown(label)}**", who: lab_words.escape(measured), "Rests on": of, "Simulator now": lab_words.escape(present)}
        for label, measured, of, present in _rows(lived, now)
    ]


def _rows(lived: Lived, now: Scenario) -> Iterator[tuple[str, str, str, str]]:
    found = lived.calibration
    for name, (figure, one, many) in _FIGURES.items():
        each, held = found.figures[figure], now.conversation if figure in Conversation.model_fields else now
        label = "Active days a person" if name == "days" else FIELDS[name].label
        yield label, _figure(each), count(each.of, one, many), _plain(getattr(held, figure))
    reset = UNKNOWN if found.reset is None else _RESETS[found.reset]
    yield FIELDS["reset"].label, reset, "later days" if found.reset else "one day only", _RESETS[now.reset]
    yield from _memory(found, now.policy)
    known = lived.terms[found.model].rates is not None
    yield "Priced as", lived.priced_as.partition(":")[2], "" if known else "no known price", now.rates.name
    yield "Prompt cache", "yes" if lived.terms[found.model].cache else "no", "", "yes" if now.cache else "no"


def _memory(found: Calibration, now: MemoryPolicy) -> Iterator[tuple[str, str, str, str]]:
    policy, lived = found.policy, found.lived(found.policy)
    of = f"{found.under_policy:,} of {count(found.turns, 'message')}"
    yield "Strategy", lab_words.name(policy.strategy), of, lab_words.name(now.strategy)
    for name in (*_MATTERS[policy.strategy], *(["budget"] if policy.max_context_tokens is not None else [])):
        allowed, real = getattr(policy, _POLICY[name]), getattr(lived, _POLICY[name])
        yield FIELDS[name].label, _plain(real), "" if real == allowed else f"{allowed:,} allowed", _plain(getattr(now, _POLICY[name]))


def table(compared: Compared, unit: Unit, when: Sequence[str], places: Sequence[int]) -> list[dict[str, Cell]]:
    """Return the chart's points as rows."""

    def cell(value: float) -> Cell:
        return str(_dollars(value)) if unit == "Dollars" else round(value)

    mark = "USD" if unit == "Dollars" else "tokens"
    return [
        {
            "Message": place + 1,
            "When": at,
            f"Measured so far ({mark})": cell(float(compared.measured[place])),
            f"Predicted so far ({mark})": cell(float(compared.predicted[place])),
        }
        for place, at in zip(places, when, strict=True)
    ]


def amount(value: float, unit: Unit) -> str:
    """Return dollars or tokens."""
    return money(_dollars(value)) if unit == "Dollars" else f"{tokens(round(value))} tokens"


def _of_people(found: Calibration) -> Iterator[str]:
    if found.policies > 1:
        yield f"{found.policies} memory settings were in use; each message is predicted under its own, but all with the same averages."
    if found.spread is not None and found.spread > 0.4:
        yield "People write at very different lengths, and who writes much also has the longer chats; the simulator takes all for average."
    if found.failed > found.turns / 20:
        yield f"{count(found.failed, 'message')} ended without an answer; each is predicted as a whole one."


def _of_counting(lived: Lived) -> Iterator[str]:
    found = lived.calibration
    if found.estimated > found.turns / 20:
        yield f"Of {count(found.estimated, 'message')} the provider reported no usage: what was measured is itself an estimate."
    if found.unsaid_share is not None and abs(found.unsaid_share) > 0.1:
        more = "more" if found.unsaid_share > 0 else "less"
        yield f"The model billed {abs(100 * found.unsaid_share):.0f}% {more} output than it said: its reasoning, or another tokenizer."
    elif not is_demo(found.model):
        yield "Messages are counted by this app's tokenizer, the bill by the provider's."


def _of_cache(lived: Lived) -> Iterator[str]:
    found, rules = lived.calibration, lived.terms[lived.calibration.model].cache
    if rules is not None and found.call_in is not None and rules.min_tokens / 1.5 < found.call_in < rules.min_tokens * 1.5:
        yield (
            f"A call sends {tokens(round(found.call_in))} tokens on average, and the prompt cache begins at {rules.min_tokens:,}: "
            "small differences decide whether one is cached."
        )


def _off(error: float | None) -> str:
    if error is None:
        return "nothing was used"
    whole = round(abs(error))
    return f"{whole}% too {'high' if error > 0 else 'low'}" if whole else "less than 1% off"


def _figure(figure: Figure) -> str:
    if figure.value is None or figure.measured is None:
        return UNKNOWN
    measured, taken = _plain(figure.measured), _plain(figure.value)
    return measured if measured == taken else f"{measured}, taken as {taken}"


def _plain(value: float | None) -> str:
    """Return a number with two digits behind the point below ten, three below one, else none."""
    if value is None:
        return "none"
    return plain(round(value, 3 if abs(value) < 1 else 2 if abs(value) < 10 else 0), grouped=True)


def _dollars(value: float) -> Decimal:
    return Decimal(str(value)).quantize(_NANO)
