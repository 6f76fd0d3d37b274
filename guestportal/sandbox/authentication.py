"""Who may call: the integration's Basic credentials, the merchant, and the style's own proof."""

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from guestportal.sandbox import identity
from guestportal.sandbox.calls import Call, CallRefused, Parameters
from guestportal.sandbox.replies import PasswordRefusal, Reply
from guestportal.sandbox.world import World

_Proof: TypeAlias = Callable[[Parameters, World, str], str | None]


def basic_is_right(authorization: str) -> bool:
    """Return whether a header carries the integration's identifier and secret as HTTP Basic."""
    scheme, _, encoded = authorization.partition(" ")
    try:
        given = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return False
    expected = f"{identity.CLIENT_ID}:{identity.CLIENT_SECRET}".encode()
    return scheme.lower() == "basic" and hmac.compare_digest(given, expected)


def authenticate(parameters: Parameters, world: World, *, styles: tuple[str, ...], scope: str) -> Call:
    """Return the admitted call, or raise CallRefused with what the API answers.

    `scope` is what an access token must allow. A card's wrong code and an unknown card get the same HTTP 401
    without a body.
    """
    if parameters.integer("merchantId") != identity.MERCHANT_ID:
        # What a foreign merchant id gets is not documented: 403 without a body is our reading.
        raise CallRefused(Reply.empty(403))
    style = parameters.text("authentication")
    if style not in styles:
        raise CallRefused(
            Reply.failure(
                "authentication.not_allowed", f"Authentication {style} is not allowed for this endpoint"
            )
        )
    return Call(style=style, parameters=parameters, username=_PROOFS[style](parameters, world, scope))


def _prove_card(parameters: Parameters, world: World, _scope: str) -> str | None:
    number = parameters.text("printedCardNumber")
    if not world.card_opens(number=number, code=parameters.text("registrationCode")):
        raise CallRefused(Reply.empty(401))
    return None


def _prove_guest(parameters: Parameters, world: World, _scope: str) -> str | None:
    if parameters.in_query("password"):
        raise CallRefused(
            Reply.failure(
                "authentication.guest_in_query", "Authentication guest is not allowed in a query string"
            )
        )
    username = parameters.text("username")
    if not world.password_opens(username=username, password=parameters.text("password")):
        raise CallRefused(Reply.wrong_password(world.password_refusal or PasswordRefusal.FAILURE))
    return username


def _prove_oauth(parameters: Parameters, world: World, scope: str) -> str | None:
    grant = world.tokens.find(parameters.text("access_token"), now=world.now())
    if grant is None:
        raise CallRefused(Reply.empty(401))
    if scope not in grant.scope.split():
        # What a token without the scope gets is not documented: 403 without a body is our reading.
        raise CallRefused(Reply.empty(403))
    return grant.username


def _prove_nothing(_parameters: Parameters, _world: World, _scope: str) -> str | None:
    return None


_PROOFS: Final[Mapping[str, _Proof]] = {
    "card": _prove_card,
    "guest": _prove_guest,
    "oauth": _prove_oauth,
    "b2b": _prove_nothing,
    "anonymous": _prove_nothing,
}
