"""Proof of work in a real browser, under the production policy: done, shown, stopped, and done without."""

import secrets
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Locator, expect
from pytest_django import Settings

from guestportal.merchants.definition import Merchant
from guestportal.sandbox.cards import SEED
from guestportal.throttling import attack, own_credentials, proofs
from tests.browser.accessibility import violations
from tests.browser.conftest import NewGuest
from tests.browser.guest import Guest
from tests.support.password_sign_in import ROSA
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess

WORKING = "Your device works out a small sum"


@pytest.fixture
def under_attack(patient_merchant: Merchant, portal: str) -> None:
    attack.start(patient_merchant)


@pytest.fixture
def many_cards(patient_merchant: Merchant, portal: str) -> None:
    """This address has failed with five cards already, at a merchant whose guests come in."""
    own_credentials.note_sign_in(patient_merchant)
    client = Client()
    for number in range(5):
        fields = {"card_number": f"{6_099_000_000_000_000 + number}", "registration_code": "999999"}
        assert client.post("/", fields).status_code == 422


@pytest.fixture
def unlucky(monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser finds what it looks for in the last of the rounds."""
    monkeypatch.setattr(secrets, "randbelow", lambda rounds: rounds - 1)


def heading(guest: Guest) -> Locator:
    return guest.page.get_by_role("heading", level=1)


def test_is_worked_out_while_the_guest_types(
    under_attack: None, guest: Guest, sandbox: SandboxProcess, settings: Settings
) -> None:
    settings.PROOF_ROUNDS = 200
    guest.open("/")
    expect(guest.page.get_by_text("That is done. You can go on.").first).to_be_visible()
    assert sandbox.requests() == []
    guest.enter(SEED.number, SEED.code)

    expect(heading(guest)).to_have_text("Your balance")
    assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 1


def test_holds_the_form_until_it_is_done_and_sends_it_then(
    under_attack: None, unlucky: None, guest: Guest, settings: Settings
) -> None:
    settings.PROOF_ROUNDS = 1000
    guest.open("/")
    expect(guest.page.get_by_text(WORKING).first).to_be_visible()
    expect(guest.page.get_by_role("progressbar")).to_be_visible()
    guest.enter(SEED.number, SEED.code)

    expect(heading(guest)).to_have_text("Your balance")


def test_says_that_a_press_was_taken_and_lets_it_be_taken_back(
    under_attack: None, guest: Guest, settings: Settings
) -> None:
    settings.PROOF_ROUNDS = 1_000_000  # never done here
    guest.open("/")
    guest.number.fill(SEED.number)
    guest.code.fill(SEED.code)
    button = guest.page.get_by_role("button", name="Show my balance")
    button.click()
    expect(guest.status).to_contain_text("sent as soon as the sum is done")
    expect(button).to_have_attribute("aria-disabled", "true")

    guest.page.get_by_role("button", name="Stop").click()
    expect(guest.status).to_contain_text("The sum was stopped.")
    expect(button).not_to_have_attribute("aria-disabled", "true")


def test_sends_by_itself_what_was_typed_when_a_proof_was_missing(
    many_cards: None, guest: Guest, sandbox: SandboxProcess
) -> None:
    guest.expect_status(422)
    guest.open("/")
    guest.number.fill(SEED.number)
    guest.code.fill(SEED.code)
    guest.page.get_by_role("button", name="Show my balance").click()

    expect(heading(guest)).to_have_text("Your balance")
    assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 6


def test_sends_a_wrong_code_never_again_by_itself(
    under_attack: None, guest: Guest, sandbox: SandboxProcess
) -> None:
    guest.expect_status(422)
    guest.open("/")
    guest.enter(SEED.number, "999999")
    expect(guest.page.get_by_text("We could not open this card").first).to_be_visible()
    expect(guest.page.get_by_text("That is done. You can go on.").first).to_be_visible()
    guest.page.evaluate("() => new Promise((done) => setTimeout(done, 150))")

    assert [request.method for request in guest.requests].count("POST") == 1
    assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 1


def test_sends_nothing_by_itself_while_somebody_writes(
    many_cards: None, unlucky: None, guest: Guest, sandbox: SandboxProcess, settings: Settings
) -> None:
    settings.PROOF_ROUNDS = 1_000  # longer than it takes to write two digits
    guest.expect_status(422)
    guest.open("/")
    guest.enter(SEED.number, SEED.code)
    guest.code.fill("12")

    expect(guest.page.get_by_text("That is done. You can go on.").first).to_be_visible()
    assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 5
    expect(guest.code).to_have_value("12")


def test_can_be_stopped_and_begun_again(
    under_attack: None, unlucky: None, guest: Guest, settings: Settings
) -> None:
    settings.PROOF_ROUNDS = 100_000
    guest.expect_status(422)
    guest.open("/")
    bar = guest.page.get_by_role("progressbar")
    expect(bar).not_to_have_js_property("value", 0)
    guest.page.get_by_role("button", name="Stop").click()
    expect(guest.page.get_by_text("The sum was stopped.").first).to_be_visible()
    stood = bar.evaluate("bar => bar.value")
    guest.page.evaluate("() => new Promise((done) => setTimeout(done, 150))")
    assert bar.evaluate("bar => bar.value") == stood

    guest.enter(SEED.number, SEED.code)
    expect(guest.page.get_by_role("heading", name="One more moment")).to_be_visible()
    settings.PROOF_ROUNDS = 3
    guest.open("/")
    expect(guest.page.get_by_text("That is done. You can go on.").first).to_be_visible()


def test_asks_for_the_password_again_and_signs_in(many_cards: None, guest: Guest, settings: Settings) -> None:
    settings.PROOF_ROUNDS = 50
    client = Client()
    for number in range(5):
        client.post(
            "/sign-in/",
            {"username": ROSA.username, "password": "wrong"},
            REMOTE_ADDR=f"198.51.100.{number}",
        )
    guest.expect_status(422)
    guest.open("/sign-in/")
    guest.page.get_by_label("User name").fill(ROSA.username)
    guest.page.get_by_label("Password", exact=True).fill(ROSA.password)
    guest.submit("Sign in")
    expect(guest.page.get_by_text("Enter your password again")).to_be_visible()
    expect(guest.page.get_by_label("User name")).to_have_value(ROSA.username)
    guest.page.get_by_label("Password", exact=True).fill(ROSA.password)
    guest.submit("Sign in")

    expect(heading(guest)).to_have_text("Your balance")


def test_without_script_a_pause_takes_its_place(
    many_cards: None, new_guest: NewGuest, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PROOF_PAUSE_SECONDS = 30
    guest = new_guest(script=False)
    guest.expect_status(422)
    guest.open("/")
    guest.enter(SEED.number, SEED.code)
    expect(guest.page.get_by_text("Wait 30 seconds, then press the button.")).to_be_visible()
    expect(guest.page.get_by_role("progressbar")).not_to_be_visible()
    guest.submit("Show my balance")
    expect(guest.number).to_have_value(SEED.number)
    expect(guest.code).to_have_value(SEED.code)
    expect(heading(guest)).not_to_have_text("Your balance")

    when_over = timezone.now() + timedelta(seconds=31)
    monkeypatch.setattr(proofs, "timezone", SimpleNamespace(now=lambda: when_over))
    guest.submit("Show my balance")
    expect(heading(guest)).to_have_text("Your balance")


def test_a_browser_without_web_crypto_waits_like_one_without_script(
    many_cards: None, new_guest: NewGuest
) -> None:
    guest = new_guest(apart=True)
    guest.expect_status(422)
    guest.context.add_init_script("Object.defineProperty(window.crypto, 'subtle', {value: undefined});")
    guest.open("/")
    guest.enter(SEED.number, SEED.code)

    expect(guest.page.get_by_text("Wait 20 seconds, then press the button.")).to_be_visible()


def test_a_browser_whose_work_fails_waits_like_one_without_script(under_attack: None, guest: Guest) -> None:
    guest.expect_status(404)
    guest.page.route("**/proof-worker*", lambda route: route.fulfill(status=404))
    guest.open("/")

    expect(guest.page.get_by_text("Wait 20 seconds, then press the button.")).to_be_visible()
    expect(guest.page.get_by_role("progressbar")).to_be_hidden()


@pytest.mark.parametrize("path", ["/", "/sign-in/"])
def test_is_accessible_while_it_works(
    under_attack: None, unlucky: None, guest: Guest, settings: Settings, path: str
) -> None:
    settings.PROOF_ROUNDS = 100_000
    guest.open(path)
    expect(guest.page.get_by_text(WORKING).first).to_be_visible()

    assert list(violations(guest.page, every_look=True)) == []
