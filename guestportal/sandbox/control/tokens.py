"""Orders about tokens: see them, end them, and choose how a wrong password is refused."""

from collections.abc import Mapping
from typing import Final

from guestportal.sandbox.control.orders import Action, ControlError, Order
from guestportal.sandbox.jsontext import JsonObject
from guestportal.sandbox.replies import PasswordRefusal
from guestportal.sandbox.state import Sandbox
from guestportal.sandbox.world import World


def _show_tokens(_order: Order, sandbox: Sandbox) -> JsonObject:
    with sandbox.world() as world:
        return {"tokens": [grant.as_json(world.now()) for grant in world.tokens.all()]}


def _change_tokens(order: Order, sandbox: Sandbox) -> JsonObject:
    if not order.members or order.members.keys() - {"expire", "revoke", "refusal"}:
        raise ControlError("A token order has any of expire, revoke and refusal.")
    answer: dict[str, int] = {}
    with sandbox.world() as world:
        refusal = _refusal(order) if "refusal" in order else world.password_refusal
        whose = {name: _whose(order, name, world) for name in ("expire", "revoke") if name in order}
        world.password_refusal = refusal
        if "expire" in whose:
            answer["expired"] = world.tokens.expire(whose["expire"])
        if "revoke" in whose:
            answer["revoked"] = world.tokens.revoke(whose["revoke"])
    return answer


def _refusal(order: Order) -> PasswordRefusal:
    try:
        return PasswordRefusal(order.text("refusal"))
    except ValueError:
        raise ControlError(f"refusal must be one of {', '.join(PasswordRefusal)}.") from None


def _whose(order: Order, name: str, world: World) -> str | None:
    username = order.text(name)
    if username != "all" and username not in world.guests:
        raise ControlError(f"{name} must be all or a user name.")
    return None if username == "all" else username


ACTIONS: Final[Mapping[str, Mapping[str, Action]]] = {
    "tokens": {"GET": _show_tokens, "POST": _change_tokens},
}
