"""Planning a context: which messages of a chat are sent to the model, and what each part of the context weighs.

Pure: messages come with the tokens they were counted at, nothing is tokenised, fetched or deleted here. Rules that hold for every
strategy: the context starts on a user message, a tool call is never parted from its results, the newest question is always sent, and
the whole never exceeds the budget while there is something to leave out. What is given up first: recalled messages beyond half of the
room, then the oldest exchanges, then the other recalled messages, pins that are not in the window, and the summary.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from agent.memory.history import Entry, History
from agent.memory.policy import MemoryPolicy
from agent.memory.starts import STARTS

Placement = Literal["sent", "summarised", "retrieved", "left_out"]

HEAD_TOKENS = 9
"""What the line above quoted messages weighs (`agent.memory.wire`), with what sets it apart."""


class Summary(Protocol):
    """A running summary, standing for the messages up to the one it was written at."""

    @property
    def message_id(self) -> int:
        """The last message that is folded into it."""

    @property
    def tokens(self) -> int:
        """What it adds to the context."""


class Quote(Protocol):
    """An earlier message that can be quoted in front of the window."""

    @property
    def id(self) -> int:
        """The message's id; it may be in another chat of the person."""

    @property
    def tokens(self) -> int:
        """What quoting it adds to the context."""


@dataclass(frozen=True, slots=True)
class Overhead:
    """Tokens that every call carries beside the messages."""

    system: int = 0
    tools: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """A context without its details: where the window begins, what stands in front of it."""

    start: int
    """Place of the first message that is sent word for word."""
    has_summary: bool
    pinned: tuple[Quote, ...]
    recalled: tuple[Quote, ...]
    fits: bool
    """False when the question alone is over the budget."""

    @property
    def quoted(self) -> tuple[int, ...]:
        """Ids of the messages quoted in front of the window, in the order they were said."""
        return tuple(sorted(quote.id for quote in (*self.pinned, *self.recalled)))

    @property
    def quoted_tokens(self) -> int:
        """What the quoted messages add to the context, the line above them included."""
        quotes = (*self.pinned, *self.recalled)
        return HEAD_TOKENS + _weight(quotes) if quotes else 0


@dataclass(frozen=True, slots=True)
class ContextPlan:
    """What the next call sends, message by message and part by part (all parts in tokens)."""

    placements: Mapping[int, Placement]
    sent: tuple[int, ...]
    quoted: tuple[int, ...]
    """Messages quoted in front of those sent: recalled or pinned, oldest first."""
    system: int
    tools: int
    summary: int
    retrieved: int
    """Recalled and pinned messages."""
    window: int
    budget: int | None
    """The smaller of the model's context window and the policy's budget; None when neither is known."""
    fits: bool
    """False when the question alone is over the budget."""

    @property
    def total(self) -> int:
        """Tokens of the whole context."""
        return self.system + self.tools + self.summary + self.retrieved + self.window

    @property
    def room_left(self) -> int | None:
        """Tokens still free in the budget; None when there is none."""
        return None if self.budget is None else self.budget - self.total


def plan(
    history: Sequence[Entry],
    policy: MemoryPolicy,
    *,
    summary: Summary | None = None,
    hits: Sequence[Quote] = (),
    pins: Sequence[Quote] = (),
    overhead: Overhead | None = None,
    model_window: int | None = None,
    before: int = 0,
) -> ContextPlan:
    """Return what is sent of `history` (oldest first, the new question last) under `policy`.

    `summary`, `hits` (found by retrieval, the most relevant first) and `pins` (always sent) are fetched by the caller; `overhead` is
    the system prompt and tool schemas; `model_window` is the model's context window in tokens; `before` is how many earlier messages
    of the chat were left unread.
    """
    fixed, chat = overhead or Overhead(), History(history, before)
    budget = budget_of(policy, model_window)
    room = None if budget is None else budget - fixed.system - fixed.tools
    folded = folded_by(chat, summary) if policy.strategy == "summary" else 0
    weight = summary.tokens if summary is not None and folded else 0
    found = layout(chat, chat.end, policy, folded=folded, summary_tokens=weight, hits=hits, pins=pins, room=room)
    return ContextPlan(
        placements=_placements(chat, found, folded),
        sent=chat.ids(found.start, chat.end),
        quoted=found.quoted,
        system=fixed.system,
        tools=fixed.tools,
        summary=weight if found.has_summary else 0,
        retrieved=found.quoted_tokens,
        window=chat.weight(found.start, chat.end),
        budget=budget,
        fits=found.fits,
    )


def budget_of(policy: MemoryPolicy, model_window: int | None) -> int | None:
    """Return the tokens that a context may have under a policy and a model; None when neither sets a limit."""
    return min((limit for limit in (policy.max_context_tokens, model_window) if limit is not None), default=None)


