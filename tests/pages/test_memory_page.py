"""The chat page's memory: every control, what it stores and recolours, the summary, pins, and what stands behind an answer."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from agent.memory.policy import STRATEGIES
from pages.ui import memory_choice
from scaling.services import Services
from storage import messages, pins, policies, summaries, turns
from storage.pins import MAX_PINS
from storage.records import Chat, Message, User
from tests.pages.conftest import Draw, drawn, named, words

LogIn = Callable[[str], User]
ChatOf = Callable[..., Chat]


def shades(app: AppTest) -> list[str]:
    """Return the words of the history's style sheet, a run of messages each."""
    sheet = next(
        body for body in (element.proto.body for element in app.get("html")) if ".st-key-history" in body and "--tl-word:'" in body
    )
    return re.findall(r"--tl-word:'([^']*)'", sheet)


def held(running: Services, user: User, chat: Chat | None) -> dict[str, Any]:
    """Return the policy that holds."""
    return running.store.read(lambda db: memory_choice.read(db, user.id, chat.id if chat else None)).policy.model_dump()


def stored(running: Services, user: User, chat: Chat) -> list[Message]:
    return running.store.read(lambda db: messages.latest(db, user.id, chat.id, 1000))


def open_more(app: AppTest, key: str = "memory_more") -> AppTest:
    """Open the part of the controls that is closed at first."""
    app.session_state[key] = True
    return app.run()


def test_what_a_control_starts_with_is_what_is_stored(draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services) -> None:
    """A browser that never hears of a value set by session_state draws the default, the lowest cap there is, and sends it back."""
    alice = log_in("alice")
    chat = chat_of(alice, "Hello", "Thanks")
    running.store.write(
        lambda db: memory_choice.change(db, alice.id, chat.id, {"strategy": "retrieval", "retrieval_k": 7, "across_chats": True})
    )
    app = open_more(draw(slot="alice", chat=chat.id))
    question = stored(running, alice, chat)[0]
    running.store.write(lambda db: pins.pin(db, alice.id, question.id, running.clock.now()))
    behind = draw(slot="alice", chat=chat.id, calls=question.turn_id)
    controls = [*app.slider, *app.selectbox, *app.toggle, *app.number_input, *app.segmented_control, *behind.toggle]
    assert not [control.key for control in controls if getattr(control.proto, "set_value", False)]
    assert drawn(app.slider, "memory_retrieval_k").proto.default[:] == [7]
    assert app.selectbox[0].options[drawn(app.selectbox, "memory_strategy").proto.default] == "What fits the question"
    assert drawn(app.toggle, "memory_across_chats").proto.default
    assert drawn(behind.toggle, f"pin_{question.id}").proto.default
    assert drawn(app.segmented_control, "memory_scope").proto.default[:] == [0]


def test_a_control_that_was_away_comes_back_with_what_is_stored(draw: Draw, log_in: LogIn, chat_of: ChatOf) -> None:
    chat = chat_of(log_in("alice"), "Hello")
    app = draw(slot="alice", chat=chat.id)
    drawn(app.slider, "memory_max_messages_per_user").set_value(12).run()
    drawn(app.selectbox, "memory_strategy").set_value("full").run()
    assert not app.slider
    drawn(app.selectbox, "memory_strategy").set_value("window").run()
    assert drawn(app.slider, "memory_max_messages_per_user").value == 12


def test_the_cap_recolours_at_once_and_holds_from_the_next_message(draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services) -> None:
    alice = log_in("alice")
    chat = chat_of(alice, *(f"Message {number}" for number in range(8)))
    app = draw(slot="alice", chat=chat.id)
    assert shades(app) == ["in context"]
    drawn(app.slider, "memory_max_messages_per_user").set_value(5).run()
    assert shades(app) == ["forgotten", "in context"]
    assert "the agent no longer sees above this line (12 messages" in words(app)
    assert "The last 4 of 16 messages are sent." in words(app)
    assert held(running, alice, chat)["max_messages_per_user"] == 5
    assert len(stored(running, alice, chat)) == 16
    drawn(app.selectbox, "memory_strategy").set_value("full").run()
    assert shades(app) == ["in context"]
    assert "no longer sees" not in words(app)
    running.runner.submit(alice.id, chat.id, "One more").result(20)
    turn = running.store.read(lambda db: turns.get(db, alice.id, stored(running, alice, chat)[-1].turn_id))
    assert (turn.sent_messages, '"strategy":"full"' in turn.policy) == (17, True)


