"""What Tideline's runner is held against: SQLite alone, and LangChain's agent over a table of its own with nothing else."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

from langchain.agents import create_agent
from langchain_core.messages import AIMessage, HumanMessage

from agent.tools import TOOLS
from benchmarks.model import ANSWER, FixedModel

WINDOW = 30
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS m(id INTEGER PRIMARY KEY, chat TEXT, role TEXT, text TEXT); CREATE INDEX IF NOT EXISTS mc ON m(chat, id)"
)


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection with the settings that Tideline uses."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.executescript(_SCHEMA)
    return connection


def bare_sqlite_turn(connection: sqlite3.Connection, chat: str, text: str) -> None:
    """Store a question, read the window, store an answer."""
    add(connection, chat, "user", text)
    window(connection, chat)
    add(connection, chat, "assistant", ANSWER)


def add(connection: sqlite3.Connection, chat: str, role: str, text: str) -> None:
    """Append one message."""
    connection.execute("INSERT INTO m(chat, role, text) VALUES (?, ?, ?)", (chat, role, text))


def window(connection: sqlite3.Connection, chat: str) -> list[tuple[str, str]]:
    """Return the last messages, oldest first."""
    rows = connection.execute("SELECT role, text FROM m WHERE chat = ? ORDER BY id DESC LIMIT ?", (chat, WINDOW)).fetchall()
    return rows[::-1]


class BareAgent:
    """`create_agent` over an own table: no limits, no accounting, no queue, no isolation."""

    def __init__(self, path: Path, model: FixedModel) -> None:
        self.connection = connect(path)
        self._graph: Any = create_agent(model, tools=list(TOOLS), system_prompt="You are the Wellness Agent.")

    async def turn(self, chat: str, text: str) -> None:
        """Answer one question and store both."""
        add(self.connection, chat, "user", text)
        told = [HumanMessage(t) if role == "user" else AIMessage(t) for role, t in window(self.connection, chat)]
        result = await self._graph.ainvoke({"messages": told})
        add(self.connection, chat, "assistant", result["messages"][-1].text)

    async def crowd(self, users: int, turns: int) -> None:
        """Let `users` chats run `turns` turns each, all at once."""

        async def one(user: int) -> None:
            for number in range(turns):
                await self.turn(f"chat-{user}", f"user {user} message {number}")

        await asyncio.gather(*(one(user) for user in range(users)))
