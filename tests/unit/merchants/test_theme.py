"""Which accents are taken, which are refused, and with what figures."""

import re
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from guestportal.merchants.colours import Colour, contrast, parse_colour
from guestportal.merchants.definition import Palette
from guestportal.merchants.theme import (
    DARK,
    DEFAULT_ACCENT,
    INK,
    LIGHT,
    WHITE,
    Scheme,
    better_on,
    derive_palettes,
    failing_pairs,
    read_accent,
)
from tests.support.merchant_files import merchant, problems

unhurried = settings(deadline=None)  # a busy machine is no failure
CHANNELS = st.integers(0, 255)
COLOURS = st.builds(Colour, CHANNELS, CHANNELS, CHANNELS)


def assert_readable(palette: Palette, scheme: Scheme) -> None:
    accent, on_accent, text = map(parse_colour, (palette.accent, palette.on_accent, palette.accent_text))
    assert contrast(on_accent, accent) >= 4.5
    for ground in (scheme.page, scheme.surface):
        assert contrast(text, ground) >= 4.5
        assert contrast(accent, ground) >= 3


@unhurried
@given(COLOURS)
def test_every_accent_is_either_refused_or_readable_in_both_schemes(accent: Colour) -> None:
    if failing_pairs(accent, LIGHT):
        with pytest.raises(ValueError, match="has a contrast of"):
            read_accent(str(accent), LIGHT)
    else:
        light, dark = derive_palettes(read_accent(str(accent), LIGHT), None)
        assert light.accent == str(accent)
        assert_readable(light, LIGHT)
        assert_readable(dark, DARK)


@unhurried
@given(COLOURS, COLOURS)
def test_a_given_dark_accent_is_taken_as_it_is_or_refused(accent: Colour, accent_dark: Colour) -> None:
    if failing_pairs(accent_dark, DARK):
        with pytest.raises(ValueError, match="has a contrast of"):
            read_accent(str(accent_dark), DARK)
    else:
        _light, dark = derive_palettes(accent, read_accent(str(accent_dark), DARK))
        assert dark.accent == str(accent_dark)
        assert_readable(dark, DARK)


def test_judges_accents_on_the_grounds_that_the_stylesheet_has() -> None:
    tokens = (Path(portal_settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    light, dark = tokens.split("prefers-color-scheme: dark")

    for scheme, css in ((LIGHT, light), (DARK, dark)):
        for name, colour in (("page", scheme.page), ("surface", scheme.surface)):
            assert re.findall(rf"--{name}: (#\w+);", css) == [str(colour)], (scheme.name, name)


@unhurried
@given(COLOURS)
def test_labels_are_white_or_ink_whichever_reads_better(accent: Colour) -> None:
    chosen = better_on(accent)

    assert chosen in {WHITE, INK}
    assert contrast(chosen, accent) == max(contrast(WHITE, accent), contrast(INK, accent))


def test_the_default_accent_is_readable(tmp_path: Path) -> None:
    theme = merchant(tmp_path).theme

    assert theme.light.accent == str(DEFAULT_ACCENT)
    assert_readable(theme.light, LIGHT)
    assert_readable(theme.dark, DARK)


def test_an_accent_that_reads_well_on_dark_is_kept_there() -> None:
    accent = parse_colour("#4cc38a")

    assert not failing_pairs(accent, DARK)
    assert failing_pairs(accent, LIGHT)


def test_without_a_dark_accent_just_enough_white_is_mixed_in(tmp_path: Path) -> None:
    theme = merchant(tmp_path, {"theme.accent": '"#0b6e4f"'}).theme

    assert theme.dark.accent == "#4f9780"
    just_darker = parse_colour("#4d957f")  # a hundredth of white less
    assert failing_pairs(just_darker, DARK) == [
        "#4d957f on the dark surface has a contrast of 4.41:1; text needs at least 4.5:1"
    ]


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        (
            {"theme.accent": '"#ffee00"'},
            [
                (
                    "theme.accent: #ffee00 on the light page has a contrast of 1.20:1; "
                    "controls need at least 3:1, text 4.5:1"
                ),
                (
                    "theme.accent: #ffee00 on the light surface has a contrast of 1.09:1; "
                    "controls need at least 3:1, text 4.5:1"
                ),
            ],
        ),
        (
            {"theme.accent": '"#767676"'},
            [
                "theme.accent: #767676 on the light surface has a contrast of 4.15:1; text needs at least 4.5:1"
            ],
        ),
        (
            {"theme.accent": '"#0b6e4f"', "theme.accent_dark": '"#0b6e4f"'},
            [
                (
                    "theme.accent_dark: #0b6e4f on the dark page has a contrast of 2.87:1; "
                    "controls need at least 3:1, text 4.5:1"
                ),
                (
                    "theme.accent_dark: #0b6e4f on the dark surface has a contrast of 2.50:1; "
                    "controls need at least 3:1, text 4.5:1"
                ),
            ],
        ),
        (
            {"theme.accent": '"#7a7a7a"'},
            [
                "theme.accent: #7a7a7a on the light page has a contrast of 4.29:1; text needs at least 4.5:1",
                "theme.accent: #7a7a7a on the light surface has a contrast of 3.92:1; text needs at least 4.5:1",
                (
                    "theme.accent: the better label colour, #ffffff, on #7a7a7a has a contrast of 4.29:1; "
                    "text needs at least 4.5:1"
                ),
            ],
        ),
    ],
)
def test_refuses_colours_that_are_hard_to_read_with_the_figure(
    tmp_path: Path, changes: dict[str, str | None], lines: list[str]
) -> None:
    assert problems(tmp_path, changes) == [f"corner-bakery.toml: {line}" for line in lines]
