"""A process of its own that answers a gift and is killed before or after the call."""

import requests

from tests.support.answering_steps import ANA, answer, handle_of, signed_in
from tests.support.processes import die, interrupt


def main(when: str, action: str) -> None:
    """The library's request is where it ends: before anything was sent, or with the reply in its hands."""

    def posts(_adapter: object, request: requests.PreparedRequest, **_more: object) -> bool:
        return request.method == "POST"

    client = signed_in(ANA)
    handle = handle_of(client)
    interrupt(requests.adapters.HTTPAdapter, "send", die, after=when == "after", when=posts)
    answer(client, action, handle)
