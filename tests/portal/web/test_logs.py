"""Log lines: one each, whose request they belong to, with nothing of a guest in them, and handed to the hook."""

import io
import json
import logging
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from guestportal.merchants.definition import Merchant
from guestportal.throttling import own_credentials
from guestportal.throttling.models import Counter
from guestportal.web.error_hook import ErrorHook
from guestportal.web.logs import RedactionFilter
from guestportal.web.request_log import RequestFilter
from tests.support.canaries import configured_handler
from tests.support.pages import parse_page
from tests.support.password_sign_in import ROSA, try_password
from tests.support.plain_browser import csrf_token, enter_card, sign_in_with_card, submit
from tests.support.sandbox import REPOSITORY, SandboxProcess
from tests.support.source_copy import PRODUCTION, run_python

pytestmark = pytest.mark.django_db

SPOILT = "a\r\nfaked: line\x1b[31mred\x1b[0m\u2028\u202e\x00\x85"
FORM: Final = "application/x-www-form-urlencoded"
events: list[dict[str, Any]] = []
both = threading.Barrier(2)


def keep_event(event: dict[str, Any]) -> None:
    """An error hook as a merchant would name it."""
    events.append(event)


def fail(event: dict[str, Any]) -> None:
    raise ConnectionError(str(event))


def log_an_error(event: dict[str, Any]) -> None:
    events.append(event)
    logging.getLogger("monitoring").error("could not send")


