"""Every page in every state a guest can meet. Accessibility, layout, weight and pictures all walk this list.

A new page or state is one line in STATES.
"""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass
from typing import Final

from guestportal.merchants.definition import Merchant, SignIn
from guestportal.sandbox import cards
from tests.browser import gift_states, sending_states
from tests.browser.card_states import (
    DOWN,
    REFUSED,
    Show,
    at,
    entering,
    entrance_with_an_old_token,
    entrance_without_cookies,
    expect_picture,
    expect_text,
    failing,
    refreshing,
    refused_since,
    refused_then_down,
    signed_in,
    unfold,
    with_an_old_token,
    without_connection,
)
from tests.browser.guest import Guest
from tests.conftest import serving
from tests.support.password_sign_in import NO_CARD, ROSA, TWO_CARDS
from tests.support.sandbox import SandboxProcess


@dataclass(frozen=True, slots=True)
class State:
    """How to get to a page in one state, and what is special about it."""

    name: str
    words: str  # that tell this state of the page from the others
    show: Show
    _: KW_ONLY
    status: int = 200  # of the page or of a request on it
    merchant: Callable[[Merchant], Merchant] | None = None  # another one than the demo merchant
    cookies: bool = True  # False: a public page that sets none
    apart: bool = False  # leaves something in its browser that no other page must meet
    picture: bool = False  # one of its kind: looked at in every way, and taken by `make screenshots`

    def __str__(self) -> str:
        return self.name

    @contextmanager
    def shown(self, guest: Guest, sandbox: SandboxProcess, merchant: Merchant) -> Iterator[None]:
        """Bring the guest there; the merchant stays as the state wants it inside the block."""
        guest.expect_status(self.status)
        with serving(self.merchant(merchant) if self.merchant else merchant):
            self.show(guest, sandbox)
            guest.settle()
            expect_text(self.words)(guest)
            yield


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
# Cards whose pages are made of other parts; those that differ in words alone are read by tests without a browser.
_BALANCES: Final = (cards.SEED, cards.SUSPENDED, cards.UNREGISTERED, cards.HUGE, cards.SECOND)

