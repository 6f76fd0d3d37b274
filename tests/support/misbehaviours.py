"""How Paytronix can misbehave when it is asked for an account: one row each, for the entrance and for Refresh.

Faults are the sandbox's own and act on real sockets; what a guest then gets is the tests' business.
"""

import dataclasses
import json
from collections.abc import Sequence
from enum import Enum

from tests.support import builders

Fault = dict[str, object]


class Ending(Enum):
    """What a misbehaviour comes to for the guest."""

    SHOWN = "the balance is shown all the same"
    DOWN = "Paytronix could not be asked"
    NO_MATCH = "number and code do not match"
    REFUSED = "a refusal of Paytronix"
    NO_BALANCE = "invalid_status"


@dataclasses.dataclass(frozen=True, slots=True)
class Misbehaviour:
    """A row: the faults of every call, what they come to, and the line in the log."""

    name: str
    fault: Fault | Sequence[Fault]
    ending: Ending
    calls: int
    logged: str
    times: int = 4


def status(code: int, **more: object) -> Fault:
    return {"kind": "status", "status": code, **more}


def replaced(payload: object, **more: object) -> Fault:
    body = payload if isinstance(payload, str) else json.dumps(payload)
    return {"kind": "replace", "body": body, **more}


HTML = "<!DOCTYPE html><html><head><title>Welcome</title></head><body>Traceback</body></html>"
JSON_TYPE = "application/json"
FAILURE = json.dumps(builders.failure(errorMessage="The card sleeps"))
ALL_NULL = {**dict.fromkeys(builders.account_information(), None), "result": "success"}
EMPTY_PARTS = {
    "result": "success",
    "fields": {},
    "primaryCard": {},
    "pointBalances": [{}],
    "rewardBalances": [{}],
}
ODD_SIDES = builders.account_information(
    enrollmentStore="corp",
    fields={"externalAccounts": [{"integration": "facebook"}], "perks": [{"label": {"en": "x"}}, 5]},
    isRegistered=1.0,
    pointBalances=[builders.wallet(expirations={}, name=[])],
    tierCode=1.0,
)

