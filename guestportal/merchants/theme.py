"""Derives a merchant's palettes and checks them on the portal's surfaces (WCAG 2.2, 1.4.3 and 1.4.11)."""

from dataclasses import dataclass
from typing import Final

from guestportal.merchants.colours import Colour, contrast, lighter_tones, parse_colour, written_ratio
from guestportal.merchants.definition import Palette
from guestportal.merchants.values import kind_of, quoted

TEXT_RATIO: Final = 4.5
CONTROL_RATIO: Final = 3.0

# As in static/css/tokens.css; a test keeps them equal.
LIGHT_PAGE: Final = parse_colour("#ffffff")
LIGHT_SURFACE: Final = parse_colour("#f5f5f2")
DARK_PAGE: Final = parse_colour("#14171a")
DARK_SURFACE: Final = parse_colour("#1f2428")
WHITE: Final = parse_colour("#ffffff")
INK: Final = parse_colour("#14171a")

DEFAULT_ACCENT: Final = parse_colour("#0b5c73")


@dataclass(frozen=True, slots=True)
class Scheme:
    """A colour scheme of the portal: what an accent stands on."""

    name: str
    page: Colour
    surface: Colour


LIGHT: Final = Scheme("light", LIGHT_PAGE, LIGHT_SURFACE)
DARK: Final = Scheme("dark", DARK_PAGE, DARK_SURFACE)


def read_accent(written: object, scheme: Scheme) -> Colour:
    """An accent for the scheme, as written: it is taken or refused, never changed.

    Raises ValueError with a line for each pair of colours that is hard to read, with its ratio.
    """
    try:
        accent = parse_colour(written if isinstance(written, str) else "")
    except ValueError as error:
        raise ValueError(
            f"{error}, got {quoted(written) if isinstance(written, str) else kind_of(written)}"
        ) from None
    if failures := failing_pairs(accent, scheme):
        raise ValueError("\n".join(failures))
    return accent


def derive_palettes(accent: Colour, accent_dark: Colour | None) -> tuple[Palette, Palette]:
    """The light and the dark palette for accents that have been checked.

    Without `accent_dark` the dark one is the first lighter tone of the accent that passes, which may be the accent.
    """
    dark = accent_dark or next(tone for tone in lighter_tones(accent) if not failing_pairs(tone, DARK))
    return _palette(accent), _palette(dark)


def failing_pairs(accent: Colour, scheme: Scheme) -> list[str]:
    """One sentence for every pair of colours in the scheme that is hard to read; empty when all pass.

    The accent is the colour of links and figures as well as of controls, so on page and surface it has to
    reach the ratio of text.
    """
    found = []
    for name, ground in (("page", scheme.page), ("surface", scheme.surface)):
        ratio = contrast(accent, ground)
        if ratio < CONTROL_RATIO:
            need = f"controls need at least {CONTROL_RATIO:g}:1, text {TEXT_RATIO:g}:1"
        elif ratio < TEXT_RATIO:
            need = f"text needs at least {TEXT_RATIO:g}:1"
        else:
            continue
        found.append(f"{accent} on the {scheme.name} {name} has a contrast of {written_ratio(ratio)}; {need}")
    label = better_on(accent)
    if (ratio := contrast(label, accent)) < TEXT_RATIO:
        found.append(
            f"the better label colour, {label}, on {accent} has a contrast of {written_ratio(ratio)}; "
            f"text needs at least {TEXT_RATIO:g}:1"
        )
    return found


def better_on(accent: Colour) -> Colour:
    """White or ink, whichever reads better on the accent."""
    return max((WHITE, INK), key=lambda label: contrast(label, accent))


def _palette(accent: Colour) -> Palette:
    return Palette(accent=str(accent), on_accent=str(better_on(accent)), accent_text=str(accent))
