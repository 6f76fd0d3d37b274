"""Every page in every state a guest can meet. Accessibility, layout, weight and pictures all walk this list.

A new page or state is one line in STATES.
"""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeAlias

from django.conf import settings
from django.test import override_settings
from playwright.sync_api import expect

from guestportal.merchants.definition import Merchant, SignIn
from guestportal.sandbox import cards
from guestportal.sandbox.cards import Card
from tests.browser import gift_shows, sending, urls
from tests.browser.guest import Guest
from tests.conftest import serving
from tests.sandbox_process import ACCOUNT_INFORMATION, Fault, SandboxProcess
from tests.signing_in import NO_CARD, ROSA, TWO_CARDS

Show: TypeAlias = Callable[[Guest, SandboxProcess], None]

DOWN: Final[Fault] = {"kind": "status", "status": 503}
REFUSED: Final[Fault] = {
    "kind": "replace",
    "body": '{"result": "failure", "errorCode": "account_info.closed", "errorMessage": "The account is closed"}',
}
CLOSED: Final[Fault] = {"kind": "status", "status": 401, "body": REFUSED["body"]}
TWO_TRIES: Final = 2  # a reading is tried once more after a 503


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How to get to a page in one state, and what is special about it."""

    name: str
    show: Show
    status: int = 200  # of the page or of a request on it
    merchant: Callable[[Merchant], Merchant] | None = None  # another one than the demo merchant
    cookies: bool = True  # False: a public page that sets none
    apart: bool = False  # leaves something in its browser that no other page must meet
    picture: bool = False  # one of its kind: looked at in every way, and kept by `make screenshots`

    def __str__(self) -> str:
        return self.name

    @contextmanager
    def shown(self, guest: Guest, sandbox: SandboxProcess, merchant: Merchant) -> Iterator[None]:
        """Bring the guest there; the merchant stays as the state wants it inside the block."""
        guest.expect_status(self.status)
        with serving(self.merchant(merchant) if self.merchant else merchant):
            self.show(guest, sandbox)
            guest.settle()
            yield


def at(path: str, *then: Callable[[Guest], None]) -> Show:
    """The page at an address, and what the guest does on it."""

    def show(guest: Guest, _sandbox: SandboxProcess) -> None:
        guest.open(path)
        for step in then:
            step(guest)

    return show


def failing(status: int) -> Show:
    """The page for a status that no guest can bring about."""

    def show(guest: Guest, _sandbox: SandboxProcess) -> None:
        with override_settings(ROOT_URLCONF=urls.__name__):
            guest.open(f"/fail/{status}/")

    return show


def entering(number: str, code: str, *faults: Fault) -> Show:
    """What the entrance answers."""

    def show(guest: Guest, sandbox: SandboxProcess) -> None:
        for fault in faults:
            sandbox.queue_fault(ACCOUNT_INFORMATION, fault, times=TWO_TRIES)
        guest.open("/")
        guest.enter(number, code)

    return show


def signed_in(card: Card, *then: Callable[[Guest], None], path: str = "/balance/") -> Show:
    """A private page of a card's guest, and what they do on it."""

    def show(guest: Guest, _sandbox: SandboxProcess) -> None:
        guest.bring(card)
        guest.open(path)
        for step in then:
            step(guest)

    return show


def refreshing(card: Card, fault: Fault | None, *then: Callable[[Guest], None]) -> Show:
    """The balance after Refresh, which met the fault."""

    def show(guest: Guest, sandbox: SandboxProcess) -> None:
        guest.bring(card)
        guest.open("/balance/")
        if fault:
            sandbox.queue_fault(ACCOUNT_INFORMATION, fault, times=TWO_TRIES)
        press("Refresh")(guest)
        for step in then:
            step(guest)

    return show


def press(name: str) -> Callable[[Guest], None]:
    return lambda guest: guest.page.get_by_role("button", name=name, exact=True).click()


def unfold(text: str) -> Callable[[Guest], None]:
    return lambda guest: guest.page.locator("summary", has_text=text).click()


def see(text: str) -> Callable[[Guest], None]:
    """Wait until a text stands on the page."""
    return lambda guest: expect(guest.page.get_by_text(text).first).to_be_visible()


def without_connection(guest: Guest, sandbox: SandboxProcess) -> None:
    guest.expect_problem("ERR_INTERNET_DISCONNECTED", "htmx:")
    signed_in(cards.SEED)(guest, sandbox)
    guest.context.set_offline(True)
    press("Refresh")(guest)
    see("That did not get through")(guest)
    guest.context.set_offline(False)


