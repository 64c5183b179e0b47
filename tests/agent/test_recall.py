"""Joining two rankings: each find once, and what is better in both never behind."""

from hypothesis import given
from hypothesis import strategies as st

from agent.recall import fused

ranking = st.lists(st.integers(0, 30), max_size=31)


@given(st.lists(ranking, max_size=4))
def test_every_find_is_there_once(rankings: list[list[int]]) -> None:
    joined = fused(rankings)
    assert len(joined) == len(set(joined))
    assert set(joined) == {each for ranking in rankings for each in ranking}


@given(st.lists(st.integers(0, 30), unique=True), st.lists(st.integers(0, 30), unique=True))
def test_what_is_better_in_both_is_never_behind(words: list[int], meaning: list[int]) -> None:
    def place(ranking: list[int], each: int) -> int:
        return ranking.index(each) if each in ranking else len(ranking)

    joined = fused([words, meaning])
    for one in joined:
        for other in joined:
            if place(words, one) < place(words, other) and place(meaning, one) < place(meaning, other):
                assert joined.index(one) < joined.index(other)


@given(st.lists(st.integers(0, 30), unique=True))
def test_one_ranking_stays_as_it_is(words: list[int]) -> None:
    assert fused([words]) == fused([words, []]) == fused([words, words]) == words


def test_a_ranking_that_names_one_twice_counts_the_first() -> None:
    assert fused([["b", "a", "a", "a"]]) == ["b", "a"]


def test_found_by_both_beats_first_in_one() -> None:
    assert fused([["a", "both"], ["b", "both"]])[0] == "both"
