"""People, chats, questions and calls for tests that need a stored conversation."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from storage import chats, turns, users
from storage.counterfactuals import Counterfactual
from storage.database import Store
from storage.records import Chat, ModelCall, NewMessage, ToolCall, Turn, TurnStatus, User, new_id
from storage.transfer import NewTurn
from storage.turns import Admission, Admitted, Lease, Settlement

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LEASE = Lease("here|1|aa", NOW + timedelta(seconds=45))


def person(store: Store, username: str = "dora") -> User:
    """Store a learner."""
    return store.write(lambda db: users.add(db, username, username.title(), "learner", NOW, password_hash=None))


def chat_of(store: Store, user: User, title: str = chats.NEW_TITLE) -> Chat:
    """Store a chat of a person."""
    return store.write(lambda db: chats.create(db, user.id, title, NOW))


def admission(
    chat: Chat,
    text: str = "What did I eat?",
    *,
    turn_id: str | None = None,
    user_id: str = "",
    limit: int = 5,
    policy: str | None = "{}",
) -> Admission:
    """Return what a question of the chat's owner (or of `user_id`) is admitted with."""
    question = NewMessage("user", text, 7)
    return Admission(turn_id or new_id(), user_id or chat.user_id, chat.id, question, "demo", policy, "UTC", None, limit)


def ask(store: Store, chat: Chat, text: str = "What did I eat?", *, lease: Lease = LEASE, limit: int = 5, now: datetime = NOW) -> Admitted:
    """Admit a question of the chat's owner."""
    question = admission(chat, text, limit=limit)
    return store.write(lambda db: turns.admit(db, question, lease, now))


def model_call(turn: Turn, cost: str | None = "0.001", *, estimate: bool = False) -> ModelCall:
    """Return a call of a turn: 100 tokens in, 40 of them cached, 20 out, 5 of them reasoning."""
    return ModelCall(
        turn_id=turn.id,
        chat_id=turn.chat_id,
        user_id=turn.user_id,
        purpose="answer",
        model="demo",
        priced_as="google:gemini-2.5-flash",
        tokens_in=100,
        tokens_cached=40,
        tokens_out=20,
        tokens_reasoning=5,
        cost=None if cost is None else Decimal(cost),
        source="estimate" if estimate else "provider",
        outcome="ok",
        attempt=1,
        first_token_ms=12,
        duration_ms=34,
        finish_reason="STOP",
        started_at=NOW,
        price="0.3/0.03/2.5",
    )


def ending(text: str = "A salad.", status: TurnStatus = "done", *calls: ModelCall, stored: int = 0) -> Settlement:
    """Return the end of a turn that answered with `text`."""
    return Settlement(status, None, [NewMessage("assistant", text, 5)], 1, 12, 34, calls, stored)


def what_if(strategy: str = "full", cost: str | None = "0.002", *, estimated: bool = False, state: int | None = None) -> Counterfactual:
    """Return what a strategy would have used: 300 tokens in, 100 of them cached, 20 out."""
    return Counterfactual(strategy, 300, 100, 20, None if cost is None else Decimal(cost), estimated, None, state)


def settle(store: Store, turn: Turn, how: Settlement | None = None, *, owner: str = LEASE.owner) -> Turn | None:
    """Settle a turn as `owner`, by default with one answer and one call of $0.001."""
    final = how or ending("A salad.", "done", model_call(turn))
    return store.write(lambda db: turns.settle(db, turn, owner, final, NOW + timedelta(seconds=2)))


def answered(store: Store, chat: Chat, text: str = "What did I eat?", answer: str = "A salad.") -> Turn:
    """Ask in an idle chat, answer, and return the settled turn."""
    turn = ask(store, chat, text).turn
    settled = settle(store, turn, ending(answer, "done", model_call(turn)))
    assert settled is not None
    return settled


def with_tools(text: str = "Logged.") -> Settlement:
    """Return the end of a turn that called a tool before it answered."""
    call = ToolCall("c1", "log_food", {"name": "salad", "calories": 180.0})
    said = [
        NewMessage("assistant", "One moment.", 9, (call,)),
        NewMessage("tool", "Logged #1 food: salad, 180 kcal on 2026-03-02.", 12, tool_call_id="c1", tool_name="log_food"),
        NewMessage("assistant", text, 5),
    ]
    return replace(ending(), messages=said)


def past_turn(*calls: ModelCall, policy: str = "{}") -> NewTurn:
    """Return a turn that ran elsewhere, with these calls: a question and an answer."""
    said = [NewMessage("user", "Any pears?", 4), NewMessage("assistant", "Two.", 3)]
    return NewTurn("done", "demo", policy, "UTC", NOW, NOW, NOW + timedelta(seconds=2), None, 1, 12, 34, said, calls)


@dataclass(frozen=True)
class World:
    """A person with a chat, in a store."""

    store: Store
    user: User
    chat: Chat


def world(store: Store, username: str = "dora") -> World:
    """Store a person and a chat of theirs."""
    user = person(store, username)
    return World(store, user, chat_of(store, user))
