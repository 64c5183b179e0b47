"""The HTTP API, /api/v1: chats, messages and turns of whoever the session cookie belongs to, as JSON.

A message is answered by a turn that runs on its own: posting one returns 202 and the turn's id, and the turn is asked for its state.
The user id always comes from the cookie; somebody else's ids are answered as if they did not exist.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from agent.transfer.exporting import export, file_name
from agent.transfer.form import MAX_BYTES
from agent.transfer.importing import take_in
from scaling.services import Services
from scaling.web import METHODS, NO_STORE, ApiError, Provider, answer, identify, read_body, read_json, resource, same_origin
from storage import chats, messages, turns
from storage.records import Chat, Message, Turn

PREFIX = "/api/v1"
SMALL_BODY = 4_000
PAGE = 100
KEY_LENGTH = 200


class NewChat(BaseModel):
    """Body of POST /chats."""

    title: Annotated[str, Field(max_length=200)] = chats.NEW_TITLE


class NewMessage(BaseModel):
    """Body of POST /chats/{id}/messages."""

    text: str
    timezone: Annotated[str, Field(max_length=64)] = "UTC"


def routes(provider: Provider) -> Sequence[BaseRoute]:
    """Return the API's routes, to be mounted beside the pages."""
    return [
        resource(f"{PREFIX}/me", provider, GET=_me),
        resource(f"{PREFIX}/chats", provider, GET=_chats, POST=_new_chat),
        resource(f"{PREFIX}/chats/import", provider, POST=_import),
        resource(f"{PREFIX}/chats/{{chat_id}}/export", provider, GET=_export),
        resource(f"{PREFIX}/chats/{{chat_id}}/messages", provider, GET=_messages, POST=_submit),
        resource(f"{PREFIX}/turns/{{turn_id}}", provider, GET=_turn),
        resource(f"{PREFIX}/turns/{{turn_id}}/stop", provider, POST=_stop),
        resource("/{path:path}", provider, **dict.fromkeys(METHODS, _unknown)),
    ]


async def _me(request: Request, services: Services) -> Response:
    login = await identify(request, services)
    user = login.user
    return answer({"id": user.id, "username": user.username, "display_name": user.display_name, "role": user.role})


async def _chats(request: Request, services: Services) -> Response:
    login = await identify(request, services)
    limit = _number(request, "limit", default=50, largest=PAGE)
    found = await run_in_threadpool(services.store.read, lambda db: chats.list_chats(db, login.user.id, limit))
    return answer({"chats": [_chat_json(chat) for chat in found]})


async def _new_chat(request: Request, services: Services) -> Response:
    user_id = await _changer(request, services)
    form = await read_body(request, NewChat, SMALL_BODY)
    now = services.clock.now()
    chat = await run_in_threadpool(services.store.write, lambda db: chats.create(db, user_id, form.title, now))
    return answer(_chat_json(chat), 201)


async def _import(request: Request, services: Services) -> Response:
    user_id = await _changer(request, services)
    data, now = await read_json(request, MAX_BYTES), services.clock.now()
    chat = await run_in_threadpool(take_in, services.store, user_id, data, now, services.settings.max_message_chars)
    return answer(_chat_json(chat), 201, {"location": f"{PREFIX}/chats/{chat.id}/messages"})


async def _export(request: Request, services: Services) -> Response:
    user_id = (await identify(request, services)).user.id
    chat_id: str = request.path_params["chat_id"]
    now = services.clock.now()

    def read(db: Any) -> tuple[str, bytes]:
        return chats.get(db, user_id, chat_id).title, export(db, user_id, chat_id, now)

    title, content = await run_in_threadpool(services.store.read, read)
    headers = {**NO_STORE, "content-disposition": f'attachment; filename="{file_name(title, now)}"'}
    return Response(content, media_type="application/json", headers=headers)


