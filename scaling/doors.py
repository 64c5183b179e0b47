"""The doors of the house that are not pages: logging in and out by cookie, and the health check.

The page proves who somebody is and is given a one-time ticket; the browser posts it here, and only here is the session cookie set:
HttpOnly, so that no script reads it, and named by a slot, so that two people can use one browser side by side.
"""

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from accounts.cookies import cookie_name, valid_slot
from accounts.errors import TicketRefused
from scaling.services import Services
from scaling.web import METHODS, ApiError, Provider, answer, is_https, read_body, resource, same_origin
from storage.errors import StorageError

SMALL_BODY = 2_000
SECONDS_A_DAY = 86_400


class Ticket(BaseModel):
    """Body of POST /auth/session."""

    ticket: Annotated[str, Field(min_length=1, max_length=200)]
    slot: Annotated[str, Field(min_length=1, max_length=64)]


class Leaving(BaseModel):
    """Body of POST /auth/logout."""

    slot: Annotated[str, Field(min_length=1, max_length=64)]


def routes(provider: Provider, project_version: str) -> Sequence[BaseRoute]:
    """Return the routes of logging in, logging out and /healthz."""

    async def health(request: Request) -> Response:
        return await run_in_threadpool(_health, provider, project_version)

    return [
        resource("/auth/session", provider, POST=_enter),
        resource("/auth/logout", provider, POST=_leave),
        Route("/healthz", health, methods=METHODS),
        resource("/{path:path}", provider, **dict.fromkeys(METHODS, _nothing)),
    ]


async def _enter(request: Request, services: Services) -> Response:
    trust = services.settings.trust_proxy
    same_origin(request, trust, strict=True)
    form = await read_body(request, Ticket, SMALL_BODY)
    slot = _checked(form.slot)
    try:
        login = await run_in_threadpool(services.accounts.redeem_ticket, form.ticket, slot, replaces=request.cookies.get(cookie_name(slot)))
    except TicketRefused as error:
        raise ApiError(403, "ticket_refused", error.sentence) from error
    response = answer({"slot": slot, "username": login.user.username})
    response.set_cookie(
        cookie_name(slot),
        login.session_token,
        max_age=services.settings.session_days * SECONDS_A_DAY,
        secure=is_https(request, trust),
        httponly=True,
        samesite="lax",
    )
    return response


async def _leave(request: Request, services: Services) -> Response:
    trust = services.settings.trust_proxy
    same_origin(request, trust, strict=True)
    slot = _checked((await read_body(request, Leaving, SMALL_BODY)).slot)
    token = request.cookies.get(cookie_name(slot))
    if token:
        await run_in_threadpool(services.accounts.logout, token)
    response = answer({"slot": slot})
    response.delete_cookie(cookie_name(slot), secure=is_https(request, trust), httponly=True, samesite="lax")
    return response


async def _nothing(request: Request, services: Services) -> Response:
    raise ApiError(404, "not_found", "There is nothing at this address.")


def _checked(slot: str) -> str:
    if not valid_slot(slot):
        raise ApiError(400, "bad_slot", "The slot's name is not one that Tideline gives. Open the login page again.")
    return slot


def _health(provider: Provider, project_version: str) -> Response:
    """Say whether this process can do its work: 200 when it can, 503 with the reason when the database or the model cannot be used."""
    state = {"status": "ok", "version": project_version, "streamlit": _installed("streamlit")}
    try:
        services = provider()
        services.store.check()
    except StorageError as error:
        return answer({**state, "status": "failing", "database": error.sentence}, 503)
    return answer({**state, "database": "ok", "model": services.model_state()})


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
