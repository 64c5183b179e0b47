"""One small module a strategy; see `agent.memory.starts`."""