def folded_by(chat: History, summary: Summary | None) -> int:
    """Return how many messages of the chat a summary holds."""
    if summary is None:
        return 0
    place = chat.place_of(summary.message_id)
    return chat.before if place is None else place + 1


def sought(policy: MemoryPolicy, window: Sequence[int]) -> tuple[Sequence[int], int]:
    """Return which messages a search for hits leaves out, and how many it finds; `window` are the ids of retrieval's window.

    A budget may push any message but the question, the last one, out of the window: then it may be found in its turn.
    """
    if policy.max_context_tokens is None:
        return window, policy.retrieval_k
    return window[-1:], policy.retrieval_k + len(window)


def layout(
    chat: History,
    end: int,
    policy: MemoryPolicy,
    *,
    folded: int = 0,
    summary_tokens: int = 0,
    hits: Sequence[Quote] = (),
    pins: Sequence[Quote] = (),
    room: int | None = None,
) -> Layout:
    """Return how the context of the question at `end - 1` is laid out, the same for one turn and for a replay of a thousand.

    `room` is what the budget leaves for everything but system prompt and tool schemas; the other arguments are as in `plan`.
    """
    wanted = STARTS[policy.strategy](chat, end, policy, folded)
    hits = hits if policy.strategy == "retrieval" else ()
    if room is None:
        pinned = _pins_outside(chat, pins, wanted)
        return Layout(wanted, folded > 0, pinned, _outside(chat, hits, wanted, pinned)[: policy.retrieval_k], fits=True)
    return _within(chat, end, wanted, room, folded, summary_tokens, hits, pins, policy.retrieval_k)


def _within(
    chat: History,
    end: int,
    wanted: int,
    room: int,
    folded: int,
    summary_tokens: int,
    hits: Sequence[Quote],
    pins: Sequence[Quote],
    most: int,
) -> Layout:
    if not hits and not pins and chat.weight(wanted, end) + (summary_tokens if folded else 0) <= room:
        return Layout(wanted, folded > 0, (), (), fits=True)
    question = chat.weight(chat.last_user(end), end)
    spare = room - question
    has_summary = folded > 0 and summary_tokens <= spare
    spare -= summary_tokens if has_summary else 0
    start = wanted
    while True:
        pinned, left = _taken(_pins_outside(chat, pins, start), spare)
        found = _outside(chat, hits, start, pins)[:most]  # a pin is quoted as it is pinned, or not at all
        reserve = min(_weight(found) + (0 if pinned else HEAD_TOKENS), max(left, 0) // 2) if found else 0
        narrower = chat.lightest_start(start, end, question + left - reserve)
        if narrower == start:
            break
        start = narrower  # what has left the window may be pinned or found: it is then quoted, which takes room again
    recalled, _ = _taken(found, left - chat.weight(start, end) + question, headed=bool(pinned))
    return Layout(start, has_summary, pinned, recalled, fits=question <= room)


def _outside(chat: History, quotes: Sequence[Quote], start: int, others: Sequence[Quote] = ()) -> tuple[Quote, ...]:
    """Return, each once, the quotes that are not among `others` and not said from `start` on: those are sent, or not said yet."""
    seen = {quote.id for quote in others}
    kept: list[Quote] = []
    for quote in quotes:
        place = chat.place_of(quote.id)
        if quote.id not in seen and (place is None or place < start):
            kept.append(quote)
            seen.add(quote.id)
    return tuple(kept)


def _pins_outside(chat: History, pins: Sequence[Quote], start: int) -> tuple[Quote, ...]:
    """Return the pins that the window does not send. A pin that was not read is in this chat's earlier part, which may be sent whole."""
    if start < chat.before:
        pins = [pin for pin in pins if chat.place_of(pin.id) is not None]
    return _outside(chat, pins, start)


def _taken(quotes: Sequence[Quote], spare: int, *, headed: bool = False) -> tuple[tuple[Quote, ...], int]:
    """Return those quotes that fit into `spare` tokens, each in its turn, and what is left of it; the first pays for the line above."""
    taken: list[Quote] = []
    for quote in quotes:
        weight = quote.tokens + (0 if taken or headed else HEAD_TOKENS)
        if weight <= spare:
            taken.append(quote)
            spare -= weight
    return tuple(taken), spare


def _weight(quotes: Sequence[Quote]) -> int:
    return sum(quote.tokens for quote in quotes)


def _placements(chat: History, found: Layout, folded: int) -> dict[int, Placement]:
    summarised = folded if found.has_summary else 0
    placements: dict[int, Placement] = {}
    for place, entry in enumerate(chat.entries, chat.before):
        if place >= found.start:
            placements[entry.id] = "sent"
        else:
            placements[entry.id] = "summarised" if place < summarised else "left_out"
    placements.update({quote.id: "retrieved" for quote in found.recalled})
    placements.update({quote.id: "sent" for quote in found.pinned})
    return placements
