"""What the lab says of the prepared conversation: costs are the replay's, recall is what the demo model really answers."""

from decimal import Decimal
from itertools import accumulate

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from agent.demo.model import DemoChatModel
from agent.lab.conversation import Answer, Conversation
from agent.lab.experiment import Experiment, Run
from agent.lab.knobs import CAPS, Knobs
from agent.lab.prepared import prepared
from agent.lab.recall import request_of
from agent.memory.policy import STRATEGIES, MemoryPolicy, Strategy
from agent.memory.replay import Limits, replay
from agent.pricing import context_window, price_call
from agent.tokens import message_tokens
from agent.tool_weight import TOOL_TOKENS

GEMINI = ("google", "gemini-2.5-flash")


@pytest.fixture(scope="module")
def lab() -> Experiment:
    return Experiment(prepared(GEMINI), 200)


def answers(lab: Experiment, strategy: Strategy, knobs: Knobs) -> dict[str, Answer]:
    return {answer.question.about: answer for answer in lab.recall(knobs.policy(strategy))}


def known(lab: Experiment, strategy: Strategy, knobs: Knobs) -> int:
    return sum(answer.knows for answer in answers(lab, strategy, knobs).values())


def test_the_allergy_is_forgotten_kept_or_found(lab: Experiment) -> None:
    ten = Knobs(cap=10)
    assert not answers(lab, "window", ten)["allergy"].knows
    assert "don't see" in answers(lab, "window", ten)["allergy"].text
    assert answers(lab, "summary", ten)["allergy"].knows
    assert "summary" in answers(lab, "summary", ten)["allergy"].text
    assert answers(lab, "retrieval", ten)["allergy"].knows
    assert answers(lab, "full", ten)["allergy"].knows


def test_the_full_history_recalls_everything(lab: Experiment) -> None:
    assert known(lab, "full", Knobs()) == len(lab.conversation.questions)


def test_a_longer_window_forgets_less(lab: Experiment) -> None:
    kept = [known(lab, "window", Knobs(cap)) for cap in (4, 20, 50, 120)]
    assert kept == sorted(kept)
    assert kept[0] < kept[-1] < len(lab.conversation.questions)


def test_a_budget_that_is_too_small_for_the_history_costs_memory(lab: Experiment) -> None:
    assert known(lab, "full", Knobs(budget=1_200)) < known(lab, "full", Knobs())
    run = lab.run(Knobs(budget=1_200).policy("full"))
    assert max(call.tokens_in for turn in run.turns for call in turn.calls[:1]) <= 1_200


def test_fewer_recalled_messages_recall_no_more(lab: Experiment) -> None:
    assert known(lab, "retrieval", Knobs(cap=10, k=1)) <= known(lab, "retrieval", Knobs(cap=10, k=10))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_costs_are_the_replays(lab: Experiment, strategy: Strategy) -> None:
    policy = Knobs().policy(strategy)
    run = lab.run(policy, cached=False)
    window = context_window(*GEMINI)
    again = replay(lab.conversation.recorded, policy, lab.price, knowledge=lab.witness(policy), limits=Limits(model_window=window))
    assert list(run.turns) == again
    assert run.dollars == sum((cost for turn in again if (cost := turn.cost) is not None), Decimal(0))
    assert not run.estimated


def test_without_a_cache_the_full_history_costs_what_its_texts_weigh(lab: Experiment) -> None:
    """Worked out here from the texts alone, without the replay: every call sends all that was said before it."""
    run = lab.run(Knobs().policy("full"), cached=False)
    sums, cost, tokens = [0, *accumulate(message.tokens for message in lab.conversation.messages)], Decimal(0), 0
    place = 0
    for turn in lab.conversation.turns:
        for message in turn.messages:
            if message.role == "assistant":
                size = message_tokens(turn.prompt) + TOOL_TOKENS + sums[place]
                price = price_call(*GEMINI, size, 0, message.tokens - 4, turn.at)
                assert price is not None
                cost, tokens = cost + price.dollars, tokens + size
            place += 1
    assert (run.tokens_in, run.dollars) == (tokens, cost)


