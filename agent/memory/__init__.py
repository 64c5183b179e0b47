"""Which messages go into the context. Pure: no LangChain, no Streamlit, no SQL, no tokenising."""

from agent.memory.context import ContextPlan, Overhead, plan
from agent.memory.policy import MemoryPolicy

__all__ = ["ContextPlan", "MemoryPolicy", "Overhead", "plan"]
