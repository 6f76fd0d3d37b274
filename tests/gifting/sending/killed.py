"""A process of its own that sends one gift and is killed at a step: `-m tests.gifting.sending.killed STEP`.

With `still` behind it the process only stands still there, until it is told to go on.
"""

import sys

import django

from tests.processes import die_at, stand_still_at


def main(step: str, *how: str) -> None:
    django.setup()
    import requests
    import urllib3

    from accounts import credentials
    from gifting.sending import ledger, services
    from guestportal.merchants.registry import current_registry
    from tests.gifting.sending.doing import sender_with

    def posts(_adapter: object, request: requests.PreparedRequest, **_more: object) -> bool:
        return request.method == "POST"

    stop_at = stand_still_at if how == ("still",) else die_at
    (merchant,) = current_registry()
    rosa = sender_with(merchant)
    wish = rosa.prepares()
    match step:
        case "before the claim":
            stop_at(ledger, "claim")
        case "inside the claim":
            stop_at(ledger, "_note", after=True)
        case "after the claim":
            stop_at(services, "transfer_out")
        case "before the request":
            stop_at(requests.adapters.HTTPAdapter, "send", when=posts)
        case "connected":
            stop_at(urllib3.connection.HTTPConnection, "connect", after=True)
        case "request sent, no reply yet":
            stop_at(urllib3.connection.HTTPConnection, "getresponse")
        case "reply in hand":
            stop_at(requests.adapters.HTTPAdapter, "send", after=True, when=posts)
        case "before it is recorded":
            stop_at(services, "_record")
        case "inside recording":
            stop_at(ledger, "_note", after=True, when=lambda row, *_slug, **_more: row.state == "sent")
        case "after it is recorded":
            stop_at(credentials, "withdraw_account")
    rosa.sends(wish)


if __name__ == "__main__":
    main(*sys.argv[1:])
