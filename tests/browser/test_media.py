"""Print, forced colours, reduced motion, and the one ground that axe-core cannot judge: the card's gradient."""

import re
from typing import Final, Literal

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from guestportal.sandbox.cards import HUGE, RICH, SEED, Card
from tests.browser.accessibility import load_axe
from tests.browser.conftest import NewGuest
from tests.browser.guest import DESK, HEIGHT, PHONE, Guest, Scheme
from tests.support.sandbox import SandboxProcess

PAGE_IN_PDF: Final = re.compile(rb"/Type\s*/Page\b(?!s)")
_JUDGE_CONTRAST: Final = """async () => {
  const { violations, incomplete, passes } = await axe.run(".pass", { runOnly: ["color-contrast"] });
  const nodes = (results) => results.flatMap((result) => result.nodes.map((node) => node.failureSummary));
  return [nodes(violations), nodes(incomplete), nodes(passes).length];
}"""
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")


@pytest.mark.parametrize("card", [SEED, RICH], ids=lambda card: card.nickname)
def test_prints_the_balance_on_one_page(guest: Guest, card: Card) -> None:
    guest.come_with_card(card)
    guest.open("/balance/")

    for paper in ("A4", "Letter"):
        assert len(PAGE_IN_PDF.findall(guest.page.pdf(format=paper))) == 1, paper


def test_counts_the_pages_of_what_does_not_fit_on_one(guest: Guest) -> None:
    guest.come_with_card(HUGE)
    guest.open("/balance/")

    assert len(PAGE_IN_PDF.findall(guest.page.pdf(format="A5"))) > 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_prints_black_on_white_with_merchant_time_and_masked_number(
    new_guest: NewGuest, scheme: Scheme
) -> None:
    guest = new_guest(scheme=scheme)
    guest.come_with_card(RICH)
    guest.open("/balance/")
    guest.page.locator("summary", has_text="Show full card number").click()
    guest.page.emulate_media(media="print", color_scheme=scheme)

    for text in ("Harbor & Pine Coffee", "As of", "Card ending 731206", "$42.50"):
        expect(guest.page.get_by_text(text).locator("visible=true").first).to_be_visible()
    expect(guest.page.get_by_text("6000 3010 0073 1206")).to_be_hidden()
    for name in ("Refresh", "Sign out"):
        expect(guest.page.get_by_role("button", name=name)).to_be_hidden()
    colours: list[str] = guest.page.evaluate(
        """() => [getComputedStyle(document.body).backgroundColor,
                  ...[...document.querySelectorAll("main *")].filter((element) => element.checkVisibility())
                    .map((element) => getComputedStyle(element).color)]"""
    )
    assert colours[0] == "rgb(255, 255, 255)"
    assert set(colours[1:]) <= {"rgb(0, 0, 0)", "rgb(51, 51, 51)"}


def test_prints_the_history_without_what_can_only_be_pressed(guest: Guest, sandbox: SandboxProcess) -> None:
    guest.come_with_card(SEED)
    guest.open("/history/")
    controls = guest.page.locator("main").locator("a, button, summary, input").locator("visible=true")
    expect(controls.filter(has_text="Send a gift")).to_have_count(1)
    guest.page.emulate_media(media="print")

    expect(controls).to_have_count(0)
    expect(guest.page.get_by_role("heading", name="Given and received")).to_be_visible()


@pytest.mark.parametrize("path", ["/gifts/", "/balance/"])
def test_ties_the_ribbon_in_forced_colours(guest: Guest, path: str) -> None:
    """The bow is made of borders, which stay there; the ribbon is a ground, which would go."""
    guest.page.emulate_media(forced_colors="active")
    guest.come_with_card(SEED)
    guest.open(path)
    grounds: list[str] = guest.page.evaluate(
        """() => [...document.querySelectorAll(".gift-card, .emblem-gift")]
             .map((element) => getComputedStyle(element).backgroundImage)"""
    )

    assert grounds
    assert [ground for ground in grounds if "linear-gradient" not in ground] == []


@pytest.mark.parametrize("path", ["/", "/balance/", "/gifts/"])
def test_draws_the_edges_of_controls_in_forced_colours(guest: Guest, path: str) -> None:
    """Backgrounds are taken away there, so every control and the card need a border."""
    guest.page.emulate_media(forced_colors="active")
    guest.come_with_card(RICH)
    guest.open(path)
    for width in (PHONE, DESK):
        guest.page.set_viewport_size({"width": width, "height": HEIGHT})
        borders = control_borders(guest.page)
        assert borders
        assert not [border for border in borders if not re.search(r": solid [1-9]\S* rgb\(", border)], width


def control_borders(page: Page) -> list[str]:
    """The top border of every control and card, after its class."""
    borders: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(".button, .input, .pass")].map((element) => {
             const { borderTopColor, borderTopStyle, borderTopWidth } = getComputedStyle(element);
             return `${element.className}: ${borderTopStyle} ${borderTopWidth} ${borderTopColor}`;
           })"""
    )
    return borders


def test_sets_french_quotation_marks_with_narrow_spaces(guest: Guest) -> None:
    guest.come_with_card(SEED)
    guest.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "fr", "url": guest.origin}])
    guest.open("/gifts/")
    quotes = guest.page.locator(".quote blockquote").first.evaluate(
        "(quote) => getComputedStyle(quote).quotes"
    )

    assert quotes == '"«\u202f" "\u202f»"'


@pytest.mark.parametrize(("motion", "moves"), [("no-preference", True), ("reduce", False)])
def test_moves_nothing_for_guests_who_asked_for_that(
    guest: Guest, motion: Literal["no-preference", "reduce"], moves: bool
) -> None:
    guest.page.emulate_media(reduced_motion=motion)
    guest.come_with_card(SEED)
    guest.open("/balance/")
    held = guest.hold_requests("**/balance/refresh/")
    button = guest.page.get_by_role("button", name="Refresh")
    button.click()
    expect(button).to_be_disabled()
    guest.page.locator("summary", has_text="Show full card number").click()

    assert bool(guest.page.evaluate("() => document.getAnimations().length")) is moves
    held.release()
    expect(guest.status).to_have_text("Your balances were read again just now.")


@pytest.mark.parametrize("path", ["/", "/balance/"])
def test_keeps_the_card_readable_where_its_discs_lie(guest: Guest, path: str) -> None:
    """axe-core leaves gradients undecided: lay the disc's colour flat over the whole card and ask again."""
    guest.come_with_card(RICH)
    guest.open(path)
    load_axe(guest.page)
    for scheme in SCHEMES:
        guest.page.emulate_media(color_scheme=scheme)
        assert lay_discs_flat(guest.page), scheme
        judged = guest.page.evaluate(_JUDGE_CONTRAST)
        assert judged[:2] == [[], []], scheme
        assert judged[2] > 0, scheme


def lay_discs_flat(page: Page) -> list[str]:
    """Give each card the colour that its discs have in this look; return those colours."""
    grounds: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(".pass")].map((pass) => {
             const resolved = (colour) => {
               pass.style.backgroundColor = colour;
               return getComputedStyle(pass).backgroundColor;
             };
             const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
             for (const colour of ["var(--card)", "var(--disc)"]) {
               pen.fillStyle = resolved(colour);
               pen.fillRect(0, 0, 1, 1);
             }
             const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
             pass.style.backgroundImage = "none";
             return resolved(`rgb(${red} ${green} ${blue})`);
           })"""
    )
    return grounds
