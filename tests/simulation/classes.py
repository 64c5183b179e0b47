"""Classes that were never there: turns as a scenario's own replay says they go, for tests of what is calibrated from them."""

from datetime import UTC, datetime
from typing import Any

from agent.memory.replay import FRAMING, TurnReplay
from simulation.curves import is_cold
from simulation.exact import exact
from simulation.measured import Terms, TurnTaken
from simulation.rates import Rates, of_model
from simulation.scenario import Conversation, Scenario

MODEL = "demo google:gemini-2.5-flash"
LONG_S = 4_000.0
START = datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp()


def flash() -> Rates:
    """Return the rates that the demo model is priced at."""
    found = of_model("google", "gemini-2.5-flash", datetime(2026, 3, 2, tzinfo=UTC))
    assert found is not None
    return found


def terms(scenario: Scenario) -> dict[str, Terms]:
    """Return the terms that `lived` turns ran under."""
    return {MODEL: Terms(scenario.rates, scenario.cache, scenario.model_window)}


def lived(scenario: Scenario, turns: int, *, people: int = 1) -> list[TurnTaken]:
    """Return what each of so many people's chats of so many turns took, everybody as the scenario says."""
    rate = max(1, round(scenario.prompts_per_day))
    cold = is_cold(rate, scenario.conversation, scenario.cache, turns)
    replays = exact(scenario, turns)
    found = []
    for person in range(people):
        at = START
        for number, replay in enumerate(replays):
            gap = LONG_S if cold[number] and scenario.conversation.pause_s < 300 else scenario.conversation.pause_s
            at += gap if number else 0.0
            found.append(_turn(scenario, person, number, at, gap if number else None, replay))
    return found


def taken(**fields: Any) -> TurnTaken:
    """Return a plain turn, some fields otherwise: 60 tokens asked, 104 replied, with an overhead of 784."""
    first = lived(Scenario(rates=flash(), conversation=Conversation(prompt_tokens=56, reply_tokens=100)), 1)[0]
    return first._replace(**fields)


def _turn(scenario: Scenario, person: int, number: int, at: float, gap_s: float | None, replay: TurnReplay) -> TurnTaken:
    talk = scenario.conversation
    rounds = int((number + 1) * talk.tool_rounds) - int(number * talk.tool_rounds)
    answers = [call for call in replay.calls if call.purpose == "answer"]
    summaries = [call for call in replay.calls if call.purpose == "summary"]
    return TurnTaken(
        person=person,
        chat=person,
        number=number + 1,
        at=at,
        gap_s=gap_s,
        failed=False,
        policy=scenario.policy,
        model=MODEL,
        sent=replay.sent,
        summarised=replay.layout.has_summary,
        quoted=len(replay.layout.recalled),
        asked=talk.prompt_tokens + FRAMING,
        replied=talk.reply_tokens + FRAMING,
        called=rounds * (talk.call_tokens + FRAMING),
        results=rounds * (talk.result_tokens + FRAMING),
        replies=1,
        rounds=rounds,
        answers=rounds,
        answer_calls=len(answers),
        answer_in=sum(call.tokens_in for call in answers),
        summary_calls=len(summaries),
        summary_out=sum(call.tokens_out for call in summaries),
        tokens_in=replay.tokens_in,
        tokens_cached=replay.tokens_cached,
        tokens_out=replay.tokens_out,
        dollars=None if replay.cost is None else float(replay.cost),
        estimated=False,
    )
