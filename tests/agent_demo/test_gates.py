"""Which rules are worth trying on a text: exactly those that a look for each of their words would find."""

from hypothesis import given
from hypothesis import strategies as st

from agent.demo.gates import Gates

WORDS = st.text(alphabet="abc ", min_size=1, max_size=5)


@given(st.lists(st.lists(WORDS, max_size=4), max_size=12), st.text(alphabet="abc ", max_size=30))
def test_gates_open_where_one_of_the_words_stands_in_the_text(needs: list[list[str]], text: str) -> None:
    assert Gates(needs).open(text) == [place for place, words in enumerate(needs) if not words or any(word in text for word in words)]
