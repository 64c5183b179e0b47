"""What the chat page reads and works out, over a real database."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlite_utils import Database

from agent.catalogue import ModelChoice
from agent.memory.policy import Strategy
from pages.ui import chat_data, memory_choice, outlook
from pages.ui.chat_data import ChatView, signature
from pages.ui.savings import NO_SAVINGS
from storage import chats, messages, pins, summaries, turns, users
from storage.database import Store
from storage.records import Chat, NewMessage, NotFound, Turn, new_id

NOW = datetime(2026, 3, 2, tzinfo=UTC)
MODEL = ModelChoice("demo", ("google", "gemini-2.5-flash"))


@pytest.fixture
def alice(store: Store) -> str:
    return store.write(lambda db: users.add(db, "alice", "Alice", "learner", NOW, password_hash=None)).id


@pytest.fixture
def chat(store: Store, alice: str) -> str:
    return store.write(lambda db: chats.create(db, alice, "Lunch", NOW)).id


def talk(store: Store, user: str, chat: str, exchanges: int, *, tool: bool = False) -> list[int]:
    """Let a person ask and the agent answer; return the ids of the messages."""
    for number in range(exchanges):
        question = NewMessage("user", f"I ate salad number {number}", 10)
        turn = store.write(partial(_admit, user=user, chat=chat, question=question))
        said = [NewMessage("assistant", "Logged.", 10)]
        if tool:
            said = [NewMessage("assistant", "", 10), NewMessage("tool", "done", 10, tool_name="log_food"), *said]
        ending = turns.Settlement("done", None, said, 1, 1, 1)
        store.write(partial(turns.settle, turn=turn, owner="test", ending=ending, now=NOW))
    return [message.id for message in store.read(lambda db: messages.latest(db, user, chat, 10_000))]


def _admit(db: Database, user: str, chat: str, question: NewMessage) -> Turn:
    asked = turns.Admission(new_id(), user, chat, question, "demo", None, "UTC", None, 5)
    return turns.admit(db, asked, turns.Lease("test", NOW), NOW).turn


def choose(store: Store, user: str, chat: str, strategy: Strategy, **numbers: int) -> None:
    store.write(lambda db: memory_choice.change(db, user, chat, {"strategy": strategy, **numbers}))


def view(store: Store, user: str, chat: str | None, shown: int = 30, model: ModelChoice = MODEL) -> ChatView:
    return store.read(lambda db: chat_data.load(db, user, chat, model=model, now=NOW, timezone="UTC", shown=shown, listed=30))


def test_the_outlook_counts_the_next_question_into_the_cap(store: Store, alice: str, chat: str) -> None:
    said = talk(store, alice, chat, 50)
    choose(store, alice, chat, "window", max_messages_per_user=4)
    ahead = view(store, alice, chat).outlook
    assert (ahead.messages, ahead.sent_messages, ahead.plan.window, ahead.first_sent) == (100, 2, 20, said[-2])
    assert (ahead.unseen_messages, ahead.unseen_tokens, ahead.folded) == (98, 980, 0)
    assert [ahead.standing(said[-1], 50), ahead.standing(said[0], 1)] == ["sent", "left_out"]


def test_a_tool_call_is_not_parted_from_its_result(store: Store, alice: str, chat: str) -> None:
    said = talk(store, alice, chat, 2, tool=True)
    choose(store, alice, chat, "window", max_messages_per_user=6)
    ahead = view(store, alice, chat).outlook
    assert (ahead.sent_messages, ahead.first_sent) == (4, said[4])


def test_full_history_sends_everything_however_little_is_shown(store: Store, alice: str, chat: str) -> None:
    talk(store, alice, chat, 40)
    choose(store, alice, chat, "full")
    seen = view(store, alice, chat, shown=10)
    assert (seen.outlook.sent_messages, seen.outlook.unseen_messages, seen.outlook.is_all_sent) == (80, 0, True)
    assert seen.has_earlier


def test_a_chat_that_is_not_begun_sends_the_question_alone(store: Store, alice: str) -> None:
    ahead = view(store, alice, None).outlook
    assert (ahead.sent_messages, ahead.plan.sent, ahead.messages) == (0, (-1,), 0)
    assert ahead.preview.gathered.tokens > 0


def test_what_is_older_than_what_was_read_is_in_the_summary(store: Store, alice: str, chat: str) -> None:
    said = talk(store, alice, chat, 60)
    choose(store, alice, chat, "summary", max_messages_per_user=10)
    store.write(lambda db: _summarise(db, alice, chat, said[109], "She likes salad."))
    ahead = view(store, alice, chat).outlook
    assert ahead.standing(said[0], 1) == ahead.standing(said[109], 55) == "summarised"
    assert [ahead.standing(said[place], place // 2 + 1) for place in (110, 111, 112)] == ["left_out", "left_out", "sent"]
    assert ahead.folded == 110
    assert ahead.summary is not None


def test_what_came_after_a_summary_that_is_long_ago_is_forgotten(store: Store, alice: str, chat: str) -> None:
    said = talk(store, alice, chat, 60)
    choose(store, alice, chat, "summary", max_messages_per_user=10)
    store.write(lambda db: _summarise(db, alice, chat, said[19], "She likes salad."))
    seen = view(store, alice, chat, shown=200)
    standings = [seen.outlook.standing(message.id, each.turn.seq) for each in seen.exchanges for message in each.messages]
    assert [standings.count(each) for each in ("summarised", "left_out", "sent")] == [20, 92, 8]
    assert standings[19:21] == ["summarised", "left_out"]
    assert seen.outlook.folded == 20
    waited = seen.exchanges[10].turn.seq  # asked before the answer that the summary ends with was stored
    assert seen.outlook.standing(said[19] - 1, waited) == "left_out"


def test_the_panel_of_a_model_without_a_price_says_so(store: Store, alice: str, chat: str) -> None:
    talk(store, alice, chat, 1)
    seen = view(store, alice, chat, model=ModelChoice("foo:bar", ("foo", "bar")))
    unknown = replace(NO_SAVINGS, spent=None, uncapped=None, replies=1)
    drawn = outlook.panel(outlook.Figures(seen, unknown, "foo", simulated=False, here="?chat=x"))
    assert "None" not in drawn
    assert 'title="uncached, unpriced"' in drawn


def test_the_signature_changes_with_what_is_shown(store: Store, alice: str, chat: str) -> None:
    listed = Chat("c", "u", "Lunch", NOW, NOW)
    assert signature([listed], []) == signature([listed], [])
    assert signature([listed], []) != signature([replace(listed, title="Dinner")], [])
    assert signature([listed], []) != signature([], [])


@pytest.mark.parametrize("what", ["policy", "pin", "summary"])
def test_another_tab_learns_of_a_change_of_the_memory(store: Store, alice: str, chat: str, what: str) -> None:
    said = talk(store, alice, chat, 3)
    drawn = view(store, alice, chat).signature
    assert store.read(lambda db: chat_data.changes(db, alice, chat, 30)) == drawn
    if what == "policy":
        choose(store, alice, chat, "full")
    elif what == "pin":
        store.write(lambda db: pins.pin(db, alice, said[0], NOW))
    else:
        store.write(lambda db: _summarise(db, alice, chat, said[1], "She likes salad."))
    assert store.read(lambda db: chat_data.changes(db, alice, chat, 30)) != drawn


def test_somebody_elses_chat_is_not_read(store: Store, chat: str) -> None:
    bob = store.write(lambda db: users.add(db, "bob", "Bob", "learner", NOW, password_hash=None)).id
    with pytest.raises(NotFound):
        view(store, bob, chat)


def _summarise(db: Database, user: str, chat: str, message_id: int, text: str) -> None:
    last = messages.by_ids(db, user, chat, [message_id])[0]
    seq = turns.get(db, user, last.turn_id).seq
    begun = summaries.begin(db, user, chat, seq, message_id, "test", 100, NOW)
    assert begun is not None
    summaries.finish(db, begun, text, 20, NOW)
