"""What the charts and tables say about given figures."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from pages.ui import class_usage, my_usage
from pages.ui.charts import to_csv
from storage.counterfactuals import Compared, Sum, TurnCost
from storage.records import Totals
from storage.usage import ChatUsage, CurvePoint, DayUsage, UserUsage

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ALL = Compared(3, Decimal("0.06"), 0)


def totals(cost: str, turns: int = 1, *, unpriced: int = 0) -> Totals:
    return Totals(turns, turns, 1000, 200, 100, Decimal(cost), unpriced, 0)


def person(name: str, cost: str, turns: int = 1) -> UserUsage:
    return UserUsage(name, name, name.title(), "learner", False, NOW if turns else None, totals(cost, turns))


def report(*people: UserUsage, curve: tuple[CurvePoint, ...] = ()) -> class_usage.Report:
    whole = totals(str(sum((each.totals.cost for each in people), Decimal(0))), sum(each.totals.turns for each in people))
    return class_usage.Report(whole, people, curve, NOW - timedelta(hours=1), NOW)


def test_days_without_use_are_drawn_too() -> None:
    chart = my_usage.cost_chart([DayUsage("2026-02-27", totals("0.02")), DayUsage("2026-03-02", totals("0.05"))])
    assert list(chart.series[0].x) == ["27 Feb", "28 Feb", "1 Mar", "2 Mar"]
    assert list(chart.series[0].y) == [0.02, 0.0, 0.0, 0.05]
    assert chart.finding == "You spent \\$0.07; the dearest day was 2 Mar (\\$0.05)"
    assert [row["Cost (USD)"] for row in chart.table] == ["0.02", "0", "0", "0.05"]


def test_one_day_and_no_cost() -> None:
    assert my_usage.cost_chart([DayUsage("2026-03-02", totals("0.05"))]).finding == "You spent \\$0.05 on 2 Mar"
    free = [DayUsage("2026-03-01", totals("0", unpriced=1)), DayUsage("2026-03-02", totals("0", unpriced=2))]
    assert my_usage.cost_chart(free).finding == "You spent \\$0 on 1 Mar"


def test_the_stack_of_tokens_counts_cached_input_once() -> None:
    chart = my_usage.token_chart([DayUsage("2026-03-02", totals("0.05"))])
    assert [part.name for part in chart.series] == ["Input", "Cached input", "Output"]
    assert [part.y[0] for part in chart.series] == [800, 200, 100]
    assert chart.finding == "1,000 tokens went in, 20% of it cached; 100 came out"


def test_unpriced_use_is_named() -> None:
    assert my_usage.cost_of(totals("0.05")) == "$0.05"
    assert my_usage.cost_of(totals("0", unpriced=2)) == "unpriced"
    assert my_usage.cost_of(totals("0.05", unpriced=2)) == "$0.05 + 2 unpriced"


@pytest.mark.parametrize(("period", "day"), [("7 days", 24), ("30 days", 1), ("All", None)])
def test_a_period_begins_at_midnight_of_the_persons_calendar(period: str, day: int | None) -> None:
    zone = ZoneInfo("America/New_York")
    start = my_usage.since(period, NOW, zone)
    assert (start is None) == (day is None)
    if start and day:
        assert start.astimezone(zone).day == day
        assert start.astimezone(zone).hour == 0


def test_a_title_cannot_become_markup_in_the_table() -> None:
    rows = my_usage.chat_rows([ChatUsage("c", "**bold** [x](y)", True, NOW, totals("0.05"))], UTC)
    assert rows[0]["Chat"] == "\\*\\*bold\\*\\* \\[x\\](y) (deleted)"


def test_the_class_in_six_numbers() -> None:
    cells = class_usage.numbers(report(person("alice", "0.04", 2), person("bob", "0.02"), person("carol", "0", 0)))
    assert list(cells) == ["Learners", "Active now", "Replies", "Tokens", "Class total", "Saved"]
    assert [cells[name] for name in ("Learners", "Active now", "Replies", "Class total", "Saved")] == [
        "3",
        "2",
        "3",
        "\\$0.06",
        "\N{EN DASH}",
    ]


def test_a_class_that_has_not_begun() -> None:
    cells = class_usage.numbers(report(person("alice", "0", 0)))
    assert cells["Active now"] == "0"
    assert cells["Saved"] == "\N{EN DASH}"


@pytest.mark.parametrize(
    ("uncapped", "same", "said"),
    [
        (Sum(3000, 0, 300, Decimal("0.09"), 0, 0, 3), ALL, "$0.03"),
        (Sum(3000, 0, 300, Decimal("0.05"), 0, 0, 3), ALL, "\N{MINUS SIGN}$0.01"),
        (Sum(3000, 0, 300, Decimal("0.09"), 0, 1, 3), ALL, "≈ $0.03"),
        (Sum(1000, 0, 100, Decimal("0.05"), 0, 0, 1), Compared(1, Decimal("0.01"), 0), "≈ $0.04"),
        (Sum(3000, 0, 300, Decimal("0.09"), 1, 0, 3), ALL, "unpriced"),
        (Sum(3000, 0, 300, Decimal("0.09"), 0, 0, 3), Compared(3, Decimal("0.06"), 1), "unpriced"),
    ],
)
def test_what_the_class_saved(uncapped: Sum, same: Compared, said: str) -> None:
    whole = report(person("alice", "0.04", 2), person("bob", "0.02"))
    assert class_usage.saved(replace(whole, uncapped=uncapped, compared=same)) == said


def turn(spent: str | None, uncapped: str | None, *, estimated: bool = False) -> TurnCost:
    costs = [None if cost is None else Decimal(cost) for cost in (spent, uncapped)]
    return TurnCost(NOW, costs[0], costs[1], 100, 200, estimated)


def test_two_curves_grow_from_nothing() -> None:
    chart = my_usage.growth_chart([turn("0.01", "0.01"), turn("0.01", "0.03")], "By reply", UTC)
    full, spent = chart.series
    assert (full.name, list(full.x), list(full.y), full.dashed) == ("Full history", [0, 1, 2], [0.0, 0.01, 0.04], True)
    assert (spent.name, list(spent.y), spent.dashed) == ("Spent", [0.0, 0.01, 0.02], False)
    assert chart.finding == "You spent \\$0.0200, 50% less than the \\$0.0400 of the full history"
    assert [row["Full history (USD)"] for row in chart.table] == ["0.01", "0.03"]


def test_the_curves_by_time_show_the_viewers_clock() -> None:
    chart = my_usage.growth_chart([turn("0.01", "0.01"), turn("0.01", "0.01")], "By time", ZoneInfo("Europe/Berlin"))
    assert [str(at) for at in chart.series[0].x] == ["2026-03-02 10:00:00"] * 3
    assert chart.finding == "You spent \\$0.0200, as much as the full history would have cost"


@pytest.mark.parametrize(
    ("turns", "said"),
    [
        ([turn("0.01", "0.05")], "\\$0.0400"),
        ([turn("0.05", "0.01")], "\N{MINUS SIGN}\\$0.0400"),
        ([turn("0.01", "0.05"), turn(None, "0.09")], "\\$0.0400"),
        ([turn("0.01", "0.05", estimated=True)], "≈ \\$0.0400"),
        ([turn(None, None)], "unpriced"),
        ([], "\N{EN DASH}"),
    ],
)
def test_what_a_person_saved(turns: list[TurnCost], said: str) -> None:
    cells = my_usage.numbers(my_usage.Report(totals("0.01"), [], [], turns))
    assert (cells["Cost"], cells["Saved"]) == ("\\$0.0100", said)


def test_the_curve_begins_at_nothing_and_shows_the_viewers_clock() -> None:
    zone = ZoneInfo("Europe/Berlin")
    points = (CurvePoint(NOW - timedelta(minutes=30), Decimal("0.01"), 100), CurvePoint(NOW, Decimal("0.03"), 300))
    chart = class_usage.curve_chart(report(person("alice", "0.03"), curve=points), "Last hour", zone)
    assert list(chart.series[0].y) == [0.0, 0.01, 0.03]
    assert str(chart.series[0].x[-1]) == "2026-03-02 10:00:00"
    assert chart.finding == "Last hour: the class spent \\$0.03 on 300 tokens"


def test_people_are_ranked_and_everybody_is_in_the_table() -> None:
    chart = class_usage.people_chart(report(person("alice", "0.04"), person("bob", "0.02"), person("carol", "0", 0)))
    assert list(chart.series[0].x) == ["Alice (alice)", "Bob (bob)"]
    assert chart.finding == "Alice has spent most of 2 people"
    assert len(chart.table) == 3


def test_csv_is_exact_and_starts_no_formula() -> None:
    text = to_csv([{"Name": "=HYPERLINK(1)", "Cost": "0.000000001", "Cap": None}, {"Name": 'a,"b', "Cost": "1", "Cap": 3}])
    assert text == 'Name,Cost,Cap\n\'=HYPERLINK(1),0.000000001,\n"a,""b",1,3\n'
    assert to_csv([]) == "\n"
