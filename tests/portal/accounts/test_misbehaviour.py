"""What a guest gets when Paytronix misbehaves: one fault for each end of a call, at the entrance and at Refresh.

Which misbehaviour ends a call how is told for every operation in tests/unit/services/test_misbehaviour.py.
"""

import dataclasses
import json
import logging
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import Credential
from guestportal.merchants.definition import Merchant
from guestportal.sandbox.cards import RICH
from tests.conftest import serving
from tests.support import builders
from tests.support.pages import parse_page
from tests.support.plain_browser import SEED_CARD, enter_card, sign_in_with_card, submit
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess

pytestmark = pytest.mark.django_db

DOWN_TITLE = "We cannot look up cards right now"
UNOPENED = "We could not open this card. Check the number and the code, or try again later."
NOT_REFRESHED = "We could not read your balance again"
OLDER_FIGURES = "These are the figures from the time shown below."
REFRESHED = "Your balances were read again just now."
NOT_ACTIVE = "This card is not active yet."
TRACES = (
    "Traceback",
    "Exception",
    "Error:",
    "object at 0x",
    "requests.",
    "urllib3",
    "HTTPConnection",
    "127.0.0.1",
)

Fault = Mapping[str, Any]


def status(code: int, **more: object) -> Fault:
    return {"kind": "status", "status": code, **more}


def replaced(payload: object) -> Fault:
    return {"kind": "replace", "body": json.dumps(payload)}


REFUSAL = replaced(builders.failure(errorMessage="The card sleeps"))
INVALID_STATUS = replaced({"result": "invalid_status"})
ALL_NULL = {**dict.fromkeys(builders.account_information(), None), "result": "success"}
EMPTY_PARTS: builders.Payload = {
    "fields": {},
    "primaryCard": {},
    "pointBalances": [{}],
    "rewardBalances": [{}],
}

# The fault of every call, how often Paytronix is asked, and the end in the log.
DOWN = {
    "Unavailable": (status(500), 1),
    "Unavailable, asked twice": ({"kind": "drop_before"}, 2),
    "Unavailable by the deadline": ({"kind": "drip_headers", "interval_seconds": 0.1}, 1),
    "RateLimited": (status(429, headers={"Retry-After": "120"}), 1),
    "Misconfigured": (status(403), 1),
    "ContractBroken": ({"kind": "broken_json"}, 1),
}
SHOWN: dict[str, tuple[Fault, int]] = {
    "503 once": (status(503), 2),
    "every member null": (replaced(ALL_NULL), 1),
    "empty parts": (replaced({"result": "success", **EMPTY_PARTS}), 1),
    "called text": (status(200, body='{"result": "success"}'), 1),
}


def outcomes(caplog: pytest.LogCaptureFixture) -> list[str]:
    fields = [getattr(record, "fields", {}) for record in caplog.records]
    return [each["outcome"] for each in fields if each.get("event") == "paytronix_call"]


def words_of(response: Any) -> str:
    """The page's words, which hold no trace of the program."""
    text = parse_page(response.content).text.replace("Error: Enter", "")
    assert [trace for trace in TRACES if trace in text] == []
    return text


def read_at_on(response: Any) -> str:
    found = re.search(r"As of\s+<time datetime=\"([^\"]+)\"", response.content.decode())
    assert found
    return found.group(1)


def refreshed(client: Client, sandbox: SandboxProcess, fault: Fault, *, times: int) -> HttpResponse:
    """The answer to Refresh of a guest who came in some time ago."""
    sign_in_with_card(client, RICH.number, RICH.code)
    Credential.objects.update(read_at=Credential.objects.get().read_at - timedelta(seconds=100))
    sandbox.clear_requests()
    sandbox.queue_fault(ACCOUNT_INFORMATION, fault, times=times)
    return submit(client, "/balance/refresh/", {})


