"""Canaries: distinctive secrets go through every journey, and none of them is ever found in a log or an exception.

The lines are written by the handlers, filters and formatters of settings.LOGGING themselves.
"""

import io
import json
import logging
import re
import traceback
from collections.abc import Iterator, Sequence
from typing import cast

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from guestportal.merchants.definition import Merchant
from guestportal.paytronix.client import PaytronixClient
from guestportal.paytronix.errors import PaytronixError
from guestportal.paytronix.styles import GuestStyle, OAuthStyle
from tests.support.builders import (
    CLIENT_SECRET,
    account_information,
    card,
    failure,
    integration,
    wallet,
)
from tests.support.canaries import (
    CODE,
    LOGGING,
    NAME,
    NUMBER,
    OTHER_NUMBER,
    PASSWORD,
    TOKEN,
    WRONG_CODE,
    RawRecords,
    Watch,
    configured_handler,
    found_in,
)
from tests.support.paytronix_calls import read_card, write
from tests.support.plain_browser import enter_card, submit
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess
from tests.support.scripted_server import ScriptedServer, sending_then_closing

REPLY = account_information(
    username=NAME,
    primaryCard=card(NUMBER),
    additionalCards=[card(OTHER_NUMBER)],
    pointBalances=[wallet(name=NAME)],
)


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Both formats and the raw records, with LOG_LEVEL at DEBUG and the other levels as configured."""
    streams = {log_format: io.StringIO() for log_format in LOGGING["formatters"]}
    raw = RawRecords()
    root = logging.getLogger()
    level, before = root.level, root.handlers[:]
    root.handlers[:] = [raw, *(configured_handler(name, stream) for name, stream in streams.items())]
    root.setLevel(logging.DEBUG)
    try:
        yield Watch(streams, raw)
    finally:
        root.handlers[:] = before
        root.setLevel(level)


@pytest.fixture
def every_logger_at_debug(watch: Watch) -> Iterator[None]:
    """Every logger of the process at DEBUG, the HTTP library's and the database's included.

    Only django.template stays at the INFO of the settings: its DEBUG lines print whole contexts.
    """
    assert LOGGING["loggers"]["django.template"] == {"level": logging.INFO}
    known = logging.Logger.manager.loggerDict
    loggers = [
        logger
        for name, logger in known.items()
        if isinstance(logger, logging.Logger) and name != "django.template"
    ]
    levels = [(logger, logger.level) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        for logger, level in levels:
            logger.setLevel(level)


@pytest.fixture
def opened(sandbox: SandboxProcess) -> SandboxProcess:
    """The sandbox with the canary card."""
    sandbox.set_reply(NUMBER, REPLY, code=CODE)
    return sandbox


FAULTS: list[dict[str, object]] = [
    {"kind": "delay_after", "seconds": 9},
    {"kind": "drop_after"},
    {"kind": "cut_body"},
    {"kind": "broken_json"},
    {"kind": "status", "status": 401},
    {"kind": "status", "status": 403},
    {"kind": "status", "status": 429},
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 302, "headers": {"Location": f"/login?card={NUMBER}&code={CODE}"}},
    {"kind": "failed", "message": f"java.sql.SQLException: no card {NUMBER} with code {CODE}"},
    {"kind": "replace", "body": f"<html>{NUMBER} {CODE} {NAME}</html>"},
    {"kind": "replace", "body": json.dumps({**REPLY, NUMBER: {"status": NUMBER}, "result": [NAME]})},
    {
        "kind": "replace",
        "body": json.dumps(
            failure(
                errorCode=f"card.{NUMBER}.locked",
                errorMessage=f"Card {NUMBER} with registrationCode={CODE} is locked",
            )
        ),
    },
    {"kind": "replace", "body": json.dumps({"result": "invalid_status", "errorMessage": f"code: {CODE}"})},
    {"kind": "replace", "body": json.dumps(failure(errorMessage=f"The code {CODE} is not that of {NUMBER}"))},
]


def journey(client: Client, sandbox: SandboxProcess, *, faults: Sequence[dict[str, object]] = FAULTS) -> None:
    """In, look, refresh, every fault at both places, wrong codes, and out."""
    enter_card(client, NUMBER, WRONG_CODE)
    enter_card(client, OTHER_NUMBER, CODE)
    enter_card(client, "6099 3182 7364 5091 Zebulon Quincannon", "")
    for number, fault in enumerate(faults):
        client.defaults["REMOTE_ADDR"] = f"198.51.100.{number}"  # so many ends of a try are too many for one
        sandbox.queue_fault(ACCOUNT_INFORMATION, fault, times=2)
        enter_card(client, NUMBER, CODE)
        sandbox.clear_faults()
        assert enter_card(client, NUMBER, CODE).status_code == 302
        client.get("/balance/")
        sandbox.queue_fault(ACCOUNT_INFORMATION, fault, times=2)
        submit(client, "/balance/refresh/", {})
        sandbox.clear_faults()
    client.get(f"/{NUMBER}/?registrationCode={CODE}")
    client.post("/balance/refresh/", {"card_number": NUMBER, "registration_code": CODE})
    submit(client, "/sign-out/", {})


@pytest.mark.django_db
def test_no_secret_is_written_on_any_journey_at_debug(
    guest_client: Client, opened: SandboxProcess, watch: Watch
) -> None:
    journey(guest_client, opened)

    # The address of a page that does not exist is a message of Django's own; only the handler redacts it.
    watch.expect_no_canary(raw=False)
    raw = "\n".join(line for line in watch.raw.splitlines() if not line.startswith("Not Found: "))
    assert found_in(raw) == []
    assert watch.written("json").count('"paytronix_call"') > 2 * len(FAULTS)
    assert "paytronix_exchange" in watch.written("json"), "DEBUG was on"


@pytest.mark.django_db
def test_no_secret_and_no_whole_address_is_written_with_every_logger_at_debug(
    guest_client: Client, opened: SandboxProcess, watch: Watch, every_logger_at_debug: None
) -> None:
    journey(guest_client, opened, faults=FAULTS[1:2])

    watch.expect_no_canary(raw=False)
    assert "urllib3" in watch.written("json")
    for log_format in ("json", "text"):
        assert "accountInformation.json?[hidden]" in watch.written(log_format)
        assert re.findall(r"\.json\?(?!\[hidden\])", watch.written(log_format)) == []
        assert "merchantId=" not in watch.written(log_format)


def test_the_http_librarys_warnings_hold_no_secret(watch: Watch) -> None:
    """A header line without a colon makes urllib3 warn with the whole address."""
    answer = b"HTTP/1.1 200 OK\r\nno colon here\r\nContent-Length: 21\r\n\r\n" + b'{"result": "success"}'
    with ScriptedServer(sending_then_closing(answer)) as server:
        read_card(PaytronixClient(integration(server.base_url)), NUMBER, CODE)

    assert "Failed to parse headers" in watch.written("json")
    watch.expect_no_canary(raw=False)


def broken(request: HttpRequest) -> HttpResponse:
    """A view with a defect whose exception holds everything that must not be written."""
    address = f"https://m777777.api.pxsweb.com/rest/x.json?printedCardNumber={NUMBER}&registrationCode={CODE}"
    cause = ConnectionError(f"Max retries exceeded with url: {address} (Caused by reset)")
    raise RuntimeError(
        f"card {NUMBER}\r\nwith registration_code={CODE} and client_secret={CLIENT_SECRET}, access_token={TOKEN}, "
        f"{{'password': '{PASSWORD}'}}, Authorization: Basic c2FuZGJveC1wb3J0YWw6c2Fu\x1b[31m"
    ) from cause


urlpatterns = [path("broken/", broken), path("", include("guestportal.urls"))]
handler500 = "guestportal.web.error_pages.server_error"


@pytest.mark.django_db
@pytest.mark.parametrize("debug", [False, True])
def test_a_defect_of_ours_writes_no_secret_into_its_traceback(
    merchant: Merchant, opened: SandboxProcess, watch: Watch, debug: bool
) -> None:
    client = Client(raise_request_exception=False)
    with override_settings(ROOT_URLCONF=__name__, DEBUG=debug):
        enter_card(client, NUMBER, CODE)
        response = client.get("/broken/")

    assert response.status_code == 500
    assert "RuntimeError" in watch.written("json")
    watch.expect_no_canary(raw=False)
    if not debug:
        assert found_in(response.content.decode()) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault.get("status", fault["kind"])))
@pytest.mark.parametrize("writing", [False, True], ids=["read", "write"])
def test_no_exception_holds_a_secret(opened: SandboxProcess, fault: dict[str, object], writing: bool) -> None:
    client = PaytronixClient(
        integration(opened.base_url, read_timeout_seconds=0.2, client_secret=CLIENT_SECRET)
    )
    opened.queue_fault(ACCOUNT_INFORMATION, fault, times=2)

    with pytest.raises(PaytronixError) as caught:
        write(client, parameters={"printedCardNumber": NUMBER}) if writing else read_card(
            client, NUMBER, CODE
        )

    error = caught.value
    shown = "".join(traceback.format_exception(error))
    assert "PaytronixError" in str(type(error).__mro__)
    assert found_in(f"{error} {error!r} {error.args} {error.reason} {shown}") == []


def test_no_exception_of_a_dead_connection_holds_the_address() -> None:
    for address in (
        "http://127.0.0.1:9/rest/26.6",
        "http://[::1]:9/rest/26.6",
        "https://127.0.0.1:9/rest/26.6",
    ):
        with pytest.raises(PaytronixError) as caught:
            read_card(PaytronixClient(integration(address)), NUMBER, CODE)
        shown = "".join(traceback.format_exception(caught.value))
        assert found_in(shown) == []
        assert "merchantId" not in shown


@pytest.mark.parametrize(
    "style", [OAuthStyle(TOKEN), GuestStyle(NAME, PASSWORD)], ids=lambda style: style.name
)
def test_no_other_style_writes_its_secrets(
    opened: SandboxProcess, watch: Watch, every_logger_at_debug: None, style: OAuthStyle | GuestStyle
) -> None:
    with pytest.raises(PaytronixError) as caught:
        write(PaytronixClient(integration(opened.base_url)), style, {"printedCardNumber": NUMBER})

    assert found_in("".join(traceback.format_exception(caught.value))) == []
    watch.expect_no_canary(raw=False)


@pytest.mark.django_db
def test_no_address_of_ours_holds_a_secret(guest_client: Client, opened: SandboxProcess) -> None:
    """What an access log of the web server would write: method, path, query string, referrer."""
    visited: list[str] = []

    def remember(response: HttpResponse) -> HttpResponse:
        request = cast("HttpRequest", response.wsgi_request)  # type: ignore[attr-defined]  # set by the test client
        visited.append(f"{request.method} {request.get_full_path()} {response.headers.get('Location', '')}")
        visited.append(str(response.headers.items()))
        return response

    remember(enter_card(guest_client, NUMBER, WRONG_CODE))
    remember(enter_card(guest_client, NUMBER, CODE))
    remember(guest_client.get("/balance/"))  # type: ignore[arg-type]  # the client's own class
    remember(submit(guest_client, "/balance/refresh/", {}))
    opened.queue_fault(ACCOUNT_INFORMATION, {"kind": "status", "status": 401})
    remember(submit(guest_client, "/balance/refresh/", {}))
    remember(submit(guest_client, "/sign-out/", {}))

    assert found_in("\n".join(visited)) == []
    assert len(visited) == 12


def test_the_development_servers_warnings_are_not_printed_past_the_redaction(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    handlers = LOGGING["loggers"]["django.server"]["handlers"]
    monkeypatch.setattr(
        logging.getLogger("django.server"),
        "handlers",  # pytest has added its own
        [configured_handler("json", io.StringIO()) for _name in handlers],
    )
    logging.getLogger("django.server").warning('"GET /?card_number=%s HTTP/1.1" 404', NUMBER)

    assert found_in(capsys.readouterr().err) == []


NASTY = 'one\r\ntwo\n\x1b[31mred\x1b[0m \u2028 \u2029 \x85 \x00 \x07 \ud800 {"level": "INFO"}'


def private_logger(handler: logging.Handler) -> logging.Logger:
    """A logger with this handler alone."""
    logger = logging.getLogger(f"tests.support.canaries.{id(handler)}")
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    return logger


def emitted(log_format: str, emit: str) -> str:
    stream = io.StringIO()
    handler = configured_handler(log_format, stream)
    logger = private_logger(handler)
    match emit:
        case "message":
            logger.warning(NASTY)
        case "arguments":
            logger.warning("%s and %r", NASTY, NASTY)
        case "fields":
            logger.warning("event", extra={"fields": {"error_message": NASTY, "list": [NASTY]}})
        case "exception":
            logger.error("failed", exc_info=ValueError(NASTY))
        case "name":
            record = logging.LogRecord(f"a.{NASTY}", logging.INFO, NASTY, 1, "m", None, None, NASTY)
            handler.handle(record)
    return stream.getvalue()


@pytest.mark.parametrize("emit", ["message", "arguments", "fields", "exception", "name"])
def test_every_record_is_one_line_of_json_whatever_it_holds(emit: str) -> None:
    text = emitted("json", emit)

    assert text.endswith("\n")
    assert text.count("\n") == 1
    assert len(text.splitlines()) == 1
    assert text.isascii()
    assert text.removesuffix("\n").isprintable()
    line = json.loads(text)
    assert {"time", "level", "logger", "message"} <= set(line)
    assert line["level"] in {"INFO", "WARNING", "ERROR"}


@pytest.mark.parametrize("emit", ["message", "arguments", "fields"])
def test_the_text_format_lets_no_control_character_through_either(emit: str) -> None:
    text = emitted("text", emit)

    assert len(text.splitlines()) == 1
    assert "\x1b" not in text
    assert "\x00" not in text


def test_a_code_with_line_breaks_from_paytronix_stays_on_one_line(
    watch: Watch, sandbox: SandboxProcess
) -> None:
    body = json.dumps(failure(errorCode="a\r\n{}", errorMessage='x\n{"level": "CRITICAL"}\x1b[2J'))
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "replace", "body": body})
    with pytest.raises(PaytronixError):
        read_card(PaytronixClient(integration(sandbox.base_url)))

    lines = watch.written("json").splitlines()
    assert lines
    assert all(json.loads(line)["level"] in {"INFO", "DEBUG"} for line in lines)
    assert "\x1b" not in watch.written("text")


@pytest.mark.parametrize("arguments", [("%d", "text"), ("%s %s", "one"), ("%(name)s", {})])
def test_a_log_call_with_a_mistake_breaks_no_page(arguments: tuple[str, object]) -> None:
    """logging itself never lets such a mistake out of the handler; the filter must not either."""
    handler = configured_handler("json", io.StringIO())
    logger = private_logger(handler)
    before, logging.raiseExceptions = logging.raiseExceptions, False
    try:
        logger.warning(arguments[0], arguments[1])
    finally:
        logging.raiseExceptions = before


def test_the_handler_of_the_settings_redacts_in_both_formats() -> None:
    assert set(LOGGING["formatters"]) == {"json", "text"}
    assert all(handler["filters"] == ["request", "redact"] for handler in LOGGING["handlers"].values())
    assert LOGGING["root"]["handlers"] == ["stderr"]