def test_the_cache_only_ever_saves(lab: Experiment) -> None:
    for strategy in STRATEGIES:
        with_cache, without = (lab.run(Knobs().policy(strategy), cached=cached) for cached in (True, False))
        assert with_cache.tokens_in == without.tokens_in
        assert without.tokens_cached == 0
        assert dollars(with_cache) <= dollars(without)


def test_the_context_asked_with_is_counted_to_the_token(lab: Experiment) -> None:
    question = lab.conversation.questions[1]
    for strategy in STRATEGIES:
        policy = Knobs().policy(strategy)
        request, tokens = request_of(lab.conversation, policy, question, lab.rankings.questions[1], lab.run(policy).checkpoint)
        assert isinstance(request[0], SystemMessage)
        assert request[-1] == HumanMessage(question.asked)
        assert ("Summary of the earlier conversation" in request[0].text) == (strategy == "summary")
        assert ("Earlier messages that may help" in request[0].text) == (strategy == "retrieval")
        sent = DemoChatModel().invoke(request).usage_metadata
        assert sent is not None
        assert sent["input_tokens"] + TOOL_TOKENS == tokens


def test_the_summary_was_really_written_by_the_demo_model(lab: Experiment) -> None:
    run = lab.run(Knobs().policy("summary"))
    assert run.checkpoint is not None
    assert "hazelnut" in run.checkpoint.text
    assert len(run.checkpoint.text) <= MemoryPolicy().max_summary_chars
    assert run.summary_calls > 10


def test_a_conversation_of_another_models_has_estimated_summaries(lab: Experiment) -> None:
    talk = lab.conversation
    other = Experiment(Conversation(talk.title, talk.turns, talk.zone, talk.priced_as, by_demo=False))
    assert other.run(Knobs().policy("summary")).estimated
    assert other.run(Knobs().policy("summary")).checkpoint is None
    assert not other.run(Knobs().policy("retrieval")).estimated
    assert other.run(Knobs().policy("window")).turns == lab.run(Knobs().policy("window")).turns


def test_any_question_can_be_asked_under_every_strategy(lab: Experiment) -> None:
    policies = [Knobs(cap=10).policy(strategy) for strategy in STRATEGIES]
    said = dict(zip(STRATEGIES, (answer.text for answer in lab.ask("Which nuts must I avoid?", policies)), strict=True))
    planted = dict(zip(STRATEGIES, (answer.text for answer in lab.ask("What am I allergic to?", policies)), strict=True))
    assert set(said) == set(STRATEGIES)
    assert planted == {strategy: answers(lab, strategy, Knobs(cap=10))["allergy"].text for strategy in STRATEGIES}


def test_only_so_many_results_are_kept() -> None:
    small = Experiment(prepared(GEMINI), 2)
    policies = [Knobs(cap).policy("window") for cap in (4, 6, 8)]
    for policy in policies:
        small.run(policy)
    assert [small.has_run(policy) for policy in policies] == [False, True, True]


def test_what_has_no_price_has_no_cost(lab: Experiment) -> None:
    talk = lab.conversation
    unpriced = Experiment(Conversation(talk.title, talk.turns, talk.zone, ("nobody", "nothing"), by_demo=True))
    assert unpriced.run(Knobs().policy("window")).dollars is None


def test_what_was_worked_out_is_kept(lab: Experiment) -> None:
    policy = Knobs(cap=30).policy("window")
    assert lab.run(policy) is lab.run(policy)
    assert lab.recall(policy) is lab.recall(policy)
    assert lab.has_run(policy)
    assert lab.has_recall(policy)
    assert not lab.has_recall(Knobs(cap=198).policy("window"))


def test_knobs_in_the_courses_proportions_are_the_courses_policy() -> None:
    for strategy in STRATEGIES:
        assert Knobs().policy(strategy) == MemoryPolicy(strategy=strategy)
    assert sorted(set(CAPS)) == list(CAPS)


def dollars(run: Run) -> Decimal:
    assert run.dollars is not None
    return run.dollars
