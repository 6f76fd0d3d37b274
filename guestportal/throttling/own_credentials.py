"""Whether Paytronix refuses a merchant's own credentials rather than guests': what the database knows of it.

A wrong card and a wrong client secret are both answered with HTTP 401 or 403 (docs/paytronix-api.md, section 9). What
tells them apart is one call that needs no guest, and it proves something only where it has succeeded before
(docs/threats.md, check 43). It knows no call; `accounts.misconfiguration` makes it.
"""

from dataclasses import dataclass

from guestportal.merchants.definition import Merchant
from guestportal.throttling import counters
from guestportal.throttling.limits import DAY, HOUR, MINUTE, Window
from guestportal.throttling.models import KnownIntegration

REFUSALS = frozenset({401, 403})  # HTTP statuses that may speak of our credentials as well
_RUN = (Window(3, DAY),)  # so many in a row may well be guests'
_PROBE = (Window(1, MINUTE),)
_PROVEN = (Window(1, DAY),)
_SAID = (Window(1, HOUR),)
_LARGEST_CODE = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Known:
    """What a merchant's integration is known by: guests have signed in, or the call that needs no guest succeeded.

    `card_template_code` is what that call is asked with, None where no card has told it; `has_answered` says that
    the call has once succeeded, so that its refusal proves something.
    """

    card_template_code: int | None
    has_answered: bool


def count_refusal(merchant: Merchant) -> bool:
    """A sign-in met 401 or 403. Returns whether more came in a row than guests bring about by chance.

    Raises CountersUnreachable.
    """
    return counters.take(_key("refusals", merchant), _RUN).place is None


def end_run(merchant: Merchant) -> None:
    """A sign-in had another answer. Raises CountersUnreachable."""
    counters.clear(_key("refusals", merchant))


def take_probe(merchant: Merchant) -> bool:
    """Whether the call that needs no guest may be made now: by one process, once a minute.

    Raises CountersUnreachable.
    """
    return counters.take(_key("probe", merchant), _PROBE).place is not None


def are_refused(merchant: Merchant) -> bool:
    """Whether it is proven that the merchant's credentials are refused. Raises CountersUnreachable."""
    return counters.is_taken(_key("proven", merchant), seconds=DAY)


def note_refused(merchant: Merchant) -> bool:
    """It is proven. Returns whether it was not known yet, so that one process says so. Raises CountersUnreachable."""
    return counters.take(_key("proven", merchant), _PROVEN).place is not None


def note_accepted(merchant: Merchant) -> None:
    """The credentials are good: guests are refused for their own. Raises CountersUnreachable."""
    for name in ("proven", "unproven", "refusals"):
        counters.clear(_key(name, merchant))


def may_say_unproven(merchant: Merchant) -> bool:
    """Whether to log, once an hour, that refusals cannot be told apart here. Raises CountersUnreachable."""
    return counters.take(_key("unproven", merchant), _SAID).place is not None


def known(merchant: Merchant) -> Known | None:
    """What is known of the integration; None for a new one, with which nothing has ever succeeded.

    Raises CountersUnreachable.
    """
    with counters.reachable():
        row = KnownIntegration.objects.filter(merchant=merchant.slug, host=_host(merchant)).first()
    return Known(row.card_template_code, row.has_answered) if row else None


def note_sign_in(merchant: Merchant, *, card_template_code: int | None = None) -> None:
    """A guest has signed in, with a card of this template if it is known. Raises CountersUnreachable."""
    code = card_template_code if card_template_code and 0 < card_template_code <= _LARGEST_CODE else None
    before = known(merchant)
    if before is None or (before.card_template_code is None and code is not None):
        _write(merchant, card_template_code=code)


def note_answered(merchant: Merchant, *, card_template_code: int) -> None:
    """The call that needs no guest has succeeded with this template. Raises CountersUnreachable."""
    before = known(merchant)
    if (before is None or not before.has_answered) and 0 < card_template_code <= _LARGEST_CODE:
        _write(merchant, card_template_code=card_template_code, has_answered=True)


def _write(merchant: Merchant, **values: int | bool | None) -> None:
    with counters.together():
        KnownIntegration.objects.update_or_create(
            merchant=merchant.slug, host=_host(merchant), defaults=values
        )


def _host(merchant: Merchant) -> str:
    """Where Paytronix is asked. With the file it names an integration: the merchant id may be what is wrong."""
    return merchant.integration.program[0]


def _key(name: str, merchant: Merchant) -> str:
    return counters.key_of("own_credentials", name, merchant.slug, _host(merchant))