@pytest.mark.parametrize(
    ("strategy", "sliders"),
    [
        ("full", []),
        ("window", ["max_messages_per_user"]),
        ("chunked_window", ["max_messages_per_user"]),
        ("summary", ["summarize_after_messages", "max_messages_per_user"]),
        ("retrieval", ["retrieval_window", "retrieval_k"]),
    ],
)
def test_each_strategy_has_its_own_controls(
    draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services, strategy: str, sliders: list[str]
) -> None:
    alice = log_in("alice")
    chat = chat_of(alice, "Hello")
    app = draw(slot="alice", chat=chat.id)
    assert len(drawn(app.selectbox, "memory_strategy").options) == len(STRATEGIES)
    drawn(app.selectbox, "memory_strategy").set_value(strategy).run()
    assert [named(slider) for slider in app.slider] == [f"memory_{field}" for field in sliders]
    before = held(running, alice, chat)
    for field in sliders:
        drawn(app.slider, f"memory_{field}").set_value(before[field] + 3).run()
    changed = held(running, alice, chat)
    assert [changed[field] for field in sliders] == [before[field] + 3 for field in sliders]
    assert [named(toggle) for toggle in app.toggle] == (["memory_across_chats"] if strategy == "retrieval" else [])
    if app.toggle:
        drawn(app.toggle, "memory_across_chats").set_value(True).run()
        assert held(running, alice, chat)["across_chats"] is True


def test_a_token_budget_and_a_wrong_one(draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services) -> None:
    alice = log_in("alice")
    chat = chat_of(alice, "Hello", "I ate an apple")
    app = open_more(draw(slot="alice", chat=chat.id))
    drawn(app.number_input, "memory_max_context_tokens").set_value(2000).run()
    assert held(running, alice, chat)["max_context_tokens"] == 2000
    assert "of your budget of 2,000 tokens" in words(app)
    drawn(app.number_input, "memory_max_context_tokens").set_value(0).run()
    assert app.warning[0].value == "“Token budget” needs to be at least 1. The memory stays as it was."
    assert drawn(app.number_input, "memory_max_context_tokens").value == 2000
    assert held(running, alice, chat)["max_context_tokens"] == 2000
    drawn(app.number_input, "memory_max_context_tokens").set_value(300).run()
    assert "alone are over the budget of 300 tokens" in words(app)
    assert shades(app) == ["forgotten"]


def test_for_this_chat_for_all_and_back_to_the_class(draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services) -> None:
    alice = log_in("alice")
    one, other = chat_of(alice, "Hello"), chat_of(alice, "Hello")
    app = draw(slot="alice", chat=one.id)
    drawn(app.slider, "memory_max_messages_per_user").set_value(7).run()
    assert drawn(app.segmented_control, "memory_scope").value == "chat"
    assert held(running, alice, other)["max_messages_per_user"] == 30
    drawn(app.segmented_control, "memory_scope").set_value("user").run()
    assert held(running, alice, other)["max_messages_per_user"] == 7
    assert drawn(draw(slot="alice").slider, "memory_max_messages_per_user").value == 7
    open_more(app).button(key="memory_forget").click().run()
    assert held(running, alice, one)["max_messages_per_user"] == held(running, alice, None)["max_messages_per_user"] == 30
    assert not [button for button in app.button if button.key == "memory_forget"]


