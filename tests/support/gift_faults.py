"""Ends of a write of gifting that say nothing of what was done: one of the wire, two successes of another gift."""

import json
from typing import Any

FAILURE = json.dumps(
    {"result": "failure", "errorCode": "gifttransfer.transfer_failed", "errorMessage": "Something went wrong"}
)
HTML = "<html><body>Bad gateway</body></html>"

ANOTHER_GIFT = '{"result": "success", "transferInfo": {"transferOutTransactionId": 1, "status": "ACCEPTED"}}'
STILL_WAITS = '{"result": "success", "transferInfo": {"status": "PENDING"}}'

# Faults after which the work was done: reading finds it.
WORKED: dict[str, dict[str, Any]] = {
    "closed without a reply": {"kind": "drop_after"},
    "another gift's success": {"kind": "replace", "body": ANOTHER_GIFT},
    "a success that still waits": {"kind": "replace", "body": STILL_WAITS},
    "failed": {"kind": "failed", "work": True},
}

# Ends that look alike, with the work left undone: only time tells.
UNDONE: dict[str, dict[str, Any]] = {
    "closed before": {"kind": "drop_before"},
    "failed before": {"kind": "failed"},
    "a system error before": {"kind": "failed", "result": "failure", "code": "gifttransfer.system_error"},
    "another gift's success before": {"kind": "replace", "body": ANOTHER_GIFT, "work": False},
    "a success that still waits before": {"kind": "replace", "body": STILL_WAITS, "work": False},
}
