"""A process of its own that sends one gift and is killed at a step.

With `still` behind it the process only stands still there, until it is told to go on.
"""

import requests
import urllib3

from gifting.ledger import rows, wishes
from gifting.sending import send
from guestportal.merchants.registry import current_registry
from tests.support.processes import die, interrupt, wait_to_be_told
from tests.support.sending_steps import sender_with


def main(step: str, *how: str) -> None:
    def posts(_adapter: object, request: requests.PreparedRequest, **_more: object) -> bool:
        return request.method == "POST"

    stop = wait_to_be_told if how == ("still",) else die
    (merchant,) = current_registry()
    rosa = sender_with(merchant)
    wish = rosa.prepares()
    match step:
        case "before the claim":
            interrupt(wishes, "claim", stop)
        case "inside the claim":
            interrupt(rows, "note", stop, after=True)
        case "after the claim":
            interrupt(send, "transfer_out", stop)
        case "before the request":
            interrupt(requests.adapters.HTTPAdapter, "send", stop, when=posts)
        case "connected":
            interrupt(urllib3.connection.HTTPConnection, "connect", stop, after=True)
        case "request sent, no reply yet":
            interrupt(urllib3.connection.HTTPConnection, "getresponse", stop)
        case "reply in hand":
            interrupt(requests.adapters.HTTPAdapter, "send", stop, after=True, when=posts)
        case "before it is recorded":
            interrupt(send, "_record", stop)
        case "inside recording":
            interrupt(rows, "note", stop, after=True, when=lambda row, **_more: row.state == "sent")
        case "after it is recorded":
            interrupt(rows, "insist", stop, after=True)
    rosa.sends(wish)
