"""The control address, outside the API: tests queue faults, read the records and set what the world holds.

| address | what it takes |
|---|---|
| `POST /_control/faults` | `operation`, `fault` (an object or a list of objects), `times` (1) |
| `DELETE /_control/faults` | forgets the queued faults |
| `GET /_control/requests` | answers `{"requests": [...]}`, oldest first |
| `DELETE /_control/requests` | forgets the records |
| `POST /_control/cards` | `number`, and any of `code`, `reply` (object), `reply_text` (sent as it stands),
`fields` (members to override) |
| `POST /_control/clock` | `offset_seconds`, from the machine's own time |
| `POST /_control/reset` | everything as at the start |
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final, TypeAlias

from guestportal.sandbox.calls import RawRequest
from guestportal.sandbox.endpoints import ENDPOINTS
from guestportal.sandbox.fault_reading import UnreadableFault, read_faults
from guestportal.sandbox.jsontext import JsonObject, decode
from guestportal.sandbox.replies import Reply
from guestportal.sandbox.state import Sandbox

PREFIX: Final = "/_control/"
_Action: TypeAlias = Callable[[JsonObject, Sandbox], JsonObject]


class ControlError(ValueError):
    """An order that cannot be carried out; the text says why."""


def control(request: RawRequest, sandbox: Sandbox) -> Reply:
    """Carry out one order and return its answer; HTTP 400 with a sentence when it cannot be."""
    actions = _ACTIONS.get(request.path.removeprefix(PREFIX))
    if actions is None:
        return Reply.html(404)
    action = actions.get(request.method)
    if action is None:
        return Reply.html(405, headers=(("Allow", ", ".join(actions)),))
    try:
        return Reply.envelope(action(_order(request), sandbox))
    except (ControlError, UnreadableFault) as error:
        return Reply.envelope({"error": str(error)}, status=400)


def _order(request: RawRequest) -> JsonObject:
    if not request.body:
        return {}
    try:
        order = decode(request.body.decode("utf-8"))
    except ValueError:
        raise ControlError("The order is not JSON.") from None
    if not isinstance(order, Mapping):
        raise ControlError("The order is not a JSON object.")
    return order


def _queue_faults(order: JsonObject, sandbox: Sandbox) -> JsonObject:
    operation = _text(order, "operation")
    if operation not in ENDPOINTS:
        raise ControlError(f"Unknown operation {operation}; known are {', '.join(ENDPOINTS)}.")
    times = order.get("times", 1)
    if not isinstance(times, int) or isinstance(times, bool) or times < 1:
        raise ControlError("times must be a whole number from 1.")
    sandbox.queue_faults(operation, read_faults(order.get("fault")), times=times)
    return {}


def _clear_faults(_order: JsonObject, sandbox: Sandbox) -> JsonObject:
    sandbox.clear_faults()
    return {}


def _show_requests(_order: JsonObject, sandbox: Sandbox) -> JsonObject:
    return {"requests": [record.as_json() for record in sandbox.records()]}


def _clear_requests(_order: JsonObject, sandbox: Sandbox) -> JsonObject:
    sandbox.clear_records()
    return {}


def _set_card(order: JsonObject, sandbox: Sandbox) -> JsonObject:
    number = _text(order, "number")
    changes = order.keys() - {"number"}
    if not changes or changes - {"code", "reply", "reply_text", "fields"}:
        raise ControlError("A card order has any of code, reply, reply_text and fields.")
    with sandbox.world() as world:
        if "reply" in order:
            world.set_account(number, _object(order, "reply"))
        if "reply_text" in order:
            world.set_account(number, _text(order, "reply_text"))
        if "fields" in order:
            world.override_account(number, _object(order, "fields"))
        if "code" in order:
            world.set_code(number, _text(order, "code"))
    return {}


def _set_clock(order: JsonObject, sandbox: Sandbox) -> JsonObject:
    offset = order.get("offset_seconds")
    if not isinstance(offset, int | Decimal) or isinstance(offset, bool):
        raise ControlError("offset_seconds must be a number.")
    with sandbox.world() as world:
        world.clock_offset_seconds = float(offset)
        return {"now": world.now().isoformat()}


def _reset(_order: JsonObject, sandbox: Sandbox) -> JsonObject:
    sandbox.reset()
    return {}


def _text(order: JsonObject, name: str) -> str:
    value = order.get(name)
    if not isinstance(value, str):
        raise ControlError(f"{name} must be a string.")
    return value


def _object(order: JsonObject, name: str) -> JsonObject:
    value = order.get(name)
    if not isinstance(value, Mapping):
        raise ControlError(f"{name} must be an object.")
    return value


_ACTIONS: Final[Mapping[str, Mapping[str, _Action]]] = {
    "faults": {"POST": _queue_faults, "DELETE": _clear_faults},
    "requests": {"GET": _show_requests, "DELETE": _clear_requests},
    "cards": {"POST": _set_card},
    "clock": {"POST": _set_clock},
    "reset": {"POST": _reset},
}
