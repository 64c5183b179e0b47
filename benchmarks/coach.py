"""What a reply of the demo model costs, and whether a hundred of them at once slow each other."""

import asyncio
import statistics
import time

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from agent.demo.model import DemoChatModel
from agent.models import preload
from agent.tools import TOOLS
from benchmarks.report import row

REPLIES = 200
STREAMS = 100
SAID = ("I ate a salad", "I'm allergic to peanuts", "went for a 30 min run", "my sister is called Anna", "what did I eat?")


def replies() -> None:
    """CPU of a reply at a context of 50 messages in which two are new each time, as in a chat that goes on; preloaded, as the app does."""
    preload()
    model = DemoChatModel().bind_tools(list(TOOLS))
    system: list[BaseMessage] = [SystemMessage("You are the Wellness Agent.\nToday is 2026-11-20 (Friday).")]
    told = [message for number in range(25) for message in _exchange(number)]
    model.invoke([*system, *told, HumanMessage(SAID[0])])
    spent = []
    for number in range(25, 25 + REPLIES):
        told = [*told[2:], *_exchange(number)]
        context = [*system, *told, HumanMessage(f"{SAID[number % 5]}, this is {number}")]
        began = time.thread_time()
        model.invoke(context)
        spent.append(time.thread_time() - began)
    row("demo model: CPU a reply at 50 messages, mean", statistics.mean(spent) * 1e3, "ms", 3.0)
    row("demo model: CPU a reply at 50 messages, p95", sorted(spent)[int(REPLIES * 0.95)] * 1e3, "ms", 3.0)


def streams() -> None:
    """The slowest of a hundred replies that stream at once, against one that streams alone."""
    model = DemoChatModel(first_token_s=0.3, seconds_per_word=0.03)

    async def one(number: int) -> float:
        began = time.perf_counter()
        async for _ in model.astream(f"hello number {number}"):
            pass
        return time.perf_counter() - began

    async def all_at_once() -> tuple[float, float]:
        alone = await one(-1)
        return alone, max(await asyncio.gather(*(one(number) for number in range(STREAMS))))

    alone, slowest = asyncio.run(all_at_once())
    row("demo model: slowest of 100 streams at once, against one alone", slowest, "s", alone)


def _exchange(number: int) -> list[BaseMessage]:
    return [HumanMessage(f"{SAID[number % 5]}, note {number}"), AIMessage(f"Noted, number {number}.")]
