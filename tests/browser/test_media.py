"""Print, forced colours, reduced motion, and the one ground that axe-core cannot judge: the card's gradient."""

import re
from typing import Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from guestportal.sandbox.cards import HUGE, RICH, SEED, Card
from tests.browser.conftest import Welcome
from tests.browser.guest import DESK, PHONE, Guest, Scheme

PAGE_IN_PDF: Final = re.compile(rb"/Type\s*/Page\b(?!s)")


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("card", [SEED, RICH], ids=lambda card: card.nickname)
def test_prints_the_balance_on_one_page(guest: Guest, card: Card, paper: Literal["A4", "Letter"]) -> None:
    guest.bring(card)
    guest.open("/balance/")

    assert len(PAGE_IN_PDF.findall(guest.page.pdf(format=paper))) == 1


def test_counts_the_pages_of_what_does_not_fit_on_one(guest: Guest) -> None:
    guest.bring(HUGE)
    guest.open("/balance/")

    assert len(PAGE_IN_PDF.findall(guest.page.pdf(format="A5"))) > 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_prints_black_on_white_with_merchant_time_and_masked_number(visit: Welcome, scheme: Scheme) -> None:
    guest = visit(scheme=scheme)
    guest.bring(RICH)
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


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("path", ["/", "/balance/"])
def test_draws_the_edges_of_controls_in_forced_colours(visit: Welcome, path: str, width: int) -> None:
    """Backgrounds are taken away there, so every control and the card need a border."""
    guest = visit(width=width)
    guest.page.emulate_media(forced_colors="active")
    guest.bring(RICH)
    guest.open(path)
    borders: list[str] = guest.page.evaluate(
        """() => [...document.querySelectorAll(".button, .input, .pass")].map((element) => {
             const { borderTopColor, borderTopStyle, borderTopWidth } = getComputedStyle(element);
             return `${element.className}: ${borderTopStyle} ${borderTopWidth} ${borderTopColor}`;
           })"""
    )
    assert borders
    assert not [border for border in borders if not re.search(r": solid [1-9]\S* rgb\(", border)]


@pytest.mark.parametrize(("motion", "moves"), [("no-preference", True), ("reduce", False)])
def test_moves_nothing_for_guests_who_asked_for_that(
    guest: Guest, motion: Literal["no-preference", "reduce"], moves: bool
) -> None:
    guest.page.emulate_media(reduced_motion=motion)
    guest.bring(SEED)
    guest.open("/balance/")
    held = guest.hold("**/balance/refresh/")
    button = guest.page.get_by_role("button", name="Refresh")
    button.click()
    expect(button).to_be_disabled()
    guest.page.locator("summary", has_text="Show full card number").click()

    assert bool(guest.page.evaluate("() => document.getAnimations().length")) is moves
    held.pop().continue_()
    expect(guest.status).to_have_text("Your balances were read again just now.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/balance/"])
def test_keeps_the_card_readable_where_its_discs_lie(visit: Welcome, path: str, scheme: Scheme) -> None:
    """axe-core leaves gradients undecided: lay the disc's colour flat over the whole card and ask again."""
    guest = visit(scheme=scheme)
    guest.bring(RICH)
    guest.open(path)
    grounds: list[str] = guest.page.evaluate(
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
    assert grounds
    guest.page.evaluate(Axe().axe_script)
    judged = guest.page.evaluate(
        """async () => {
             const { violations, incomplete, passes } = await axe.run(".pass", { runOnly: ["color-contrast"] });
             const nodes = (results) => results.flatMap((result) => result.nodes.map((node) => node.failureSummary));
             return [nodes(violations), nodes(incomplete), nodes(passes).length];
           }"""
    )
    assert judged[:2] == [[], []]
    assert judged[2] > 0
