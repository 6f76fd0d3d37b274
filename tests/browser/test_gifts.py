"""Gifts are accepted and declined by mouse, by keyboard and without script; what moves, and what is said."""

import random
from itertools import product
from typing import Final

import pytest
from playwright.sync_api import expect

from guestportal.sandbox import identity
from tests.browser.card_states import DOWN
from tests.browser.conftest import NewGuest
from tests.browser.guest import DESK, PHONE, Guest
from tests.browser.inbox import (
    ACCEPTED,
    ANA,
    BEANS,
    COFFEE,
    DECLINED,
    NO_THANKS,
    ROSA,
    THANKS,
    expect_count,
    gift,
    give,
    let_two_wait,
)
from tests.browser.keyboard import tab_to
from tests.browser.weight import MOST_HTML_AND_CSS, MOST_IN_ALL, MOST_REQUESTS, weights
from tests.support.answering_steps import signed_in
from tests.support.sandbox import (
    ACCEPT_TRANSFER_IN,
    ACCOUNT_INFORMATION,
    PENDING_TRANSFERS,
    REJECT_TRANSFER_IN,
    SandboxProcess,
)

NOTE: Final = "A note, if you like"
MANY: Final = 50
MINUTE: Final = 60_000
LOOK: Final = "**/gifts/?again=*"  # what a page asks by itself
FIRST_NAMES: Final = ("Alma", "Bruno", "Carla", "Dario", "Elena", "Felix", "Greta", "Hugo", "Irene", "Jonas")
LAST_NAMES: Final = ("Abbott", "Becker", "Costa", "Duval", "Ellis", "Foster", "Greene", "Hansen")
OPENINGS: Final = ("Happy birthday!", "Thank you so much", "For your first day", "Well done", "Get well soon")
REASONS: Final = (
    "for the lift last week",
    "from all of us here",
    "after that long exam",
    "with love from Maine",
)
CLOSINGS: Final = (
    "See you on Friday.",
    "Enjoy it while it rains!",
    "One for the road.",
    "The corner table is ours.",
)


def states_of(sandbox: SandboxProcess) -> list[tuple[str, str | None]]:
    return [(transfer.status, transfer.response_message) for transfer in sandbox.transfers()]


def expect_answers_in_the_senders_history(rosa: Guest) -> None:
    rosa.come_with_card(ROSA)
    rosa.open("/history/")
    for name, word, note in (("Free Coffee", "Accepted", THANKS), ("Bag of Beans", "Declined", NO_THANKS)):
        parcel = gift(rosa, name)
        expect(parcel.get_by_text(word, exact=True)).to_be_visible()
        expect(parcel.get_by_text(note)).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_answers_two_gifts_by_mouse(new_guest: NewGuest, sandbox: SandboxProcess, script: bool) -> None:
    let_two_wait(sandbox)
    guest = new_guest(script=script)
    guest.come_with_card(ANA)
    guest.open("/gifts/")
    expect_count(guest, 2)
    coffee = gift(guest, "For Tuesday.")
    coffee.get_by_text("Add a thank-you note").click()
    coffee.get_by_label(NOTE).fill(THANKS)
    coffee.get_by_role("button", name=f"Accept {COFFEE}").click()
    expect(guest.status).to_contain_text(ACCEPTED)
    expect_count(guest, 1)

    guest.page.get_by_role("link", name=f"Decline {BEANS}").click()
    expect(guest.page.get_by_role("heading", name=f"Decline {BEANS}?")).to_be_visible()
    expect(guest.page.get_by_text("Rosa L. gets it back")).to_be_visible()
    guest.page.get_by_label(NOTE).last.fill(NO_THANKS)
    guest.page.get_by_role("button", name=f"Yes, decline {BEANS}").click()
    expect(guest.status).to_contain_text(DECLINED)
    expect_count(guest, 0)

    assert states_of(sandbox) == [("ACCEPTED", THANKS), ("REJECTED", NO_THANKS)]
    expect_answers_in_the_senders_history(new_guest(script=script))