STATES: Final = (
    State("entrance", "Show my balance", at("/"), picture=True),
    State("entrance-picture", "Where do I find this?", at("/", unfold("Where do I"), expect_picture)),
    State("entrance-empty", "Enter the card number.", entering("", ""), status=422, picture=True),
    State("entrance-wrong-length", "you entered 8.", entering("6000 3010", "12"), status=422),
    State(
        "entrance-refused",
        "We could not open this card.",
        entering(_SEED.number, _WRONG_CODE),
        status=422,
        picture=True,
    ),
    State(
        "entrance-unavailable",
        "what you entered is still here",
        entering(_SEED.number, _SEED.code, DOWN),
        status=503,
        picture=True,
    ),
    State("entrance-paused", "Checking balances is paused", at("/"), merchant=paused),
    State("entrance-plain", "Show my balance", at("/"), merchant=plain),
    State("entrance-known", "You are signed in with card ending 418000.", signed_in(_SEED, path="/")),
    State("sign-in", "Is the card all you have?", at("/sign-in/"), picture=True),
    State("entrance-ended", "A sign-in ends when you sign out", at("/balance/")),
    State("entrance-ended-refused", "The account is closed", refused_since),
    State("signed-out", "You are signed out.", signed_in(_SEED, lambda guest: guest.submit("Sign out"))),
    State("balance", "1,250 Points", signed_in(cards.RICH), picture=True),
    *(
        State(
            f"balance-{card.nickname}",
            f"Card ending {card.number[-6:]}",
            signed_in(card),
            picture=card is not cards.SECOND,
        )
        for card in _BALANCES
    ),
    State("balance-plain", "1,250 Points", signed_in(cards.RICH), merchant=plain),
    State("balance-number", "6000 3010 0041 8000", signed_in(_SEED, unfold("Show full card number"))),
    State("balance-refreshed", "Your balances were read again just now.", refreshing(_SEED, None)),
    State("balance-stale", "We could not read your balance again", refreshing(_SEED, DOWN), picture=True),
    State("balance-offline", "That did not get through", without_connection, picture=True),
    State("balance-old-token", "This page is out of date", with_an_old_token, status=403),
    State("failure", "We could not show your balance", refreshing(_SEED, REFUSED), picture=True),
    State(
        "unavailable",
        "This is not about your card. Try again in a few minutes.",
        refused_then_down,
        status=503,
        picture=True,
    ),
    State(
        "invalid-status",
        "No balance to show for this card",
        entering(cards.INVALID_STATUS.number, cards.INVALID_STATUS.code),
        picture=True,
    ),
    State(
        "sign-in-empty",
        "Enter your user name.",
        at("/sign-in/", lambda guest: guest.submit("Sign in")),
        status=422,
    ),
    State(
        "sign-in-refused",
        "Check the user name and the password.",
        gift_states.signing_in(ROSA, "wrong"),
        status=422,
        picture=True,
    ),
    State(
        "sign-in-stopped",
        "Your account is locked",
        gift_states.signing_in(ROSA, None, gift_states.LOCKED),
        picture=True,
    ),
    State("card-choice", "2 cards belong to your user name.", gift_states.signing_in(TWO_CARDS)),
    State(
        "card-choice-error", "Choose one of your cards.", gift_states.no_card_chosen(TWO_CARDS), status=422
    ),
    State("no-card", "No card belongs to this user name", gift_states.signing_in(NO_CARD)),
    State(
        "password",
        "Enter your password to read your balances again",
        gift_states.password_again,
        merchant=by_password_each_time,
    ),
    State("session-warning", "Stay signed in", gift_states.session_warning, apart=True),
    State("gifts", "What nobody answers goes back", signed_in(_SEED, path="/gifts/"), picture=True),
    State("gifts-none", "No gift is waiting for you", gift_states.none_waiting, picture=True),
    State(
        "gifts-unavailable", "We cannot look up gifts right now", gift_states.gifts_unavailable, status=503
    ),
    State("gift-accepted", "You accepted this gift", gift_states.accepted, picture=True),
    State("gift-accepted-elsewhere", "This gift has been accepted already", gift_states.accepted_elsewhere),
    State("gift-confirming", "We are confirming your answer", gift_states.confirming),
    State("gift-answer-refused", "only the same answer can be given again", gift_states.refused),
    State(
        "gift-note-not-taken", "A message cannot hold a web address.", gift_states.note_not_taken, status=422
    ),
    State("gift-declining", "gets it back, and you cannot change this afterwards", gift_states.declining),
    State("gift-declined", "You declined this gift", gift_states.declined),
    State(
        "gift-decline",
        "gets it back, and you cannot change this afterwards",
        gift_states.decline_page,
        picture=True,
    ),
    State("gift-not-here", "This gift is not here", gift_states.not_here, status=404),
    State("gift-link", "Nothing is accepted before that.", at(gift_states.LINK)),
    State("gift-link-unknown", "This link does not lead to a gift", at("/g/ZZZZZZZZZZZZ/"), status=404),
    State("gift-link-answered", "This gift has been answered", gift_states.link_answered, status=410),
    State("gift-linked", "A gift for you", signed_in(_SEED, path=gift_states.LINK)),
    State("gift-linked-elsewhere", "This gift is meant for another account", gift_states.linked_elsewhere),
    State("send-what", "What would you like to send?", sending_states.what_page),
    State("send-who-error", "Enter the name of the person it is for.", sending_states.who_error, status=422),
    State("send-message", "Would you like to add a message?", sending_states.message_page, picture=True),
    State("send-check", "You have not sent to this address before.", sending_states.check_page, picture=True),
    State("send-twin", "Send another?", sending_states.twin),
    State("send-by-card", "Sign in with a user name to send a gift", sending_states.by_card),
    State("gift-sent", "Your gift is sent", sending_states.sent, picture=True),
    State("gift-sent-unclear", "We are confirming your gift", sending_states.unclear),
    State("gift-refused", "We are making sure about your gift", sending_states.refused),
    State("send-held-up", "This gift can be sent in a minute or two", sending_states.held_up),
    State("gift-not-sent", "Your gift was not sent", sending_states.not_sent),
    State("confirm-wrong", "We could not confirm this password.", sending_states.confirm_wrong, status=422),
    State("history", "For the early shift.", signed_in(cards.RICH, path="/history/"), picture=True),
    State("history-unfolded", "Which way", gift_states.unfolded_history),
    State("history-nothing-found", "Nothing matches", signed_in(_SEED, path="/history/?q=nothing+like+it")),
    State("history-empty", "No gifts so far", gift_states.empty_history),
    State("help", "We will give you a new one", at("/help/"), cookies=False, picture=True),
    State(
        "help-plain",
        "You need two things that belong to your card",
        at("/help/"),
        merchant=plain,
        cookies=False,
    ),
    State("help-signed-in", "We will give you a new one", signed_in(cards.RICH, path="/help/")),
    State("privacy", "This page asks our card system", at("/privacy/"), cookies=False, picture=True),
    State("privacy-plain", "What we use", at("/privacy/"), merchant=plain, cookies=False),
    State(
        "accessibility",
        "We will read your balance to you",
        at("/accessibility/"),
        cookies=False,
        picture=True,
    ),
    State("accessibility-plain", "What that means", at("/accessibility/"), merchant=plain, cookies=False),
    State("error-403-cookies", "This site needs cookies", entrance_without_cookies, status=403),
    State("error-403-form", "This page was open too long", entrance_with_an_old_token, status=403),
    State(
        "error-404",
        "There is no page at this address",
        at("/nowhere/"),
        status=404,
        cookies=False,
        picture=True,
    ),
    State("error-429", "Too many tries", failing(429), status=429, cookies=False, picture=True),
    State(
        "error-500", "Something went wrong on our side", failing(500), status=500, cookies=False, picture=True
    ),
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
