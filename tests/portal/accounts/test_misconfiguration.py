"""Wrong credentials of the merchant's own, and how they are told from guests' (docs/threats.md, check 43)."""

import dataclasses
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.http import HttpResponse

from guestportal.merchants.definition import Merchant
from guestportal.sandbox.cards import RICH, SEED
from guestportal.sandbox.identity import CARD_TEMPLATE_CODE
from guestportal.throttling import attack, own_credentials
from tests.conftest import serving
from tests.support.guessing import WRONG, card_number, enter, from_address, page_of
from tests.support.password_sign_in import ROSA, sign_in_with_password, try_password
from tests.support.plain_browser import enter_card, sign_in_with_card
from tests.support.sandbox import (
    ACCOUNT_INFORMATION,
    GIFTING_CONFIG,
    REQUEST_GUEST_TOKEN,
    SandboxProcess,
)

pytestmark = pytest.mark.django_db

START = datetime(2031, 5, 4, 12, 0, tzinfo=UTC)
SECRET = "a-secret-that-opens-nothing"
OUTAGE = "We cannot look up cards right now"
REFUSED = "We could not open this card"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def answered_before(merchant: Merchant) -> None:
    own_credentials.note_answered(merchant, card_template_code=CARD_TEMPLATE_CODE)


def wrong_secret(merchant: Merchant) -> Merchant:
    integration = dataclasses.replace(merchant.integration, client_secret=SECRET)
    return dataclasses.replace(merchant, integration=integration)


def wrong_merchant_id(merchant: Merchant) -> Merchant:
    integration = dataclasses.replace(merchant.integration, merchant_id=424242)
    return dataclasses.replace(merchant, integration=integration)


def come(*, times: int, number: str = SEED.number, code: str = SEED.code) -> list[HttpResponse]:
    """Guests of as many addresses."""
    return [enter(from_address(address), number, code) for address in range(times)]


def errors(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    """The fields of every line for the operator; Django's own of a 503 is none."""
    own = [record for record in caplog.records if record.name != "django.request"]
    return [record.__dict__["fields"] for record in own if record.levelno >= logging.ERROR]


@pytest.mark.usefixtures("answered_before")
class TestWhereTheCallHasOnceSucceeded:
    def test_a_wrong_secret_is_an_outage_from_the_fourth_guest_on(
        self, merchant: Merchant, sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture
    ) -> None:
        with serving(wrong_secret(merchant)):
            answers = [enter(from_address(each), card_number(each), WRONG) for each in range(30)]

        assert [answer.status_code for answer in answers] == [422] * 3 + [503] * 27
        assert all(OUTAGE in page_of(answer).text for answer in answers[3:])
        assert [request.operation for request in sandbox.requests()] == [
            *[ACCOUNT_INFORMATION] * 4,
            GIFTING_CONFIG,
        ]
        (line,) = errors(caplog)
        assert (line["event"], line["merchant"]) == ("credentials_refused", merchant.slug)
        assert (line["operation"], line["status"]) == (GIFTING_CONFIG, 401)
        assert SECRET not in caplog.text
        assert not attack.is_on(merchant)

    def test_a_wrong_merchant_id_is_an_outage_by_every_way_in(
        self, merchant: Merchant, sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture
    ) -> None:
        with serving(wrong_merchant_id(merchant)):
            for address in range(30):
                try_password(from_address(address), f"{ROSA.username}{address}", ROSA.password)
            assert enter_card(from_address(60)).status_code == 503
            assert not attack.is_on(merchant)

        assert len(sandbox.requests(REQUEST_GUEST_TOKEN)) == 4
        assert not sandbox.requests(ACCOUNT_INFORMATION)
        (line,) = errors(caplog)
        assert (line["event"], line["operation"], line["status"]) == (
            "credentials_refused",
            GIFTING_CONFIG,
            403,
        )

    def test_gives_the_places_back(self, merchant: Merchant, clock: time_machine.Traveller) -> None:
        with serving(wrong_secret(merchant)):
            come(times=30)
        clock.shift(61)

        assert enter_card(from_address(1)).status_code == 302

    def test_is_asked_about_once_a_minute_until_it_is_mended(
        self,
        merchant: Merchant,
        sandbox: SandboxProcess,
        clock: time_machine.Traveller,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        with serving(wrong_secret(merchant)):
            come(times=8)
            for _ in range(3):
                clock.shift(61)
                sandbox.clear_requests()
                assert {answer.status_code for answer in come(times=8)} == {503}
                assert [request.operation for request in sandbox.requests()] == [GIFTING_CONFIG]

        assert len(errors(caplog)) == 1
        assert enter_card(from_address(1)).status_code == 503, "it was asked about a moment ago"
        clock.shift(61)
        assert enter_card(from_address(1)).status_code == 302
        assert enter(from_address(2), card_number(1)).status_code == 422

    def test_guessers_are_told_from_it_by_one_call_a_minute(
        self, merchant: Merchant, sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture
    ) -> None:
        answers = [enter(from_address(number), card_number(number)) for number in range(30)]

        assert {answer.status_code for answer in answers} == {422}
        assert REFUSED in page_of(answers[10]).text
        assert len(sandbox.requests(GIFTING_CONFIG)) == 1
        assert attack.is_on(merchant)
        assert [line["event"] for line in errors(caplog)] == ["attack_mode"]

    @pytest.mark.parametrize(
        "fault", [{"kind": "status", "status": 502, "body": ""}, {"kind": "failed"}, {"kind": "drop_before"}]
    )
    def test_an_outage_of_that_call_proves_nothing(
        self, merchant: Merchant, sandbox: SandboxProcess, fault: dict[str, object]
    ) -> None:
        sandbox.queue_fault(GIFTING_CONFIG, fault, times=2)
        answers = come(times=12, code=WRONG)

        assert {answer.status_code for answer in answers} == {422}
        assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 5

    def test_other_answers_between_make_no_row(self, merchant: Merchant, sandbox: SandboxProcess) -> None:
        for number in range(12):
            if number % 3 == 2:
                sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "replace", "body": '{"result": "failure"}'})
            enter(from_address(number), card_number(number))

        assert not sandbox.requests(GIFTING_CONFIG)


