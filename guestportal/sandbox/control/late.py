"""Orders about calls that were answered before their work: which wait, and to do their work now."""

from collections.abc import Mapping
from typing import Final

from guestportal.sandbox.control.orders import Action, ControlError, Order
from guestportal.sandbox.jsontext import JsonObject
from guestportal.sandbox.state import Sandbox


def _show_late(_order: Order, sandbox: Sandbox) -> JsonObject:
    return {"late": [late.as_json() for late in sandbox.late_calls()]}


def _run_late(order: Order, sandbox: Sandbox) -> JsonObject:
    which = order.text("run")
    if which not in {"all", "next"}:
        raise ControlError("run must be all or next.")
    return {"ran": sandbox.run_late(limit=1 if which == "next" else None)}


ACTIONS: Final[Mapping[str, Mapping[str, Action]]] = {
    "late": {"GET": _show_late, "POST": _run_late},
}
