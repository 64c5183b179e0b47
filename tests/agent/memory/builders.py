"""Histories, policies and what goes with them, as hypothesis draws them."""

from dataclasses import dataclass

from hypothesis import strategies as st

from agent.memory.context import ContextPlan, Overhead, plan
from agent.memory.policy import STRATEGIES, MemoryPolicy


@dataclass(frozen=True)
class Said:
    """A message as planning sees it."""

    id: int
    role: str
    tokens: int


@dataclass(frozen=True)
class Line:
    """A message that can be quoted."""

    id: int
    tokens: int


@dataclass(frozen=True)
class Block:
    """A running summary."""

    message_id: int
    tokens: int


NOTHING = Overhead()


@dataclass(frozen=True)
class Case:
    """All that a plan is made from."""

    history: list[Said]
    policy: MemoryPolicy
    summary: Block | None = None
    hits: tuple[Line, ...] = ()
    pins: tuple[Line, ...] = ()
    overhead: Overhead = NOTHING
    model_window: int | None = None

    def plan(self, history: list[Said] | None = None, before: int = 0) -> ContextPlan:
        """Plan the case, or the end of it."""
        return plan(
            self.history if history is None else history,
            self.policy,
            summary=self.summary,
            hits=self.hits,
            pins=self.pins,
            overhead=self.overhead,
            model_window=self.model_window,
            before=before,
        )


ROLES = st.sampled_from([["user"], ["user", "assistant"], ["user", "assistant", "tool", "assistant"], ["user", *["assistant", "tool"] * 3]])
TOKENS = st.integers(0, 500)
OVERHEADS = st.builds(Overhead, st.integers(0, 2000), st.integers(0, 2000))
WINDOWS = st.none() | st.integers(1, 20_000)
POLICIES = st.builds(
    MemoryPolicy,
    strategy=st.sampled_from(STRATEGIES),
    max_messages_per_user=st.integers(1, 60),
    summarize_after_messages=st.integers(2, 40),
    retrieval_window=st.integers(1, 20),
    retrieval_k=st.integers(1, 10),
    max_context_tokens=st.none() | st.integers(1, 20_000),
)
ELSEWHERE = 1_000_000
"""Ids from here on are in another chat."""


@st.composite
def histories(draw: st.DrawFn) -> list[Said]:
    """Whole exchanges, some without an answer, some with tools, then the new question."""
    roles = [role for exchange in draw(st.lists(ROLES, max_size=25)) for role in exchange] + ["user"]
    first = draw(st.integers(1, 1000))
    return [Said(first + place * 2, role, draw(TOKENS)) for place, role in enumerate(roles)]


@st.composite
def tails(draw: st.DrawFn) -> list[Said]:
    """As a limited reading hands them over: possibly beginning in the middle of an exchange."""
    history = draw(histories())
    return history[draw(st.integers(0, len(history) - 1)) :]


@st.composite
def cases(draw: st.DrawFn, policies: st.SearchStrategy[MemoryPolicy] = POLICIES) -> Case:
    """A history with a summary that may be of another chat, and with hits and pins from here and elsewhere."""
    history = draw(tails())
    ids = st.sampled_from([said.id for said in history[:-1]] or [ELSEWHERE]) | st.integers(ELSEWHERE, ELSEWHERE + 20)
    lines = st.lists(st.builds(Line, ids, st.integers(0, 200)), max_size=12, unique_by=lambda line: line.id).map(tuple)
    summary = draw(st.none() | st.builds(Block, ids, st.integers(0, 400)))
    return Case(history, draw(policies), summary, draw(lines), draw(lines), draw(OVERHEADS), draw(WINDOWS))


def exchanges(history: list[Said]) -> list[list[Said]]:
    """Split a history before each user message."""
    groups: list[list[Said]] = []
    for said in history:
        if said.role == "user" or not groups:
            groups.append([])
        groups[-1].append(said)
    return groups


def kept(history: list[Said], planned: ContextPlan) -> list[Said]:
    """Return the messages that a plan sends."""
    return [said for said in history if said.id in planned.sent]


def cap_of(policy: MemoryPolicy) -> int | None:
    """Return how many messages a policy sends at most, None for any number."""
    return {"full": None, "retrieval": policy.retrieval_window}.get(policy.strategy, policy.max_messages_per_user)


def talk(messages: int, tokens: int = 10) -> list[Said]:
    """Return a chat of questions and answers in turn."""
    return [Said(place, ("user", "assistant")[place % 2], tokens) for place in range(messages)]
