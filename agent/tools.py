"""The agent's tools, as in the course, plus reading the log back and correcting it.

Whose log it is comes from the turn's context, never from an argument. What a person tells about themselves is not kept by any tool:
remembering that is the memory's work, and seeing it forgotten is the lesson.
"""

from collections.abc import Sequence
from typing import Any, cast

from langchain.tools import ToolRuntime
from langchain_core.tools import BaseTool, tool

from agent.turn_context import TurnContext
from agent.wellness import WellnessLog

Runtime = ToolRuntime[Any, Any]
"""Not of TurnContext: LangChain would build a validator for everything inside it."""


@tool
async def log_food(name: str, calories: float, runtime: Runtime, day: str = "today") -> str:
    """Log a food item that the person ate.

    Args:
        name: What was eaten, with its amount, such as "2 eggs".
        calories: Kilocalories of the whole amount; estimate when not told.
        day: When: "today", "yesterday" or a date as YYYY-MM-DD.
    """
    return await _log(runtime).add("food", name, calories, day)


@tool
async def log_workout(name: str, minutes: float, runtime: Runtime, day: str = "today") -> str:
    """Log a workout that the person did.

    Args:
        name: The kind of exercise, such as "run".
        minutes: How long it took; estimate when not told.
        day: When: "today", "yesterday" or a date as YYYY-MM-DD.
    """
    return await _log(runtime).add("workout", name, minutes, day)


@tool
async def read_log(runtime: Runtime, day: str = "today") -> str:
    """Read the person's own log of one day: meals with calories, workouts with minutes, and totals.

    Args:
        day: "today", "yesterday" or a date as YYYY-MM-DD.
    """
    return await _log(runtime).read(day)


@tool
async def change_entry(entry_id: int, runtime: Runtime, name: str | None = None, amount: float | None = None) -> str:
    """Correct an entry of the person's log.

    Args:
        entry_id: The number behind # in the log.
        name: The new name, if it changes.
        amount: The new calories or minutes, if they change.
    """
    return await _log(runtime).change(entry_id, name, amount)


@tool
async def remove_entry(entry_id: int, runtime: Runtime) -> str:
    """Remove an entry from the person's log.

    Args:
        entry_id: The number behind # in the log.
    """
    return await _log(runtime).remove(entry_id)


TOOLS: Sequence[BaseTool] = (log_food, log_workout, read_log, change_entry, remove_entry)


def _log(runtime: Runtime) -> WellnessLog:
    return cast("TurnContext", runtime.context).log
