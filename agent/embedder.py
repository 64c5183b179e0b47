"""Asking an embedding model for vectors: one request at a time, within a time limit, each billed however it ends.

No embeddings class of LangChain says what a request used, so its tokens are an estimate and marked as one; a request that the provider
refused used none. Nothing here logs a text, a vector or a key. Importing this module imports LangChain; see agent.loop.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import httpx
from langchain.embeddings import init_embeddings
from langchain_core.embeddings import Embeddings

from agent.catalogue import split_name
from agent.errors import ModelUnavailable
from agent.failures import was_rejected
from agent.models import missing_package
from agent.pricing import price_call
from agent.recall import SEARCH
from agent.tokens import count_text
from storage.clock import Clock
from storage.records import ModelCall, Outcome, Turn
from storage.settings import Settings
from storage.vectors import pack

logger = logging.getLogger(__name__)

BuildEmbeddings = Callable[[Settings], Embeddings]
MOST_CHARS = 4000
"""Characters of a message that are embedded; what a long one is about is said in its beginning."""
GEMINI_WIDTH = 768
"""Numbers in a vector of Gemini's, the least of the three sizes that Google recommends: a quarter of the disk for a like quality.
https://ai.google.dev/gemini-api/docs/embeddings"""
_NOT_IN_TIME = "The embedding model did not answer in time."
_REFUSED = "The embedding model's provider did not accept the request or its key. Check TIDELINE_EMBEDDINGS and the key."
_RATE_LIMIT = "The embedding model's rate limit is reached."
_NOT_REACHED = "The embedding model could not be reached, or reported an error on its side."
_NO_VECTORS = "The embedding model answered with something that is no vector for each text."


class NotEmbedded(Exception):
    """There is no vector; the sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Request:
    """Texts that are to be embedded for a turn."""

    turn: Turn
    texts: Sequence[str]
    seconds: float
    """How long it may take."""
    record: Callable[[ModelCall], None]
    """Takes the request as it is to be billed."""
    cut_off: Callable[[], Outcome]
    """As what a request is recorded that is cancelled."""
    is_question: bool = False
    """Whether the one text is looked for, rather than looked through; models tell the two apart."""

    @property
    def cut(self) -> list[str]:
        """The texts as they are sent."""
        return [text[:MOST_CHARS] for text in self.texts]


class Embedder:
    """The embedding model that is set; it is set up from the beginning in a thread of its own, for a local one takes seconds.

    Used on the runner's loop only.
    """

    def __init__(self, settings: Settings, clock: Clock, build: BuildEmbeddings | None = None) -> None:
        self.model = settings.embeddings or ""
        self._settings = settings
        self._clock = clock
        self._build = build or build_embeddings
        self._building: Future[Embeddings] = Future()
        threading.Thread(target=self._set_up, name="tideline-embeddings", daemon=True).start()

    async def ready(self, seconds: float) -> None:
        """Wait until the model is set up. Raises NotEmbedded when it cannot be, or not in time."""
        try:
            async with asyncio.timeout(seconds):
                await self._client()
        except TimeoutError:
            raise NotEmbedded(_NOT_IN_TIME) from None
        except ModelUnavailable as error:
            raise NotEmbedded(error.sentence) from None
        except Exception as error:
            raise NotEmbedded(_sentence(error)) from error

    async def embed(self, request: Request) -> list[bytes]:
        """Return the vectors of the texts, in order. Raises NotEmbedded, and CancelledError when it is cut off."""
        began = time.monotonic()
        await self.ready(request.seconds)
        client, left = await self._client(), request.seconds - (time.monotonic() - began)
        try:
            found = await self._billed(client, request, left)
        except TimeoutError:
            raise NotEmbedded(_NOT_IN_TIME) from None
        except Exception as error:
            raise NotEmbedded(_sentence(error)) from error
        try:
            vectors = [pack(values) for values in found]
        except (TypeError, ValueError):
            raise NotEmbedded(_NO_VECTORS) from None
        if len(vectors) != len(request.texts):
            raise NotEmbedded(_NO_VECTORS)
        return vectors

    async def aclose(self) -> None:
        """Close the connections of the model's client, where it holds any."""
        if self._building.done() and self._building.exception() is None:
            client = getattr(self._building.result(), "client", None)
            if client is not None and hasattr(client, "aio"):
                await client.aio.aclose()
                client.close()

    async def _client(self) -> Embeddings:
        return await asyncio.shield(asyncio.wrap_future(self._building))

    def _set_up(self) -> None:
        try:
            self._building.set_result(self._build(self._settings))
        except Exception as error:
            reason = error.sentence if isinstance(error, ModelUnavailable) else type(error).__name__
            logger.warning("retrieval finds by words alone: %s", reason)
            self._building.set_exception(error)

    async def _billed(self, client: Embeddings, request: Request, seconds: float) -> list[list[float]]:
        """Make the request, and record it as what it ended as."""
        at, began = self._clock.now(), time.monotonic()
        outcome: Outcome = "error"
        used: int | None = None
        try:
            async with asyncio.timeout(seconds):
                found = await _ask(client, request)
            outcome = "ok"
        except TimeoutError:
            outcome = "timeout"
            raise
        except asyncio.CancelledError:
            outcome = request.cut_off()
            raise
        except Exception as error:
            used = 0 if _was_refused(error) else None
            raise
        finally:
            request.record(self._call(request, at, outcome, used, round((time.monotonic() - began) * 1000)))
        return found

    def _call(self, request: Request, at: datetime, outcome: Outcome, used: int | None, duration_ms: int) -> ModelCall:
        priced_as = split_name(self.model)
        tokens_in = sum(map(count_text, request.cut)) if used is None else used
        price = price_call(*priced_as, tokens_in, 0, 0, at)
        return ModelCall(
            turn_id=request.turn.id,
            chat_id=request.turn.chat_id,
            user_id=request.turn.user_id,
            purpose=SEARCH,
            model=self.model,
            priced_as=":".join(filter(None, priced_as)),
            tokens_in=tokens_in,
            tokens_cached=0,
            tokens_out=0,
            tokens_reasoning=0,
            cost=price.dollars if price else None,
            source="estimate" if used is None else "provider",
            outcome=outcome,
            attempt=1,
            first_token_ms=None,
            duration_ms=duration_ms,
            finish_reason=None,
            started_at=at,
            price=price.rates if price else None,
        )


