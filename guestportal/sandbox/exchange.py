"""From an HTTP request to what is sent back: address, credentials, parameters, work, and faults around it."""

import re
import threading
from dataclasses import dataclass
from functools import partial
from typing import Final

from guestportal.sandbox.authentication import authenticate, basic_is_right
from guestportal.sandbox.calls import CallRefused, RawRequest, read_parameters
from guestportal.sandbox.delivery import Delivery, Interrupted, pause
from guestportal.sandbox.endpoints import ENDPOINTS
from guestportal.sandbox.faults import Fault, Late
from guestportal.sandbox.replies import Reply
from guestportal.sandbox.state import Arrival, Sandbox
from guestportal.sandbox.world import World

# Both forms of the path are in use (docs/paytronix-api.md, section 1); any release is taken.
_API_PATH: Final = re.compile(r"(?:/api)?/rest/[0-9]+(?:\.[0-9]+)+/([A-Za-z]+/[A-Za-z]+)\.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A reply, how it travels, and the event that ends its journey early."""

    reply: Reply
    delivery: Delivery
    ended: threading.Event


def operation_of(path: str) -> str:
    """Return `<service>/<endpoint>` of an API path, or "" for a path outside the API."""
    match = _API_PATH.fullmatch(path)
    return match.group(1) if match else ""


def exchange(request: RawRequest, sandbox: Sandbox) -> Sending:
    """Record the request, do its work, and return what is sent back.

    The record is final before the first byte goes, so that a client that has its reply finds it recorded.
    """
    operation = operation_of(request.path)
    basic_ok = basic_is_right(request.authorization)
    arrival = sandbox.arrive(request, operation=operation, basic_ok=basic_ok)
    try:
        reply = _work(request, sandbox, arrival, operation=operation, basic_ok=basic_ok)
    except Interrupted:
        sandbox.finish(arrival, outcome="interrupted", status=None)
        return Sending(reply=Reply.empty(503), delivery=Delivery(replies=False), ended=arrival.ended)
    delivery = Delivery()
    for fault in arrival.faults:
        reply = fault.reshape(reply)
        delivery = fault.change_delivery(delivery)
    if delivery.replies:
        sandbox.finish(arrival, outcome=reply.outcome, status=reply.status)
    else:
        sandbox.finish(arrival, outcome="dropped", status=None)
    return Sending(reply=reply, delivery=delivery, ended=arrival.ended)


def _work(
    request: RawRequest, sandbox: Sandbox, arrival: Arrival, *, operation: str, basic_ok: bool
) -> Reply:
    faults: tuple[Fault, ...] = arrival.faults
    pause(sum(fault.seconds_before_work for fault in faults), ended=arrival.ended)
    work = partial(_answer, request, operation=operation, basic_ok=basic_ok)
    late = next((fault for fault in faults if isinstance(fault, Late)), None)
    reply = Reply.html(200)
    if late is not None:
        sandbox.work_later(arrival, work, operation=operation, after_seconds=late.seconds)
    elif all(fault.lets_work for fault in faults):
        reply = sandbox.work(arrival, work)
    pause(sum(fault.seconds_after_work for fault in faults), ended=arrival.ended)
    return reply


def _answer(request: RawRequest, world: World, *, operation: str, basic_ok: bool) -> Reply:
    """Return what the endpoint says; raises CallRefused for a call that is not admitted."""
    endpoint = ENDPOINTS.get(operation)
    if endpoint is None:
        raise CallRefused(Reply.html(404))
    if not basic_ok:
        raise CallRefused(Reply(status=401, headers=(("WWW-Authenticate", 'Basic realm="Paytronix"'),)))
    if request.method not in endpoint.methods:
        raise CallRefused(Reply.html(405, headers=(("Allow", ", ".join(endpoint.methods)),)))
    parameters = read_parameters(request)
    call = authenticate(parameters, world, styles=endpoint.styles, scope=endpoint.scope)
    return endpoint.answer(call, world)
