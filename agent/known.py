"""The texts of a conversation as a replay needs them: exact token counts of summaries and quoted messages, by the agent's tokenizer.

The same functions write what is really sent (`agent.memory.wire`, `agent.summary_prompt`), so that a replay agrees to the token.
"""

import json
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from agent.memory.context import Layout, Quote
from agent.memory.knowledge import Fold
from agent.memory.policy import MemoryPolicy
from agent.memory.wire import quoted_line, system_text
from agent.summary_prompt import fitted, summary_question, summary_system
from agent.tokens import count_text, message_tokens
from storage.records import Message


@dataclass(frozen=True, slots=True)
class Quoted:
    """A message with what quoting it weighs."""

    id: int
    tokens: int
    line: str
    at: datetime
    """When it was said."""


def quoted(message: Message, zone: tzinfo, *, whole: bool = False) -> Quoted:
    """Return a message as it is quoted, dated by the day it was in the person's time zone; a pinned one is quoted `whole`."""
    line = quoted_line(message.created_at.astimezone(zone).date(), message.role, message.text, whole=whole)
    return Quoted(message.id, count_text(line) + 1, line, message.created_at)


def lines_of(quotes: Iterable[Quoted]) -> list[str]:
    """Return quotes as lines, in the order they were said: an imported message has a later id than what was said after it."""
    return [quote.line for quote in sorted(quotes, key=lambda quote: (quote.at, quote.id))]


def fold_lines(messages: Sequence[Message], zone: tzinfo) -> list[str]:
    """Return messages as a summary call is given them; tools' results are in the log and stay out."""
    return [quoted(message, zone).line for message in messages if message.role != "tool" and message.text]


def summary_tokens(text: str) -> int:
    """Return about what a summary adds to a system message: exact but for what joins it to the prompt."""
    return count_text(system_text("", text, ()))


def told(summary: Fold) -> str:
    """Return the text of an exact fold, which is its name."""
    return str(summary.name)


@dataclass(slots=True)
class Texts:
    """A conversation whose texts are known: `agent.memory.knowledge.Knowledge` without a guess."""

    policy: MemoryPolicy
    messages: Sequence[Message]
    """The whole chat, oldest first."""
    prompts: Sequence[str]
    """The system prompt of each turn."""
    zone: tzinfo
    write: Callable[[str, str], str] | None = None
    """Writes a summary, given the two messages that ask for it: the model itself, or what it once answered."""
    find: Callable[[int], Sequence[Message]] | None = None
    """Finds earlier messages for a turn's question, the most relevant first."""
    pinned: Sequence[Message] = ()
    _quotes: dict[int, Quoted] = field(default_factory=dict)
    _contents: dict[int, Hashable] = field(default_factory=dict)

    def fold(self, start: int, end: int, previous: Fold | None) -> Fold:
        """Return the summary call for the messages from `start` to `end`, its answer written by `write`."""
        assert self.write is not None, "this conversation has nobody to write its summaries"
        asked = summary_system(self.policy.max_summary_chars)
        question = summary_question(told(previous) if previous else None, fold_lines(self.messages[start:end], self.zone))
        said = self.write(asked, question)
        text = fitted(said, self.policy.max_summary_chars)
        return Fold(message_tokens(asked) + message_tokens(question), count_text(said), summary_tokens(text), text)

    def standing(self, folded: int) -> Fold:
        """Raise LookupError: a conversation known from its beginning has no summary before it."""
        raise LookupError(folded)

    def hits(self, turn: int, end: int) -> Sequence[Quote]:
        """Return what `find` finds."""
        return self._quoted(self.find(turn)) if self.find else ()

    def pins(self, turn: int) -> Sequence[Quote]:
        """Return the pinned messages."""
        return self._quoted(self.pinned, whole=True)

    def system(self, turn: int, prompt: int, summary: Fold | None, found: Layout) -> int:
        """Return the tokens of the very system message that is sent."""
        if summary is None and not found.quoted:
            return prompt
        text = told(summary) if summary else None
        return message_tokens(system_text(self.prompts[turn], text, self._said(found)))

    def content(self, place: int) -> Hashable:
        """Name a message by all that is sent of it."""
        if place not in self._contents:
            message = self.messages[place]
            calls = tuple((call.name, json.dumps(call.args, sort_keys=True)) for call in message.tool_calls)
            self._contents[place] = message.role, message.text, calls
        return self._contents[place]

    def wording(self, found: Layout) -> Hashable:
        """Name what is quoted by its very lines."""
        return tuple(self._said(found))

    def _said(self, found: Layout) -> list[str]:
        return lines_of(self._quotes[each] for each in found.quoted)

    def _quoted(self, messages: Sequence[Message], *, whole: bool = False) -> list[Quoted]:
        quotes = [quoted(message, self.zone, whole=whole) for message in messages]
        self._quotes.update((quote.id, quote) for quote in quotes)
        return quotes
