"""What the cap saves, in figures, words and the small picture."""

from datetime import UTC, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.ui.formats import money_alike
from pages.ui.savings import NO_SAVINGS, chat_savings, figures, sparkline, verdict
from storage.counterfactuals import Sum, TurnCost
from storage.records import Totals

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def used(cost: str, tokens: int = 1000, *, turns: int = 2, unpriced: int = 0) -> Totals:
    return Totals(turns, turns, tokens, 0, 0, Decimal(cost), unpriced, 0)


def uncapped(cost: str, tokens: int = 4000, *, turns: int = 2, unpriced: int = 0, estimated: int = 0) -> Sum:
    return Sum(tokens, 0, 0, Decimal(cost), unpriced, estimated, turns)


def curve(*costs: tuple[str | None, str | None]) -> list[TurnCost]:
    known = [[None if cost is None else Decimal(cost) for cost in pair] for pair in costs]
    return [TurnCost(NOW, spent, full, 1, 2, estimated=False) for spent, full in known]


def test_saved_is_what_the_full_history_would_have_cost_more() -> None:
    gain = chat_savings(used("0.02"), used("0.02"), uncapped("0.05"))
    assert figures(gain) == ("$0.0200", "$0.0500", "$0.0300")
    assert verdict(gain) == "60% less than uncapped, 3,000 tokens fewer"
    assert not gain.is_loss


def test_a_loss_is_shown_as_one() -> None:
    gain = chat_savings(used("0.05"), used("0.05"), uncapped("0.02"))
    assert figures(gain)[2] == "\N{MINUS SIGN}$0.0300"
    assert verdict(gain) == "150% dearer than uncapped, 3,000 tokens fewer"
    assert gain.is_loss


def test_replies_without_a_comparison_count_the_same_either_way() -> None:
    gain = chat_savings(used("0.07", turns=3), used("0.02"), uncapped("0.05"))
    assert (gain.spent, gain.uncapped, gain.saved) == (Decimal("0.07"), Decimal("0.10"), Decimal("0.03"))


def test_a_guess_is_marked_and_what_was_spent_is_none() -> None:
    gain = chat_savings(used("0.02"), used("0.02"), uncapped("0.05", estimated=1))
    assert figures(gain) == ("$0.0200", "≈ $0.0500", "≈ $0.0300")


@pytest.mark.parametrize(("mine", "theirs"), [(1, 0), (0, 1)])
def test_what_has_no_price_is_unpriced_and_counted_in_tokens(mine: int, theirs: int) -> None:
    gain = chat_savings(used("0.02", unpriced=mine), used("0.02", unpriced=mine), uncapped("0.05", unpriced=theirs))
    assert figures(gain)[1:] == ("unpriced", "unpriced")
    assert verdict(gain) == "3,000 tokens fewer"


def test_nothing_compared_is_nothing_saved() -> None:
    assert chat_savings(used("0.02"), used("0.02"), None).saved == 0
    assert verdict(NO_SAVINGS) == ""


def test_the_picture_has_both_curves_and_says_them() -> None:
    drawn = ET.fromstring(sparkline(curve(("0.01", "0.01"), ("0.01", "0.03"))))
    assert drawn.attrib["aria-label"] == "Spent $0.02, full history $0.04, over the last 2 replies"
    assert [line.attrib["class"] for line in drawn.findall("polyline")] == ["full", "capped"]


@pytest.mark.parametrize("few", [[], [("0.01", "0.02")], [("0", "0"), ("0", "0")], [(None, None), (None, "0.1")]])
def test_there_is_no_picture_of_nothing(few: list[tuple[str | None, str | None]]) -> None:
    assert sparkline(curve(*few)) == ""


@given(st.lists(st.tuples(st.decimals(0, 5, places=6), st.decimals(0, 5, places=6)), min_size=2, max_size=70))
def test_the_picture_stays_in_its_frame_and_never_falls(costs: list[tuple[Decimal, Decimal]]) -> None:
    text = sparkline([TurnCost(NOW, spent, full, 1, 1, estimated=False) for spent, full in costs])
    for line in ET.fromstring(text).findall("polyline") if text else []:
        points = [tuple(map(float, point.split(","))) for point in line.attrib["points"].split()]
        assert all(0 <= x <= 240 and 0 <= y <= 56 for x, y in points)
        assert [y for _, y in points] == sorted((y for _, y in points), reverse=True)


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        (["0.0134", "0.0063", "-0.0071"], ["$0.0134", "$0.0063", "\N{MINUS SIGN}$0.0071"]),
        (["12.4", "0.00001"], ["$12.40", "$0.00"]),
        (["0.000184", "0.000045", None], ["$0.000184", "$0.000045", "unpriced"]),
        (["0", "0"], ["$0", "$0"]),
        (["0.25", "0.1"], ["$0.25", "$0.10"]),
    ],
)
def test_amounts_under_each_other_have_the_same_places(amounts: list[str | None], said: list[str]) -> None:
    assert money_alike(*(None if amount is None else Decimal(amount) for amount in amounts)) == said
