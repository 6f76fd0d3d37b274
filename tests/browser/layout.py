"""Whether a page fits narrow and enlarged screens, and what is pressed is large enough and far enough apart."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any, Final

from playwright.sync_api import Page

from tests.browser.guest import DESK, HEIGHT, PHONE, Guest

NARROW: Final = 320  # also a desk at 400%
ZOOMED: Final = DESK // 2  # what 200% leaves of a desk
LEAST_HEIGHT: Final = 44
LEAST_GAP: Final = 8
ROUNDING: Final = 0.1

_SIDEWAYS = """() => {
  const { scrollWidth, clientWidth } = document.scrollingElement;
  if (scrollWidth <= clientWidth) return [];
  const wide = [...document.querySelectorAll("body *")].filter(
    (element) => element.getBoundingClientRect().right > clientWidth + 0.5
  );
  return [`${scrollWidth} > ${clientWidth}`, ...wide.slice(-5).map((element) => element.outerHTML.slice(0, 120))];
}"""

# What can be pressed and is seen. A link inside a sentence is as high as its line (WCAG 2.5.8, inline).
_TARGETS = """() => [...document.querySelectorAll("button, a[href], input, summary")]
  .filter((element) => element.checkVisibility() && !element.closest(".skip") && element.type !== "hidden")
  .filter((element) => getComputedStyle(element).display !== "inline")
  .map((element) => {
    // The whole label of a choice is pressed.
    const { left, top, right, bottom } = (element.closest("label") ?? element).getBoundingClientRect();
    const words = (element.innerText || element.name || element.querySelector("img")?.alt || "").trim();
    return { name: `${element.localName} ${words}`, button: element.matches("button, .button, summary, input"),
             left, top, right, bottom };
  })"""


def layout_faults(guest: Guest) -> Iterator[str]:
    """One line per fault."""
    yield from _sideways(guest.page)
    yield from _small_or_close(guest.page)
    yield from _sideways_in_large_type(guest)


def _sideways(page: Page) -> Iterator[str]:
    for width in (NARROW, PHONE, ZOOMED):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for line in page.evaluate(_SIDEWAYS):
            yield f"sideways at {width}: {line}"


def _sideways_in_large_type(guest: Guest) -> Iterator[str]:
    """Text alone at 200%, by the browser's own setting."""
    guest.page.set_viewport_size({"width": DESK, "height": HEIGHT})
    session = guest.context.new_cdp_session(guest.page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    size = guest.page.evaluate("() => getComputedStyle(document.documentElement).fontSize")
    assert size == "32px", "the setting reached the page"
    for line in guest.page.evaluate(_SIDEWAYS):
        yield f"sideways in large type: {line}"
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})


def _small_or_close(page: Page) -> Iterator[str]:
    page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    page.evaluate("() => scrollTo(0, document.body.scrollHeight)")  # where what sticks covers nothing
    targets: list[Mapping[str, Any]] = page.evaluate(_TARGETS)
    for target in targets:
        height = target["bottom"] - target["top"]
        if height + ROUNDING < LEAST_HEIGHT:
            yield f"{target['name']} is {height:.1f} px high"
    for one, other in combinations(targets, 2):
        if _lies_inside(one, other) or _lies_inside(other, one):
            continue  # a button inside the field it belongs to
        if (gap := _gap(one, other)) + ROUNDING < LEAST_GAP:
            yield f"{one['name']} and {other['name']} are {gap:.1f} px apart"


def _gap(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The free room between two boxes; what lies apart in one direction may touch in the other."""
    across = max(one["left"] - other["right"], other["left"] - one["right"])
    down = max(one["top"] - other["bottom"], other["top"] - one["bottom"])
    return max(across, down)


def _lies_inside(inner: Mapping[str, float], outer: Mapping[str, float]) -> bool:
    return (
        outer["left"] <= inner["left"]
        and inner["right"] <= outer["right"]
        and outer["top"] <= inner["top"]
        and inner["bottom"] <= outer["bottom"]
    )
