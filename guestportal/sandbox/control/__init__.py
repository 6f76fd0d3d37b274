"""The control address, outside the API: tests queue faults, read the records and set what the world holds.

| address | what it takes |
|---|---|
| `POST /_control/faults` | `operation`, `fault` (an object or a list of objects), `times` (1) |
| `DELETE /_control/faults` | forgets the queued faults |
| `GET /_control/requests` | answers `{"requests": [...]}`, oldest first |
| `GET /_control/requests/<operation>` | the same, of one operation |
| `DELETE /_control/requests` | forgets the records |
| `POST /_control/cards` | `number`, and any of `code`, `reply` (object), `reply_text` (sent as it stands),
`fields` (members to override) |
| `GET /_control/tokens` | answers `{"tokens": [...]}`, oldest first |
| `POST /_control/tokens` | any of `expire` and `revoke` ("all" or a user name: ends access tokens, takes back
refresh tokens) and `refusal` (how a wrong password is refused: http_401, http_403, failure) |
| `GET /_control/transfers` | answers `{"transfers": [...]}`: every transfer as it truly is, oldest first |
| `POST /_control/transfers` | one of `send` (`from` card, `to_account` or `to_identifier` and `to_name`,
`wallet_code`, `message`: a gift sent elsewhere, by the rules), `twin_of` (a transaction number, with
`message` when it differs: the same gift sent elsewhere), `return` (a transaction number: the merchant gives a
waiting gift back) and `add` (with `count`): a transfer put in as it is, no wallet moves; members as in `send`
and `amount`, `status`, `answer`, `days_ago`, `days_left`, `code`, `shows_code`, `members` (put over its
TransferInfo), `left_out` (names taken from it) |
| `DELETE /_control/transfers` | forgets every transfer; wallets stay |
| `GET /_control/wallets/<card>` | answers `{"wallets": [...]}` |
| `POST /_control/gifting` | `codes`: whether TransferInfo has `code` |
| `POST /_control/history` | `stale_calls` (1) history reads show the state of now, or with `lag_seconds` the
state so long before each read |
| `GET /_control/late` | answers `{"late": [...]}`: calls met by the fault `late` whose work is still to be done |
| `POST /_control/late` | `run`: "all" or "next"; does their work now |
| `POST /_control/clock` | `offset_seconds`, from the machine's own time |
| `POST /_control/reset` | everything as at the start |
"""

from collections.abc import Mapping
from typing import Final

from guestportal.sandbox.calls import RawRequest
from guestportal.sandbox.control import general, gifts, late, tokens
from guestportal.sandbox.control.orders import Action, ControlError, read_order
from guestportal.sandbox.fault_reading import UnreadableFault
from guestportal.sandbox.replies import Reply
from guestportal.sandbox.state import Sandbox

PREFIX: Final = "/_control/"
_ACTIONS: Final[Mapping[str, Mapping[str, Action]]] = {
    **general.ACTIONS,
    **tokens.ACTIONS,
    **gifts.ACTIONS,
    **late.ACTIONS,
}

__all__ = ["PREFIX", "control"]


def control(request: RawRequest, sandbox: Sandbox) -> Reply:
    """Carry out one order and return its answer; HTTP 400 with a sentence when it cannot be."""
    name, slash, rest = request.path.removeprefix(PREFIX).partition("/")
    actions = _ACTIONS.get(name + slash)
    if actions is None:
        return Reply.html(404)
    action = actions.get(request.method)
    if action is None:
        return Reply.html(405, headers=(("Allow", ", ".join(actions)),))
    try:
        return Reply.envelope(action(read_order(request.body, rest=rest), sandbox))
    except (ControlError, UnreadableFault) as error:
        return Reply.envelope({"error": str(error)}, status=400)
