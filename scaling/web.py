"""What every HTTP route needs: who is asking, where the request came from, a small JSON body, and errors that are sentences.

A browser sends its cookies to whoever asks it to, so a request that changes something must show the page it came from: its Origin has
to be this server. Knows nothing of Streamlit.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from accounts.cookies import cookie_name, valid_slot
from accounts.service import Login
from agent.errors import Refused
from scaling.services import Services
from storage.errors import StorageError
from storage.records import NotFound

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
SLOT_HEADER = "x-tideline-slot"
NO_STORE = {"cache-control": "no-store"}
UNFIT = "The request's body is not the JSON, in whole UTF-8 characters, that this address takes. The README has the fields, under HTTP API."

Body = TypeVar("Body", bound=BaseModel)


class Provider(Protocol):
    """Hands out the running services; opening them may fail with StorageError."""

    def __call__(self) -> Services:
        """Return the one Services of this process."""


Handler = Callable[[Request, Services], Awaitable[Response]]


class ApiError(Exception):
    """A request is refused with an HTTP status, a short code for programs and a sentence for people."""

    def __init__(self, status: int, code: str, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.sentence = sentence
        self.headers = dict(headers or {})


def answer(payload: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return `payload` as JSON that no cache keeps."""
    return JSONResponse(payload, status, {**NO_STORE, **(headers or {})})


def refusal(error: ApiError) -> JSONResponse:
    """Return an error in the one form that all errors have."""
    return answer({"error": {"code": error.code, "message": error.sentence}}, error.status, error.headers)


def resource(path: str, provider: Provider, **handlers: Handler) -> Route:
    """Return a route that answers every method at `path`: those in `handlers` (GET=..., POST=...), and 405 for the rest."""
    allowed = ", ".join(sorted(handlers))

    async def endpoint(request: Request) -> Response:
        handler = handlers.get(request.method)
        try:
            if handler is None:
                sentence = f"{request.method} is not possible here; this address takes {allowed}."
                raise ApiError(405, "method_not_allowed", sentence, {"allow": allowed})
            return await handler(request, await run_in_threadpool(provider))
        except Exception as error:
            return refusal(_explained(error))

    return Route(path, endpoint, methods=METHODS)


async def read_body(request: Request, form: type[Body], limit: int) -> Body:
    """Return the request's JSON body as `form`. Raises ApiError as `read_json` does, and 400 when it does not fit the form."""
    body = await read_json(request, limit)
    try:
        return form.model_validate_json(body)  # unlike json.loads, it refuses half characters, which no database keeps
    except ValidationError as error:
        raise ApiError(400, "bad_body", UNFIT) from error


async def read_json(request: Request, limit: int) -> bytes:
    """Return the request's body unread. Raises ApiError: 415 when it is not sent as JSON, 413 when it is over `limit` bytes."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise ApiError(415, "not_json", "Send the body as JSON, with Content-Type: application/json.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise ApiError(413, "too_large", f"The request's body is over {limit:,} bytes, which is all this address takes.")
    return bytes(body)


def same_origin(request: Request, trust_proxy: bool, *, strict: bool) -> None:
    """Raise ApiError 403 unless the request comes from a page of this server.

    A program outside a browser sends no Origin: it passes, except where `strict` asks for proof.
    """
    origin = request.headers.get("origin")
    if origin is None:
        if not strict and request.headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
            return
    elif urlsplit(origin).netloc.lower() in _own_names(request, trust_proxy):
        return
    raise ApiError(403, "foreign_origin", "This request came from another site, so nothing was changed. Use Tideline's own pages.")


def is_https(request: Request, trust_proxy: bool) -> bool:
    """Return whether the browser reached this server by https, directly or through a proxy that the settings trust."""
    forwarded = request.headers.get("x-forwarded-proto", "") if trust_proxy else ""
    return request.url.scheme == "https" or forwarded.split(",")[0].strip().lower() == "https"


def slot_of(request: Request) -> str | None:
    """Return the login slot that a request names by `?slot=` or X-Tideline-Slot, None when it names none that is valid."""
    slot = request.query_params.get("slot") or request.headers.get(SLOT_HEADER) or ""
    return slot if valid_slot(slot) else None


async def identify(request: Request, services: Services) -> Login:
    """Return whose login the request carries. Raises ApiError 401 when it carries none that is valid."""
    slot = slot_of(request)
    token = request.cookies.get(cookie_name(slot)) if slot else None
    login = await run_in_threadpool(services.accounts.who, token) if token else None
    if login is None:
        raise ApiError(401, "not_logged_in", "Nobody is logged in for this request. Log in on the page and name the slot: ?slot=...")
    return login


def _own_names(request: Request, trust_proxy: bool) -> set[str]:
    names = {request.headers.get("host", "").lower()}
    if trust_proxy:
        names.add(request.headers.get("x-forwarded-host", "").split(",")[0].strip().lower())
    return names - {""}


def _explained(error: Exception) -> ApiError:
    """Return the ApiError that an exception of a deeper room means; what nobody foresaw is raised on."""
    match error:
        case ApiError():
            return error
        case StorageError():
            return ApiError(503, "storage", error.sentence, {"retry-after": "5"})
        case NotFound():
            return ApiError(404, "not_found", "There is nothing of yours at this address.")
        case Refused():
            status, code = _REFUSALS.get(type(error).__name__, (400, "refused"))
            return ApiError(status, code, error.sentence)
    raise error


_REFUSALS = {
    "FileRefused": (400, "bad_file"),
    "FileTooLarge": (413, "too_large"),
    "EmptyMessage": (400, "empty_message"),
    "MessageTooLong": (413, "message_too_long"),
    "ChatNotFound": (404, "not_found"),
    "TurnNotFound": (404, "not_found"),
    "QueueFull": (429, "queue_full"),
    "NotRunning": (503, "not_running"),
    "ModelUnavailable": (503, "model_unavailable"),
}
