"""What went wrong at a provider, in one sentence of what happened and one of what to do. No provider's own text is shown: it may
hold parts of a key or of the conversation."""

import httpx
from langchain_core.exceptions import (
    ContextOverflowError,
    ModelAuthenticationError,
    ModelError,
    ModelInvalidRequestError,
    ModelNotFoundError,
    ModelPermissionDeniedError,
    ModelRateLimitError,
)

from agent.errors import LimitReached, Refused
from storage.errors import StorageError

_SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (ModelAuthenticationError, "The model's provider does not accept the key. Check the key on the account page or in the settings."),
    (ModelPermissionDeniedError, "The key is not allowed to use this model. Use another key, or choose another model."),
    (ModelNotFoundError, "The provider does not know this model. Choose another one in TIDELINE_MODEL."),
    (ModelRateLimitError, "The provider's rate limit is reached. Wait a minute, then ask again."),
    (ContextOverflowError, "The conversation is longer than the model can read. Start a new chat or lower the cap."),
    (ModelInvalidRequestError, "The provider did not accept the request or its key. Check the key and the model, then ask again."),
    (httpx.TimeoutException, "The model did not answer in time. Ask again in a moment."),
    (httpx.HTTPError, "The connection to the model was lost. What arrived is kept; ask again."),
    (ModelError, "The model's provider reported an error on its side. Ask again in a moment."),
)
_FINISH = {
    "SAFETY": "The provider's safety filter stopped the answer. Put the question differently.",
    "PROHIBITED_CONTENT": "The provider's safety filter refused the question. Put it differently.",
    "BLOCKLIST": "The provider's safety filter refused the question. Put it differently.",
    "RECITATION": "The provider stopped the answer because it repeated a known text. Put the question differently.",
    "MALFORMED_FUNCTION_CALL": "The model garbled a tool call and gave no answer. Ask again.",
    "MAX_TOKENS": "The model used up its output limit before it answered. Ask for something shorter.",
}
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
EMPTY = "The model sent an empty answer. Ask again, or put the question differently."


def sentence_for(error: BaseException) -> str:
    """Return what to tell the person about an error of a turn."""
    if isinstance(error, Refused | StorageError | LimitReached):
        return error.sentence
    for kind, sentence in _SENTENCES:
        if isinstance(error, kind):
            return sentence
    return "Something unexpected went wrong while answering. Ask again; if it happens again, tell whoever runs this Tideline."


def sentence_for_finish(reason: str | None) -> str:
    """Return what to tell the person about an answer without text, by the provider's finish reason."""
    return _FINISH.get((reason or "").upper(), EMPTY)


def is_retryable(error: Exception) -> bool:
    """Whether the same request may succeed when it is made again."""
    if isinstance(error, ModelError):
        return bool(error.is_retryable)
    return isinstance(error, httpx.TransportError)


def was_rejected(error: BaseException) -> bool:
    """Whether the request cost nothing: the provider refused it, or it never got there. Else it was cut off in its work."""
    return isinstance(error, (ModelError, *_NEVER_SENT))
