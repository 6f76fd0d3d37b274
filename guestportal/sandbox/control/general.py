"""Orders about faults, records, cards and the clock, and the order to start over."""

from collections.abc import Mapping
from typing import Final

from guestportal.sandbox.control.orders import Action, ControlError, Order
from guestportal.sandbox.endpoints import ENDPOINTS
from guestportal.sandbox.fault_reading import read_faults
from guestportal.sandbox.jsontext import JsonObject
from guestportal.sandbox.state import Sandbox


def _known(operation: str) -> str:
    if operation not in ENDPOINTS:
        raise ControlError(f"Unknown operation {operation}; known are {', '.join(ENDPOINTS)}.")
    return operation


def _queue_faults(order: Order, sandbox: Sandbox) -> JsonObject:
    operation = _known(order.text("operation"))
    times = order.count("times", default=1)
    sandbox.queue_faults(operation, read_faults(order.members.get("fault")), times=times)
    return {}


def _clear_faults(_order: Order, sandbox: Sandbox) -> JsonObject:
    sandbox.clear_faults()
    return {}


def _show_requests(_order: Order, sandbox: Sandbox) -> JsonObject:
    return {"requests": [record.as_json() for record in sandbox.records()]}


def _show_requests_of(order: Order, sandbox: Sandbox) -> JsonObject:
    operation = _known(order.rest)
    records = (record for record in sandbox.records() if record.operation == operation)
    return {"requests": [record.as_json() for record in records]}


def _clear_requests(_order: Order, sandbox: Sandbox) -> JsonObject:
    sandbox.clear_records()
    return {}


def _set_card(order: Order, sandbox: Sandbox) -> JsonObject:
    number = order.text("number")
    changes = order.members.keys() - {"number"}
    if not changes or changes - {"code", "reply", "reply_text", "fields"}:
        raise ControlError("A card order has any of code, reply, reply_text and fields.")
    with sandbox.world() as world:
        if "reply" in order:
            world.set_account(number, order.object("reply"))
        if "reply_text" in order:
            world.set_account(number, order.text("reply_text"))
        if "fields" in order:
            world.override_account(number, order.object("fields"))
        if "code" in order:
            world.set_code(number, order.text("code"))
    return {}


def _set_clock(order: Order, sandbox: Sandbox) -> JsonObject:
    offset = order.number("offset_seconds")
    with sandbox.world() as world:
        world.clock_offset_seconds = offset
        return {"now": world.now().isoformat()}


def _reset(_order: Order, sandbox: Sandbox) -> JsonObject:
    sandbox.reset()
    return {}


ACTIONS: Final[Mapping[str, Mapping[str, Action]]] = {
    "faults": {"POST": _queue_faults, "DELETE": _clear_faults},
    "requests": {"GET": _show_requests, "DELETE": _clear_requests},
    "requests/": {"GET": _show_requests_of},
    "cards": {"POST": _set_card},
    "clock": {"POST": _set_clock},
    "reset": {"POST": _reset},
}
