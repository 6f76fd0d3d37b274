"""oauth/requestGuestToken.json: tokens by password, and the next ones (docs/paytronix-api.md, section 4)."""

from guestportal.sandbox.calls import Call, CallRefused
from guestportal.sandbox.endpoints.registry import endpoint
from guestportal.sandbox.replies import PasswordRefusal, Reply
from guestportal.sandbox.tokens import ACCESS_SECONDS, SCOPES, Grant
from guestportal.sandbox.world import World


@endpoint("oauth", "requestGuestToken", methods=("POST",), styles=("anonymous",))
def request_guest_token(request: Call, world: World) -> Reply:
    """Return an access and a refresh token. A refresh token works once; a spent one is refused like a password.

    How a spent refresh token is refused is not documented: the same form as a wrong password is our reading.
    """
    refused = Reply.wrong_password(world.password_refusal or PasswordRefusal.HTTP_401)
    match request.parameters.text("grant_type"):
        case "password":
            grant = _by_password(request, world)
        case "refresh_token":
            token = request.parameters.text("refresh_token")
            grant = world.tokens.refresh(token, scope=_scope(request, required=False), now=world.now())
        case other:
            return Reply.failure("oauth.unsupported_grant_type", f"Grant type {other} is not supported")
    if grant is None:
        raise CallRefused(refused)
    return Reply.envelope(
        {
            "result": "success",
            "access_token": grant.access_token,
            "refresh_token": grant.refresh_token,
            "token_type": "bearer",
            "expires_in": ACCESS_SECONDS,
            "scope": grant.scope,
            "username": grant.username,
        }
    )


def _by_password(request: Call, world: World) -> Grant | None:
    username, password = request.parameters.text("username"), request.parameters.text("password")
    scope = _scope(request, required=True)
    if scope is None or not world.password_opens(username=username, password=password):
        return None
    return world.tokens.issue(username=username, scope=scope, now=world.now())


def _scope(request: Call, *, required: bool) -> str | None:
    scope = request.parameters.text("scope") if required else request.parameters.optional_text("scope")
    if scope is not None and not SCOPES.issuperset(scope.split()):
        raise CallRefused(Reply.failure("oauth.invalid_scope", f"Scope {scope} is not known"))
    return scope
