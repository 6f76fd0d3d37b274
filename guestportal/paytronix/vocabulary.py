"""The words that are documented (docs/paytronix-api.md, sections 4 to 9), to tell what is new from what is known."""

import re

RESULTS = frozenset({"success", "failure", "failed", "invalid_status"})

CARD_STATES = frozenset({"active", "suspended", "terminated", "disabled", "exchanged"})
REGISTRATION_STATES = frozenset({"registered", "unregistered"})
GIFT_STATUSES = frozenset({"pending", "accepted", "rejected", "returned", "expired"})

ERROR_CODE = re.compile(
    r"user_info\.not_found|oauth\.(?:username_migration_required|account_locked)"
    r"|system\.error|(?:\w+\.)?(?:could_not_authenticate|system_error)"
)

# Digits as 9: a day, with or without a time and a zone, and a decimal, with or without an exponent.
MOMENT_FORMAT = re.compile(r"99999999|9999-99-99(?:[ T]99:99(?::99(?:\.9{1,9})?)?(?: ?(?:[+-]99:?99|Z))?)?")
DECIMAL_FORMAT = re.compile(r"[+-]?(?:9+(?:\.9*)?|\.9+)(?:[eE][+-]?9+)?")

# What every reply may have, and members of some that are documented and not read.
OF_EVERY_REPLY = frozenset({"result", "errorCode", "errorMessage"})
UNREAD_MEMBERS = {
    "UserInformation": frozenset({"accountIds", "fields", "addresses"}),
    "GuestToken": frozenset({"token_type", "scope"}),
}
