"""The accountInformation replies of the seeded cards, written from docs/paytronix-api.md, section 5.

Only replies: numbers, codes and descriptions of the cards stand in `cards`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from guestportal.sandbox import identity
from guestportal.sandbox.jsontext import JsonObject, JsonValue

CORPORATE: Final[JsonObject] = {"code": "corp", "label": "Corporate"}
HARBOUR_STREET: Final[JsonObject] = {"code": "0112", "label": "Harbour Street"}
PINE_SQUARE: Final[JsonObject] = {"code": "0148", "label": "Pine Square"}

# Forty digits and more before the point, and more after it than a binary float keeps.
HUGE_BALANCE: Final = "12345678901234567890123456789012345678901234567890.123456789012345678901234567890"
NEGATIVE_BALANCE: Final = "-98765432109876543210987654321098765432109876.50"
SCRIPT_NAME: Final = "<script>alert('wallet')</script>"
QUOTED_NAME: Final = "\"><img src=x onerror=\"alert('reward')\"> & 'co' {{ 7 }} {% now 'Y' %}"
RIGHT_TO_LEFT_NAME: Final = "Gift \u202ednuof\u202c \u2066card\u2069\u200b \u200f\u05e2\u05d1\u05e8\u05d9"
ACCENTED_NAME: Final = "Ünïcödé Crème brûlée à la façon d\u2019Ångström, 日本語, e\u0301"
EMOJI_NAME: Final = "Coffee \u2615 family \U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f1eb\U0001f1f7"
LONG_NAME: Final = "Long" * 50


def wallet(
    code: int, name: str, balance: JsonValue, *, giftable: bool = False, **optional: JsonValue
) -> dict[str, JsonValue]:
    """Return one wallet balance; `optional` takes `description` and `expirations`."""
    return {"balance": balance, "giftable": giftable, "name": name, "walletCode": code, **optional}


def expiration(amount: str, on: date) -> JsonObject:
    """Return one part of a balance that ends on a day."""
    return {"amount": amount, "expirationDate": on.isoformat()}


def card(number: str, status: str) -> JsonObject:
    """Return one card as replies show it; the masked number is the last six digits."""
    return {"maskedCardNumber": number[-6:], "printedCardNumber": number, "status": status}


def account(
    number: str,
    *,
    username: str,
    account_status: str = "ACTIVE",
    query_card_status: str = "ACTIVE",
    primary: JsonObject | None = None,
    additional: Sequence[JsonObject] = (),
    tier: tuple[int, str] = (1, "REGISTERED"),
    enrolled: str = "2014-07-29",
    home: JsonObject = CORPORATE,
    favorite: JsonObject = CORPORATE,
    perks: Sequence[JsonObject] = (),
    points: Sequence[JsonObject] = (),
    rewards: Sequence[JsonObject] = (),
    stored_value: JsonObject | None = None,
) -> dict[str, JsonValue]:
    """Return a success with every member the vendor's example has, and storedValueBalance when there is one."""
    reply: dict[str, JsonValue] = {
        "result": "success",
        "accountStatus": account_status,
        "additionalCards": list(additional),
        "cardTemplateCode": identity.CARD_TEMPLATE_CODE,
        "cardTemplateLabel": identity.CARD_TEMPLATE_LABEL,
        "enrollmentStore": home,
        "fields": {
            "enrollDate": enrolled,
            "externalAccounts": [],
            "favoriteStore": favorite,
            "perks": list(perks),
        },
        "isRegistered": True,
        "pointBalances": list(points),
        "primaryCard": primary or card(number, query_card_status),
        "queryCardStatus": query_card_status,
        "rewardBalances": list(rewards),
        "tierCode": tier[0],
        "tierLabel": tier[1],
        "username": username,
    }
    if stored_value is not None:
        reply["storedValueBalance"] = stored_value
    return reply


def seed_account(number: str) -> JsonObject:
    """Return the vendor's own example, member for member."""
    visits = wallet(identity.WALLET_VISITS, "Visits", "1")
    points = wallet(identity.WALLET_POINTS, "Points", "0")
    return account(number, username="GuestREST", points=[visits, points])


