"""The frontier: what no other strategy beats in both dollars and facts."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from agent.lab.frontier import Point, frontier

POINTS = st.builds(
    Point,
    st.sampled_from(["window", "summary"]),
    st.integers(1, 100),
    st.integers(0, 50).map(lambda cents: Decimal(cents) / 100),
    st.integers(0, 14),
)


@given(st.lists(POINTS, max_size=30))
def test_nothing_on_the_frontier_is_beaten_and_all_else_is(points: list[Point]) -> None:
    best = frontier(points)
    for point in points:
        beaten = [b for b in best if b.dollars <= point.dollars and b.known >= point.known]
        assert beaten
    for one in best:
        no_worse = [point for point in points if point.dollars <= one.dollars and point.known >= one.known]
        assert {(point.dollars, point.known) for point in no_worse} == {(one.dollars, one.known)}


@given(st.lists(POINTS, max_size=30))
def test_it_rises_with_the_price(points: list[Point]) -> None:
    best = frontier(points)
    for cheap, dear in pairwise(best):
        assert cheap.dollars < dear.dollars
        assert cheap.known < dear.known


def test_of_two_at_the_same_price_the_one_that_knows_more_stays() -> None:
    few, many = Point("window", 10, Decimal("0.01"), 2), Point("summary", 10, Decimal("0.01"), 9)
    assert frontier([few, many]) == [many]
