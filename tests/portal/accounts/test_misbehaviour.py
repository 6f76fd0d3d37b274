"""Every way Paytronix can misbehave, over real sockets: what the guest gets, and how often Paytronix was asked.

One table for accountInformation; each row is met at the entrance and again by Refresh.
"""

import dataclasses
import logging
import re
import socket
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import Credential
from guestportal.merchants.definition import Merchant
from guestportal.sandbox.cards import RICH
from tests.conftest import serving
from tests.support.misbehaviours import FAILURE, ROWS, Ending, Misbehaviour, replaced, status
from tests.support.pages import Element, parse_page
from tests.support.plain_browser import SEED_CARD, enter_card, sign_in_with_card, submit
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess

pytestmark = pytest.mark.django_db

DOWN_TITLE = "We cannot look up cards right now"
UNOPENED = "We could not open this card. Check the number and the code, or try again later."
NOT_REFRESHED = "We could not read your balance again"
OLDER_FIGURES = "These are the figures from the time shown below."
REFRESHED = "Your balances were read again just now."
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


TABLE = [pytest.param(row, id=row.name) for row in ROWS]

AT_ENTRANCE = {
    Ending.DOWN: (503, DOWN_TITLE, UNOPENED),
    Ending.NO_MATCH: (422, UNOPENED, DOWN_TITLE),
    Ending.REFUSED: (422, UNOPENED, "The card sleeps"),
    Ending.NO_BALANCE: (200, "This card is not active yet.", "As of"),
}
AT_REFRESH = {
    Ending.DOWN: (200, NOT_REFRESHED, REFRESHED),
    Ending.REFUSED: (200, "The card sleeps", "42.50"),
    Ending.NO_BALANCE: (200, "This card is not active yet.", "42.50"),
}


def outcomes(caplog: pytest.LogCaptureFixture) -> list[str]:
    fields = [getattr(record, "fields", {}) for record in caplog.records]
    return [each["outcome"] for each in fields if each.get("event") == "paytronix_call"]


def words_of(response: HttpResponse) -> str:
    """The page's words, after the checks that hold for every page."""
    page: Element = parse_page(response.content)
    for trace in TRACES:
        assert trace not in page.text.replace("Error: Enter", ""), trace
    return page.text


def read_at_on(response: HttpResponse) -> str:
    found = re.search(r"As of\s+<time datetime=\"([^\"]+)\"", response.content.decode())
    assert found
    return found.group(1)


@pytest.mark.parametrize("row", TABLE)
def test_meets_it_at_the_entrance(
    merchant: Merchant, sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture, row: Misbehaviour
) -> None:
    client = Client()
    sandbox.queue_fault(ACCOUNT_INFORMATION, row.fault, times=row.times)
    with caplog.at_level(logging.INFO, "guestportal.paytronix"):
        response: HttpResponse = enter_card(client)

    assert len(sandbox.requests()) == row.calls
    assert outcomes(caplog) == [row.logged]
    if row.ending is Ending.SHOWN:
        assert (response.status_code, response.headers["Location"]) == (302, "/balance/")
        assert "As of" in words_of(client.get("/balance/"))  # type: ignore[arg-type]  # the client's own class
        assert len(sandbox.requests()) == row.calls
        return
    expected_status, said, unsaid = AT_ENTRANCE[row.ending]
    text = words_of(response)
    assert response.status_code == expected_status
    assert said in text
    assert unsaid not in text
    assert not Credential.objects.exists()


@pytest.mark.parametrize("row", TABLE)
def test_meets_it_at_refresh(
    merchant: Merchant, sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture, row: Misbehaviour
) -> None:
    client = Client()
    sign_in_with_card(client, RICH.number, RICH.code)
    Credential.objects.update(read_at=Credential.objects.get().read_at - timedelta(seconds=100))
    read_at = read_at_on(client.get("/balance/"))  # type: ignore[arg-type]  # the client's own class
    sandbox.clear_requests()
    caplog.clear()
    sandbox.queue_fault(ACCOUNT_INFORMATION, row.fault, times=row.times)
    with caplog.at_level(logging.INFO, "guestportal.paytronix"):
        response: HttpResponse = submit(client, "/balance/refresh/", {})

    assert len(sandbox.requests()) == row.calls
    assert outcomes(caplog) == [row.logged]
    match row.ending:
        case Ending.SHOWN:
            assert (response.status_code, response.headers["Location"]) == (302, "/balance/")
            page: HttpResponse = client.get("/balance/")  # type: ignore[assignment]  # the client's own class
            assert REFRESHED in words_of(page)
            assert read_at_on(page) > read_at
        case Ending.NO_MATCH:
            assert (response.status_code, response.headers["Location"].partition("?")[0]) == (302, "/")
            assert not Credential.objects.exists()
        case Ending.DOWN:
            text = words_of(response)
            assert response.status_code == 200
            for said in (NOT_REFRESHED, OLDER_FIGURES, "42.50", "1,250"):
                assert said in text
            assert REFRESHED not in text
            assert read_at_on(response) == read_at
        case ending:
            expected_status, said, unsaid = AT_REFRESH[ending]
            text = words_of(response)
            assert response.status_code == expected_status
            assert said in text
            for never in (unsaid, "1,250", "As of"):
                assert never not in text
            # Paytronix no longer stands by the earlier reading: it is withdrawn, and asked for anew.
            assert Credential.objects.get().account == ""
            sandbox.clear_faults()
            assert "42.50" in words_of(client.get("/balance/"))  # type: ignore[arg-type]  # the client's own class
            assert len(sandbox.requests()) == 2
    assert b"Traceback" not in response.content


