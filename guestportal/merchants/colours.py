"""Colour arithmetic: reading, WCAG contrast, and lighter tones of a colour. It knows nothing of themes."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Colour:
    """An sRGB colour of 8 bits a channel; its text is `#rrggbb` in lower case."""

    red: int
    green: int
    blue: int

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


def parse_colour(text: str) -> Colour:
    """The colour written as `#rgb` or `#rrggbb`, in either case. Raises ValueError for anything else."""
    digits = text.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    if not text.startswith("#") or len(digits) != 6 or not set(digits) <= set("0123456789abcdefABCDEF"):
        raise ValueError("expected a colour such as #0b6e4f")
    return Colour(int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))


def relative_luminance(colour: Colour) -> float:
    """From 0 (black) to 1 (white), as https://www.w3.org/TR/WCAG22/#dfn-relative-luminance defines it."""
    red, green, blue = _to_linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """From 1 to 21, whichever way round, as https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio defines it."""
    darker, lighter = sorted((relative_luminance(one), relative_luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def written_ratio(ratio: float) -> str:
    """A ratio for people, cut and not rounded: 4.499 reads "4.49:1", never as the 4.5 it misses."""
    return f"{math.floor(ratio * 100) / 100:.2f}:1"


def lighter_tones(colour: Colour) -> Iterator[Colour]:
    """The colour itself, then ever lighter tones of the same hue, and white at the end.

    The steps are taken in OKLCH (https://bottosson.github.io/posts/oklab/), where equal steps look equal and
    the hue stays; the chroma shrinks only where the screen could not show it.
    """
    yield colour
    lightness, a, b = _to_oklab(_to_linear(colour))
    for step in range(1, _STEPS + 1):
        tone = lightness + (1 - lightness) * step / _STEPS
        yield _from_linear(_most_vivid(tone, a, b))
    yield Colour(255, 255, 255)


_STEPS: Final = 50
_ROUNDING: Final = 0.002  # less than half of an 8-bit step, so that colours on the edge count as inside


def _to_linear(colour: Colour) -> _Triple:
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (colour.red / 255, colour.green / 255, colour.blue / 255)
    )
    return red, green, blue


def _from_linear(linear: _Triple) -> Colour:
    clipped = (min(max(channel, 0.0), 1.0) for channel in linear)
    red, green, blue = (
        round(255 * (channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055))
        for channel in clipped
    )
    return Colour(red, green, blue)


def _most_vivid(lightness: float, a: float, b: float) -> _Triple:
    """The colour with as much of the chroma as the screen can show; found by halving."""
    if _fits(full := _from_oklab((lightness, a, b))):
        return full
    fits, too_much = 0.0, 1.0
    for _ in range(8):
        middle = (fits + too_much) / 2
        if _fits(_from_oklab((lightness, a * middle, b * middle))):
            fits = middle
        else:
            too_much = middle
    return _from_oklab((lightness, a * fits, b * fits))


def _fits(linear: _Triple) -> bool:
    return all(-_ROUNDING <= channel <= 1 + _ROUNDING for channel in linear)


def _to_oklab(linear: _Triple) -> _Triple:
    red, green, blue = linear
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklab(lab: _Triple) -> _Triple:
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
