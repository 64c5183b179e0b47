"""Memory policies in plain words: what each strategy is called, what it does, what a policy amounts to. Pure text."""

from collections.abc import Mapping
from functools import lru_cache

from pydantic import ValidationError

from agent.memory.policy import MemoryPolicy, Strategy
from pages.ui.formats import count

NAMES: Mapping[Strategy, str] = {
    "full": "Everything",
    "window": "Last messages",
    "chunked_window": "Last messages, in batches",
    "summary": "Summary and last messages",
    "retrieval": "What fits the question",
}
HELP: Mapping[Strategy, str] = {
    "full": "Every message goes along with each question. Nothing is forgotten, and each question costs more than the one before.",
    "window": "Only the last messages go along. What is older is forgotten.",
    "chunked_window": "Messages pile up to the cap, then half of them go at once; in between, the provider's prompt cache keeps working.",
    "summary": "Older messages are folded into a short summary, which the model writes after an answer and which is billed.",
    "retrieval": "A few last messages go along, and those earlier ones that fit the question best.",
}
TERMS: Mapping[Strategy, str] = {
    "full": "full history",
    "window": "sliding window",
    "chunked_window": "chunked window",
    "summary": "running summary",
    "retrieval": "retrieval",
}
"""The technical terms, for tooltips."""
FIELDS: Mapping[str, str] = {
    "strategy": "What the agent remembers",
    "max_messages_per_user": "At most so many messages",
    "summarize_after_messages": "Fold when so many stand unfolded",
    "max_summary_chars": "Longest summary, in characters",
    "retrieval_window": "Last messages",
    "retrieval_k": "Earlier messages looked up",
    "across_chats": "Search all my chats",
    "max_context_tokens": "Token budget",
}
"""What the fields of a policy are called on the pages."""


@lru_cache(maxsize=256)
def policy_of(body: str) -> MemoryPolicy:
    """Return the policy that a stored body holds."""
    return MemoryPolicy.model_validate_json(body)


def in_words(policy: MemoryPolicy) -> str:
    """Return what a policy sends, as the end of a sentence: `the last 30 messages`."""
    cap = policy.max_messages_per_user
    match policy.strategy:
        case "full":
            words = "the whole chat"
        case "window":
            words = f"the last {count(cap, 'message')}"
        case "chunked_window":
            words = f"up to {count(cap, 'message')}, half of them dropped at a time"
        case "summary":
            words = f"a summary of up to {policy.max_summary_chars:,} characters, and up to {count(cap, 'message')}"
        case _:
            where = "of all chats" if policy.across_chats else "of this chat"
            words = f"the last {count(policy.retrieval_window, 'message')}, and up to {policy.retrieval_k} earlier ones {where}"
    return words if policy.max_context_tokens is None else f"{words}, within {policy.max_context_tokens:,} tokens"


def refusal(error: ValidationError) -> str:
    """Return why a policy was not taken: the field's name, what it may be, and that nothing changed."""
    fault = error.errors(include_url=False)[0]
    name = FIELDS.get(str(fault["loc"][0]) if fault["loc"] else "", "This setting")
    limits = fault.get("ctx", {})
    if "ge" in limits:
        wanted = f"needs to be at least {limits['ge']:,}"
    elif "le" in limits:
        wanted = f"may be at most {limits['le']:,}"
    elif fault["type"] == "literal_error":
        wanted = "needs to be one of the choices offered"
    else:
        wanted = "needs to be a whole number"
    return f"“{name}” {wanted}. The memory stays as it was."
