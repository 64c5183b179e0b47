"""Where the lesson rounds: every number is counted again here, one message at a time, and what is said of LangChain is tried out."""

import inspect
import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain.agents import create_agent
from langchain.agents.middleware import ModelCallLimitMiddleware, ToolCallLimitMiddleware
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.tools import tool
from pydantic import Field

from simulation import oddities as told
from simulation.lesson import Lesson
from simulation.oddities import AGENT, NO_LIMIT, limit_share, oddities, share_saved, units, units_with_replies

TRUTH: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "simulation-truth.json").read_text())["oddities_of_the_seed"]
LESSON = Lesson()
PROMPTS = st.integers(1, 400)
CAPS = st.integers(1, 500)


def said(key: str, lesson: Lesson = LESSON) -> str:
    """Return everything that is said of one oddity."""
    (found,) = [each for each in oddities(lesson) if each.key == key]
    return f"{found.title}\n{found.taught}\n{found.counted}\n{found.why}"


@given(PROMPTS, CAPS)
def test_units_are_what_one_gets_by_counting(prompts: int, cap: int) -> None:
    assert float(units(prompts, cap)) == sum(min(p, cap) for p in range(1, prompts + 1))
    assert float(units(prompts)) == prompts * (prompts + 1) / 2
    assert float(units_with_replies(prompts)) == sum(2 * p - 1 for p in range(1, prompts + 1))


@given(PROMPTS, CAPS)
def test_the_share_saved_lies_between_nothing_and_all_and_grows_with_the_prompts(prompts: int, cap: int) -> None:
    share = float(share_saved(prompts, cap))
    assert 0 <= share < 1
    assert (share == 0) == (cap >= prompts)
    assert float(share_saved(prompts + 1, cap)) >= share


@pytest.mark.parametrize("cap", [1, 10, 50, 300])
def test_the_share_saved_tends_to_one_less_two_caps_by_prompts(cap: int) -> None:
    prompts = cap * np.array([10, 100, 1_000, 10_000], dtype=np.float64)
    away = share_saved(prompts, cap) - limit_share(prompts, cap)
    assert (away > 0).all()
    assert (np.diff(away) < 0).all()
    assert away[-1] < 1e-4


@given(st.integers(1, 50), st.integers(1, 40), st.integers(1, 30), CAPS, st.integers(2, 10_000))
def test_the_share_saved_is_the_same_for_any_number_of_people(users: int, days: int, prompts: int, cap: int, more: int) -> None:
    """In the lesson's own functions, too."""
    one = Lesson(users=users, days=days, prompts_per_day=prompts, cap=cap)
    many = Lesson(users=min(users * more, 1_000_000), days=days, prompts_per_day=prompts, cap=cap)
    assert one.capped[-1] / one.uncapped[-1] == pytest.approx(many.capped[-1] / many.uncapped[-1], rel=1e-12)


def test_the_lectures_example() -> None:
    truth = TRUTH["lecture_example_20_prompts_cap_10"]
    assert float(units(20)) == truth["seed_says"]["no_cap"]
    assert float(units(20, 10)) == truth["sum_of_min_p_cap"]
    assert 100 * float(share_saved(20, 10)) == pytest.approx(truth["saving_pct_by_that_sum"], abs=0.005)
    assert truth["seed_says"]["cap_10"] == 200
    assert round(100 * (1 - 200 / 210)) == truth["seed_says"]["saving_pct"]
    assert "200 units instead of 210: saves 5%" in said("example")
    assert "155 units instead of 210: saves 26%" in said("example")


def test_what_makes_the_saving_grow() -> None:
    """20, 50, 100 and 1,000 prompts with ten messages, counted: 155 of 210, 455 of 1,275, 955 of 5,050, 9,955 of 500,500."""
    counted = [1 - sum(min(p, 10) for p in range(1, n + 1)) / sum(range(1, n + 1)) for n in (20, 50, 100, 1_000)]
    assert [round(100 * share) for share in counted] == [26, 64, 81, 98]
    assert "26% of 20, 64% of 50, 81% of 100, 98% of 1,000 prompts" in said("share")
    assert "1 or 100 or 10,000" in said("share")


def test_the_days_prompts_are_counted_before_they_are_sent() -> None:
    """One person, one prompt: the lesson counts two messages where one was sent."""
    single = Lesson(users=1, days=1, prompts_per_day=1, tokens_per_message=1000, price_per_1k=1)
    assert single.uncapped[0] == 2
    assert told.uncapped_by_message(single) == 1
    assert TRUTH["no_cap_starts_at"].startswith("the first prompt of day 1 already counts P+1 messages")
    assert "Sends 11 messages: $2,407.50" in said("first")
    assert "Sends 1 message: $2,257.50" in said("first")
    assert "ends 6.2% lower" in said("first")
    assert told.uncapped_by_message(LESSON) == pytest.approx(50 * sum(range(1, 301)) * 0.001)


def test_an_infinite_cap_is_not_no_cap_in_the_demo() -> None:
    truth = TRUTH["cap_infinite_is_not_no_cap"]
    assert told.never_capped(LESSON) == pytest.approx(truth["with_cap_1e9_50u_30d_10p"], rel=1e-12)
    assert LESSON.uncapped[-1] == pytest.approx(truth["no_cap"], rel=1e-12)
    assert "prompt_num" in truth["why"]
    assert all(words in said("infinite") for words in ("$2,407.50", "$2,325.00", "$82.50 (3.4%)", "`prompt_num`"))


