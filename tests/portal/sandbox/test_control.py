"""The control address: setting what cards say, the clock, starting over, and orders that do not fit."""

from contextlib import closing

import pytest

from guestportal.sandbox.cards import RICH, SEED
from tests.support.raw_http import ask, card_parameters, connect
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess, SandboxRefused


def test_a_card_can_say_any_object(sandbox: SandboxProcess) -> None:
    reply = {"result": "success", "deep": [{"a": None, "b": True, "c": 1.25}], "text": "\u202e\ud800 é"}
    sandbox.set_reply(SEED.number, reply)
    assert ask(sandbox, query=card_parameters(SEED)).json == {
        **reply,
        "deep": [{"a": None, "b": True, "c": "1.25"}],
    }


def test_a_card_can_say_any_text(sandbox: SandboxProcess) -> None:
    text = '{"result": "success", "storedValueBalance": {"balance": 12.100}}'
    sandbox.set_reply(SEED.number, text)
    assert ask(sandbox, query=card_parameters(SEED)).body == text.encode()
    assert sandbox.requests()[0].worked is True


def test_single_members_can_be_overridden(sandbox: SandboxProcess) -> None:
    sandbox.override_fields(RICH.number, tierLabel="Silver", accountStatus="CLOSED")
    sandbox.override_fields(RICH.number, tierLabel="Platinum")
    reply = ask(sandbox, query=card_parameters(RICH)).json
    assert (reply["tierLabel"], reply["accountStatus"], reply["username"]) == (
        "Platinum",
        "CLOSED",
        "gold.rosa",
    )


def test_a_new_card_opens_only_with_the_code_it_was_given(sandbox: SandboxProcess) -> None:
    parameters = card_parameters(SEED, printedCardNumber="0000000001", registrationCode="1234")
    sandbox.set_reply("0000000001", {"result": "success"})
    assert ask(sandbox, query=parameters).status == 401
    sandbox.set_reply("0000000001", {"result": "success"}, code="1234")
    assert ask(sandbox, query=parameters).json == {"result": "success"}


def test_a_reset_brings_back_the_seeded_cards(sandbox: SandboxProcess) -> None:
    before = ask(sandbox, query=card_parameters(RICH)).json
    sandbox.set_reply(RICH.number, {"result": "failure"})
    sandbox.set_clock_offset(100 * 86400)
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "drop_before"})
    sandbox.reset()
    assert ask(sandbox, query=card_parameters(RICH)).json == before
    assert len(sandbox.requests()) == 1


@pytest.mark.parametrize(
    ("action", "body", "sentence"),
    [
        ("faults", b"{", "The order is not JSON."),
        ("faults", b"[]", "The order is not a JSON object."),
        ("faults", b"{}", "operation must be a string."),
        ("cards", b'{"number": 1, "reply": {}}', "number must be a string."),
        ("cards", b'{"number": "1"}', "A card order has any of code, reply, reply_text and fields."),
        (
            "cards",
            b'{"number": "1", "replies": {}}',
            "A card order has any of code, reply, reply_text and fields.",
        ),
        ("cards", b'{"number": "1", "reply": []}', "reply must be an object."),
        ("clock", b'{"offset_seconds": "1"}', "offset_seconds must be a number."),
    ],
)
def test_an_order_that_does_not_fit_is_answered_with_a_sentence(
    sandbox: SandboxProcess, action: str, body: bytes, sentence: str
) -> None:
    answer = ask(sandbox, method="POST", path=f"/_control/{action}", body=body)
    assert (answer.status, answer.json) == (400, {"error": sentence})


def test_an_order_by_the_wrong_method_is_refused(sandbox: SandboxProcess) -> None:
    with closing(connect(sandbox)) as connection:
        connection.request("GET", "/_control/reset")
        response = connection.getresponse()
        assert (response.status, response.getheader("Allow")) == (405, "POST")


def test_the_test_process_reports_a_refused_order(sandbox: SandboxProcess) -> None:
    with pytest.raises(SandboxRefused, match=r"POST cards: .*any of code"):
        sandbox._order("POST", "cards", {"number": "1"})