def test_shows_no_figures_when_paytronix_goes_down_after_a_refusal(
    guest_client: Client, sandbox: SandboxProcess
) -> None:
    sign_in_with_card(guest_client, RICH.number, RICH.code)
    sandbox.queue_fault(ACCOUNT_INFORMATION, replaced(FAILURE))
    submit(guest_client, "/balance/refresh/", {})
    sandbox.queue_fault(ACCOUNT_INFORMATION, status(500), times=2)

    response = guest_client.get("/balance/")

    text = words_of(response)  # type: ignore[arg-type]  # the client's own class
    assert response.status_code == 503
    assert DOWN_TITLE in text
    assert "42.50" not in text
    assert "what you entered is still here" not in text, "this page has no form"


def test_leads_back_to_the_balance_from_a_failed_refresh_without_figures(
    guest_client: Client, sandbox: SandboxProcess
) -> None:
    """The page stands at an address that takes POST only, so its link must name another one."""
    sign_in_with_card(guest_client, RICH.number, RICH.code)
    Credential.objects.update(account="")
    sandbox.queue_fault(ACCOUNT_INFORMATION, status(500), times=3)
    response = submit(guest_client, "/balance/refresh/", {})
    (again,) = [link for link in parse_page(response.content).all("a") if link.text == "Try again"]

    assert response.status_code == 503
    assert again.attributes["href"] == "/balance/"


def test_answers_when_nobody_listens(merchant: Merchant, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    integration = dataclasses.replace(merchant.integration, base_url=f"http://127.0.0.1:{port}/rest/26.6")
    with serving(dataclasses.replace(merchant, integration=integration)), caplog.at_level(logging.INFO):
        response: HttpResponse = enter_card(Client())

    text = words_of(response)
    assert response.status_code == 503
    assert DOWN_TITLE in text
    assert UNOPENED not in text
    assert str(port) not in text
    assert outcomes(caplog) == ["Unavailable"]


def test_opens_a_card_over_a_connection_that_was_closed_while_idle(
    merchant: Merchant, sandbox: SandboxProcess
) -> None:
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "close_idle"}, times=3)
    for _guest in range(3):
        assert enter_card(Client()).status_code == 302

    assert len(sandbox.requests()) == 3


def test_blames_nobody_for_credentials_of_ours_that_paytronix_refuses(
    merchant: Merchant, sandbox: SandboxProcess
) -> None:
    """A 401 to the card style cannot tell our credentials from the guest's; it must not sound like an outage."""
    integration = dataclasses.replace(merchant.integration, client_secret="not-the-secret")
    with serving(dataclasses.replace(merchant, integration=integration)):
        response = enter_card(Client())

    assert response.status_code == 422
    assert UNOPENED in words_of(response)
    assert [request.basic_ok for request in sandbox.requests()] == [False]


def test_takes_guests_in_again_as_soon_as_paytronix_is_back(
    merchant: Merchant, sandbox: SandboxProcess
) -> None:
    sandbox.queue_fault(ACCOUNT_INFORMATION, status(500), times=4)
    for _guest in range(4):
        assert enter_card(Client()).status_code == 503
    assert enter_card(Client()).status_code == 302


@pytest.mark.long
def test_keeps_answering_at_once_while_paytronix_is_down(merchant: Merchant, sandbox: SandboxProcess) -> None:
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "delay_before", "seconds": 9}, times=9)
    for _guest in range(5):
        enter_card(Client())
    assert len(sandbox.requests()) == 5

    responses = [enter_card(Client()) for _guest in range(10)]

    assert {response.status_code for response in responses} == {503}
    assert len(sandbox.requests()) == 5, "the breaker is open"


def test_shows_the_older_reading_of_the_card_that_was_opened(
    merchant: Merchant, sandbox: SandboxProcess
) -> None:
    client = Client()
    sign_in_with_card(client, SEED_CARD)
    Credential.objects.update(read_at=Credential.objects.get().read_at - timedelta(hours=1))
    sandbox.queue_fault(ACCOUNT_INFORMATION, status(500))

    response = client.get("/balance/")

    assert response.status_code == 200
    assert NOT_REFRESHED in words_of(response)  # type: ignore[arg-type]  # the client's own class
