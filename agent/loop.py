"""The agent loop: LangChain's create_agent, built once a model, with the planned context passed in and no checkpointer.

Importing this module imports LangChain (about 1 s), so the runner does it in the background after the app has started.
"""

from typing import Any

from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel

from agent.guard import TurnGuard
from agent.recorder import CallRecorder
from agent.tools import TOOLS
from agent.turn_context import TurnContext

_STEPS = 100
"""LangGraph's own bound on steps, far above what the turn's limits allow, in place of its default of 9,999."""


class AgentLoop:
    """One model with the agent's tools and limits around it; used by any number of turns at once."""

    def __init__(self, model: BaseChatModel) -> None:
        self.model = model
        self._graph: Any = create_agent(model, tools=list(TOOLS), middleware=[TurnGuard()], context_schema=TurnContext)

    async def answer(self, context: TurnContext, recorder: CallRecorder) -> None:
        """Run one turn to its end. What it says and does is left in `context.produced`.

        Raises what the model's client raises once retries are used up, and asyncio.CancelledError when it is stopped.
        """
        config = {"callbacks": [recorder], "recursion_limit": _STEPS}
        await self._graph.ainvoke({"messages": []}, config, context=context, stream_mode="updates")

    async def aclose(self) -> None:
        """Close the connections of the model's client, where it holds any (Google's does, and does not close them itself)."""
        client = getattr(self.model, "client", None)
        if client is not None and hasattr(client, "aio"):
            await client.aio.aclose()
            client.close()
