"""Requests that a test has made without having registered an answer for them."""

from requests import ConnectionError as ConnectionLost
from responses import RequestsMock

_REPORT = "Connection refused by Responses"


def unasked(registered: RequestsMock) -> list[str]:
    """Method and address of each request for which nothing was registered, in the order they were sent."""
    return [
        f"{call.request.method} {call.request.url}"
        for call in registered.calls
        if isinstance(call.response, ConnectionLost) and str(call.response).startswith(_REPORT)
    ]
