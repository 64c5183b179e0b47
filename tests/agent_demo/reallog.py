"""The demo model with the agent's real tools and a real database, in a loop as small as it can be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from langchain.tools import ToolRuntime
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage, ToolMessage

from agent.demo.model import DemoChatModel
from agent.limits import TurnLimits
from agent.prompt import system_prompt
from agent.tools import TOOLS
from agent.turn_context import TurnContext
from agent.wellness import BadEntry, WellnessLog
from storage import wellness
from storage.records import WellnessEntry
from tests.fakes import FakeClock
from tests.storage.makers import World, ask

TODAY = date(2026, 11, 20)
WRITERS = frozenset({"log_food", "log_workout", "change_entry", "remove_entry"})


@dataclass(frozen=True)
class Done:
    """A call that changed the log: the tool, and the entry after it (before it, for a removal)."""

    tool: str
    entry: WellnessEntry


@dataclass
class Person:
    """One person talking to the model, with a log of their own."""

    world: World
    messages: list[BaseMessage] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)

    def __post_init__(self) -> None:
        clock = FakeClock()
        system = SystemMessage(system_prompt(TODAY))
        log = WellnessLog(self.world.store, clock, self.world.user.id, ask(self.world.store, self.world.chat).turn.seq, TODAY)
        self.messages.append(system)
        self._context = TurnContext(system=system, window=[], limits=TurnLimits(), log=log, emit=lambda event: None)
        self._model = DemoChatModel().bind_tools(list(TOOLS))

    async def say(self, text: str) -> str:
        """One turn; what it did to the log is in `done`."""
        self.messages.append(HumanMessage(text))
        self.done = []
        for _ in range(TurnLimits().max_model_calls):
            reply = await self._model.ainvoke(self.messages)
            self.messages.append(reply)
            if not reply.tool_calls:
                return reply.text
            for call in reply.tool_calls:
                self.messages.append(await self._run(call["name"], call["args"], call["id"] or ""))
        raise AssertionError(f"no answer to {text!r}")

    async def _run(self, name: str, args: dict[str, Any], call_id: str) -> ToolMessage:
        before = self._entry(args.get("entry_id"))
        runtime: Any = ToolRuntime(
            state={}, context=self._context, config={}, stream_writer=lambda _: None, tool_call_id=call_id, store=None
        )
        tool = next(tool for tool in TOOLS if tool.name == name)
        try:
            said = str(await tool.ainvoke({**args, "runtime": runtime}))
        except BadEntry as problem:
            return ToolMessage(f"Error: {problem}.", tool_call_id=call_id)
        if name in WRITERS:
            entry = before if name == "remove_entry" else self._entry(_number(said))
            assert entry is not None
            self.done.append(Done(name, entry))
        return ToolMessage(said, tool_call_id=call_id)

    def _entry(self, number: int | None) -> WellnessEntry | None:
        return None if number is None else self.world.store.read(lambda db: wellness.get(db, self.world.user.id, number))


def _number(said: str) -> int:
    """The entry's number in 'Logged #12 food: ...'."""
    return int(said.split("#", 1)[1].split(maxsplit=1)[0])
