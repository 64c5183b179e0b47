"""What the agent's tool schemas weigh. A number of its own so that a page can show it before LangChain is loaded (1 s)."""

TOOL_TOKENS = 614
"""Tokens that the schemas of `agent.tools.TOOLS` add to every call that offers them, each as JSON by cl100k; a test counts them again."""
