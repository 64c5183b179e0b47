"""What the chat page works out from what it read."""

from datetime import UTC, datetime

from agent.memory.policy import MemoryPolicy
from pages.ui.chat_data import look_ahead, signature
from storage.records import Chat, Message, Speaker

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def talk(*speakers: Speaker) -> list[Message]:
    return [Message(place, "c", f"t{place}", speaker, "", 10, NOW) for place, speaker in enumerate(speakers, 1)]


def test_the_outlook_counts_the_next_question_into_the_cap() -> None:
    latest = talk("user", "assistant", "user", "assistant")
    ahead = look_ahead(latest, (104, 2000), MemoryPolicy(max_messages_per_user=4))
    assert (ahead.sent_messages, ahead.sent_tokens, ahead.first_sent) == (2, 20, 3)
    assert (ahead.unseen_messages, ahead.unseen_tokens) == (102, 1980)


def test_a_tool_call_is_not_parted_from_its_result() -> None:
    latest = talk("user", "assistant", "tool", "assistant", "user", "assistant")
    ahead = look_ahead(latest, (6, 60), MemoryPolicy(max_messages_per_user=5))
    assert (ahead.sent_messages, ahead.first_sent) == (2, 5)


def test_full_history_sends_everything_however_little_is_shown() -> None:
    ahead = look_ahead(talk("user", "assistant"), (500, 9000), MemoryPolicy(strategy="full"))
    assert (ahead.sent_messages, ahead.unseen_messages, ahead.sent_tokens) == (500, 0, 9000)


def test_an_empty_chat_has_nothing_to_send() -> None:
    ahead = look_ahead([], (0, 0), MemoryPolicy())
    assert (ahead.sent_messages, ahead.first_sent) == (0, None)


def test_the_signature_changes_with_what_is_shown() -> None:
    chat = Chat("c", "u", "Lunch", NOW, NOW)
    renamed = Chat("c", "u", "Dinner", NOW, NOW)
    assert signature([chat], []) == signature([chat], [])
    assert signature([chat], []) != signature([renamed], [])
    assert signature([chat], []) != signature([], [])
