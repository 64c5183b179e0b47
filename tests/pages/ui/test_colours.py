"""The colours can be read and told apart, in both themes."""

import tomllib
from itertools import combinations, pairwise

import pytest

from pages.ui import colours
from tests.house.source import ROOT

THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_background_is_the_themes(theme: str) -> None:
    assert colours.BACKGROUND[theme] == THEME[theme]["backgroundColor"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["uncapped", "capped", "summarised", "recalled", "forgotten", "limit"])
def test_what_is_written_in_a_colour_can_be_read(name: str, theme: str) -> None:
    shade = colours.MEANINGS[name].on(theme)
    assert colours.contrast(shade, colours.BACKGROUND[theme]) >= 4.5
    assert colours.contrast(shade, THEME[theme]["sidebar"]["backgroundColor"]) >= 4.2


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_parts_of_a_stack_can_be_told_apart_without_colour(theme: str) -> None:
    parts = [colours.INPUT.on(theme), colours.CACHED.on(theme), colours.OUTPUT.on(theme)]
    assert all(colours.contrast(below, above) >= 1.5 for below, above in pairwise(parts))
    assert all(colours.contrast(part, colours.BACKGROUND[theme]) >= 2.5 for part in parts)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_two_meanings_share_a_shade(theme: str) -> None:
    assert all(one.on(theme) != other.on(theme) for one, other in combinations(colours.MEANINGS.values(), 2))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_themes_own_text_can_be_read(theme: str) -> None:
    for name in ("textColor", "linkColor", "primaryColor", "grayColor"):
        assert colours.contrast(THEME[theme][name], THEME[theme]["backgroundColor"]) >= 4.5


def test_contrast_and_css() -> None:
    assert colours.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert colours.Colour("#111111", "#EEEEEE").css == "light-dark(#111111, #EEEEEE)"
    assert colours.CAPPED.on(None) == colours.CAPPED.light


def test_the_style_sheet_and_the_script_hold_nothing_that_streamlit_would_drop() -> None:
    look = ROOT / "pages" / "ui" / "look"
    for name in ("tideline.css", "tideline.js"):
        text = (look / name).read_text(encoding="utf-8")
        assert "<" not in text.replace(" < ", " ")
