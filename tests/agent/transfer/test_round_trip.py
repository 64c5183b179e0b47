"""Out of one account and into another: the same conversation, whoever's it becomes, and on nobody's bill."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.memory.policy import STRATEGIES, MemoryPolicy
from agent.runner import TurnRunner
from agent.tokens import message_tokens
from agent.transfer.complaints import FileRefused
from agent.transfer.exporting import export, file_name
from agent.transfer.importing import take_in
from storage import chats, counterfactuals, messages, model_calls, policies, search, transfer, turns, usage, users
from storage.database import Store
from storage.records import Chat, NewMessage, NotFound, ToolCall, TurnStatus, User, new_id
from storage.settings import Settings
from tests.agent.transfer.files import LONGEST, altered, call, chat, packed, replies, texts, turn
from tests.fakes import FakeClock
from tests.storage.makers import LEASE, NOW, World, admission, ask, chat_of, ending, model_call, person, settle, world

POLICIES = st.builds(MemoryPolicy, strategy=st.sampled_from(STRATEGIES), max_messages_per_user=st.integers(1, 100))
STATUSES: list[TurnStatus] = ["done", "failed", "stopped", "interrupted"]
MINUTES = st.integers(0, 600)
COSTS = st.none() | st.decimals(0, 1, places=9)


def written(store: Store, user_id: str, chat_id: str) -> Any:
    """Return what a file of a chat holds."""
    return json.loads(store.read(lambda db: export(db, user_id, chat_id, NOW)))


def heard(content: Any) -> Any:
    """Return what is the same wherever the chat is."""
    for each in content["turns"]:
        del each["imported"]
    return content


def bring(store: Store, user: User, content: Any) -> Chat:
    return take_in(store, user.id, packed(content), NOW, LONGEST)


def dump(store: Store) -> list[str]:
    return store.read(lambda db: list(db.conn.iterdump()))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_exported_imported_and_exported_again_it_is_the_same_conversation(store: Store, data: st.DataObject) -> None:
    dora, emil = (store.write(lambda db: users.add(db, new_id(), "X", "learner", NOW, password_hash=None)) for _ in range(2))
    theirs = chat_of(store, dora, data.draw(texts))
    if data.draw(st.booleans()):
        own = data.draw(POLICIES).model_dump_json(exclude_defaults=True)
        store.write(lambda db: policies.set_for_chat(db, dora.id, theirs.id, own))
    for _ in range(data.draw(st.integers(0, 4))):
        answer(store, theirs, data)
    first = written(store, dora.id, theirs.id)
    brought = take_in(store, emil.id, json.dumps(first).encode(), NOW + timedelta(days=1), LONGEST)
    second = written(store, emil.id, brought.id)
    assert [each["imported"] for each in second["turns"]] == [True] * len(second["turns"])
    assert heard(first) == heard(second)
    assert store.read(lambda db: usage.mine(db, emil.id)).calls == 0


def answer(store: Store, theirs: Chat, data: st.DataObject) -> None:
    """Ask in a chat, and have it answered, or not, in some way."""
    began = NOW + timedelta(minutes=data.draw(MINUTES))
    question = replace(admission(theirs, "q", policy=data.draw(POLICIES).model_dump_json()), timezone=data.draw(texts))
    text = data.draw(texts.filter(str.strip))
    question = replace(question, question=NewMessage("user", text, message_tokens(text)))
    asked = store.write(lambda db: turns.admit(db, question, LEASE, began)).turn
    status = data.draw(st.sampled_from(STATUSES))
    calls = [replace(model_call(asked), cost=data.draw(COSTS), started_at=began) for _ in range(data.draw(st.integers(0, 2)))]
    counted = [replace(message, tokens=message_tokens(message.text, message.tool_calls)) for message in data.draw(replies())]
    how = replace(ending("", status, *calls), messages=counted, error=data.draw(st.none() | texts))
    ended = began + timedelta(minutes=data.draw(MINUTES))
    store.write(lambda db: turns.settle(db, asked, LEASE.owner, how, ended))


@pytest.fixture
def dora(store: Store) -> World:
    return world(store)


def test_it_becomes_a_new_chat_with_new_ids_of_whoever_imports_it(dora: World) -> None:
    emil, store = person(dora.store, "emil"), dora.store
    forged = chat(user_id=dora.user.id, id=dora.chat.id)
    forged["turns"][0] |= {"id": ask(store, dora.chat).turn.id, "user_id": dora.user.id, "chat_id": dora.chat.id, "seq": 1}
    forged["turns"][0]["messages"][0] |= {"id": 1, "tokens": 999_999}
    before = written(store, dora.user.id, dora.chat.id)
    one, two = bring(store, emil, forged), bring(store, emil, forged)
    assert len({one.id, two.id, dora.chat.id}) == 3
    assert [each.id for each in store.read(lambda db: chats.list_chats(db, dora.user.id))] == [dora.chat.id]
    assert written(store, dora.user.id, dora.chat.id) == before
    with pytest.raises(NotFound):
        store.read(lambda db: export(db, dora.user.id, one.id, NOW))
    said = store.read(lambda db: messages.latest(db, emil.id, one.id) + messages.latest(db, emil.id, two.id))
    asked = [message.tool_calls[0].id for message in said if message.tool_calls]
    assert len({message.id for message in said}) == 12
    assert len({*asked, "c1"}) == 3
    assert [message.tool_call_id for message in said if message.role == "tool"] == asked
    assert [message.tokens for message in said[:2]] == [message_tokens(m.text, m.tool_calls) for m in said[:2]]
    assert store.read(lambda db: messages.size(db, emil.id, one.id)) == (6, sum(message.tokens for message in said[:6]))


def test_what_it_cost_elsewhere_is_shown_and_counts_nowhere(dora: World) -> None:
    store, me = dora.store, dora.user.id
    teacher = store.write(lambda db: users.add(db, "prof", "Prof", "instructor", NOW, password_hash=None)).id
    unpriced = turn(calls=[call(), call(cost=None, source="estimate")])
    brought = bring(store, dora.user, chat(turn(calls=[call(), call(cost="0.25")]), unpriced, turn(calls=[])))
    past = store.read(lambda db: transfer.read(db, me, brought.id)).turns
    assert [str(each.turn.cost) for each in past] == ["0.250068", "None", "0"]
    assert [(each.turn.tokens_in, each.turn.tokens_cached, each.turn.tokens_out, each.turn.estimated) for each in past[:2]] == [
        (200, 80, 40, False),
        (200, 80, 40, True),
    ]
    behind = store.read(lambda db: transfer.calls_elsewhere(db, me, past[0].turn.id))
    assert [(each.turn_id, each.chat_id, each.user_id) for each in behind] == [(past[0].turn.id, brought.id, me)] * 2
    assert store.read(lambda db: model_calls.for_turn(db, me, past[0].turn.id)) == []
    assert store.read(lambda db: model_calls.chat_totals(db, me, brought.id)).calls == 0
    assert store.read(lambda db: usage.mine(db, me)).turns == 0
    assert store.read(lambda db: usage.by_chat(db, me)) == []
    assert store.read(lambda db: usage.class_totals(db, teacher)).calls == 0
    assert store.read(lambda db: counterfactuals.user_by_turn(db, me)) == []


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        packed(altered("turns.1.messages.0.role", "system")),
        packed(altered("turns.1.messages.1.tool_calls", [{"id": "c1", "name": "x", "args": {}}])),
        b" " * 50_000_000,
    ],
)
def test_a_refused_file_leaves_everything_as_it_was(dora: World, data: bytes) -> None:
    before = dump(dora.store)
    with pytest.raises(FileRefused):
        take_in(dora.store, dora.user.id, data, NOW, LONGEST)
    assert dump(dora.store) == before


def test_an_import_that_fails_half_way_leaves_nothing(dora: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before, whole, seen = dump(dora.store), messages.add, []

    def fail_late(*arguments: Any) -> list[int]:
        seen.append(arguments)
        if len(seen) == 4:
            raise RuntimeError("the disk is gone")
        return whole(*arguments)

    monkeypatch.setattr(messages, "add", fail_late)
    with pytest.raises(RuntimeError):
        bring(dora.store, dora.user, chat())
    assert len(seen) == 4
    assert dump(dora.store) == before


def test_a_policy_of_its_own_comes_along_only_where_the_instructor_allows_one(dora: World) -> None:
    store, content = dora.store, chat(policy={"strategy": "full"})
    free = bring(store, dora.user, content)
    assert store.read(lambda db: policies.effective(db, dora.user.id, free.id)) == '{"strategy":"full"}'
    teacher = store.write(lambda db: users.add(db, "prof", "Prof", "instructor", NOW, password_hash=None)).id
    store.write(lambda db: policies.set_class_policy(db, teacher, '{"strategy":"window"}', True, False, NOW))
    locked = bring(store, dora.user, content)
    assert store.read(lambda db: policies.effective(db, dora.user.id, locked.id)) == '{"strategy":"window"}'


def test_what_is_still_being_answered_and_what_is_deleted_stays(dora: World) -> None:
    settle(dora.store, ask(dora.store, dora.chat, "Done?").turn)
    ask(dora.store, dora.chat, "Running?")
    ask(dora.store, dora.chat, "Waiting?")
    assert [each["messages"][0]["text"] for each in written(dora.store, dora.user.id, dora.chat.id)["turns"]] == ["Done?"]
    dora.store.write(lambda db: chats.delete(db, dora.user.id, dora.chat.id, NOW))
    with pytest.raises(NotFound):
        written(dora.store, dora.user.id, dora.chat.id)


def test_what_a_model_made_up_is_written_so_that_it_can_be_read(dora: World) -> None:
    deep: Any = "bottom"
    for _ in range(20):
        deep = [deep]
    odd = {"nan": float("nan"), "inf": [float("-inf")], "huge": 10**30, "deep": deep}
    said = [
        NewMessage("assistant", "", 1, (ToolCall("c1", "log food!", odd),)),
        NewMessage("tool", "No.", 1, tool_call_id="c1", tool_name="log food!"),
    ]
    settle(dora.store, ask(dora.store, dora.chat).turn, replace(ending(), messages=said))
    content = written(dora.store, dora.user.id, dora.chat.id)
    args = content["turns"][0]["messages"][1]["tool_calls"][0]["args"]
    assert (args["nan"], args["inf"], args["huge"]) == (None, [None], "1" + "0" * 30)
    assert heard(written(dora.store, dora.user.id, bring(dora.store, dora.user, content).id))["turns"][0]["status"] == "done"


def test_a_clock_that_was_set_back_does_not_spoil_the_file(dora: World) -> None:
    asked = ask(dora.store, dora.chat).turn
    dora.store.write(lambda db: turns.settle(db, asked, LEASE.owner, ending(), NOW - timedelta(hours=1)))
    content = written(dora.store, dora.user.id, dora.chat.id)
    assert content["turns"][0]["finished_at"] == content["turns"][0]["started_at"] == NOW.isoformat()
    bring(dora.store, dora.user, content)


def test_a_files_name_suits_every_system() -> None:
    assert file_name("Lunch & plans: ../../etc", NOW) == "tideline-lunch-plans-etc-2026-03-02.json"
    assert file_name("🥗", NOW) == "tideline-chat-2026-03-02.json"
    assert len(file_name("x" * 80, NOW)) < 70


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_conversation_goes_on_where_it_was_imported(store: Store, clock: FakeClock, strategy: str) -> None:
    """Under every strategy; what is asked from then on is billed, what came in the file is not, and both are found again."""
    settings = Settings(demo_first_token_s=0, demo_seconds_per_word=0)
    runner = TurnRunner(store, settings, clock=clock)
    runner.start()
    dora, emil = world(store), person(store, "emil")
    for text in ("I am allergic to peanuts", "I ate a salad, 180 kcal", *(f"Tell me about oats, number {place}" for place in range(10))):
        runner.submit(dora.user.id, dora.chat.id, text).result(20)
    content = written(store, dora.user.id, dora.chat.id)
    brought = bring(store, emil, content | {"policy": {"strategy": strategy, "max_messages_per_user": 10}})
    turn_id = runner.submit(emil.id, brought.id, "What am I allergic to?").id
    answered = runner.attach(emil.id, turn_id).result(20)
    runner.wait_idle(20)
    runner.close()
    assert answered.status == "done"
    assert not answered.imported
    last = store.read(lambda db: messages.of_turn(db, emil.id, turn_id))[-1].text.lower()
    assert ("peanut" in last) == (strategy in ("full", "retrieval"))
    assert len(store.read(lambda db: counterfactuals.for_turn(db, emil.id, turn_id))) == len(STRATEGIES)
    assert store.read(lambda db: usage.mine(db, emil.id)).turns == 1
    assert [m.chat_id for m in store.read(lambda db: search.find(db, emil.id, brought.id, "peanuts", 1))] == [brought.id]
    again = written(store, emil.id, brought.id)
    assert [each["imported"] for each in again["turns"]] == [True] * 12 + [False]
    assert heard(again)["turns"][:12] == heard(content)["turns"]