def test_answers_two_gifts_by_keyboard(new_guest: NewGuest, sandbox: SandboxProcess) -> None:
    let_two_wait(sandbox)
    guest = new_guest()
    guest.come_with_card(ANA)
    guest.open("/gifts/")
    page = guest.page
    tab_to(page.locator("summary", has_text="Add a thank-you note").first)
    guest.page.keyboard.press("Enter")
    guest.page.keyboard.press("Tab")
    guest.page.keyboard.type(THANKS)
    tab_to(page.get_by_role("button", name=f"Accept {COFFEE}"))
    guest.page.keyboard.press("Enter")
    expect(guest.page.get_by_role("heading", name="You accepted this gift")).to_be_focused()

    tab_to(page.get_by_role("link", name=f"Decline {BEANS}"))
    guest.page.keyboard.press("Enter")
    expect(guest.page.get_by_role("heading", name=f"Decline {BEANS}?")).to_be_focused()
    guest.page.keyboard.press("Tab")
    guest.page.keyboard.type(NO_THANKS)
    tab_to(page.get_by_role("button", name=f"Yes, decline {BEANS}"))
    guest.page.keyboard.press("Space")
    expect(guest.page.get_by_role("heading", name="You declined this gift")).to_be_focused()
    expect(guest.status).to_have_text(DECLINED)
    expect_count(guest, 0)

    assert states_of(sandbox) == [("ACCEPTED", THANKS), ("REJECTED", NO_THANKS)]
    assert [request.resource_type for request in guest.requests].count("document") == 1, "no page was loaded"
    expect_answers_in_the_senders_history(new_guest())


def test_says_what_happened_and_sends_the_answer_once(guest: Guest, sandbox: SandboxProcess) -> None:
    let_two_wait(sandbox)
    guest.come_with_card(ANA)
    guest.open("/gifts/")
    held = guest.hold_requests("**/accept/")
    guest.page.get_by_role("button", name=f"Accept {COFFEE}").click()
    button = guest.page.get_by_role("button", name="Accepting…", exact=True)
    expect(button).to_be_disabled()
    button.dispatch_event("click")
    expect(guest.status).to_have_text("Accepting…")
    sandbox.clear_requests()
    held.release()

    expect(guest.page.get_by_role("heading", name="You accepted this gift")).to_be_focused()
    expect(guest.status).to_have_text(ACCEPTED)
    expect_count(guest, 1)
    expect(gift(guest, "You accepted this gift").get_by_role("button")).to_have_count(0)
    assert not held.routes
    assert [request.operation for request in sandbox.requests()] == [PENDING_TRANSFERS, ACCEPT_TRANSFER_IN]


def test_says_that_a_gift_is_being_declined(guest: Guest, sandbox: SandboxProcess) -> None:
    let_two_wait(sandbox)
    guest.come_with_card(ANA)
    guest.open("/gifts/")
    guest.page.get_by_role("link", name=f"Decline {COFFEE}").click()
    held = guest.hold_requests("**/decline/")
    guest.page.get_by_role("button", name=f"Yes, decline {COFFEE}").click()
    expect(guest.page.get_by_role("button", name="Declining…", exact=True)).to_be_disabled()
    expect(guest.status).to_have_text("Declining…")
    held.release()

    expect(guest.status).to_have_text(DECLINED)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_asks_before_declining_and_takes_no_for_an_answer(
    new_guest: NewGuest, sandbox: SandboxProcess, width: int
) -> None:
    let_two_wait(sandbox)
    guest = new_guest(width=width)
    guest.come_with_card(ANA)
    guest.open("/gifts/")
    decline = guest.page.get_by_role("link", name=f"Decline {COFFEE}")
    decline.scroll_into_view_if_needed()
    before = decline.bounding_box()
    decline.click()
    expect(guest.page.get_by_role("heading", name=f"Decline {COFFEE}?")).to_be_focused()
    after = guest.page.get_by_role("button", name=f"Yes, decline {COFFEE}").bounding_box()
    assert before
    assert after
    apart = {
        "x": (before["x"] >= after["x"] + after["width"]) or (after["x"] >= before["x"] + before["width"]),
        "y": (before["y"] >= after["y"] + after["height"]) or (after["y"] >= before["y"] + before["height"]),
    }
    assert any(apart.values()), f"a second press in the same place would decline: {before} {after}"

    guest.page.get_by_role("link", name="Keep the gift").click()
    expect(guest.page.get_by_role("heading", name="Rosa L. sent you Free Coffee")).to_be_focused()
    expect(guest.page.get_by_role("button", name=f"Accept {COFFEE}")).to_be_visible()
    assert sandbox.requests(REJECT_TRANSFER_IN) == []
    expect_count(guest, 2)


def test_takes_the_focus_to_the_summary_when_a_note_is_not_taken(
    guest: Guest, sandbox: SandboxProcess
) -> None:
    guest.expect_status(422)
    let_two_wait(sandbox)
    guest.come_with_card(ANA)
    guest.open("/gifts/")
    coffee = gift(guest, "For Tuesday.")
    coffee.get_by_text("Add a thank-you note").click()
    coffee.get_by_label(NOTE).fill("See www.example.com")
    coffee.get_by_role("button", name=f"Accept {COFFEE}").click()
    summary = guest.page.get_by_role("region", name="There is a problem")
    expect(summary).to_be_focused()
    assert guest.page.title().startswith("Error: ")

    guest.page.keyboard.press("Tab")
    guest.page.keyboard.press("Enter")
    note = coffee.get_by_label(NOTE)
    expect(note).to_be_focused()
    expect(note).to_have_value("See www.example.com")
    note.fill(THANKS)
    coffee.get_by_role("button", name=f"Accept {COFFEE}").click()
    expect(guest.status).to_have_text(ACCEPTED)
    expect_count(guest, 1)
    assert len(sandbox.requests(ACCEPT_TRANSFER_IN)) == 1


