"""Bringing a chat from a file into one's own account: always as a new chat, with ids of its own, and in one transaction.

Messages are counted again by the agent's tokenizer. What the model calls took and cost is kept as it stands in the file, as a record of
what happened elsewhere: it is shown behind the answers, and counts towards nobody's bill.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from agent.memory.policy import MemoryPolicy
from agent.tokens import message_tokens
from agent.transfer.form import Call, ChatFile, PastTurn, Said
from agent.transfer.reading import read
from storage import transfer
from storage.database import Store
from storage.records import Chat, ModelCall, NewMessage, ToolCall, new_id
from storage.transfer import NewTurn


def take_in(store: Store, user_id: str, data: bytes, now: datetime, longest_question: int) -> Chat:
    """Store the chat that a file holds as a new one of `user_id`, and return it.

    Raises FileRefused, with nothing stored, when the file is not one; StorageError when the database cannot be written.
    """
    file = read(data, now, longest_question)
    past = [_turn(turn, file) for turn in file.turns]
    policy = None if file.policy is None else _body(file.policy)
    return store.write(lambda db: transfer.add(db, user_id, file.title, policy, past, now))


def _turn(turn: PastTurn, file: ChatFile) -> NewTurn:
    return NewTurn(
        status=turn.status,
        model=turn.model,
        policy=_body(turn.policy),
        timezone=file.timezone if turn.timezone is None else turn.timezone,
        created_at=turn.created_at.astimezone(UTC),
        started_at=None if turn.started_at is None else turn.started_at.astimezone(UTC),
        finished_at=turn.finished_at.astimezone(UTC),
        error=turn.error,
        sent_messages=turn.sent_messages,
        first_token_ms=turn.first_token_ms,
        duration_ms=turn.duration_ms,
        messages=messages(turn.messages),
        calls=[_call(call) for call in turn.calls],
    )


def messages(said: Sequence[Said]) -> list[NewMessage]:
    """Return the messages of a turn that was checked, counted, with new ids for its tool calls."""
    asked: dict[str, ToolCall] = {}
    found: list[NewMessage] = []
    for message in said:
        calls = tuple(ToolCall(new_id(), call.name, dict(call.args)) for call in message.tool_calls)
        asked |= {old.id: new for old, new in zip(message.tool_calls, calls, strict=True)}
        answered = asked[message.tool_call_id] if message.tool_call_id is not None else None
        found.append(
            NewMessage(
                message.role,
                message.text,
                message_tokens(message.text, calls),
                calls,
                tool_call_id=answered.id if answered else None,
                tool_name=answered.name if answered else None,
            )
        )
    return found


def _call(call: Call) -> ModelCall:
    return ModelCall(
        turn_id="",
        chat_id="",
        user_id="",
        purpose=call.purpose,
        model=call.model,
        priced_as=call.priced_as,
        tokens_in=call.tokens_in,
        tokens_cached=call.tokens_cached,
        tokens_out=call.tokens_out,
        tokens_reasoning=call.tokens_reasoning,
        cost=None if call.cost is None else Decimal(call.cost),
        source=call.source,
        outcome=call.outcome,
        attempt=call.attempt,
        first_token_ms=call.first_token_ms,
        duration_ms=call.duration_ms,
        finish_reason=None,
        started_at=call.started_at.astimezone(UTC),
        price=call.price,
    )


def _body(policy: MemoryPolicy) -> str:
    """Return a policy as it is kept: only what the file says of it, for the rest are defaults."""
    return policy.model_dump_json(exclude_unset=True)
