"""Colour arithmetic against known figures, and what must hold for every colour."""

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guestportal.merchants.colours import (
    Colour,
    contrast,
    lighter_tones,
    parse_colour,
    relative_luminance,
    written_ratio,
)

unhurried = settings(deadline=None)  # a busy machine is no failure
CHANNELS = st.integers(0, 255)
COLOURS = st.builds(Colour, CHANNELS, CHANNELS, CHANNELS)
BLACK, WHITE = Colour(0, 0, 0), Colour(255, 255, 255)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000", "#fff", 21.0),
        ("#777777", "#ffffff", 4.478),  # the well-known grey that just misses
        ("#767676", "#ffffff", 4.542),  # and the one that just passes
        ("#949494", "#ffffff", 3.033),
        ("#ff0000", "#ffffff", 3.998),
        ("#0000ff", "#ffffff", 8.592),
        ("#008000", "#ffffff", 5.137),
        ("#ffee00", "#ffffff", 1.201),
    ],
)
def test_contrast_of_known_pairs(one: str, other: str, ratio: float) -> None:
    assert contrast(parse_colour(one), parse_colour(other)) == pytest.approx(ratio, abs=0.0006)


@unhurried
@given(COLOURS, COLOURS)
def test_contrast_is_symmetric_and_between_1_and_21(one: Colour, other: Colour) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.0000001


@unhurried
@given(COLOURS)
def test_contrast_with_itself_is_1(colour: Colour) -> None:
    assert contrast(colour, colour) == 1


@unhurried
@given(COLOURS)
def test_contrast_with_black_times_contrast_with_white_is_21(colour: Colour) -> None:
    assert contrast(colour, BLACK) * contrast(colour, WHITE) == pytest.approx(21)


@unhurried
@given(COLOURS)
def test_a_colour_survives_being_written_and_read(colour: Colour) -> None:
    assert re.fullmatch(r"#[0-9a-f]{6}", str(colour))
    assert parse_colour(str(colour)) == colour
    assert parse_colour(str(colour).upper()) == colour


def test_three_digits_stand_for_six() -> None:
    assert parse_colour("#0bF") == parse_colour("#00bbff")


@pytest.mark.parametrize(
    "text", ["", "#", "0b6e4f", "#0b6e4", "#0b6e4f0", "#ggg", "#١٢٣", "#0b6 ", "##bb", "red"]
)
def test_refuses_what_is_no_colour(text: str) -> None:
    with pytest.raises(ValueError, match="expected a colour"):
        parse_colour(text)


@unhurried
@given(COLOURS)
def test_tones_begin_with_the_colour_grow_lighter_and_end_with_white(colour: Colour) -> None:
    tones = list(lighter_tones(colour))
    luminances = [relative_luminance(tone) for tone in tones]

    assert tones[0] == colour
    assert tones[-1] == WHITE
    # Rounding to 8 bits may cost one step of one channel, never more.
    assert all(later >= earlier - 0.006 for earlier, later in itertools.pairwise(luminances))


@unhurried
@given(CHANNELS)
def test_tones_of_grey_stay_grey(level: int) -> None:
    for tone in lighter_tones(Colour(level, level, level)):
        assert max(tone.red, tone.green, tone.blue) - min(tone.red, tone.green, tone.blue) <= 1


def test_tones_of_green_stay_green() -> None:
    for tone in list(lighter_tones(parse_colour("#0b6e4f")))[:30]:
        assert tone.green > tone.blue > tone.red


def test_a_ratio_is_cut_and_never_rounded_up() -> None:
    assert written_ratio(4.499) == "4.49:1"
    assert written_ratio(3) == "3.00:1"
