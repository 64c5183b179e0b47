"""The same chat message by message, by the one implementation that the live agent uses: what the arrays are held to."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.memory.context import Overhead
from agent.memory.replay import FRAMING, Limits, RecordedTurn, TurnReplay, replay
from simulation.chat import shape
from simulation.rates import price_of
from simulation.scenario import Conversation, Scenario


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a simulated chat."""

    id: int
    role: str
    tokens: int


def exact(scenario: Scenario, turns: int, *, rate: int | None = None, scale: float = 1.0) -> list[TurnReplay]:
    """Return what the first turns of one chat use, by `agent.memory.replay`.

    `rate` are the prompts a day, the scenario's rounded when not given: they decide where pauses fall. `scale` multiplies the tokens of
    prompts and replies, rounded to whole ones.
    """
    limits = Limits(model_window=scenario.model_window)
    said = _talk(scenario, turns, rate or max(1, round(scenario.prompts_per_day)), scale)
    return replay(said, scenario.policy, price_of(scenario.rates), limits=limits, cache=scenario.cache)


def _talk(scenario: Scenario, turns: int, rate: int, scale: float) -> Sequence[RecordedTurn]:
    talk, at = scenario.conversation, 0.0
    long = 2 * (scenario.cache.ttl_s if scenario.cache else 0.0) + 1
    overhead = Overhead(talk.system_tokens, talk.schema_tokens)
    chat = shape(talk.tool_rounds, turns)
    found = []
    for number in range(turns):
        at += long if number % rate % talk.sitting == 0 else talk.pause_s
        rounds = int(chat.rounds[number + 1] - chat.rounds[number])
        found.append(RecordedTurn(at, _messages(talk, int(chat.messages[number]), rounds, scale), overhead))
    return found


def _messages(talk: Conversation, first: int, rounds: int, scale: float) -> list[Said]:
    """Return a turn's messages, numbered from `first` on."""
    weighs = [("user", round(talk.prompt_tokens * scale))]
    weighs += [("assistant", talk.call_tokens), ("tool", talk.result_tokens)] * rounds
    weighs += [("assistant", round(talk.reply_tokens * scale))]
    return [Said(first + number, role, tokens + FRAMING) for number, (role, tokens) in enumerate(weighs)]
