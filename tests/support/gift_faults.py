"""Ends on the wire that say nothing of what was done (security.md, section 4), for every write of gifting."""

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
    "accepted, never answered": {"kind": "delay_after", "seconds": 30},
    "closed without a reply": {"kind": "drop_after"},
    "reset without a reply": {"kind": "drop_after", "reset": True},
    "body cut short": {"kind": "cut_body", "sent_bytes": 20},
    "broken JSON": {"kind": "broken_json"},
    "HTML": {"kind": "replace", "body": HTML, "content_type": "text/html"},
    "half a header block": {"kind": "drip_headers", "interval_seconds": 0.2},
    "byte by byte": {"kind": "drip", "interval_seconds": 0.05},
    "no result": {"kind": "replace", "body": "{}"},
    "another gift's success": {"kind": "replace", "body": ANOTHER_GIFT},
    "a success that still waits": {"kind": "replace", "body": STILL_WAITS},
    "500": {"kind": "status", "status": 500, "work": True},
    "503": {"kind": "status", "status": 503, "work": True},
    "521": {"kind": "status", "status": 521, "work": True},
    "302": {"kind": "status", "status": 302, "work": True, "headers": {"Location": "/elsewhere"}},
    "408": {"kind": "status", "status": 408, "work": True},
    "429": {"kind": "status", "status": 429, "work": True},
    "failed": {"kind": "failed", "work": True},
}

# The same ends on the wire, with the work left undone: only time tells.
UNDONE: dict[str, dict[str, Any]] = {
    "closed before": {"kind": "drop_before"},
    "reset before": {"kind": "drop_before", "reset": True},
    "500 before": {"kind": "status", "status": 500},
    "429 before": {"kind": "status", "status": 429},
    "failed before": {"kind": "failed"},
    "a system error before": {"kind": "failed", "result": "failure", "code": "gifttransfer.system_error"},
    "302 before": {"kind": "status", "status": 302, "headers": {"Location": "/elsewhere"}},
    "another gift's success before": {"kind": "replace", "body": ANOTHER_GIFT, "work": False},
    "a success that still waits before": {"kind": "replace", "body": STILL_WAITS, "work": False},
    "HTML before": {"kind": "replace", "body": HTML, "content_type": "text/html", "work": False},
}
