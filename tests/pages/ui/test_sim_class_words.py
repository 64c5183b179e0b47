"""What the panel "my class" says of a prediction and of what was measured, and what it sets the simulator to."""

from collections.abc import Sequence

import numpy as np
import pytest

from agent.memory.policy import STRATEGIES, MemoryPolicy
from agent.memory.promptcache import CacheRules
from pages.ui import sim_class_words as words
from pages.ui.charts import Cell
from pages.ui.formats import UNKNOWN
from pages.ui.sim_class_data import Lived
from pages.ui.sim_fields import FIELDS
from simulation.calibrate import calibrate
from simulation.measured import Terms, TurnTaken
from simulation.prediction import Compared, predict
from simulation.scenario import Conversation, Scenario
from tests.simulation.classes import flash, lived, taken

NOW = Scenario(rates=flash())


def of(turns: Sequence[TurnTaken], terms: Terms | None = None) -> Lived:
    found = calibrate(turns, CacheRules(), schema_tokens=614)
    assert found is not None
    known = {turn.model: terms or Terms(flash(), CacheRules(), 1 << 20) for turn in turns}
    return Lived(found, known, predict(turns, found, Conversation(), known))


def compared(predicted: float, measured: float) -> Compared:
    return Compared(np.zeros(2), np.array([measured / 2, measured]), np.array([predicted / 2, predicted]))


def row(found: Lived, name: str) -> list[Cell]:
    rows = words.rows(found, NOW, everybody=True)
    return list(next(each for each in rows if each[""] == f"**{name}**").values())[1:]


@pytest.mark.parametrize(
    ("predicted", "measured", "said"),
    [
        (1.92, 2.01, "Predicted \\$1.92, measured \\$2.01: 4% too low"),
        (2.01, 1.92, "Predicted \\$2.01, measured \\$1.92: 5% too high"),
        (0.0012, 0.0012, "Predicted \\$0.0012, measured \\$0.0012: less than 1% off"),
        (1, 0, "Predicted \\$1.00, measured \\$0: nothing was used"),
    ],
)
def test_the_finding_names_both_sums_and_the_error(predicted: float, measured: float, said: str) -> None:
    assert words.finding(compared(predicted, measured), "Dollars") == said


def test_tokens_are_said_as_tokens() -> None:
    assert words.finding(compared(1_300_000, 1_000_000), "Tokens") == "Predicted 1.30M tokens, measured 1.00M: 30% too high"


def test_a_large_error_is_large_at_the_end_or_on_the_way() -> None:
    assert not words.is_large(compared(109, 100))
    assert words.is_large(compared(111, 100))
    assert words.is_large(compared(89, 100))
    assert words.is_large(Compared(np.zeros(2), np.array([50.0, 100.0]), np.array([80.0, 100.0])))
    assert words.on_the_way(compared(110, 100)) == "On the way it was off by 10% on average."


def test_reasons_are_given_where_they_hold_and_else_that_none_is_known() -> None:
    plain = of(lived(NOW, 40))
    assert words.reasons(plain, "Tokens") == [
        "No single reason stands out: people and days differ, and the simulator takes everybody for average."
    ]
    few = of([*lived(NOW, 4), taken(number=5, policy=MemoryPolicy(strategy="full"), failed=True, estimated=True, tokens_out=900)])
    said = "\n".join(words.reasons(few, "Tokens"))
    for reason in (
        "Only 5 messages",
        "2 memory settings",
        "1 message ended without an answer",
        "Of 1 message the provider reported no usage",
    ):
        assert reason in said
    unlike = [taken(person=who, chat=who, number=number, asked=asked) for who, asked in ((0, 9), (1, 900)) for number in (1, 2, 3)]
    assert "People write at very different lengths" in "\n".join(words.reasons(of(unlike), "Tokens"))
    thinking = [turn._replace(tokens_out=2 * turn.tokens_out) for turn in lived(NOW, 40)]
    assert "100% more output than it said" in words.reasons(of(thinking), "Tokens")[0]


def test_the_edge_of_the_prompt_cache_explains_dollars_only() -> None:
    near = of([taken(number=number, answer_in=1_100) for number in range(1, 41)])
    assert "The prompt cache begins at 1,024" not in "".join(words.reasons(near, "Tokens"))
    assert "the prompt cache begins at 1,024" in words.reasons(near, "Dollars")[0]
    far = of([taken(number=number, answer_in=9_000) for number in range(1, 41)])
    assert "prompt cache" not in "".join(words.reasons(far, "Dollars"))


def test_another_tokenizer_is_said_of_every_model_but_the_demo() -> None:
    theirs = of([taken(number=number, model="google_genai:gemini-2.5-flash google_genai:gemini-2.5-flash") for number in range(1, 41)])
    assert words.reasons(theirs, "Tokens") == ["Messages are counted by this app's tokenizer, the bill by the provider's."]