class TestAtTheEntrance:
    @pytest.mark.parametrize("name", DOWN)
    def test_says_that_no_card_can_be_looked_up(
        self, guest_client: Client, sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture, name: str
    ) -> None:
        fault, calls = DOWN[name]
        sandbox.queue_fault(ACCOUNT_INFORMATION, fault, times=2)
        with caplog.at_level(logging.INFO, "guestportal.paytronix"):
            response = enter_card(guest_client)

        assert response.status_code == 503
        assert DOWN_TITLE in words_of(response)
        assert UNOPENED not in words_of(response)
        assert not Credential.objects.exists()
        assert len(sandbox.requests()) == calls
        assert outcomes(caplog) == [re.split(r"\W", name)[0]]

    @pytest.mark.parametrize(
        ("fault", "code", "said", "unsaid"),
        [
            (status(401), 422, UNOPENED, DOWN_TITLE),
            (REFUSAL, 422, UNOPENED, "The card sleeps"),
            (INVALID_STATUS, 200, NOT_ACTIVE, "As of"),
        ],
    )
    def test_says_what_paytronix_said_and_lets_nobody_in(
        self, guest_client: Client, sandbox: SandboxProcess, fault: Fault, code: int, said: str, unsaid: str
    ) -> None:
        sandbox.queue_fault(ACCOUNT_INFORMATION, fault)
        response = enter_card(guest_client)

        assert response.status_code == code
        assert said in words_of(response)
        assert unsaid not in words_of(response)
        assert not Credential.objects.exists()
        assert len(sandbox.requests()) == 1

    @pytest.mark.parametrize("name", SHOWN)
    def test_shows_the_balance_all_the_same(
        self, guest_client: Client, sandbox: SandboxProcess, name: str
    ) -> None:
        fault, calls = SHOWN[name]
        sandbox.queue_fault(ACCOUNT_INFORMATION, fault)

        assert enter_card(guest_client).status_code == 302
        assert "As of" in words_of(guest_client.get("/balance/"))
        assert len(sandbox.requests()) == calls

    def test_blames_nobody_for_credentials_of_ours_that_paytronix_refuses(
        self, merchant: Merchant, sandbox: SandboxProcess
    ) -> None:
        """A 401 to the card style cannot tell our credentials from the guest's; it must not sound like an outage."""
        strange = dataclasses.replace(merchant.integration, client_secret="not-the-secret")
        with serving(dataclasses.replace(merchant, integration=strange)):
            response = enter_card(Client())

        assert response.status_code == 422
        assert UNOPENED in words_of(response)
        assert [request.basic_ok for request in sandbox.requests()] == [False]

    def test_asks_nobody_while_paytronix_is_down(self, merchant: Merchant, sandbox: SandboxProcess) -> None:
        sandbox.queue_fault(ACCOUNT_INFORMATION, status(500), times=9)

        assert [enter_card(Client()).status_code for _guest in range(8)] == [503] * 8
        assert len(sandbox.requests()) == 5, "the breaker is open"


class TestAtRefresh:
    @pytest.mark.parametrize("name", DOWN)
    def test_shows_the_older_figures_with_their_time(
        self, guest_client: Client, sandbox: SandboxProcess, name: str
    ) -> None:
        fault, calls = DOWN[name]
        response = refreshed(guest_client, sandbox, fault, times=2)
        text = words_of(response)

        assert response.status_code == 200
        assert [each for each in (NOT_REFRESHED, OLDER_FIGURES, "42.50", "1,250") if each not in text] == []
        assert REFRESHED not in text
        assert len(sandbox.requests()) == calls
        assert read_at_on(response) == read_at_on(guest_client.get("/balance/"))

    @pytest.mark.parametrize(("fault", "said"), [(REFUSAL, "The card sleeps"), (INVALID_STATUS, NOT_ACTIVE)])
    def test_withdraws_the_figures_that_paytronix_no_longer_stands_by(
        self, guest_client: Client, sandbox: SandboxProcess, fault: Fault, said: str
    ) -> None:
        response = refreshed(guest_client, sandbox, fault, times=1)
        text = words_of(response)

        assert response.status_code == 200
        assert said in text
        assert [each for each in ("42.50", "1,250", "As of") if each in text] == []
        assert Credential.objects.get().account == ""
        sandbox.queue_fault(ACCOUNT_INFORMATION, status(500))
        down = guest_client.get("/balance/")
        assert (down.status_code, "42.50" in words_of(down)) == (503, False)
        assert "what you entered is still here" not in words_of(down), "this page has no form"
        assert "42.50" in words_of(guest_client.get("/balance/"))

    def test_shows_a_reading_that_is_too_old_when_no_newer_one_can_be_had(
        self, guest_client: Client, sandbox: SandboxProcess
    ) -> None:
        sign_in_with_card(guest_client, SEED_CARD)
        Credential.objects.update(read_at=Credential.objects.get().read_at - timedelta(hours=1))
        sandbox.queue_fault(ACCOUNT_INFORMATION, status(500))

        response = guest_client.get("/balance/")

        assert response.status_code == 200
        assert NOT_REFRESHED in words_of(response)
