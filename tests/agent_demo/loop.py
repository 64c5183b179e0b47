"""A log and a tool loop as small as they can be, to talk to the demo model as the agent does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import BaseTool, StructuredTool

from agent.demo.model import DemoChatModel

TODAY = "2026-11-20"
SYSTEM = f"You are the Wellness Agent.\nToday is {TODAY} (Friday)."
UNITS = {"food": "kcal", "workout": "min"}


@dataclass
class Log:
    """A person's log: number to kind, name and amount; every entry is of today but those in `past`."""

    entries: dict[int, tuple[str, str, float]] = field(default_factory=dict)
    past: dict[str, str] = field(default_factory=dict)

    def log_food(self, name: str, calories: float) -> str:
        """Log a food."""
        return self._add("food", name, calories)

    def log_workout(self, name: str, minutes: float) -> str:
        """Log a workout."""
        return self._add("workout", name, minutes)

    def read_log(self, day: str = "today") -> str:
        """Read the log of a day."""
        if day not in {"today", TODAY}:
            day = "2026-11-19" if day == "yesterday" else day
            return self.past.get(day, f"Log for {day}: nothing logged yet.")
        if not self.entries:
            return f"Log for {TODAY}: nothing logged yet."
        lines = [f"#{number} {self._line(number)}" for number in self.entries]
        eaten = sum(amount for kind, _, amount in self.entries.values() if kind == "food")
        moved = sum(amount for kind, _, amount in self.entries.values() if kind == "workout")
        return "\n".join([f"Log for {TODAY}", *lines, f"Total: {eaten:g} kcal eaten, {moved:g} min exercised"])

    def change_entry(self, entry_id: int, name: str | None = None, amount: float | None = None) -> str:
        """Change an entry."""
        if entry_id not in self.entries:
            return f"Error: there is no entry #{entry_id} in your log."
        kind, old_name, old_amount = self.entries[entry_id]
        self.entries[entry_id] = (kind, name or old_name, old_amount if amount is None else amount)
        return f"Changed #{entry_id} to {self._line(entry_id)}."

    def remove_entry(self, entry_id: int) -> str:
        """Remove an entry."""
        if entry_id not in self.entries:
            return f"Error: there is no entry #{entry_id} in your log."
        said = self._line(entry_id)
        del self.entries[entry_id]
        return f"Removed #{entry_id} {said}."

    def tools(self) -> list[BaseTool]:
        functions = (self.log_food, self.log_workout, self.read_log, self.change_entry, self.remove_entry)
        return [StructuredTool.from_function(function) for function in functions]

    def names(self) -> list[str]:
        return [name for _, name, _ in self.entries.values()]

    def _add(self, kind: str, name: str, amount: float) -> str:
        number = max(self.entries, default=11) + 1
        self.entries[number] = (kind, name, amount)
        return f"Logged #{number} {self._line(number)} on {TODAY}."

    def _line(self, number: int) -> str:
        kind, name, amount = self.entries[number]
        return f"{kind}: {name}, {amount:g} {UNITS[kind]}"


@dataclass
class Talk:
    """One person talking to the model."""

    model: DemoChatModel = field(default_factory=DemoChatModel)
    log: Log = field(default_factory=Log)
    tools: list[BaseTool] = field(init=False)
    system: str = SYSTEM
    messages: list[BaseMessage] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tools = self.log.tools()

    def say(self, text: str) -> str:
        """One turn of at most 5 tool calls and 7 model calls; the answer."""
        self.messages.append(HumanMessage(text))
        self.calls = []
        answer = self._answer()
        self.messages.append(AIMessage(answer))
        return answer

    def _answer(self) -> str:
        tools = {tool.name: tool for tool in self.tools}
        bound = self.model.bind_tools(list(tools.values()))
        for _ in range(7):
            reply = bound.invoke([SystemMessage(self.system), *self.messages])
            assert isinstance(reply, AIMessage)
            if not reply.tool_calls:
                return reply.text
            self.messages.append(reply)
            for call in reply.tool_calls:
                self.calls.append((call["name"], call["args"]))
                result = tools[call["name"]].invoke(call["args"])
                self.messages.append(ToolMessage(result, tool_call_id=call["id"]))
        raise AssertionError(f"no answer after 7 calls: {self.calls}")


def ask(text: str, before: Sequence[BaseMessage] = (), system: str = SYSTEM) -> str:
    """The answer to one message with this context and no tools."""
    return DemoChatModel().invoke([SystemMessage(system), *before, HumanMessage(text)]).text