def test_keeps_asking_about_an_answer_whose_end_nobody_saw(
    new_guest: NewGuest, sandbox: SandboxProcess
) -> None:
    """The page's clock is moved on; nothing is sent twice, and the news takes the place of the waiting."""
    guest = new_guest(apart=True)
    let_two_wait(sandbox)
    sandbox.queue_fault(ACCEPT_TRANSFER_IN, {"kind": "late"})
    guest.come_with_card(ANA)
    guest.page.clock.install()
    guest.open("/gifts/")
    guest.page.get_by_role("button", name=f"Accept {COFFEE}").click()
    heading = guest.page.get_by_role("heading", name="We are confirming your answer")
    expect(heading).to_be_focused()
    expect(guest.status).to_contain_text("It has not failed")
    expect(gift(guest, "confirming").get_by_role("button")).to_have_count(0)

    with guest.page.expect_response(LOOK):
        guest.page.clock.fast_forward(8 * MINUTE)
    guest.settle()
    expect(heading).to_be_focused()
    expect(guest.page.get_by_role("button", name="Stay signed in")).to_be_visible()
    assert sandbox.run_late() == 1
    with guest.page.expect_response(LOOK):
        guest.page.clock.fast_forward(6_000)
    expect(guest.page.get_by_role("heading", name="You accepted this gift")).to_be_visible()
    expect(guest.status).to_have_text(ACCEPTED)
    expect_count(guest, 1)
    assert len(sandbox.requests(ACCEPT_TRANSFER_IN)) == 1


@pytest.mark.parametrize("is_there", [False, True])
def test_brings_the_news_of_one_gift_and_takes_nothing_from_somebody_who_writes_at_another(
    new_guest: NewGuest, sandbox: SandboxProcess, is_there: bool
) -> None:
    guest = new_guest(apart=True)
    let_two_wait(sandbox)
    sandbox.queue_fault(ACCEPT_TRANSFER_IN, {"kind": "late"})
    ahead = signed_in(ANA)
    guest.take_session_of(ahead)
    guest.page.clock.install()
    guest.open("/gifts/")
    guest.page.get_by_role("button", name=f"Accept {COFFEE}").click()
    expect(guest.page.get_by_role("heading", name="We are confirming your answer")).to_be_focused()
    beans = gift(guest, "For the weekend.")
    beans.get_by_text("Add a thank-you note").click()
    note = beans.get_by_label(NOTE)
    note.fill(THANKS)
    if is_there:
        gift(guest, "confirming").get_by_role("link", name="Look again").focus()
    sandbox.run_late()
    ahead.get("/gifts/")  # says that the coffee was accepted, so that no other page lists it any more
    with guest.page.expect_response(LOOK):
        guest.page.clock.fast_forward(3_000)
    expect(guest.page.get_by_role("heading", name="You accepted this gift")).to_be_visible()
    guest.settle()
    expect(note).to_have_value(THANKS)
    assert ("You accepted this gift" in guest.focused()) is is_there, "it moves nobody who was elsewhere"


def test_asks_once_for_all_answers_that_are_being_confirmed(
    new_guest: NewGuest, sandbox: SandboxProcess
) -> None:
    guest = new_guest(apart=True)
    let_two_wait(sandbox)
    sandbox.queue_fault(ACCEPT_TRANSFER_IN, {"kind": "late"}, times=2)
    guest.come_with_card(ANA)
    guest.page.clock.install()
    guest.open("/gifts/")
    for name in (COFFEE, BEANS):
        guest.page.get_by_role("button", name=f"Accept {name}").click()
        expect(gift(guest, name.partition(" from")[0]).get_by_text("We are confirming")).to_be_visible()
    guest.settle()
    sandbox.clear_requests()
    for pause in (3_000, 6_000):
        with guest.page.expect_response(LOOK):
            guest.page.clock.fast_forward(pause)
        guest.settle()

    assert len(sandbox.requests(PENDING_TRANSFERS)) == 2


