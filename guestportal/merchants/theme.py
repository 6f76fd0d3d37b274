"""Derives a merchant's palettes and checks them on the portal's surfaces (WCAG 2.2, 1.4.3 and 1.4.11)."""

from dataclasses import dataclass
from typing import Final

from guestportal.merchants.colours import Colour, contrast, lighter_tones, parse_colour, written_ratio
from guestportal.merchants.definition import Palette
from guestportal.merchants.problems import Place

TEXT_RATIO: Final = 4.5
CONTROL_RATIO: Final = 3.0

# The style sheet's tokens have the same values; a change here is a change there.
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


def derive_palettes(
    accent: Colour, accent_dark: Colour | None, place: Place
) -> tuple[Palette, Palette] | None:
    """The light and the dark palette, or None with each failing pair and its ratio noted at `place`.

    The light accent is never changed, only refused. Without `accent_dark` the dark one is the first lighter
    tone of the accent that passes, the accent itself included; with it, it is taken or refused as given.
    """
    failures = [(place.at("accent"), text) for text in failing_pairs(accent, LIGHT)]
    if accent_dark is None:
        dark = next(tone for tone in lighter_tones(accent) if not failing_pairs(tone, DARK))
    else:
        dark = accent_dark
        failures += [(place.at("accent_dark"), text) for text in failing_pairs(dark, DARK)]
    for at, text in failures:
        at.wrong(text)
    return None if failures else (_palette(accent), _palette(dark))


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
