"""Colour arithmetic: reading, WCAG contrast, and lighter tones of a colour. It knows nothing of themes."""

import math
from collections.abc import Iterator
from dataclasses import dataclass


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
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (colour.red / 255, colour.green / 255, colour.blue / 255)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """From 1 to 21, whichever way round, as https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio defines it."""
    darker, lighter = sorted((relative_luminance(one), relative_luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def written_ratio(ratio: float) -> str:
    """A ratio for people, cut and not rounded: 4.499 reads "4.49:1", never as the 4.5 it misses."""
    return f"{math.floor(ratio * 100) / 100:.2f}:1"


def lighter_tones(colour: Colour) -> Iterator[Colour]:
    """The colour itself, then mixed with ever more white, a hundredth at a time, and white at the end."""
    for hundredths in range(101):
        red, green, blue = (
            channel + round((255 - channel) * hundredths / 100)
            for channel in (colour.red, colour.green, colour.blue)
        )
        yield Colour(red, green, blue)