def with_an_old_token(guest: Guest, sandbox: SandboxProcess) -> None:
    guest.expect_problem("Response Status Error Code 403")
    signed_in(cards.SEED)(guest, sandbox)
    guest.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    press("Refresh")(guest)
    see("This page is out of date")(guest)


def entrance_with_an_old_token(guest: Guest, _sandbox: SandboxProcess) -> None:
    guest.open("/")
    guest.context.clear_cookies()
    token = {"name": settings.CSRF_COOKIE_NAME, "value": "a" * 32, "url": guest.origin}
    guest.context.add_cookies([token])  # type: ignore[list-item]  # a mapping as Playwright describes it
    guest.enter(cards.SEED.number, cards.SEED.code)


def entrance_without_cookies(guest: Guest, _sandbox: SandboxProcess) -> None:
    guest.open("/")
    guest.context.clear_cookies()
    guest.enter(cards.SEED.number, cards.SEED.code)


def refused_since(guest: Guest, sandbox: SandboxProcess) -> None:
    """The card opened a moment ago and does not any more."""
    guest.bring(cards.SEED)
    guest.open("/balance/")
    sandbox.queue_fault(ACCOUNT_INFORMATION, CLOSED)
    press("Refresh")(guest)
    see("The account is closed")(guest)


def refused_then_down(guest: Guest, sandbox: SandboxProcess) -> None:
    refreshing(cards.SEED, REFUSED, see("The account is closed"))(guest, sandbox)
    sandbox.clear_faults()
    sandbox.queue_fault(ACCOUNT_INFORMATION, DOWN, times=TWO_TRIES)
    guest.open("/balance/")


def paused(merchant: Merchant) -> Merchant:
    return dataclasses.replace(merchant, features=dataclasses.replace(merchant.features, card_form=False))


def plain(merchant: Merchant) -> Merchant:
    """A merchant whose file holds only what is required, so that every default shows."""
    return dataclasses.replace(
        merchant,
        theme=dataclasses.replace(merchant.theme, logo=None),
        card=dataclasses.replace(merchant.card, picture=None),
        pages={},
        messages={},
        links=type(merchant.links)(),
        support=type(merchant.support)(),
        locale=dataclasses.replace(merchant.locale, languages=("en",)),
    )


def by_password_each_time(merchant: Merchant) -> Merchant:
    return dataclasses.replace(merchant, sign_in=(SignIn.CARD, SignIn.GUEST))


_SEED, _WRONG_CODE = cards.SEED, "999999"
_BALANCES: Final = tuple(
    card for card in cards.CARDS if card not in {cards.INVALID_STATUS, cards.LOCKED, cards.RICH}
)
_PICTURED: Final = (cards.SEED, cards.SUSPENDED, cards.UNREGISTERED, cards.HUGE)

