"""The style sheet that shows where each message stands: whatever the order, each gets its own word and no other's."""

import re

from hypothesis import given
from hypothesis import strategies as st

from pages.ui import shading
from pages.ui.colours import MEANINGS
from pages.ui.shading import LOOKS, Standing

RULE = re.compile(r"\.st-key-history>:nth-child\(n\+(\d+)\):nth-child\(-n\+(\d+)\)\{([^}]*)\}")


def shown(sheet: str, child: int) -> dict[str, str]:
    """Return the variables that the sheet gives to a child of the container, counted from 1."""
    found: dict[str, str] = {}
    for first, last, body in RULE.findall(sheet):
        if int(first) <= child <= int(last):
            found.update(pair.split(":", 1) for pair in body.split(";"))
    return found


@given(st.lists(st.sampled_from(list(LOOKS)), max_size=40), st.data())
def test_each_message_gets_the_word_the_colour_and_the_line_of_its_standing(drawn: list[Standing], data: st.DataObject) -> None:
    line_at = data.draw(st.none() | st.integers(0, len(drawn)))
    sheet = shading.sheet(drawn, line_at)
    for place, standing in enumerate(drawn):
        child = place + 1 + (line_at is not None and place >= line_at)
        got = shown(sheet, child)
        look = LOOKS[standing]
        assert (got["--tl-word"], got["--tl-edge"], got["--tl-line"]) == (f"'{look.word}'", f"var(--tl-{look.colour})", look.line)
        assert ("--tl-dim" in got) == (standing == "left_out")


def test_what_is_unusual_is_said_aloud_at_every_message_and_what_is_usual_once() -> None:
    sheet = shading.sheet(["left_out", "left_out", "sent", "sent"], 2)
    assert ["--tl-said" in shown(sheet, child) for child in (1, 2, 4, 5)] == [True, True, True, False]


def test_a_long_chat_takes_a_rule_for_a_run_and_not_for_a_message() -> None:
    forgotten: Standing = "left_out"
    sent: Standing = "sent"
    assert len(shading.sheet([forgotten] * 500 + [sent] * 500, 500)) < 700


def test_no_two_standings_look_alike() -> None:
    assert len({look.word for look in LOOKS.values()}) == len(LOOKS)
    assert {look.colour for look in LOOKS.values()} <= set(MEANINGS)
    unpinned = [look for standing, look in LOOKS.items() if standing != "pinned"]
    assert len({look.line for look in unpinned}) == len({look.colour for look in unpinned}) == len(unpinned)


def test_an_answer_stands_as_its_best_seen_message() -> None:
    assert shading.strongest(["left_out", "retrieved"]) == "retrieved"
    assert shading.strongest(["summarised", "pinned", "left_out"]) == "pinned"
    assert shading.strongest([]) == "left_out"