def test_what_is_left_out_is_counted() -> None:
    turns = lived(NOW, 5)
    odd = [turns[0], turns[1]._replace(dollars=None), turns[2]._replace(tokens_in=0), *turns[3:]]
    assert words.left_out(of(turns), "Dollars") == ""
    assert words.left_out(of(odd), "Tokens") == "Left out: 1 message reached no model."
    assert words.left_out(of(odd), "Dollars") == "Left out: 1 message reached no model and 1 message had no known price."


def test_rows_say_what_was_measured_what_it_rests_on_and_what_is_set() -> None:
    found = of(lived(NOW.model_copy(update={"conversation": Conversation(prompt_tokens=81, tool_rounds=0.5)}), 20, people=2))
    assert row(found, "People") == ["2", "40 messages", "50"]
    assert row(found, "Tokens a message") == ["81", "40 messages", "500"]
    assert row(found, "Tool calls a prompt") == ["0.5", "40 replies", "0"]
    assert row(found, "Tokens of a tool call") == ["30", "20 tool calls", "30"]
    assert row(found, "Strategy") == ["Window", "40 of 40 messages", "Window"]
    assert row(found, "Cap (messages)") == ["50", "", "50"]
    assert row(found, "A chat lasts") == [UNKNOWN, "one day only", "for ever"]
    assert row(found, "Priced as") == ["gemini-2.5-flash", "", "gemini-2.5-flash"]
    unpriced = of([taken()], Terms(None, None))
    assert row(unpriced, "Priced as")[1] == "no known price"
    assert row(unpriced, "Prompt cache")[0] == "no"
    assert row(unpriced, "Tokens of a tool call")[:2] == [UNKNOWN, "0 tool calls"]


def test_a_figure_that_was_cut_or_rounded_says_so() -> None:
    found = of([taken(asked=50_004)])
    assert row(found, "Tokens a message")[0] == "50,000, taken as 20,000"


def test_a_summary_shorter_than_allowed_says_both() -> None:
    policy = MemoryPolicy(strategy="summary")
    found = of([taken(policy=policy, summary_calls=1, summary_out=130)])
    assert row(found, "Longest summary (characters)")[:2] == ["520", "1,200 allowed"]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_setting_is_one_that_the_simulator_takes(strategy: str) -> None:
    policy = MemoryPolicy.model_validate({"strategy": strategy, "max_messages_per_user": 12, "max_context_tokens": 5_000})
    base = NOW.model_copy(update={"policy": policy, "conversation": Conversation(prompt_tokens=81, tool_rounds=0.5)})
    found = words.settings(of(lived(base, 40, people=3)))
    for name, value in found.items():
        assert FIELDS[name].read(FIELDS[name].write(value)) == value, name
    assert {name: found[name] for name in ("users", "tokens", "rounds", "strategy", "cap", "budget", "model", "cache", "growth")} == {
        "users": 3,
        "tokens": 81,
        "rounds": 0.5,
        "strategy": strategy,
        "cap": 12,
        "budget": 5_000,
        "model": "google:gemini-2.5-flash",
        "cache": True,
        "growth": 0,
    }


def test_what_is_not_known_is_not_set() -> None:
    found = words.settings(of([taken(failed=True, replied=0, replies=0)], Terms(None, None)))
    assert {"reply", "rounds", "call", "result", "pause", "reset", "model"}.isdisjoint(found)
    assert (found["cache"], found["tokens"]) == (False, 56)


def test_numbers_on_top_leave_people_out_for_a_learner_and_a_price_that_is_not_known() -> None:
    turns = lived(NOW, 5)
    found = of(turns)
    assert words.numbers(found, everybody=True)["People"] == "1"
    assert "People" not in words.numbers(found, everybody=False)
    assert "Without an answer" not in words.numbers(found, everybody=True)
    failed = of([turn._replace(dollars=None, failed=True) for turn in turns])
    assert words.numbers(failed, everybody=False) == {
        "Messages": "5",
        "Cost": "unpriced",
        "From the prompt cache": words.numbers(found, everybody=False)["From the prompt cache"],
        "Without an answer": "5",
    }


def test_the_table_behind_the_chart_has_the_charts_points() -> None:
    found = of(lived(NOW, 10)).prediction
    assert found.dollars is not None
    rows = words.table(found.dollars, "Dollars", ["a", "b"], [0, 9])
    assert [each["Message"] for each in rows] == [1, 10]
    assert float(str(rows[1]["Measured so far (USD)"])) == pytest.approx(float(found.dollars.measured[-1]), abs=1e-9)
