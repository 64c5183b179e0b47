"""Numbers as people of any country type them, and what is no number at all."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.typed import LONGEST, is_percent, numbers


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("19860", 19860),
        ("19860.00", 19860),
        ("$19,860", 19860),
        ("$ 19,860.00", 19860),
        ("19,860.00 USD", 19860),
        ("usd 19860", 19860),
        ("19860USD", 19860),
        ("19.86k", 19860),
        ("19.86 K", 19860),
        ("19.86 thousand", 19860),
        ("$19,860/month", 19860),
        ("about $19,860.", 19860),
        ("~19860", 19860),
        ("19.860,00", 19860),
        ("19 860", 19860),
        ("19\N{NARROW NO-BREAK SPACE}860,00", 19860),
        ("19'860", 19860),
        ("19\N{RIGHT SINGLE QUOTATION MARK}860", 19860),
        ("19_860", 19860),
        ("1,000,000.5", 1_000_000.5),
        ("1.000.000,5", 1_000_000.5),
        ("2 million", 2_000_000),
        ("-19860", -19860),
        ("\N{MINUS SIGN}$19,860", -19860),
        ("1e4", 10_000),
        ("day 3", 3),
        ("3days", 3),
        ("22messages", 22),
        ("Day3", 3),
        ("the 3rd", 3),
        ("22nd day", 22),
        ("22 messages", 22),
        ("22-message cap", 22),
        ("cap: 22", 22),
        ("cap=22", 22),
        ("22!", 22),
        ("10x", 10),
        ("x10", 10),
        ("10 times", 10),
        ("26%", 26),
        ("26,19 %", 26.19),
        ("0.26", 0.26),
        (".26", 0.26),
        ("0,5", 0.5),
        ("0,500", 0.5),
        ("\N{FULLWIDTH DIGIT TWO}\N{FULLWIDTH DIGIT TWO}", 22),
        ("\N{ARABIC-INDIC DIGIT THREE}", 3),
        ("  3  ", 3),
        ("0", 0),
    ],
)
def test_a_number_is_read(typed: str, first: float) -> None:
    assert numbers(typed)[0] == pytest.approx(first)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            " ",
            "twenty",
            "$",
            "-",
            "%",
            "3 or 5",
            "between 3 and 5",
            "24,075 - 7,000",
            "3/4",
            "1 2",
            "abc12",
            "12abc",
            "1e999",
            "gpt4",
            "1,2,3",
            "1.2.3.4",
        ),
        *("10\N{SUPERSCRIPT TWO}", "\N{VULGAR FRACTION ONE HALF}", "nan", "inf", "-infinity", "9" * (LONGEST + 1), "\0", "\n"),
    ],
)
def test_what_is_not_one_number_is_not_read(typed: str) -> None:
    assert not numbers(typed)


def test_where_only_the_country_could_tell_both_readings_are_given() -> None:
    assert list(numbers("19,860")) == [19860, 19.86]
    assert list(numbers("19.860")) == [19.86, 19860]
    assert list(numbers("1,860,000")) == [1_860_000]
    assert list(numbers("19,86")) == [19.86]


@given(st.text(max_size=2 * LONGEST))
def test_whatever_is_typed_gives_at_most_two_finite_numbers(typed: str) -> None:
    found = numbers(typed)
    assert len(found) <= 2
    assert all(math.isfinite(value) for value in found)


@given(st.floats(0, 1e9), st.sampled_from(["{:.2f}", "{:,.2f}", "${:,.2f}", "{:,.2f} dollars", "-{:.2f}"]))
def test_an_amount_as_python_writes_it_is_read_back(amount: float, written: str) -> None:
    typed = written.format(amount)
    assert round(abs(numbers(typed)[0]), 2) == round(amount, 2)


@given(st.integers(0, 10**12), st.sampled_from([",", ".", " ", "'", "\N{NO-BREAK SPACE}"]))
def test_thousands_are_read_whatever_parts_them(number: int, mark: str) -> None:
    assert float(number) in numbers(f"{number:,}".replace(",", mark))


def test_percent_is_told_from_a_plain_number() -> None:
    assert all(is_percent(typed) for typed in ("26%", "26 percent", "26 Per cent", "26\N{FULLWIDTH PERCENT SIGN}"))
    assert not is_percent("26")