def build_embeddings(settings: Settings) -> Embeddings:
    """Return a new embeddings client. Raises ModelUnavailable when a package or key is missing or the name is not known."""
    name = settings.embeddings or ""
    try:
        return _gemini(settings, name) if split_name(name)[0] == "google_genai" else init_embeddings(name)
    except ModelUnavailable:
        raise
    except ImportError as error:
        raise ModelUnavailable(missing_package(name, error)) from error
    except Exception as error:
        raise ModelUnavailable(
            f"The embedding model {name} could not be set up ({type(error).__name__}). Check TIDELINE_EMBEDDINGS and the provider's key."
        ) from error


def _gemini(settings: Settings, name: str) -> Embeddings:
    key = settings.google_api_key
    if key is None or not key.get_secret_value().strip():
        raise ModelUnavailable(f"The embedding model {name} needs a key. Set GOOGLE_API_KEY and start again.")
    from langchain_google_genai import GoogleGenerativeAIEmbeddings

    return GoogleGenerativeAIEmbeddings(
        model=split_name(name)[1],
        google_api_key=key,
        base_url=settings.gemini_base_url,
        output_dimensionality=GEMINI_WIDTH,
        vertexai=False,
    )


async def _ask(client: Embeddings, request: Request) -> list[list[float]]:
    if request.is_question:
        return [await client.aembed_query(request.cut[0])]
    return await client.aembed_documents(request.cut)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _status(error: BaseException) -> int | None:
    """Return the HTTP status that a provider answered with, whatever the client made of it; None when it did not answer."""
    codes = (getattr(each, name, None) for each in _causes(error) for name in ("status_code", "code"))
    return next((code for code in codes if isinstance(code, int) and code >= HTTPStatus.BAD_REQUEST), None)


def _was_refused(error: BaseException) -> bool:
    return _status(error) is not None or any(map(was_rejected, _causes(error)))


def _sentence(error: BaseException) -> str:
    if any(isinstance(each, TimeoutError | httpx.TimeoutException) for each in _causes(error)):
        return _NOT_IN_TIME
    status = _status(error)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _RATE_LIMIT
    return _REFUSED if status is not None and status < HTTPStatus.INTERNAL_SERVER_ERROR else _NOT_REACHED
