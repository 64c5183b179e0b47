"""Everything that a question's context is planned from, read in one snapshot, and the system message that goes with the plan.

The live turn and the page's preview of the next one come from the same function, so that what is shown is what is sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from sqlite_utils import Database

from agent.known import Quoted, lines_of, quoted
from agent.memory.context import ContextPlan, Overhead, plan, sought
from agent.memory.history import Entry, History
from agent.memory.policy import MemoryPolicy
from agent.memory.starts import STARTS
from agent.memory.wire import system_text
from agent.recall import Meaning, find
from agent.tokens import message_tokens
from storage import messages, pins, summaries
from storage.records import Position
from storage.summaries import Checkpoint

_ALL = 1 << 40
_MARGIN = 40
"""Messages read beyond the cap, so that a window that must start on a user message, and the one of the turn before, are found whole."""
LATER = 1 << 60
"""Stands for the number of a turn that is not asked yet."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that a context is wanted for."""

    user_id: str
    chat_id: str
    seq: int
    """Its turn's number; LATER for one that is not asked yet."""
    zone: tzinfo
    text: str | None = None
    """What retrieval looks for; None for the stored question's own words."""
    entry: Entry | None = None
    """The question itself where it is not stored yet."""
    meaning: Meaning | None = None
    """What retrieval looks for besides words, where an embedding model is set."""
    unlike: Sequence[int] = ()
    """Messages that are no find: the question that a preview looks for again."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A planned context."""

    policy: MemoryPolicy
    plan: ContextPlan
    prompt: str
    system: str
    """The system message: the prompt, then the summary and the quoted messages."""
    tokens: int
    """The whole context exactly as it is sent, where `plan` adds up parts that were counted alone."""
    overhead: Overhead
    summary: Checkpoint | None
    """The summary that is sent."""
    position: Position
    """How many messages and tokens of the chat lie before the question."""
    history: Sequence[Entry] = field(default=(), repr=False)
    """Those that were read, the question last: at least as many as any strategy but `full` would send."""

    @property
    def before(self) -> int:
        """How many messages of the chat were left unread."""
        return self.position.messages - len(self.history) + 1


def gather(db: Database, asked: Asked, policy: MemoryPolicy, prompt: str, tools: int, model_window: int | None) -> Gathered:
    """Return the context of a question under `policy`; `tools` is what the tool schemas weigh. Reads only this person's data."""
    history = _history(db, asked, policy)
    position = messages.position(db, asked.user_id, asked.chat_id, asked.seq)
    before = position.messages - len(history) + 1
    summary = summaries.latest(db, asked.user_id, asked.chat_id, asked.seq) if policy.strategy == "summary" else None
    pinned = [quoted(message, asked.zone, whole=True) for message in pins.of_chat(db, asked.user_id, asked.chat_id)]
    hits = _hits(db, asked, policy, History(history, before)) if policy.strategy == "retrieval" and history else []
    overhead = Overhead(message_tokens(prompt), tools)
    found = plan(history, policy, summary=summary, hits=hits, pins=pinned, overhead=overhead, model_window=model_window, before=before)
    used = summary if found.summary else None
    quotes = {quote.id: quote for quote in (*hits, *pinned)}
    system = system_text(prompt, used.text if used else None, lines_of(quotes[each] for each in found.quoted))
    tokens = message_tokens(system) + tools + found.window
    return Gathered(policy, found, prompt, system, tokens, overhead, used, position, history)


def _history(db: Database, asked: Asked, policy: MemoryPolicy) -> list[Entry]:
    """Return as many messages as a strategy may send, the question last."""
    limit = _ALL if policy.strategy == "full" else max(policy.max_messages_per_user, policy.retrieval_window) + _MARGIN
    stored: list[Entry] = list(messages.outline(db, asked.user_id, asked.chat_id, asked.seq, limit))
    return stored if asked.entry is None else [*stored, asked.entry]


def _hits(db: Database, asked: Asked, policy: MemoryPolicy, chat: History) -> list[Quoted]:
    """Return what is found for the question among the messages that the window leaves out, or that a budget may push out of it."""
    window = chat.ids(STARTS["retrieval"](chat, chat.end, policy, 0), chat.end)
    text = asked.text
    if text is None:
        text = messages.by_ids(db, asked.user_id, asked.chat_id, [window[-1]])[0].text
    exclude, most = sought(policy, window)
    found = find(
        db,
        asked.user_id,
        asked.chat_id,
        text,
        most,
        meaning=asked.meaning,
        across_chats=policy.across_chats,
        before_turn=asked.seq,
        exclude=(*exclude, *asked.unlike),
    )
    return [quoted(message, asked.zone) for message in found]
