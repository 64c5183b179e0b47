"""What one running turn carries through the agent loop: whose it is, its limits, and what came of it so far."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from langchain_core.messages import AIMessage, AnyMessage, SystemMessage, ToolMessage

from agent.events import Event
from agent.limits import TurnLimits
from agent.wellness import WellnessLog

Emit = Callable[[Event], None]


@dataclass(slots=True)
class TurnContext:
    """The state of one turn. It lives on the runner's loop and is touched by no other thread."""

    system: SystemMessage
    window: Sequence[AnyMessage]
    limits: TurnLimits
    log: WellnessLog
    emit: Emit
    retries: int = 0
    """Repeats made in this turn, all model calls together."""
    attempt: int = 1
    """Which try of the model call under way this is."""
    model_calls: int = 0
    tool_calls: int = 0
    tools_refused: bool = False
    streamed: bool = False
    """Whether the model call that is under way has shown text already."""
    unplaced: str = ""
    """Text that was shown and is in no message of `produced` yet: a call under way, or one that was cut off."""
    produced: list[AIMessage | ToolMessage] = field(default_factory=list)

    @property
    def last_call(self) -> bool:
        """Whether the next model call must be made without tools, so that the turn ends in an answer."""
        return self.tools_refused or self.model_calls >= self.limits.max_model_calls - 1
