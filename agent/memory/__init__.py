"""Which messages go into the context, and what a conversation costs. Pure: no LangChain, no Streamlit, no SQL, no tokenising."""

from agent.memory.context import ContextPlan, Overhead, plan
from agent.memory.policy import STRATEGIES, MemoryPolicy, Strategy

__all__ = ["STRATEGIES", "ContextPlan", "MemoryPolicy", "Overhead", "Strategy", "plan"]
