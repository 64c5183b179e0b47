"""A conversation lived through naively: every request built as a list of messages and shown to the demo model's own counter and cache.

Nothing here uses the replay, the running sums or the strategies; the windows and folds are written again, exchange by exchange.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import accumulate

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from agent.convert import to_langchain
from agent.demo.promptcache import PromptCache
from agent.demo.usage import measure, tool_tokens
from agent.known import Quoted, fold_lines, quoted, summary_tokens
from agent.memory.context import Overhead, plan
from agent.memory.policy import MemoryPolicy
from agent.memory.promptcache import CacheRules
from agent.memory.replay import Limits, RecordedTurn
from agent.memory.wire import system_text
from agent.summary_prompt import fitted, summary_question, summary_system
from agent.tokens import count_text, message_tokens
from storage.records import Message, ToolCall
from tests.agent.memory.builders import Block

SPECS = [{"name": f"log_{what}", "description": f"Writes down a {what} of the person, with its amount."} for what in ("meal", "run")]
TOOLS = sum(tool_tokens(spec) for spec in SPECS)
HERE = "here"
Figures = tuple[str, int, int, int]
"""Purpose, input, cached and output tokens of a call."""


@dataclass(frozen=True)
class Spoken:
    """One turn as it was said."""

    at: float
    messages: tuple[Message, ...]

    @property
    def prompt(self) -> str:
        """The system prompt, which names the day."""
        day = datetime.fromtimestamp(self.at, UTC).date()
        return f"You are a coach who listens and answers in a sentence or two. Today is {day.isoformat()} ({day:%A})."

    def recorded(self) -> RecordedTurn:
        """Return the turn as a replay takes it."""
        return RecordedTurn(self.at, self.messages, Overhead(message_tokens(self.prompt), TOOLS), self.prompt)


def write_summary(asked: str, question: str) -> str:
    """Write a summary that differs with every question, and is sometimes longer than it may be."""
    digest = blake2b((asked + question).encode(), digest_size=8).hexdigest()
    return f"Name: {digest}\n" + "and something more " * (int(digest[0], 16) * 2)


@dataclass
class Life:
    """A chat as the live agent leads it under one policy."""

    policy: MemoryPolicy
    cache_rules: CacheRules | None
    limits: Limits
    hits: Sequence[Sequence[Message]]
    """What is found for each turn's question."""
    pins: Sequence[Message] = ()
    now: float = 0.0
    said: list[Message] = field(default_factory=list)
    folded: int = 0
    summary: str = ""

    def __post_init__(self) -> None:
        rules = self.cache_rules or CacheRules(1 << 40, 1.0)
        self.cache = PromptCache(rules.min_tokens, rules.ttl_s, lambda: self.now)

    def lead(self, turns: Sequence[Spoken]) -> list[list[Figures]]:
        """Return what each turn used."""
        return [self._turn(number, turn) for number, turn in enumerate(turns)]

    def _turn(self, number: int, turn: Spoken) -> list[Figures]:
        self.now = turn.at
        head, window = self._context(number, turn)
        calls: list[Figures] = []
        produced: list[Message] = []
        for message in turn.messages[1:]:
            if message.role == "assistant":
                refused = sum(each.role == "tool" for each in produced) > self.limits.max_tool_calls
                withheld = refused or len(calls) >= self.limits.max_model_calls - 1
                request: list[BaseMessage] = [head, *map(to_langchain, (*window, *produced))]
                calls.append(self._call("answer", request, [] if withheld else SPECS, message.text, message.tool_calls))
            produced.append(message)
        self.said.extend(turn.messages)
        return [*calls, *self._folds()]

    def _call(
        self, purpose: str, request: list[BaseMessage], specs: list[dict[str, str]], said: str, tool_calls: Sequence[ToolCall] = ()
    ) -> Figures:
        counted = measure(request, specs, self.cache)
        asked_for = message_tokens("", tool_calls) - message_tokens("")
        return purpose, counted.tokens, counted.cached, count_text(said) + asked_for

    def _context(self, number: int, turn: Spoken) -> tuple[SystemMessage, list[Message]]:
        history = [*self.said, turn.messages[0]]
        known = {message.id for message in history}
        pins = [quoted(pin, UTC, whole=True) for pin in self.pins if pin.chat_id != HERE or pin.id in known]
        hits = [quoted(hit, UTC) for hit in self.hits[number]] if self.policy.strategy == "retrieval" else []
        free = self.policy.max_context_tokens is None and self.limits.model_window is None
        sent, summary, ids = self._freely(history, hits, pins) if free else self._budgeted(history, hits, pins, turn)
        quotes = sorted((quote.at, quote.id, quote.line) for each, quote in {q.id: q for q in (*hits, *pins)}.items() if each in ids)
        return SystemMessage(system_text(turn.prompt, summary, [line for *_, line in quotes])), sent

    def _freely(self, history: list[Message], hits: list[Quoted], pins: list[Quoted]) -> tuple[list[Message], str, set[int]]:
        sent = self._window(history)
        inside = {message.id for message in sent}
        pinned = {pin.id for pin in pins} - inside
        found = [hit.id for hit in hits if hit.id not in pinned | inside]
        return sent, self.summary, pinned | set(found[: self.policy.retrieval_k])

    def _budgeted(
        self, history: list[Message], hits: list[Quoted], pins: list[Quoted], turn: Spoken
    ) -> tuple[list[Message], str, set[int]]:
        block = Block(history[self.folded - 1].id, summary_tokens(self.summary)) if self.summary else None
        overhead, model_window = turn.recorded().overhead, self.limits.model_window
        planned = plan(history, self.policy, summary=block, hits=hits, pins=pins, overhead=overhead, model_window=model_window)
        sent = [message for message in history if message.id in planned.sent]
        return sent, self.summary if planned.summary else "", set(planned.quoted)

    def _window(self, history: list[Message]) -> list[Message]:
        """Return the longest run of whole exchanges at the end that the strategy allows."""
        groups, cap = whole_exchanges(history), self.policy.max_messages_per_user
        if self.policy.strategy == "full":
            return history
        if self.policy.strategy == "retrieval":
            return longest_end(groups, self.policy.retrieval_window)
        if self.policy.strategy == "summary":
            return longest_end(groups, min(cap, len(history) - self.folded))
        most = len(history)
        while most > cap and self.policy.strategy == "chunked_window":
            most -= max(1, cap // 2)
        return longest_end(groups, min(most, cap))

    def _folds(self) -> list[Figures]:
        if self.policy.strategy != "summary":
            return []
        calls: list[Figures] = []
        trigger = min(self.policy.summarize_after_messages, max(2, self.policy.max_messages_per_user))
        while len(self.said) - self.folded >= trigger and len(calls) < 3:
            unfolded = whole_exchanges(self.said[self.folded :])
            lengths = list(accumulate(map(len, unfolded[:-1])))
            fine = [length for length in lengths if length <= 60 and sum(map(len, unfolded)) - length >= trigger // 2]
            if not lengths:
                break
            upto = self.folded + max(fine, default=lengths[0])
            calls.append(self._fold(self.said[self.folded : upto]))
            self.folded = upto
        return calls

    def _fold(self, messages: list[Message]) -> Figures:
        asked = summary_system(self.policy.max_summary_chars)
        question = summary_question(self.summary or None, fold_lines(messages, UTC))
        text = write_summary(asked, question)
        self.summary = fitted(text, self.policy.max_summary_chars)
        return self._call("summary", [SystemMessage(asked), HumanMessage(question)], [], text)


def whole_exchanges(messages: Sequence[Message]) -> list[list[Message]]:
    """Split messages before each of the person's."""
    groups: list[list[Message]] = []
    for message in messages:
        if message.role == "user":
            groups.append([])
        groups[-1].append(message)
    return groups


def longest_end(groups: list[list[Message]], most: int) -> list[Message]:
    """Return the last exchanges, as many as have at most so many messages together."""
    sent: list[Message] = []
    for group in reversed(groups):
        if len(sent) + len(group) > most:
            break
        sent = [*group, *sent]
    return sent