def test_where_the_instructor_locked_it_the_controls_rest_with_a_sentence(
    draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services
) -> None:
    alice, teacher = log_in("alice"), log_in("instructor")
    chat, now = chat_of(alice, "Hello"), running.clock.now()
    app = draw(slot="alice", chat=chat.id)
    running.store.write(lambda db: policies.set_class_policy(db, teacher.id, '{"max_messages_per_user": 12}', False, False, now))
    drawn(app.slider, "memory_max_messages_per_user").set_value(3).run()
    assert "Your instructor has set the memory" in app.warning[0].value
    assert drawn(app.slider, "memory_max_messages_per_user").value == 12
    assert drawn(app.slider, "memory_max_messages_per_user").disabled
    assert drawn(app.selectbox, "memory_strategy").disabled
    assert not [control for control in app.segmented_control if named(control) == "memory_scope"]
    assert "Your instructor has set the memory for the whole class." in words(app)
    running.store.write(lambda db: policies.set_class_policy(db, teacher.id, None, False, True, now))
    assert "Your instructor lets you choose chat by chat" in words(draw(slot="alice"))
    assert not drawn(draw(slot="alice", chat=chat.id).selectbox, "memory_strategy").disabled


def test_the_instructor_sets_the_classs_memory_and_nobody_else_does(draw: Draw, log_in: LogIn, running: Services) -> None:
    alice = log_in("alice")
    log_in("instructor")
    app = draw("instructor", slot="instructor")
    drawn(app.selectbox, "class_strategy").set_value("summary").run()
    drawn(app.slider, "class_summarize_after_messages").set_value(20).run()
    assert {"strategy": "summary", "summarize_after_messages": 20}.items() <= held(running, alice, None).items()
    drawn(app.toggle, "class_learners_may").set_value(False).run()
    assert running.store.read(policies.class_policy).learners_may is False
    assert held(running, alice, None)["strategy"] == "summary"
    refused = draw("instructor", slot="alice")
    assert not refused.selectbox
    assert not refused.toggle


def test_the_summary_can_be_read_with_what_it_covers(draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services) -> None:
    alice, bob = log_in("alice"), log_in("bob")
    chat = chat_of(alice, "I am allergic to peanuts", "Hello", "How are you?")
    said = stored(running, alice, chat)
    summarise(running, alice, chat, said[3], "Allergic to <b>peanuts</b>.")
    app = draw(slot="alice", chat=chat.id)
    assert "Read the summary" in words(app)
    drawn(app.selectbox, "memory_strategy").set_value("summary").run()
    assert shades(app) == ["in summary", "in context"]
    assert "above this line the agent has only a summary (4 messages)" in words(app)
    read = words(draw(slot="alice", chat=chat.id, memory="1"))
    assert "Allergic to <b>peanuts</b>." in read
    assert "the first 4 messages of this chat" in read
    assert "peanuts" not in words(draw(slot="bob", chat=chat.id, memory="1"))
    assert bob.id != alice.id


def test_a_failed_summary_says_why_and_never_becomes_memory(draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services) -> None:
    alice = log_in("alice")
    chat = chat_of(alice, "Hello", "How are you?")
    last = stored(running, alice, chat)[1]
    seq = running.store.read(lambda db: turns.get(db, alice.id, last.turn_id)).seq
    now = running.clock.now()
    begun = running.store.write(lambda db: summaries.begin(db, alice.id, chat.id, seq, last.id, "test", 10, now))
    assert begun is not None
    running.store.write(lambda db: summaries.fail(db, begun, "The model was <busy>.", now))
    app = draw(slot="alice", chat=chat.id)
    assert "busy" not in words(app)
    drawn(app.selectbox, "memory_strategy").set_value("summary").run()
    assert "The last summary was not written: The model was &lt;busy&gt;." in words(app)
    assert "All 4 messages are sent." in words(app)
    dialog = draw(slot="alice", chat=chat.id, memory="1")
    assert "There is none yet" in words(dialog)
    assert "The model was" in dialog.warning[0].value