def test_tells_who_comes_second_that_the_gift_was_answered(guest: Guest, sandbox: SandboxProcess) -> None:
    let_two_wait(sandbox)
    guest.come_with_card(ANA)
    guest.open("/gifts/")
    other = guest.open_tab("/gifts/")
    other.get_by_role("button", name=f"Accept {COFFEE}").click()
    expect(other.get_by_role("heading", name="You accepted this gift")).to_be_visible()
    guest.page.get_by_role("button", name=f"Accept {COFFEE}").click()

    expect(guest.page.get_by_role("heading", name="This gift has been accepted already")).to_be_focused()
    expect(guest.status).to_have_text("This gift was accepted earlier; what it holds is on your card.")
    expect_count(guest, 1)
    assert len(sandbox.requests(ACCEPT_TRANSFER_IN)) == 1


def test_offers_to_try_again_when_the_connection_is_gone(guest: Guest, sandbox: SandboxProcess) -> None:
    guest.expect_problem("ERR_INTERNET_DISCONNECTED", "htmx:")
    let_two_wait(sandbox)
    guest.come_with_card(ANA)
    guest.open("/gifts/")
    guest.context.set_offline(True)
    guest.page.get_by_role("button", name=f"Accept {COFFEE}").click()
    alert = guest.page.get_by_role("alert")
    expect(alert).to_contain_text("That did not get through")
    expect(guest.page.get_by_role("button", name=f"Accept {COFFEE}")).to_be_enabled()
    expect(guest.status).to_be_empty()
    guest.context.set_offline(False)
    alert.get_by_role("button", name="Try again").click()

    expect(guest.status).to_have_text(ACCEPTED)
    assert states_of(sandbox)[0] == ("ACCEPTED", None)


def test_shows_waiting_gifts_on_the_balance_page_after_its_first_paint(
    guest: Guest, sandbox: SandboxProcess
) -> None:
    guest.come_with_card(ANA)
    sandbox.clear_requests()
    held = guest.hold_requests("**/gifts/waiting/")
    guest.page.goto("/balance/")  # `open` would wait for what is held back
    expect(guest.page.get_by_text("1 Visits").first).to_be_visible()
    expect(guest.page.get_by_role("link", name="Gifts that wait for you")).to_be_visible()
    expect_count(guest, 0, title=False)
    assert sandbox.requests(PENDING_TRANSFERS) == []

    guest.page.wait_for_function("() => document.querySelector('#waiting-gifts.htmx-request')")
    held.release()
    expect(guest.page.get_by_role("link", name="sent you").first).to_be_visible()
    guest.page.get_by_role("button", name="Refresh").click()
    expect(guest.status).to_have_text("Your balances were read again just now.")
    asked = [request.operation for request in sandbox.requests()]
    assert asked == [PENDING_TRANSFERS, ACCOUNT_INFORMATION], "the account was read at sign-in"
    assert not held.routes
    guest.page.get_by_role("link", name="sent you").click()
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("Gifts for you")


def test_leaves_the_plain_link_while_gifts_cannot_be_looked_up(guest: Guest, sandbox: SandboxProcess) -> None:
    sandbox.queue_fault(PENDING_TRANSFERS, DOWN, times=2)
    guest.come_with_card(ANA)
    guest.open("/balance/")

    expect(guest.page.get_by_text("We cannot look up gifts right now")).to_be_visible()
    expect(guest.page.get_by_role("link", name="Gifts that wait for you")).to_be_visible()
    expect(guest.page.get_by_role("alert")).to_be_empty()


def let_fifty_different_gifts_wait(sandbox: SandboxProcess) -> None:
    """No two have the same sender, message, day or number."""
    chance = random.Random(50)
    wallets = (identity.WALLET_FREE_COFFEE, identity.WALLET_BAG_OF_BEANS)
    messages = [" ".join(parts) for parts in chance.sample(list(product(OPENINGS, REASONS, CLOSINGS)), MANY)]
    sandbox.clear_transfers()
    for number, (first, last) in enumerate(chance.sample(list(product(FIRST_NAMES, LAST_NAMES)), MANY)):
        give(
            sandbox,
            wallet_code=wallets[number % 2],
            days_left=1 + number,
            message=messages[number],
            members={"fromUserInformation": {"firstName": first, "lastName": last}},
        )


def test_is_light_with_fifty_different_gifts_on_the_page(
    new_guest: NewGuest, sandbox: SandboxProcess
) -> None:
    let_fifty_different_gifts_wait(sandbox)
    guest = new_guest(width=PHONE)
    guest.come_with_card(ANA)
    guest.open("/gifts/")
    expect(guest.page.get_by_role("article")).to_have_count(MANY)
    expect_count(guest, MANY)
    sizes = weights(guest)
    text = sum(
        sizes[request.url] for request in guest.view if request.resource_type in {"document", "stylesheet"}
    )

    assert len(set(guest.page.get_by_role("article").all_inner_texts())) == MANY
    assert text <= MOST_HTML_AND_CSS, sizes
    assert sum(sizes.values()) <= MOST_IN_ALL, sizes
    assert len(sizes) <= MOST_REQUESTS
