"""Calls of the gift service with every parameter set, for tests to change one at a time."""

from typing import Any

from guestportal.sandbox.cards import Card
from guestportal.sandbox.identity import MERCHANT_ID
from tests.support.raw_http import Answer, ask
from tests.support.sandbox import SandboxProcess

B2B = {"merchantId": MERCHANT_ID, "authentication": "b2b"}
ANA, ROSA, THEO, SOFIA = 900001, 900002, 900003, 9007199254740993


def path_of(name: str) -> str:
    """Return the address of a gift endpoint."""
    return f"/rest/26.6/gifttransfer/{name}.json"


def read(sandbox: SandboxProcess, name: str, **parameters: object) -> Any:
    """Ask one of the reading endpoints and return its JSON."""
    answer = ask(sandbox, path=path_of(name), query={**B2B, **parameters})
    assert answer.status == 200
    return answer.json


def write(sandbox: SandboxProcess, name: str, **parameters: object) -> Answer:
    """Ask one of the writing endpoints."""
    return ask(sandbox, method="POST", path=path_of(name), body={**B2B, **parameters})


def to_account(account_code: object) -> dict[str, object]:
    """Return a TransferToAccount."""
    return {"accountCode": account_code}


def to_external(identifier: str, name: str = "Jo") -> dict[str, object]:
    """Return a TransferToExternal."""
    return {"identifier": identifier, "name": name}


def send(
    sandbox: SandboxProcess, card: Card, to: dict[str, object], wallet: int, message: str | None = None
) -> Any:
    """Send a gift and return the reply's JSON."""
    optional = {} if message is None else {"transferMessage": message}
    return write(
        sandbox, "transferOut", fromPrintedCardNumber=card.number, to=to, walletCode=wallet, **optional
    ).json


def accept(sandbox: SandboxProcess, card: Card, code: str, **optional: object) -> Any:
    """Accept a gift and return the reply's JSON."""
    return write(
        sandbox, "acceptTransferIn", code=code, acceptingPrintedCardNumber=card.number, **optional
    ).json


def reject(sandbox: SandboxProcess, card: Card, code: str, **optional: object) -> Any:
    """Decline a gift and return the reply's JSON."""
    return write(
        sandbox, "rejectTransferIn", code=code, rejectingPrintedCardNumber=card.number, **optional
    ).json


def waiting(sandbox: SandboxProcess, card: Card) -> list[Any]:
    """Return what waits for a card."""
    infos: list[Any] = read(sandbox, "pendingTransfersToAccount", printedCardNumber=card.number)[
        "transferInfo"
    ]
    return infos


def history(sandbox: SandboxProcess, card: Card) -> list[Any]:
    """Return a card's history."""
    infos: list[Any] = read(sandbox, "transferHistoryForAccount", printedCardNumber=card.number)[
        "transferInfo"
    ]
    return infos


def balance(sandbox: SandboxProcess, card: Card, wallet: int) -> str | None:
    """Return a wallet's balance as accountInformation writes it, None when the account has no such wallet."""
    reply = ask(sandbox, query={**B2B, "printedCardNumber": card.number}).json
    for entry in [*reply["pointBalances"], *reply["rewardBalances"]]:
        if entry["walletCode"] == wallet:
            text: str = entry["balance"]
            return text
    return None
