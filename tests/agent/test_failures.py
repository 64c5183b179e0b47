"""What is said of a provider's error: one sentence of what happened and what to do, and nothing of the provider's own text."""

import httpx
import pytest
from langchain_core import exceptions as raised

from agent.errors import EmptyMessage, LimitReached
from agent.failures import EMPTY, is_retryable, sentence_for, sentence_for_finish, was_rejected
from storage.errors import StorageError

SECRET = "AIza-secret: what Dora said"


def provider_error(kind: str) -> Exception:
    error: Exception = getattr(raised, kind)(SECRET)
    return error


KINDS = (
    "ModelAuthenticationError",
    "ModelPermissionDeniedError",
    "ModelNotFoundError",
    "ModelRateLimitError",
    "ContextOverflowError",
    "ModelInvalidRequestError",
    "ModelError",
)
ERRORS = [
    *(provider_error(kind) for kind in KINDS),
    httpx.ReadTimeout(SECRET),
    httpx.ConnectError(SECRET),
    httpx.RemoteProtocolError(SECRET),
    ValueError(SECRET),
    KeyError(SECRET),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_every_error_has_a_sentence_with_a_way_on_and_no_secret(error: Exception) -> None:
    sentence = sentence_for(error)
    assert "Dora" not in sentence
    assert "AIza" not in sentence
    assert sentence.count(". ") >= 1
    assert sentence.endswith(".")


def test_each_of_the_providers_errors_has_a_sentence_of_its_own() -> None:
    sentences = [sentence_for(provider_error(kind)) for kind in KINDS]
    assert len(set(sentences)) == len(KINDS)


@pytest.mark.parametrize("error", [EmptyMessage(), StorageError("The disk is full."), LimitReached("time", 31, 30, "It took too long.")])
def test_errors_of_ours_speak_for_themselves(error: EmptyMessage | StorageError | LimitReached) -> None:
    assert sentence_for(error) == error.sentence


@pytest.mark.parametrize("reason", ["SAFETY", "safety", "RECITATION", "MALFORMED_FUNCTION_CALL", "MAX_TOKENS"])
def test_an_answer_without_text_says_why(reason: str) -> None:
    assert sentence_for_finish(reason) not in ("", EMPTY)
    assert sentence_for_finish(reason) == sentence_for_finish(reason.upper())


@pytest.mark.parametrize("reason", [None, "", "STOP", "SOMETHING_NEW"])
def test_an_answer_without_text_or_reason_is_called_empty(reason: str | None) -> None:
    assert sentence_for_finish(reason) == EMPTY


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (provider_error("ModelRateLimitError"), True),
        (provider_error("ModelAuthenticationError"), False),
        (provider_error("ModelInvalidRequestError"), False),
        (provider_error("ContextOverflowError"), False),
        (httpx.ConnectError(SECRET), True),
        (httpx.ReadTimeout(SECRET), True),
        (httpx.InvalidURL(SECRET), False),
        (ValueError(SECRET), False),
        (StorageError(SECRET), False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_only_what_may_pass_by_itself_is_tried_again(error: Exception, again: bool) -> None:
    assert is_retryable(error) is again


def test_a_refusal_is_told_from_a_cut_connection() -> None:
    assert was_rejected(provider_error("ModelRateLimitError"))
    assert not was_rejected(httpx.ReadTimeout(SECRET))