DOWN, SHOWN = Ending.DOWN, Ending.SHOWN
ROWS = (
    Misbehaviour("time-out before the work", {"kind": "delay_before", "seconds": 9}, DOWN, 1, "Unavailable"),
    Misbehaviour("time-out after the work", {"kind": "delay_after", "seconds": 9}, DOWN, 1, "Unavailable"),
    Misbehaviour("body in drips", {"kind": "drip", "interval_seconds": 0.1}, DOWN, 1, "Unavailable"),
    Misbehaviour(
        "headers in drips", {"kind": "drip_headers", "interval_seconds": 0.1}, DOWN, 1, "Unavailable"
    ),
    Misbehaviour("dropped before the work", {"kind": "drop_before"}, DOWN, 2, "Unavailable"),
    Misbehaviour("reset before the work", {"kind": "drop_before", "reset": True}, DOWN, 2, "Unavailable"),
    Misbehaviour("dropped after the work", {"kind": "drop_after"}, DOWN, 2, "Unavailable"),
    Misbehaviour("dropped once", {"kind": "drop_after"}, SHOWN, 2, "success", times=1),
    Misbehaviour("closed after a reply", {"kind": "close_idle"}, SHOWN, 1, "success"),
    Misbehaviour("401 without a body", status(401), Ending.NO_MATCH, 1, "CredentialsRefused"),
    Misbehaviour("401 as HTML", status(401, body=HTML), Ending.NO_MATCH, 1, "CredentialsRefused"),
    Misbehaviour("401 as JSON", status(401, body=FAILURE), Ending.NO_MATCH, 1, "CredentialsRefused"),
    Misbehaviour("403 as HTML", status(403), DOWN, 1, "Misconfigured"),
    Misbehaviour("404 as HTML", status(404), DOWN, 1, "ContractBroken"),
    Misbehaviour("408", status(408), DOWN, 1, "Unavailable"),
    Misbehaviour("429 with Retry-After", status(429, headers={"Retry-After": "120"}), DOWN, 1, "RateLimited"),
    Misbehaviour(
        "429 with an endless Retry-After",
        status(429, headers={"Retry-After": "Wed, 21 Oct 99999999999999999999 07:28:00 GMT"}),
        DOWN,
        1,
        "RateLimited",
    ),
    Misbehaviour("500 as HTML", status(500), DOWN, 1, "Unavailable"),
    Misbehaviour("500 that says success", status(500, body='{"result": "success"}'), DOWN, 1, "Unavailable"),
    Misbehaviour("502", status(502), DOWN, 2, "Unavailable"),
    Misbehaviour("503", status(503), DOWN, 2, "Unavailable"),
    Misbehaviour("503 once", status(503), SHOWN, 2, "success", times=1),
    Misbehaviour("504", status(504), DOWN, 2, "Unavailable"),
    Misbehaviour("521 as HTML", status(521), DOWN, 1, "Unavailable"),
    Misbehaviour("302 elsewhere", status(302, headers={"Location": "/login"}), DOWN, 1, "ContractBroken"),
    Misbehaviour(
        "302 to an address nobody can read",
        status(302, headers={"Location": "http://[::1"}),
        DOWN,
        1,
        "ContractBroken",
    ),
    Misbehaviour("200 as HTML", replaced(HTML, content_type="text/html"), DOWN, 1, "ContractBroken"),
    Misbehaviour("200 as HTML that says JSON", replaced(HTML), DOWN, 1, "ContractBroken"),
    Misbehaviour("200 without a body", replaced(""), DOWN, 1, "ContractBroken"),
    Misbehaviour("broken JSON", {"kind": "broken_json"}, DOWN, 1, "ContractBroken"),
    Misbehaviour("cut body", {"kind": "cut_body"}, DOWN, 1, "Unavailable"),
    Misbehaviour("a list", replaced([]), DOWN, 1, "ContractBroken"),
    Misbehaviour("no result", replaced({"accountStatus": "ACTIVE"}), DOWN, 1, "ContractBroken"),
    Misbehaviour("a result of the wrong type", replaced({"result": True}), DOWN, 1, "ContractBroken"),
    Misbehaviour(
        "wrong types",
        replaced(builders.account_information(pointBalances="many")),
        SHOWN,
        1,
        "success",
    ),
    Misbehaviour(
        "wrong types inside",
        replaced(builders.account_information(pointBalances=[builders.wallet(balance={"amount": 1})])),
        SHOWN,
        1,
        "success",
    ),
    Misbehaviour("nesting without end", replaced("[" * 90_000), DOWN, 1, "ContractBroken"),
    Misbehaviour("5 MB", {"kind": "oversize", "size_bytes": 5_000_000}, DOWN, 1, "ContractBroken"),
    Misbehaviour(
        "5 MB without a length",
        {"kind": "oversize", "size_bytes": 5_000_000, "announced": False},
        DOWN,
        1,
        "ContractBroken",
    ),
    Misbehaviour(
        "2 MB out of a small gzip",
        {"kind": "oversize", "size_bytes": 2_000_000, "gzipped": True},
        DOWN,
        1,
        "ContractBroken",
    ),
    Misbehaviour("a byte order mark", {"kind": "byte_order_mark"}, SHOWN, 1, "success"),
    Misbehaviour("result: failure", replaced(FAILURE), Ending.REFUSED, 1, "Refused"),
    Misbehaviour("result: failed", {"kind": "failed"}, Ending.DOWN, 1, "Unavailable"),
    Misbehaviour("result: failed with 401", {"kind": "failed", "status": 401}, Ending.DOWN, 1, "Unavailable"),
    Misbehaviour(
        "a system error of the service",
        {"kind": "failed", "result": "failure", "code": "guest.system_error", "message": "System error"},
        Ending.DOWN,
        1,
        "Unavailable",
    ),
    Misbehaviour("a result nobody knows", replaced({"result": "maybe"}), Ending.DOWN, 1, "ContractBroken"),
    Misbehaviour(
        "a failure with 500", status(500, body=FAILURE, content_type=JSON_TYPE), Ending.REFUSED, 1, "Refused"
    ),
    Misbehaviour(
        "a failure with an odd code",
        replaced(builders.failure(errorCode=1.5, errorMessage="The card sleeps")),
        Ending.REFUSED,
        1,
        "Refused",
    ),
    Misbehaviour(
        "invalid_status", replaced({"result": "invalid_status"}), Ending.NO_BALANCE, 1, "InvalidStatus"
    ),
    Misbehaviour(
        "invalid_status with an odd message",
        replaced({"result": "invalid_status", "errorCode": {"code": 1}, "errorMessage": False}),
        Ending.NO_BALANCE,
        1,
        "InvalidStatus",
    ),
    Misbehaviour("odd members beside the balance", replaced(ODD_SIDES), SHOWN, 1, "success"),
    Misbehaviour("no optional member", replaced({"result": "success"}), SHOWN, 1, "success"),
    Misbehaviour("every member null", replaced(ALL_NULL), SHOWN, 1, "success"),
    Misbehaviour("empty parts", replaced(EMPTY_PARTS), SHOWN, 1, "success"),
    Misbehaviour("success called text", status(200, body='{"result": "success"}'), SHOWN, 1, "success"),
)