def rich_account(number: str, today: date) -> JsonObject:
    """Return a Gold guest with something in every part of the reply; what expires does so after today."""
    return account(
        number,
        username="gold.rosa",
        additional=[card("6000301000731214", "ACTIVE")],
        tier=(3, "Gold"),
        enrolled="2019-05-04",
        home=HARBOUR_STREET,
        favorite=PINE_SQUARE,
        perks=[
            {"code": "refill", "label": "Free refills, all day"},
            {"code": "skip", "label": "Order ahead before opening time"},
        ],
        stored_value=wallet(identity.WALLET_STORED_VALUE, "Stored Value", "42.50"),
        points=[
            wallet(
                identity.WALLET_POINTS,
                "Points",
                "1250",
                giftable=True,
                expirations=[
                    expiration("300", today + timedelta(days=75)),
                    expiration("200", today + timedelta(days=30)),
                ],
            ),
            wallet(identity.WALLET_LIFETIME_POINTS, "Lifetime Points", "8730"),
            wallet(identity.WALLET_SPEND_THIS_YEAR, "Spend This Year", "312.75"),
            wallet(identity.WALLET_VISITS, "Visits", "27", giftable=True),
        ],
        rewards=[
            wallet(
                identity.WALLET_FREE_COFFEE,
                "Free Coffee",
                "3",
                giftable=True,
                description="Any size, any milk, hot or iced.",
                expirations=[
                    expiration("1", today + timedelta(days=45)),
                    expiration("2", today + timedelta(days=9)),
                ],
            ),
            wallet(
                identity.WALLET_BIRTHDAY_PASTRY,
                "Birthday Pastry",
                "1",
                description="One pastry from the counter, in the week of your birthday.",
                expirations=[expiration("1", today + timedelta(days=3))],
            ),
            wallet(
                identity.WALLET_FIVE_OFF,
                "5 Off Any Order",
                "2",
                giftable=True,
                expirations=[expiration("2", today + timedelta(days=120))],
            ),
            wallet(
                identity.WALLET_BAG_OF_BEANS,
                "Bag of Beans",
                "1",
                giftable=True,
                description="250 g, whole or ground.",
            ),
        ],
    )


def plain_account(
    number: str,
    *,
    username: str,
    points: str,
    stored_value: str,
    account_status: str = "ACTIVE",
    query_card_status: str = "ACTIVE",
    replacement: str | None = None,
) -> JsonObject:
    """Return an account with two ordinary wallets; `replacement` is the active card that took its place."""
    return account(
        number,
        username=username,
        account_status=account_status,
        query_card_status=query_card_status,
        primary=card(replacement, "ACTIVE") if replacement else None,
        home=HARBOUR_STREET,
        favorite=HARBOUR_STREET,
        points=[wallet(identity.WALLET_POINTS, "Points", points)],
        stored_value=wallet(identity.WALLET_STORED_VALUE, "Stored Value", stored_value),
    )


def unregistered_account(number: str) -> JsonObject:
    """Return an unregistered gift card: no user name, no tier, no stores, no fields."""
    return {
        "result": "success",
        "accountStatus": "ACTIVE",
        "cardTemplateCode": identity.CARD_TEMPLATE_CODE,
        "cardTemplateLabel": "Gift Card",
        "isRegistered": False,
        "pointBalances": [],
        "primaryCard": card(number, "ACTIVE"),
        "queryCardStatus": "ACTIVE",
        "rewardBalances": [],
        "storedValueBalance": wallet(identity.WALLET_STORED_VALUE, "Stored Value", "25.00"),
    }


def many_lots_account(number: str, today: date) -> JsonObject:
    """Return what Paytronix's own writer makes of many lots: days with times, exponents, entities, nothing left."""
    soon, later = (today + timedelta(days=days) for days in (9, 40))
    coffees = [
        *(expiration("1", soon), {"amount": "1", "expirationDate": f"{soon:%Y%m%d}"}),
        {"amount": "1", "expirationDate": f"{soon.isoformat()}T00:00:00.000Z"},
        *(expiration("2", later), expiration("0", later), expiration("1", date(9999, 12, 31))),
    ]
    over = [expiration("1", today - timedelta(days=3))]
    return account(
        number,
        username="many.lots",
        account_status="active",
        query_card_status="Active",
        enrolled="2014-07-29T00:00:00.000Z",
        points=[wallet(identity.WALLET_POINTS, "Points", "1.25E+3")],
        rewards=[
            wallet(identity.WALLET_FREE_COFFEE, "Ben &amp; Jerry&#39;s", "6", expirations=coffees),
            wallet(identity.WALLET_BIRTHDAY_PASTRY, "Birthday Pastry", "1", expirations=over),
            wallet(identity.WALLET_FIVE_OFF, "5 Off Any Order", "0"),
        ],
        stored_value=wallet(identity.WALLET_STORED_VALUE, "Stored Value", "0E-8"),
    )


