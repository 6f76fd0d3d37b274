"""What the browser reads of the stylesheet is what its source says."""

from guestportal.merchants.definition import Merchant
from guestportal.web.stylesheet import shared_css, stylesheet_for
from tests.browser.guest import Guest

# Custom properties and @supports are repeated as they are written, blanks included.
RULES = """(css) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return [...sheet.cssRules].map((rule) => rule.cssText.replaceAll(/([,:]) /g, "$1"));
}"""


def test_has_the_rules_of_its_source(guest: Guest, merchant: Merchant) -> None:
    guest.open("/healthz")

    written, sent = (guest.page.evaluate(RULES, css) for css in (shared_css(), stylesheet_for(merchant).text))

    assert len(written) > 200
    assert sent[: len(written)] == written
    assert len(sent) == len(written) + 2, "the palette, light and dark"
