"""Through which integration an external account is linked: a gift's target names it, and so does an account."""

from guestportal.paytronix.replies.structs import ABSENT, Lenient, Text, Wire


class IntegrationNamesReply(Wire, frozen=True):
    """IntegrationNames: through which integration an external account is linked."""

    identifier: Lenient[Text] = ABSENT
    name: Lenient[Text] = ABSENT
    reporting_name: Lenient[Text] = ABSENT
    detail: Lenient[Text] = ABSENT
