"""The lab asks with what the live agent would send: the same system message and window, to the token; and the README's figures hold."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from agent.gathering import LATER, Asked, Gathered, gather
from agent.lab.conversation import Said
from agent.lab.experiment import Experiment
from agent.lab.knobs import Knobs
from agent.lab.prepared import prepared
from agent.lab.recall import request_of
from agent.memory.policy import STRATEGIES, MemoryPolicy, Strategy
from agent.pricing import context_window
from agent.prompt import system_prompt
from agent.tokens import message_tokens
from agent.tool_weight import TOOL_TOKENS
from storage import summaries, turns
from storage.database import Store
from storage.records import Message, MessageOutline, NewMessage
from storage.turns import Settlement
from tests.house.source import readme_table
from tests.storage.makers import LEASE, World, admission, world

GEMINI = ("google", "gemini-2.5-flash")
LAB = Experiment(prepared(GEMINI), 200)
TALK = LAB.conversation
NAMES = dict(zip(("Full history", "Window", "Chunked window", "Summary", "Retrieval"), STRATEGIES, strict=True))


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The prepared conversation as a stored chat, under the ids that it has in the lab."""
    made = world(Store.open(tmp_path_factory.mktemp("lived") / "tideline.db"))
    for turn in TALK.turns:
        _live_through(made, turn)
    yield made
    made.store.close()


def _live_through(made: World, said: Said) -> None:
    question, *rest = (_new(message) for message in said.messages)
    asked = replace(admission(made.chat), question=question)
    running = made.store.write(lambda db: turns.admit(db, asked, LEASE, said.at)).turn
    ending = Settlement("done", None, rest, None, None, None)
    made.store.write(lambda db: turns.settle(db, running, LEASE.owner, ending, said.at))


def _new(message: Message) -> NewMessage:
    return NewMessage(message.role, message.text, message.tokens, message.tool_calls, message.tool_call_id, message.tool_name)


def live(lived: World, policy: MemoryPolicy, text: str) -> Gathered:
    """Return what the live agent would send for a question asked now."""
    assert TALK.asked_at is not None
    entry = MessageOutline(10_000, "user", message_tokens(text))
    asked = Asked(lived.user.id, lived.chat.id, LATER, zone=TALK.zone, text=text, entry=entry)
    prompt = system_prompt(TALK.asked_at.date())
    return lived.store.read(lambda db: gather(db, asked, policy, prompt, TOOL_TOKENS, context_window(*GEMINI)))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_lab_sends_what_the_agent_would(lived: World, strategy: Strategy) -> None:
    policy = Knobs().policy(strategy)
    checkpoint = LAB.run(policy).checkpoint
    if checkpoint is not None:
        now = TALK.turns[-1].at
        turn = lived.store.read(lambda db: db.execute("SELECT max(turn) FROM messages").fetchone()[0])
        args = (lived.user.id, lived.chat.id, turn, checkpoint.message_id, "here", 0, now)
        number = lived.store.write(lambda db: summaries.begin(db, *args))
        assert number is not None
        lived.store.write(lambda db: summaries.finish(db, number, checkpoint.text, checkpoint.tokens, now))
    for place, question in enumerate(TALK.questions):
        request, tokens = request_of(TALK, policy, question, LAB.rankings.questions[place], checkpoint)
        sent = live(lived, policy, question.asked)
        assert request[0].text == sent.system
        assert len(request) == len(sent.plan.sent) + 1
        assert tokens == sent.tokens


def test_the_figures_in_the_readme_hold() -> None:
    """Recall exactly; dollars within a twentieth, for a word more in a summary changes them."""
    rows = readme_table("The memory lab")
    assert [row[0] for row in rows] == list(NAMES)
    for name, known, cached, plain in rows:
        policy = Knobs().policy(NAMES[name])
        assert known == f"{sum(answer.knows for answer in LAB.recall(policy))} of {len(TALK.questions)}"
        for shown, run in ((cached, LAB.run(policy)), (plain, LAB.run(policy, cached=False))):
            assert run.dollars is not None
            assert abs(Decimal(shown.removeprefix("$")) / run.dollars - 1) < Decimal("0.05")
