"""What axe-core says of a page in several looks. It opens no page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page

from tests.browser.guest import HEIGHT, LOOKS, Scheme

AXE: Final = Axe().axe_script
# Among the static files: the browser compiles it once for all pages, and text that is handed in for each.
AXE_FILE: Final = "axe.js"
# A look changes colours and sizes, never names, roles and the order of headings.
RULES_OF_LOOKS: Final = ("color-contrast", "target-size")
_RUN: Final = """async (rules) => {
  // Paths of elements are left out: nobody reads them here, and they cost a fifth of the time.
  const options = { resultTypes: ["violations"], selectors: false, ...(rules && { runOnly: rules }) };
  return (await axe.run(document, options)).violations;
}"""


def load_axe(page: Page) -> None:
    """Let scripts on this page call axe."""
    page.add_script_tag(url=f"{settings.STATIC_URL}{AXE_FILE}")


def violations(page: Page, *, every_look: bool) -> Iterator[str]:
    """One line per element that breaks a rule: all rules on a light phone, those of looks at a dark desk.

    With `every_look` those of looks on a dark phone and at a light desk as well.
    """
    load_axe(page)
    # Target size (WCAG 2.2) is off in axe unless asked for.
    page.evaluate("() => axe.configure({ rules: [{ id: 'target-size', enabled: true }] })")
    first, *others = LOOKS
    yield from _in_look(page, *first)
    for width, scheme in others if every_look else others[-1:]:
        yield from _in_look(page, width, scheme, RULES_OF_LOOKS)


def _in_look(page: Page, width: int, scheme: Scheme, rules: Sequence[str] | None = None) -> Iterator[str]:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.emulate_media(color_scheme=scheme)
    found: Sequence[Mapping[str, Any]] = page.evaluate(_RUN, rules)
    for violation in found:
        for node in violation["nodes"]:
            yield f"{width} {scheme}: {violation['id']}: {node['html']}: {node['failureSummary']}"
