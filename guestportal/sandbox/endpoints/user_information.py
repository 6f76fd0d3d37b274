"""guest/userInformation.json: who a guest is and which cards are theirs (docs/paytronix-api.md, section 6)."""

from guestportal.sandbox.calls import Call
from guestportal.sandbox.endpoints.registry import endpoint
from guestportal.sandbox.guests import Guest
from guestportal.sandbox.jsontext import JsonObject, JsonValue
from guestportal.sandbox.replies import Reply
from guestportal.sandbox.world import World


@endpoint(
    "guest",
    "userInformation",
    methods=("GET", "POST"),
    styles=("oauth", "guest", "b2b"),
    scope="user_read",
)
def user_information(request: Call, world: World) -> Reply:
    """Return a guest's name, accounts and primary cards; a guest who proved a user name sees that one only."""
    username = request.parameters.text("username")
    guest = world.guests.get(username)
    if guest is None or request.username not in (None, username):
        return Reply.failure("user_info.not_found", "The user was not found")
    return Reply.envelope(
        {
            "result": "success",
            "accountIds": list(guest.account_codes),
            "addresses": _addresses(guest),
            "fields": _fields(guest),
            "primaryCardNumbers": list(guest.card_numbers),
        }
    )


def _fields(guest: Guest) -> JsonObject:
    """Return the guest's fields; blank ones are left out."""
    fields: dict[str, JsonValue] = {
        "email": guest.email,
        "emailVerified": False,
        "firstName": guest.first_name,
        "lastName": guest.last_name,
        "optIn": True,
        "smsOptInVerified": False,
        "textCampaignOptIn": False,
        "username": guest.username,
    }
    if guest.mobile_phone is not None:
        fields["mobilePhone"] = guest.mobile_phone
    if guest.address is not None:
        fields |= {
            "address1": guest.address.address1,
            "address2": guest.address.address2,
            "addressLabel": guest.address.label,
            "city": guest.address.city,
            "country": guest.address.country,
            "postalCode": guest.address.postal_code,
        }
    return dict(sorted(fields.items()))


def _addresses(guest: Guest) -> list[JsonValue]:
    address = guest.address
    if address is None:
        return []
    return [
        {
            "address1": address.address1,
            "address2": address.address2,
            "addressId": address.address_id,
            "city": address.city,
            "country": address.country,
            "label": address.label,
            "postalCode": address.postal_code,
        }
    ]
