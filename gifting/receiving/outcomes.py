"""What came of an answer, as a value with its words. Which kind it is, the services decide."""

import logging
import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from gifting.gift.domain import Gift, GiftStatus
from gifting.gift.refusals import told_at_once
from gifting.ledger.answers import Action, Claim
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.calls import new_reference

log = logging.getLogger("gifting")


class OutcomeKind(StrEnum):
    """Everything an answer can come to."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    CONFIRMING = "confirming"
    ALREADY_ACCEPTED = "already_accepted"
    ALREADY_DECLINED = "already_declined"
    EXPIRED = "expired"
    NO_LONGER_WAITING = "no_longer_waiting"
    OTHER_ACCOUNT = "other_account"
    REFUSED = "refused"
    READ_ONLY = "read_only"


@dataclass(frozen=True, slots=True)
class AnswerOutcome:
    """What a guest is told. `gift` is None when Paytronix no longer says what it was.

    With `making_sure` Paytronix has refused the answer, and readings have yet to confirm that nothing was changed.
    `waiting_count` is how many gifts still wait for an answer, None when that was not read. `reference` is that of
    the row, or one of its own where there is no row.
    """

    kind: OutcomeKind
    handle: str
    action: str
    gift: Gift | None = None
    note: str = ""
    refusal: Refusal | None = None
    making_sure: bool = False
    waiting_count: int | None = None
    reference: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the guest's answer stands."""
        return self.kind in {OutcomeKind.ACCEPTED, OutcomeKind.DECLINED}

    @property
    def is_confirming(self) -> bool:
        return self.kind is OutcomeKind.CONFIRMING

    @property
    def heading(self) -> str:
        """A few words, as a heading."""
        return {
            OutcomeKind.ACCEPTED: _("You accepted this gift"),
            OutcomeKind.DECLINED: _("You declined this gift"),
            OutcomeKind.CONFIRMING: _("We are confirming your answer"),
            OutcomeKind.ALREADY_ACCEPTED: _("This gift has been accepted already"),
            OutcomeKind.ALREADY_DECLINED: _("This gift has been declined already"),
            OutcomeKind.EXPIRED: _("This gift has expired"),
            OutcomeKind.NO_LONGER_WAITING: _("This gift is no longer waiting"),
            OutcomeKind.OTHER_ACCOUNT: _("This gift is meant for another account"),
            OutcomeKind.REFUSED: _("This gift could not be answered"),
            OutcomeKind.READ_ONLY: _("Open the link in your message"),
        }[self.kind]

    @property
    def sentence(self) -> str:
        """What it came to as one whole sentence, for the status region."""
        if self.making_sure and self.refusal:
            return told_at_once(self.refusal, _("We are making sure that nothing was changed."))
        if self.making_sure:
            return _(
                "We are still making sure that your earlier answer changed nothing. Until then only the same answer "
                "can be given again."
            )
        if self.kind is OutcomeKind.REFUSED and self.refusal:
            return self.refusal.text
        if self.is_done and self.gift and self.gift.sender.short:
            named = {"sender": self.gift.sender.short}
            if self.kind is OutcomeKind.ACCEPTED:
                return _("You accepted the gift from %(sender)s; it is on your card now.") % named
            return _("You declined the gift from %(sender)s; it goes back.") % named
        if (
            self.kind is OutcomeKind.ALREADY_ACCEPTED
            and self.gift
            and self.gift.status == GiftStatus.ACCEPTED
        ):
            return _("This gift was accepted earlier; what it holds is on your card.")
        return {
            OutcomeKind.ACCEPTED: _("You accepted the gift; it is on your card now."),
            OutcomeKind.DECLINED: _("You declined the gift; it goes back to the person who sent it."),
            OutcomeKind.CONFIRMING: _(
                "We are confirming your answer. It has not failed; there is no need to answer again."
            ),
            OutcomeKind.ALREADY_ACCEPTED: _(
                "This gift was accepted earlier, so there is nothing left to answer."
            ),
            OutcomeKind.ALREADY_DECLINED: _("This gift was declined earlier and has gone back."),
            OutcomeKind.EXPIRED: _(
                "The time to accept this gift is over; it has gone back to the person who sent it."
            ),
            OutcomeKind.NO_LONGER_WAITING: _("This gift no longer waits for an answer; nothing was changed."),
            OutcomeKind.OTHER_ACCOUNT: _(
                "This gift was sent to another account, so this card cannot answer it."
            ),
            OutcomeKind.REFUSED: _("This gift could not be answered."),
            OutcomeKind.READ_ONLY: _(
                "To answer this gift, open the link in the message that told you about it."
            ),
        }[self.kind]


def reference_of(kind: OutcomeKind, claimed: Claim | None, *, merchant: Merchant) -> str:
    """The reference that the guest is shown: the row's, or without a row one that the log has beside the outcome."""
    if claimed is not None:
        return claimed.reference
    reference = new_reference()
    line = {"event": "gift_not_answered", "merchant": merchant.slug, "outcome": kind, "reference": reference}
    log.info("gift_not_answered", extra={"fields": line})
    return reference


def kind_by_status(status: str, action: str) -> OutcomeKind:
    """What a gift's own state says to a guest who answers, or has answered, with `action`."""
    match status:
        case GiftStatus.ACCEPTED:
            return OutcomeKind.ACCEPTED if action == Action.ACCEPT else OutcomeKind.ALREADY_ACCEPTED
        case GiftStatus.REJECTED:
            return OutcomeKind.DECLINED if action == Action.DECLINE else OutcomeKind.ALREADY_DECLINED
        case GiftStatus.EXPIRED:
            return OutcomeKind.EXPIRED
        case _:
            return OutcomeKind.NO_LONGER_WAITING


def earlier(kind: OutcomeKind) -> OutcomeKind:
    """What to tell a guest whose press of a moment ago was not what decided the gift."""
    return {
        OutcomeKind.ACCEPTED: OutcomeKind.ALREADY_ACCEPTED,
        OutcomeKind.DECLINED: OutcomeKind.ALREADY_DECLINED,
    }.get(kind, kind)


# No codes are published for the service (docs/paytronix-api.md, section 7.13): these follow its pattern, and whatever
# else comes is told in the merchant's or Paytronix's own words. A state that could be read always wins.
KIND_BY_CODE = {
    "gifttransfer.not_destined": OutcomeKind.OTHER_ACCOUNT,
    "gifttransfer.already_accepted": OutcomeKind.ALREADY_ACCEPTED,
    "gifttransfer.not_pending": OutcomeKind.NO_LONGER_WAITING,
    "gifttransfer.expired": OutcomeKind.EXPIRED,
}

_GIFT = r"(?:pending_)?(?:gift|transfer|code|gift_code|transfer_code)"
_NO_GIFT = re.compile(
    rf"(?:unknown|invalid|no_such)_{_GIFT}|(?:{_GIFT}_)?(?:not_found|does_not_exist)|{_GIFT}_(?:unknown|invalid)"
)


def says_no_gift(code: str) -> bool:
    """Whether a refused look-up says that no gift has this code; one with any other reason says nothing of it."""
    return _NO_GIFT.fullmatch(code.rpartition(".")[2].casefold()) is not None
