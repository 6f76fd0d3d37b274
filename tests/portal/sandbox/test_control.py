"""The control address: setting what cards say, the clock, starting over, and orders that do not fit."""

import pytest

from guestportal.sandbox.cards import RICH, SEED
from tests.support.raw_http import ask, card_parameters
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


def test_a_reset_brings_back_the_seeded_cards(sandbox: SandboxProcess) -> None:
    before = ask(sandbox, query=card_parameters(RICH)).json
    sandbox.set_reply(RICH.number, {"result": "failure"})
    sandbox.set_clock_offset(100 * 86400)
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "drop_before"})
    sandbox.reset()
    assert ask(sandbox, query=card_parameters(RICH)).json == before
    assert len(sandbox.requests()) == 1


def test_the_test_process_reports_a_refused_order(sandbox: SandboxProcess) -> None:
    with pytest.raises(SandboxRefused, match=r"POST cards: .*any of code"):
        sandbox._order("POST", "cards", {"number": "1"})
