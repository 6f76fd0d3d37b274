"""The table of endpoints: which function answers which address, with which methods and styles."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from guestportal.sandbox.calls import Call
from guestportal.sandbox.replies import Reply
from guestportal.sandbox.world import World

EndpointFunction: TypeAlias = Callable[[Call, World], Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One address of the API. `answer` runs alone in the world: no other call works meanwhile.

    `scope` is what an access token must allow where the oauth style is taken.
    """

    operation: str
    methods: tuple[str, ...]
    styles: tuple[str, ...]
    scope: str
    answer: EndpointFunction


ENDPOINTS: dict[str, Endpoint] = {}


def endpoint(
    service: str, name: str, *, methods: tuple[str, ...], styles: tuple[str, ...], scope: str = ""
) -> Callable[[EndpointFunction], EndpointFunction]:
    """Register a function for `<service>/<name>.json`."""

    def register(function: EndpointFunction) -> EndpointFunction:
        operation = f"{service}/{name}"
        if operation in ENDPOINTS:
            raise ValueError(f"{operation} is registered twice")
        ENDPOINTS[operation] = Endpoint(
            operation=operation, methods=methods, styles=styles, scope=scope, answer=function
        )
        return function

    return register