def meet(event: dict[str, Any]) -> None:
    """Returns only when two calls are under way."""
    both.wait(timeout=10)
    events.append(event)


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the configured handler writes in production."""
    stream = io.StringIO()
    handler = configured_handler("json", stream)
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


@pytest.fixture
def hook() -> Iterator[None]:
    events.clear()
    handler = ErrorHook(logging.ERROR)
    handler.addFilter(RequestFilter())
    handler.addFilter(RedactionFilter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield
    root.removeHandler(handler)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().split("\n") if line]


def events_of(stream: io.StringIO) -> dict[str, dict[str, Any]]:
    return {line["event"]: line for line in lines(stream) if "event" in line}


def test_carry_the_request_and_the_merchant(written: io.StringIO, guest_client: Client) -> None:
    enter_card(guest_client, code="999999")
    enter_card(guest_client, code="999998")

    tries = [line for line in lines(written) if line.get("event") in {"sign_in", "paytronix_call"}]
    ids = [line["request"] for line in tries]
    assert [line["event"] for line in tries] == ["paytronix_call", "sign_in"] * 2
    assert ids[0] == ids[1] != ids[2] == ids[3]
    assert all(re.fullmatch(r"[0-9a-f]{12}", each) for each in ids)
    assert {line["merchant"] for line in tries} == {"demo"}
    statuses = [line for line in lines(written) if line["logger"] == "django.request"]
    assert [line["request"] for line in statuses] == [ids[0], ids[2]]
    assert all(line["time"].endswith("+00:00") for line in lines(written))


def test_ignore_an_id_that_the_client_chose(written: io.StringIO, guest_client: Client) -> None:
    guest_client.get("/nowhere/", headers={"X-Request-Id": "chosen"})

    assert "chosen" not in written.getvalue()
    assert lines(written)


def test_name_what_happens_at_the_door(
    written: io.StringIO, guest_client: Client, merchant: Merchant, sandbox: SandboxProcess
) -> None:
    own_credentials.note_sign_in(merchant)
    for _ in range(6):
        enter_card(guest_client, code="999999")
    assert events_of(written)["sign_in"]["outcome"] == "limited"
    assert events_of(written)["limit_hit"]["bucket"] == "card"
    try_password(guest_client, ROSA.username, "wrong")
    assert (
        events_of(written)["sign_in"] | {"way": "password", "outcome": "refused"}
        == events_of(written)["sign_in"]
    )
    try_password(guest_client, ROSA.username, ROSA.password)
    assert events_of(written)["sign_in"]["outcome"] == "success"
    guest_client.post("/sign-out/")
    assert "csrf_failure" in events_of(written)


def test_hold_the_reference_that_the_guest_is_shown_when_nobody_was_asked(
    written: io.StringIO, guest_client: Client, sandbox: SandboxProcess
) -> None:
    for _ in range(6):
        limited = enter_card(guest_client, code="999999")
    assert events_of(written)["sign_in"]["reference"] == reference_on(limited)
    sandbox.clear_requests()
    Counter.objects.all().delete()
    sign_in_with_card(guest_client)
    wrong = submit(guest_client, "/sign-in/again/", {"registration_code": "999999"})
    line = events_of(written)["sign_in"]
    assert (line["way"], line["outcome"], line["reference"]) == ("confirm", "refused", reference_on(wrong))
    assert len(sandbox.requests()) == 1, "the sign-in alone"


def reference_on(page: HttpResponse) -> str:
    (reference,) = re.findall(r"Reference ([0-9A-Z]{8})\b", parse_page(page.content).text)
    return str(reference)


def test_are_one_line_of_json_each_whatever_stands_in_them(
    written: io.StringIO, guest_client: Client
) -> None:
    log = logging.getLogger("guestportal.test")
    log.warning(SPOILT, extra={"fields": {"event": SPOILT, "reason": SPOILT}})
    log.warning("%s", SPOILT)
    log.error(SPOILT, exc_info=ValueError(SPOILT))
    guest_client.get("/no\r\nwhere\x1b[31m/", headers={"User-Agent": SPOILT})
    guest_client.post("/", headers={"Sec-Fetch-Site": SPOILT[1:]})

    text = written.getvalue()
    assert text.isascii()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)
    assert len(lines(written)) == text.count("\n") >= 5


def test_hide_what_stands_in_a_field_and_not_our_own_ids(written: io.StringIO) -> None:
    fields = {"event": "e", "reason": "card 6000301000418000", "reference": "12345678", "time": "never"}
    logging.getLogger("guestportal.test").warning("m", extra={"fields": fields})

    (line,) = lines(written)
    assert line["reason"] == "card [hidden]"
    assert line["reference"] == "12345678"
    assert line["time"].endswith("+00:00"), "no field replaces what the line says itself"


def test_for_a_terminal_let_no_exception_pass_for_another_line() -> None:
    stream = io.StringIO()
    log = logging.getLogger("guestportal.test.terminal")
    log.propagate = False
    log.addHandler(configured_handler("text", stream))
    log.error("m", exc_info=ValueError(f"bad\n12:00:00 ERROR faked\r{SPOILT}"))

    first, *others = stream.getvalue().splitlines()
    assert "ERROR" in first
    assert any("12:00:00 ERROR faked" in line for line in others)
    assert all(line.startswith("    ") for line in others)
    assert stream.getvalue().isascii()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", stream.getvalue())


def test_errors_reach_the_hook_redacted(
    hook: None, guest_client: Client, settings: Settings, written: io.StringIO
) -> None:
    settings.ROOT_URLCONF = "tests.support.faulty_urls"
    settings.ERROR_HOOK = "tests.portal.web.test_logs.keep_event"
    guest_client.raise_request_exception = False

    assert guest_client.get("/boom/?code=123456").status_code == 500

    assert {event["level"] for event in events} == {"ERROR"}
    assert {event["merchant"] for event in events} == {"demo"}
    assert any("RuntimeError" in event.get("exception", "") for event in events)
    assert "6000301000418000" not in str(events)
    assert "123456" not in str(events)
    assert all(event["request"] == events[0]["request"] for event in events)


@pytest.mark.parametrize(
    ("headers", "sent", "logger"),
    [
        ({"Host": "[evil"}, {}, "DisallowedHost"),
        ({}, {str(number): "" for number in range(51)}, "TooManyFieldsSent"),
        ({}, {"card_number": "6" * 70_000}, "RequestDataTooBig"),
    ],
)
def test_what_anybody_can_send_is_no_error(
    hook: None,
    written: io.StringIO,
    guest_client: Client,
    settings: Settings,
    headers: dict[str, str],
    sent: dict[str, str],
    logger: str,
) -> None:
    settings.ERROR_HOOK = "tests.portal.web.test_logs.keep_event"
    csrf_token(guest_client)

    assert guest_client.post("/", urlencode(sent), content_type=FORM, headers=headers).status_code == 400

    (line,) = (each for each in lines(written) if each["logger"] == f"django.security.{logger}")
    assert line["level"] == "WARNING"
    assert "exception" not in line
    assert events == []


def test_a_hook_that_fails_costs_nobody_a_page(
    hook: None, guest_client: Client, settings: Settings, written: io.StringIO
) -> None:
    settings.ROOT_URLCONF = "tests.support.faulty_urls"
    settings.ERROR_HOOK = "tests.portal.web.test_logs.fail"
    guest_client.raise_request_exception = False

    response = guest_client.get("/boom/")

    assert response.status_code == 500
    assert b"<h1" in response.content
    assert events_of(written)["error_hook_failed"]["reason"] == "ConnectionError"


def test_errors_that_the_hook_logs_do_not_come_back_to_it(hook: None, settings: Settings) -> None:
    settings.ERROR_HOOK = "tests.portal.web.test_logs.log_an_error"
    log = logging.getLogger("guestportal.test")
    log.error("one")
    log.error("two")

    assert [event["message"] for event in events] == ["one", "two"]


def test_threads_reach_the_hook_at_the_same_time(hook: None, settings: Settings) -> None:
    settings.ERROR_HOOK = "tests.portal.web.test_logs.meet"
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(logging.getLogger("guestportal.test").error, ["one", "two"]))

    assert {event["message"] for event in events} == {"one", "two"}


def test_a_hook_that_is_not_there_stops_the_start_and_is_named() -> None:
    environment = {**PRODUCTION, "ALLOW_SANDBOX": "true", "ERROR_HOOK": "nowhere.at_all"}

    done = run_python("manage.py", "check", environment=environment, folder=REPOSITORY)

    assert done.returncode != 0
    assert "ERROR_HOOK" in done.stderr.splitlines()[-1]