def exchanged_invalid_status(replacement: str) -> JsonObject:
    """Return the third result with a state and the card that took this one's place."""
    return {
        "result": "invalid_status",
        "accountStatus": "ACTIVE",
        "queryCardStatus": "EXCHANGED",
        "primaryCard": card(replacement, "ACTIVE"),
    }


def invalid_status() -> JsonObject:
    """Return the third result; its body is not documented, these two members are the notes' expectation."""
    return {"result": "invalid_status", "accountStatus": "INACTIVE", "queryCardStatus": "INACTIVE"}


def locked_failure() -> JsonObject:
    """Return the documented failure that a locked account ends in (docs/paytronix-api.md, section 9)."""
    return {
        "result": "failure",
        "errorCode": "account_info.account_locked",
        "errorMessage": "The account is locked",
    }


def huge_account(number: str, today: date) -> JsonObject:
    """Return balances no float can hold, and names that attack a page which prints them unescaped."""
    store: Mapping[str, JsonValue] = {"code": "<b>corp</b>", "label": SCRIPT_NAME}
    return account(
        number,
        username="<i>O'Brien</i> \u202eevil",
        tier=(2147483647, f"Gold {QUOTED_NAME}"),
        home=store,
        favorite={"code": "fav", "label": RIGHT_TO_LEFT_NAME},
        perks=[{"code": "markup", "label": QUOTED_NAME}, {"code": "long", "label": LONG_NAME}],
        stored_value=wallet(identity.WALLET_STORED_VALUE, QUOTED_NAME, HUGE_BALANCE),
        points=[
            wallet(identity.WALLET_POINTS, SCRIPT_NAME, HUGE_BALANCE),
            wallet(31, ACCENTED_NAME, NEGATIVE_BALANCE),
            wallet(32, LONG_NAME, "+0012.50"),
            wallet(33, RIGHT_TO_LEFT_NAME, "-0.000000000000000000000000000000000000000001"),
        ],
        rewards=[
            wallet(
                34,
                QUOTED_NAME,
                "9" * 60,
                giftable=True,
                description=f"{SCRIPT_NAME} {LONG_NAME}",
                expirations=[expiration(HUGE_BALANCE, date(9999, 12, 31)), expiration("1", today)],
            ),
            wallet(35, EMOJI_NAME, "3", description=ACCENTED_NAME),
        ],
    )


def old_release_account(number: str) -> JsonObject:
    """Return older releases' encodings: numbers unquoted, a boolean as a string, undocumented members."""
    return {
        "result": "success",
        "releaseInfo": {"build": 1842, "nested": [{"unknown": None}]},
        "accountStatus": "ACTIVE",
        "additionalCards": [],
        "cardTemplateCode": identity.CARD_TEMPLATE_CODE,
        "cardTemplateLabel": identity.CARD_TEMPLATE_LABEL,
        "enrollmentStore": {"code": "corp", "label": "Corporate", "storeNumber": 1},
        "fields": {
            "enrollDate": "2011-02-28",
            "externalAccounts": [],
            "favoriteStore": CORPORATE,
            "perks": ["Free delivery"],
            "anniversaryYear": 2011,
        },
        "isRegistered": "true",
        "registrationStatus": "Registered",
        "pointBalances": [wallet(identity.WALLET_POINTS, "Points", 340, pluralName="Points")],
        "primaryCard": {
            "maskedCardNumber": int(number[-6:]),
            "printedCardNumber": int(number),
            "status": "ACTIVE",
        },
        "queryCardStatus": "ACTIVE",
        "rewardBalances": [],
        "storedValueBalance": wallet(identity.WALLET_STORED_VALUE, "Stored Value", Decimal("12.10")),
        "tierCode": 1,
        "tierLabel": "REGISTERED",
        "username": "early.bird",
    }