def test_a_message_is_pinned_behind_its_answer_and_unpinned_from_the_list(
    draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services
) -> None:
    alice = log_in("alice")
    chat = chat_of(alice, "I am allergic to peanuts", *(f"Message {number}" for number in range(6)))
    question, answer = stored(running, alice, chat)[:2]
    app = draw(slot="alice", chat=chat.id, calls=question.turn_id)
    assert not drawn(app.toggle, f"pin_{answer.id}").value
    drawn(app.toggle, f"pin_{question.id}").set_value(True).run()
    assert [pinned.id for pinned in of_chat(running, alice, chat)] == [question.id]
    app = draw(slot="alice", chat=chat.id)
    drawn(app.slider, "memory_max_messages_per_user").set_value(3).run()
    assert shades(app) == ["pinned", "forgotten", "in context"]
    assert "1 pinned message" in words(app)
    listed = draw(slot="alice", chat=chat.id, memory="1")
    assert "I am allergic to peanuts" in words(listed)
    listed.button(key=f"unpin_{question.id}").click().run()
    assert of_chat(running, alice, chat) == []
    assert drawn(draw(slot="alice", chat=chat.id, calls=question.turn_id).toggle, f"pin_{question.id}").value is False


def test_too_many_pins_are_one_sentence(draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services) -> None:
    alice = log_in("alice")
    chat = chat_of(alice, *(f"Message {number}" for number in range(MAX_PINS // 2 + 1)))
    *few, question, _ = stored(running, alice, chat)
    for message in few:
        running.store.write(partial(pins.pin, user_id=alice.id, message_id=message.id, now=running.clock.now()))
    app = draw(slot="alice", chat=chat.id, calls=question.turn_id)
    drawn(app.toggle, f"pin_{question.id}").set_value(True).run()
    assert app.warning[0].value == "20 messages are pinned in this chat, which is the most. Unpin another one first."
    assert not drawn(app.toggle, f"pin_{question.id}").value
    assert len(of_chat(running, alice, chat)) == MAX_PINS


def test_what_every_memory_would_have_cost_for_this_very_turn(draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services) -> None:
    alice = log_in("alice")
    chat = chat_of(alice, "I am allergic to peanuts", "Hello", "What am I allergic to?")
    app = draw(slot="alice", chat=chat.id, calls=stored(running, alice, chat)[-1].turn_id)
    said = words(app)
    assert "It ran with the last 30 messages." in said
    assert "of it cached (simulated)" in said
    assert "**Last messages** (used)" in said
    for name in ("| Everything |", "| Last messages, in batches |", "| Summary and last messages |", "| What fits the question |"):
        assert name in said


def test_what_was_recalled_is_shown_and_said_to_be_for_the_last_question(
    draw: Draw, log_in: LogIn, chat_of: ChatOf, running: Services
) -> None:
    alice = log_in("alice")
    chat = chat_of(alice, "I am allergic to peanuts", *(f"Message {number}" for number in range(6)))
    fields = {"strategy": "retrieval", "retrieval_window": 3}
    running.store.write(lambda db: memory_choice.change(db, alice.id, chat.id, fields))
    running.runner.submit(alice.id, chat.id, "Are peanuts <fine>?").result(20)
    app = draw(slot="alice", chat=chat.id)
    assert "recalled" in shades(app)
    assert "Looked up for your last question, “Are peanuts &lt;fine&gt;?”" in words(app)
    assert "above this line the agent sees only what is recalled" in words(app)
    behind = words(draw(slot="alice", chat=chat.id, calls=stored(running, alice, chat)[-1].turn_id))
    assert "I am allergic to peanuts" in behind


def test_spent_uncapped_and_saved(draw: Draw, log_in: LogIn, chat_of: ChatOf) -> None:
    alice = log_in("alice")
    chat = chat_of(alice, *(f"I ate apple number {number}" for number in range(4)))
    said = words(draw(slot="alice", chat=chat.id))
    for part in ("<dt>Spent</dt>", "<dt>Uncapped would have cost</dt>", "<dt>Saved</dt>", '<svg class="tl-spark"', "simulated"):
        assert part in said


def of_chat(running: Services, user: User, chat: Chat) -> list[Message]:
    return running.store.read(lambda db: pins.of_chat(db, user.id, chat.id))


def summarise(running: Services, user: User, chat: Chat, last: Message, text: str) -> None:
    """Store a summary of everything up to a message."""
    seq, now = running.store.read(lambda db: turns.get(db, user.id, last.turn_id)).seq, running.clock.now()
    begun = running.store.write(lambda db: summaries.begin(db, user.id, chat.id, seq, last.id, "test", 10, now))
    assert begun is not None
    running.store.write(lambda db: summaries.finish(db, begun, text, 12, now))