async def _messages(request: Request, services: Services) -> Response:
    user_id = (await identify(request, services)).user.id
    chat_id: str = request.path_params["chat_id"]
    limit = _number(request, "limit", default=30, largest=PAGE)
    before = request.query_params.get("before")

    def read(db: Any) -> list[Message]:
        chats.get(db, user_id, chat_id)
        ceiling = turns.get(db, user_id, before).seq if before else None
        return messages.latest(db, user_id, chat_id, limit, ceiling)

    found = await run_in_threadpool(services.store.read, read)
    return answer({"messages": [_message_json(message) for message in found]})


async def _submit(request: Request, services: Services) -> Response:
    login = await identify(request, services)
    same_origin(request, services.settings.trust_proxy, strict=False)
    key = request.headers.get("idempotency-key")
    if key is not None and len(key) > KEY_LENGTH:
        raise ApiError(400, "bad_key", f"The Idempotency-Key is over {KEY_LENGTH} characters. Use a shorter one, such as a UUID.")
    form = await read_body(request, NewMessage, 8 * services.settings.max_message_chars + SMALL_BODY)
    chat_id: str = request.path_params["chat_id"]

    def submit() -> str:
        handle = services.runner.submit(login.user.id, chat_id, form.text, key=key, login_id=login.login_id, timezone=form.timezone)
        return handle.id

    turn_id = await run_in_threadpool(submit)
    where = f"{PREFIX}/turns/{turn_id}"
    return answer({"turn_id": turn_id, "turn": where}, 202, {"location": where})


async def _turn(request: Request, services: Services) -> Response:
    login = await identify(request, services)
    turn_id: str = request.path_params["turn_id"]
    turn = await run_in_threadpool(services.store.read, lambda db: turns.get(db, login.user.id, turn_id))
    return answer(_turn_json(turn))


async def _stop(request: Request, services: Services) -> Response:
    user_id = await _changer(request, services)
    turn_id: str = request.path_params["turn_id"]
    await run_in_threadpool(services.runner.stop, user_id, turn_id)
    turn = await run_in_threadpool(services.store.read, lambda db: turns.get(db, user_id, turn_id))
    return answer(_turn_json(turn), 202)


async def _unknown(request: Request, services: Services) -> Response:
    raise ApiError(404, "not_found", "There is nothing at this address. The API's addresses are in the README, under HTTP API.")


async def _changer(request: Request, services: Services) -> str:
    """Return the id of the person who may change something by this request."""
    login = await identify(request, services)
    same_origin(request, services.settings.trust_proxy, strict=False)
    return login.user.id


def _number(request: Request, name: str, *, default: int, largest: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= largest and len(text) < 9):
        raise ApiError(400, "bad_number", f"{name} must be a whole number from 1 to {largest}.")
    return int(text)


def _chat_json(chat: Chat) -> dict[str, Any]:
    return {
        "id": chat.id,
        "title": chat.title,
        "created_at": chat.created_at.isoformat(),
        "updated_at": chat.updated_at.isoformat(),
    }


def _message_json(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "turn_id": message.turn_id,
        "role": message.role,
        "text": message.text,
        "tokens": message.tokens,
        "created_at": message.created_at.isoformat(),
        "tool": message.tool_name,
        "tool_calls": [{"name": call.name, "args": call.args} for call in message.tool_calls],
    }


def _turn_json(turn: Turn) -> dict[str, Any]:
    return {
        "id": turn.id,
        "chat_id": turn.chat_id,
        "status": turn.status,
        "model": turn.model,
        "error": turn.error,
        "sent_messages": turn.sent_messages,
        "tokens_in": turn.tokens_in,
        "tokens_cached": turn.tokens_cached,
        "tokens_out": turn.tokens_out,
        "cost_usd": None if turn.cost is None else str(turn.cost),
        "estimated": turn.estimated,
        "first_token_ms": turn.first_token_ms,
        "duration_ms": turn.duration_ms,
        "created_at": turn.created_at.isoformat(),
        "finished_at": turn.finished_at.isoformat() if turn.finished_at else None,
    }
