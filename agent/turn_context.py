"""What one running turn carries through the agent loop: whose it is, its limits, and what came of it so far."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from langchain_core.messages import AIMessage, AnyMessage, SystemMessage, ToolMessage

from agent.events import Event
from agent.limits import TurnLimits
from agent.wellness import WellnessLog

Emit = Callable[[Event], None]


@dataclass(slots=True, kw_only=True)
class CallState:
    """What a model call tells while it runs, and what came of those before it."""

    emit: Emit
    attempt: int = 1
    """Which try of the model call under way this is."""
    streamed: bool = False
    """Whether the model call that is under way has shown text already."""
    unplaced: str = ""
    """Text that was shown and is in no message of `produced` yet: a call under way, or one that was cut off."""
    produced: list[AIMessage | ToolMessage] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class TurnContext(CallState):
    """The state of one turn. It lives on the runner's loop and is touched by no other thread."""

    system: SystemMessage
    window: Sequence[AnyMessage]
    limits: TurnLimits
    log: WellnessLog
    retries: int = 0
    """Repeats made in this turn, all model calls together."""
    model_calls: int = 0
    tool_calls: int = 0
    tools_refused: bool = False

    @property
    def last_call(self) -> bool:
        """Whether the next model call must be made without tools, so that the turn ends in an answer."""
        return self.tools_refused or self.model_calls >= self.limits.max_model_calls - 1