class TestWhereOnlyGuestsHaveComeIn:
    def test_a_refused_call_proves_nothing(
        self, merchant: Merchant, sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture
    ) -> None:
        sign_in_with_card(from_address(50), RICH.number, RICH.code)
        sandbox.queue_fault(GIFTING_CONFIG, {"kind": "status", "status": 403, "body": ""})
        sandbox.clear_requests()

        answers = come(times=12, code=WRONG)

        assert {answer.status_code for answer in answers} == {422}
        assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 5
        assert len(sandbox.requests(GIFTING_CONFIG)) == 1
        assert not errors(caplog)

    @pytest.mark.parametrize("way_in", ["card", "user name"])
    def test_is_asked_with_the_template_of_a_card_that_was_read_and_remembered(
        self, merchant: Merchant, sandbox: SandboxProcess, way_in: str
    ) -> None:
        if way_in == "card":
            sign_in_with_card(from_address(50))
        else:
            sign_in_with_password(from_address(50), ROSA)
        come(times=4, code=WRONG)

        assert len(sandbox.requests(GIFTING_CONFIG)) == 1
        known = own_credentials.known(merchant)
        assert known
        assert (known.card_template_code, known.has_answered) == (CARD_TEMPLATE_CODE, True)

    def test_the_steps_of_sending_remember_it(self, merchant: Merchant) -> None:
        client = from_address(50)
        sign_in_with_password(client, ROSA)
        assert client.get("/gifts/send/").status_code == 200

        known = own_credentials.known(merchant)
        assert known
        assert known.has_answered

    def test_another_host_is_another_installation(self, merchant: Merchant) -> None:
        sign_in_with_card(from_address(50))
        moved = dataclasses.replace(merchant.integration, base_url="https://m1.api.example/rest/26.6")

        assert own_credentials.known(dataclasses.replace(merchant, integration=moved)) is None


class TestWhereNothingHasEverSucceeded:
    def test_refusals_are_told_as_an_outage_and_logged_and_counted(
        self, merchant: Merchant, sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture
    ) -> None:
        with serving(wrong_secret(merchant)):
            answers = come(times=12)

        assert [answer.status_code for answer in answers[:5]] == [422] * 3 + [503] * 2
        assert OUTAGE in page_of(answers[4]).text
        assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 5
        assert not sandbox.requests(GIFTING_CONFIG)
        (line,) = errors(caplog)
        assert (line["event"], line["merchant"]) == ("credentials_unproven", merchant.slug)
        assert (line["operation"], line["status"], line["advice"]) == (ACCOUNT_INFORMATION, 401, "run doctor")
        assert SECRET not in caplog.text

    def test_the_first_guest_who_comes_in_ends_it(self, merchant: Merchant) -> None:
        answers = [enter(from_address(number), card_number(number)) for number in range(5)]
        assert answers[-1].status_code == 503

        sign_in_with_card(from_address(50))

        assert {answer.status_code for answer in come(times=9, code=WRONG)} == {422}
