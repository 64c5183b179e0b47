"""How the memory lab speaks and where it writes the names of its lines."""

import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.lab.experiment import Experiment, Run
from agent.lab.knobs import Knobs
from agent.lab.prepared import prepared
from agent.memory.policy import STRATEGIES, Strategy
from agent.memory.replay import TurnReplay
from pages.ui import lab_charts, lab_words

LAB = Experiment(prepared(("google", "gemini-2.5-flash")))


def runs(*, cached: bool = True) -> dict[Strategy, Run]:
    return {each: LAB.run(Knobs().policy(each), cached=cached) for each in STRATEGIES}


def unpriced(turn: TurnReplay) -> TurnReplay:
    return replace(turn, calls=tuple(replace(call, cost=None) for call in turn.calls))


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0.0255856", "$0.0256"), ("0.01", "$0.0100"), ("0.00049", "$0.00049"), ("12.4", "$12.40"), ("0", "$0"), ("-0.02", "-$0.0200")],
)
def test_amounts_are_fine_enough_to_compare(amount: str, text: str) -> None:
    assert lab_words.dollars(Decimal(amount)) == text
    assert lab_words.dollars(None) == "unpriced"


def test_with_the_cache_the_finding_says_why_the_window_is_dearer() -> None:
    assert "the chunked window costs least" in lab_words.total_finding(runs())
    note = lab_words.cache_note(runs())
    assert note is not None
    assert "prompt cache" in note
    assert lab_words.cache_note(runs(cached=False)) is None
    assert re.search(r"\d\d% less than the full history$", lab_words.total_finding(runs(cached=False)))


def test_a_chats_finding_is_the_range_of_its_costs() -> None:
    said = lab_words.range_finding(runs(cached=False))
    assert re.fullmatch(r"60 turns cost from \\\$0\.0\d{3} with \w[\w ]+ to \\\$0\.0\d{3} with the full history", said)
    same = dict.fromkeys(STRATEGIES, runs()["window"])
    assert lab_words.range_finding(same) == "60 turns cost \\$0.0300 under every strategy"


def test_the_frontiers_finding_names_the_best_the_window_and_everything() -> None:
    known: dict[Strategy, int] = {"full": 14, "window": 3, "chunked_window": 2, "summary": 14, "retrieval": 13}
    said = lab_words.recall_finding(runs(), known, 14, Knobs())
    assert said.startswith("With a cap of 30, the summary keeps 14 of 14 facts for \\$0.0")
    assert "the window 3 for" in said
    assert "the full history all 14" in said


def test_without_prices_nothing_is_said_to_be_cheap() -> None:
    blind = {each: Run(run.policy, tuple(unpriced(turn) for turn in run.turns), None) for each, run in runs().items()}
    assert "no known price" in lab_words.total_finding(blind)
    assert "no known price" in lab_words.turn_finding(blind)
    assert lab_words.cheapest(blind) is None
    assert lab_words.against_full(blind["window"], blind["full"]) == "\N{EN DASH}"


@given(st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_names_at_the_ends_of_lines_do_not_cover_each_other(values: list[float]) -> None:
    places = lab_charts.apart(values, 0.075)
    order = sorted(range(len(values)), key=lambda n: (values[n], places[n]))
    gaps = [places[high] - places[low] for low, high in pairwise(order)]
    assert all(gap >= 0.07 for gap in gaps)
    assert min(places) >= 0


def test_a_rolling_mean_begins_with_what_there_is() -> None:
    assert lab_charts.rolling([1.0, 3.0, 5.0, 7.0], 2) == [1.0, 2.0, 4.0, 6.0]
