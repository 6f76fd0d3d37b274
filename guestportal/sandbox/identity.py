"""What the sandbox publishes about itself: made-up credentials, its merchant, its program and wallet codes.

Demo values only: they open nothing but the sandbox, and are the same on every machine. The portal has a copy of the
credentials (merchants/integration_credentials.py), as it would of real ones; a test keeps the two equal.
"""

from typing import Final

CLIENT_ID: Final = "sandbox-portal"
CLIENT_SECRET: Final = "sandbox-secret-opens-nothing-real"  # noqa: S105 - published on purpose, opens only the sandbox
MERCHANT_ID: Final = 777777

RELEASE: Final = "26.6"
BASE_PATH: Final = f"/rest/{RELEASE}"

CARD_TEMPLATE_CODE: Final = 3
CARD_TEMPLATE_LABEL: Final = "Loyalty Card"

# Points and visits carry the wallet codes of the vendor's example; the others are the sandbox's choice.
WALLET_STORED_VALUE: Final = 1
WALLET_POINTS: Final = 3
WALLET_VISITS: Final = 5
WALLET_LIFETIME_POINTS: Final = 7
WALLET_SPEND_THIS_YEAR: Final = 8
WALLET_FREE_COFFEE: Final = 21
WALLET_BIRTHDAY_PASTRY: Final = 22
WALLET_FIVE_OFF: Final = 23
WALLET_BAG_OF_BEANS: Final = 24
WALLET_COFFEE_AND_PASTRY: Final = 25