STATES: Final = (
    State(name="entrance", show=at("/"), picture=True),
    State(name="entrance-picture", show=at("/", unfold("Where do I"))),
    State(name="entrance-empty", show=entering("", ""), status=422, picture=True),
    State(name="entrance-wrong-length", show=entering("6000 3010", "12"), status=422),
    State(name="entrance-refused", show=entering(_SEED.number, _WRONG_CODE), status=422, picture=True),
    State(
        name="entrance-unavailable", show=entering(_SEED.number, _SEED.code, DOWN), status=503, picture=True
    ),
    State(name="entrance-paused", show=at("/"), merchant=paused),
    State(name="entrance-plain", show=at("/"), merchant=plain),
    State(name="sign-in", show=at("/sign-in/"), picture=True),
    State(name="entrance-ended", show=at("/balance/")),
    State(name="entrance-ended-refused", show=refused_since),
    State(name="signed-out", show=signed_in(_SEED, lambda guest: guest.submit("Sign out"))),
    State(name="balance", show=signed_in(cards.RICH), picture=True),
    *(
        State(name=f"balance-{card.nickname}", show=signed_in(card), picture=card in _PICTURED)
        for card in _BALANCES
    ),
    State(name="balance-plain", show=signed_in(cards.RICH), merchant=plain),
    State(name="balance-number", show=signed_in(_SEED, unfold("Show full card number"))),
    State(name="balance-refreshed", show=refreshing(_SEED, None, see("were read again"))),
    State(
        name="balance-stale", show=refreshing(_SEED, DOWN, see("could not read your balance")), picture=True
    ),
    State(name="balance-offline", show=without_connection, picture=True),
    State(name="balance-old-token", show=with_an_old_token, status=403),
    State(name="failure", show=refreshing(_SEED, REFUSED, see("The account is closed")), picture=True),
    State(name="unavailable", show=refused_then_down, status=503, picture=True),
    State(
        name="invalid-status",
        show=entering(cards.INVALID_STATUS.number, cards.INVALID_STATUS.code),
        picture=True,
    ),
    State(name="sign-in-empty", show=at("/sign-in/", lambda guest: guest.submit("Sign in")), status=422),
    State(name="sign-in-refused", show=gift_shows.signing_in(ROSA, "wrong"), status=422, picture=True),
    State(name="card-choice", show=gift_shows.signing_in(TWO_CARDS)),
    State(name="card-choice-error", show=gift_shows.no_card_chosen(TWO_CARDS), status=422),
    State(name="no-card", show=gift_shows.signing_in(NO_CARD)),
    State(name="password", show=gift_shows.password_again, merchant=by_password_each_time),
    State(name="session-warning", show=gift_shows.session_warning, apart=True),
    State(name="gifts", show=signed_in(_SEED, path="/gifts/"), picture=True),
    State(name="gifts-none", show=gift_shows.none_waiting, picture=True),
    State(name="gifts-unavailable", show=gift_shows.gifts_unavailable, status=503),
    State(name="gift-accepted", show=gift_shows.accepted, picture=True),
    State(name="gift-accepted-elsewhere", show=gift_shows.accepted_elsewhere),
    State(name="gift-confirming", show=gift_shows.confirming),
    State(name="gift-note-not-taken", show=gift_shows.note_not_taken, status=422),
    State(name="gift-declining", show=gift_shows.declining),
    State(name="gift-declined", show=gift_shows.declined),
    State(name="gift-decline", show=gift_shows.decline_page, picture=True),
    State(name="gift-not-here", show=gift_shows.not_here, status=404),
    State(name="gift-link", show=at(gift_shows.LINK)),
    State(name="gift-link-unknown", show=at("/g/ZZZZZZZZZZZZ/"), status=404),
    State(name="gift-link-answered", show=gift_shows.link_answered, status=410),
    State(name="gift-linked", show=signed_in(_SEED, path=gift_shows.LINK)),
    State(name="gift-linked-elsewhere", show=gift_shows.linked_elsewhere),
    State(name="send-what", show=sending.what_page),
    State(name="send-who-error", show=sending.who_error, status=422),
    State(name="send-message", show=sending.message_page, picture=True),
    State(name="send-check", show=sending.check_page, picture=True),
    State(name="send-twin", show=sending.twin),
    State(name="send-by-card", show=sending.by_card),
    State(name="gift-sent", show=sending.sent, picture=True),
    State(name="gift-sent-unclear", show=sending.unclear),
    State(name="gift-not-sent", show=sending.not_sent),
    State(name="confirm-wrong", show=sending.confirm_wrong, status=422),
    State(name="history", show=signed_in(cards.RICH, path="/history/"), picture=True),
    State(name="history-unfolded", show=gift_shows.unfolded_history),
    State(name="history-nothing-found", show=signed_in(_SEED, path="/history/?q=nothing+like+it")),
    State(name="history-empty", show=gift_shows.empty_history),
    State(name="help", show=at("/help/"), cookies=False, picture=True),
    State(name="help-plain", show=at("/help/"), merchant=plain, cookies=False),
    State(name="help-signed-in", show=signed_in(cards.RICH, path="/help/")),
    State(name="privacy", show=at("/privacy/"), cookies=False, picture=True),
    State(name="privacy-plain", show=at("/privacy/"), merchant=plain, cookies=False),
    State(name="accessibility", show=at("/accessibility/"), cookies=False, picture=True),
    State(name="accessibility-plain", show=at("/accessibility/"), merchant=plain, cookies=False),
    State(name="error-400", show=failing(400), status=400, cookies=False),
    State(name="error-403", show=failing(403), status=403, cookies=False),
    State(name="error-403-cookies", show=entrance_without_cookies, status=403),
    State(name="error-403-form", show=entrance_with_an_old_token, status=403),
    State(name="error-404", show=at("/nowhere/"), status=404, cookies=False, picture=True),
    State(name="error-405", show=at("/sign-out/"), status=405, cookies=False),
    State(name="error-429", show=failing(429), status=429, cookies=False, picture=True),
    State(name="error-500", show=failing(500), status=500, cookies=False, picture=True),
    State(name="error-503", show=failing(503), status=503, cookies=False),
)

# One state of every page: enough for what the words on it do not change.
PAGES: Final = tuple(state for state in STATES if state.picture)
# These are laid out in a way of their own.
LAYOUTS: Final = PAGES + tuple(
    state
    for state in STATES
    if state.name
    in {
        "entrance-picture",
        "entrance-plain",
        "balance-number",
        "balance-plain",
        "help-signed-in",
        "gift-link",
        "gift-linked",
        "send-what",
        "send-who-error",
        "gift-sent-unclear",
    }
)