def test_day_one_is_cheaper_before_a_cap_bites() -> None:
    truth = TRUTH["day_1_ratio"]
    assert told.day_one_ratio(15) == pytest.approx(truth["capped_over_no_cap_day_1_200u_15p"], abs=5e-5)
    quiz = Lesson(users=200, prompts_per_day=15, cap=100)
    assert quiz.capped[0] / quiz.uncapped[0] == pytest.approx(told.day_one_ratio(15))
    assert "0.652" in said("day_one", quiz)
    assert "A cap of" not in said("day_one", quiz)
    assert "A cap of 4 does cut the 10 prompts of day 1" in said("day_one", Lesson(cap=4))


def test_replies_are_messages_too() -> None:
    assert TRUTH["replies_not_counted"].startswith("one message per prompt")
    assert "$4,500.00 instead of $2,257.50" in said("replies")


@given(
    st.builds(
        Lesson,
        users=st.integers(1, 1_000_000),
        days=st.integers(1, 730),
        prompts_per_day=st.integers(1, 200),
        cap=st.integers(1, 10_000),
        tokens_per_message=st.integers(1, 20_000),
        price_per_1k=st.floats(0, 1000),
    )
)
def test_something_sensible_is_said_whatever_the_sliders_say(lesson: Lesson) -> None:
    found = oddities(lesson)
    assert len({each.key for each in found}) == len(found) == 7
    for each in found:
        text = f"{each.title} {each.taught} {each.counted} {each.why}"
        assert "nan" not in text.split()
        assert "inf" not in text.split()
        assert "wrong" not in text
        assert text.count("`") % 2 == 0


def test_a_share_is_never_rounded_up_to_all() -> None:
    shares = (0.0, 0.2619, 0.994, 0.9961, 0.99999, 1.0)
    assert [told.percent(share) for share in shares] == ["0%", "26%", "99%", "99.6%", "over 99.9%", "100%"]


# What is said of LangChain


def test_the_lessons_call_does_not_exist_today() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from langgraph.prebuilt import create_react_agent

        assert getattr(create_react_agent, "__deprecated__", "")
        for argument in ("state_modifier", "max_iterations"):
            given_by_the_lesson: dict[str, Any] = {argument: 5}
            with pytest.raises(TypeError, match=argument):
                create_react_agent(Looping(), [], **given_by_the_lesson)
    assert "state_modifier" in AGENT.taught
    assert "max_iterations" in AGENT.taught


def test_what_is_named_instead_exists() -> None:
    arguments = inspect.signature(create_agent).parameters
    assert list(arguments)[:2] == ["model", "tools"]
    assert {"system_prompt", "middleware"} <= set(arguments)
    assert {"state_modifier", "max_iterations"}.isdisjoint(arguments)
    for middleware in (ToolCallLimitMiddleware, ModelCallLimitMiddleware):
        assert {"run_limit", "exit_behavior"} <= set(inspect.signature(middleware).parameters)
        assert middleware.__name__ in AGENT.counted + AGENT.why
    assert inspect.signature(ToolCallLimitMiddleware).parameters["exit_behavior"].default == "continue"
    agent: Any = create_agent(Looping(), [knock], system_prompt="x")
    assert f"{agent.config['recursion_limit']:,}" in AGENT.why


CALLED: list[int] = []


@tool
def knock(times: int) -> str:
    """Knock at the door."""
    CALLED.append(times)
    return "Nobody."


class Looping(BaseChatModel):
    """A model that calls the same tool for ever, or until it was asked forty times."""

    asked: list[int] = Field(default_factory=list)

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        return self

    def _generate(self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        self.asked.append(len(messages))
        calls = [{"name": "knock", "args": {"times": 1}, "id": f"c{len(self.asked)}"}] if len(self.asked) < 40 else []
        return ChatResult(generations=[ChatGeneration(message=AIMessage("Once more.", tool_calls=calls))])

    @property
    def _llm_type(self) -> str:
        return "looping"


@pytest.mark.parametrize(("behaviour", "asked"), [("end", 6), ("continue", 40)])
def test_only_with_the_behaviour_end_does_the_limit_stop_a_loop(behaviour: Any, asked: int) -> None:
    """Five knocks either way; but by default the model is asked again and again until it stops by itself."""
    CALLED.clear()
    model = Looping()
    agent: Any = create_agent(model, [knock], middleware=[ToolCallLimitMiddleware(run_limit=5, exit_behavior=behaviour)])
    final = agent.invoke({"messages": [("user", "Is anybody there?")]})
    assert len(CALLED) == 5
    assert len(model.asked) == asked
    assert sum(isinstance(message, ToolMessage) and message.status != "error" for message in final["messages"]) == 5
    assert 'exit_behavior="end"' in AGENT.counted


def test_no_limit_is_beyond_every_chat() -> None:
    most = Lesson(days=730, prompts_per_day=200)
    assert most.days * most.prompts_per_day < NO_LIMIT
