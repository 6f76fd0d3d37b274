"""A try under the limits: places are taken before Paytronix is asked, and given back unless the try fails."""

import logging
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from guestportal.merchants.definition import Merchant
from guestportal.throttling import attack, counters, doubts, tallies
from guestportal.throttling.counters import Place
from guestportal.throttling.errors import ProofNeeded, Throttled
from guestportal.throttling.limits import HOUR, Bucket, Window, limit_of
from guestportal.throttling.tallies import Event

log = logging.getLogger("guestportal.throttling")


class Purpose(StrEnum):
    """What is tried; a proof is good for one of them alone."""

    CARD = "card"
    PASSWORD = "password"  # noqa: S105 - a name


@dataclass(frozen=True, slots=True)
class Try:
    """A try that may be made. Exactly one of its methods is called when its end is known.

    With `is_limited` it may only be answered, as a wrong code is: Paytronix must not be asked. With `is_in_doubt` an
    outage may be what has limited it, so it is answered as one.
    """

    merchant: Merchant
    purpose: Purpose
    own_key: str
    places: tuple[Place, ...]
    is_limited: bool = False
    is_in_doubt: bool = False

    def succeed(self) -> None:
        """Forget the failures of this card or name, of nothing else. Raises CountersUnreachable."""
        with counters.together():
            self._give_back()
            counters.clear(self.own_key)
        doubts.settle(self.merchant)
        tallies.count(self.merchant.slug, _TRIED[self.purpose])

    def fail(self) -> None:
        """Let every place stay taken, and count the failure of the site. Raises CountersUnreachable."""
        with counters.together():
            for place in self.places:
                counters.keep(place)
        attack.count_failure(self.merchant)
        if self.is_limited:
            tallies.count(self.merchant.slug, Event.CARD_LIMITED)
        else:
            doubts.settle(self.merchant)
            tallies.count(self.merchant.slug, _TRIED[self.purpose])
            tallies.count(self.merchant.slug, _FAILED[self.purpose])

    def doubt(self) -> None:
        """Let the place of this card or name stay taken until more is known. Raises CountersUnreachable."""
        with counters.together():
            for place in self.places:
                if place.key == self.own_key:
                    doubts.note(self.merchant, counters.keep(place))
                else:
                    counters.give_back(place)

    def forget(self) -> None:
        """Give every place back, since Paytronix could not say. Raises CountersUnreachable."""
        with counters.together():
            self._give_back()

    def _give_back(self) -> None:
        for place in self.places:
            counters.give_back(place)


_TRIED = {Purpose.CARD: Event.CARD_TRY, Purpose.PASSWORD: Event.PASSWORD_TRY}
_FAILED = {Purpose.CARD: Event.CARD_FAILURE, Purpose.PASSWORD: Event.PASSWORD_FAILURE}


def begin_card(*, merchant: Merchant, address: str, card_number: str, proven: bool) -> Try:
    """A try of a card and a code. Raises ProofNeeded, Throttled and CountersUnreachable."""
    with _asking(merchant, proven=proven) as taking:
        taking.take(Bucket.ADDRESS, address)
        if taking.is_new("card_of_address", address, card_number):
            taking.take(Bucket.CARDS_OF_ADDRESS, address)
        key = counters.key_of(*merchant.integration.program, Bucket.CARD, card_number)
        counted = counters.take(key, limit_of(Bucket.CARD, merchant=merchant).windows)
        if counted.place:
            return Try(merchant, Purpose.CARD, key, (*taking.places, counted.place))
        # Answered like a wrong code, so it counts like one everywhere else.
        _log("limit_hit", merchant, bucket=Bucket.CARD)
        is_in_doubt = doubts.has_some(key)
        return Try(
            merchant, Purpose.CARD, key, tuple(taking.places), is_limited=True, is_in_doubt=is_in_doubt
        )


def begin_password(*, merchant: Merchant, address: str, username: str, proven: bool, inside: bool) -> Try:
    """A try of a user name and a password; `inside` says that the guest is signed in by this name already.

    Inside the name has the room of a proof, so that strangers who fail without one shut out no signed-in guest.
    Raises ProofNeeded, Throttled and CountersUnreachable.
    """
    with _asking(merchant, proven=proven, may_prove=not inside) as taking:
        taking.take(Bucket.ADDRESS, address)
        key = taking.take_of_name(username, roomy=inside)
        return Try(merchant, Purpose.PASSWORD, key, tuple(taking.places))


def begin_gift_code(*, merchant: Merchant, who: str) -> Place:
    """A look-up of a gift's code by a guest or an address. Its place is kept if no gift has it, else given back.

    Raises Throttled and CountersUnreachable.
    """
    with _asking(merchant, may_prove=False) as taking:
        taking.take(Bucket.GIFT_CODE, who)
        return taking.places[0]


def count_gift_link(*, merchant: Merchant, address: str) -> None:
    """Count a gift link that is opened without a session, whatever it leads to.

    Raises Throttled when this address has opened many, and CountersUnreachable.
    """
    with _asking(merchant, may_prove=False) as taking:
        taking.take(Bucket.GIFT_LINK, address)
        counters.keep(taking.places[0])


@dataclass(slots=True)
class _Taking:
    """The places of one try, taken one after the other, and whether a proof is missing for one of them.

    When the try is refused, the transaction of `_asking` takes all of them back.
    """

    merchant: Merchant
    proven: bool
    may_prove: bool
    places: list[Place] = field(default_factory=list)
    lacks_proof: bool = False

    def take(self, bucket: Bucket, value: str) -> None:
        """Take a place, or note that a proof is needed for it. Raises Throttled."""
        self._take(bucket, counters.key_of(self.merchant.slug, bucket, value))

    def take_of_name(self, username: str, *, roomy: bool) -> str:
        """Take a place of a user name and return its counter's key; `roomy` gives it the room of a proof.

        Raises Throttled.
        """
        key = counters.key_of(*self.merchant.integration.program, Bucket.USER_NAME, _plain(username))
        self._take(Bucket.USER_NAME, key, roomy=roomy)
        return key

    def _take(self, bucket: Bucket, key: str, *, roomy: bool = False) -> None:
        limit = limit_of(bucket, merchant=self.merchant)
        counted = counters.take(key, limit.proven() if self.proven or roomy else limit.windows)
        if counted.place:
            self.places.append(counted.place)
            return
        most = limit.proven() if self.may_prove or roomy else limit.windows
        call_seconds = self.merchant.integration.deadline_seconds
        wait_seconds = counters.seconds_until_free(counted, most, call_seconds=call_seconds)
        if wait_seconds or self.proven or not self.may_prove:
            _log("limit_hit", self.merchant, bucket=bucket)
            raise Throttled(retry_after_seconds=max(1, wait_seconds))
        _log("proof_asked", self.merchant, bucket=bucket)
        self.lacks_proof = True

    def is_new(self, *parts: str) -> bool:
        """Whether the values are seen together for the first time within the hour; that takes a place."""
        place = counters.take(counters.key_of(self.merchant.slug, *parts), _FIRST).place
        if place:
            self.places.append(place)
        return place is not None

    def finish(self) -> None:
        """Raises ProofNeeded if one is missing."""
        if self.lacks_proof:
            raise ProofNeeded


_FIRST = (Window(1, HOUR),)


@contextmanager
def _asking(merchant: Merchant, *, proven: bool = False, may_prove: bool = True) -> Iterator[_Taking]:
    """All places in one transaction. What is refused is tallied after it, for refusing takes the places back.

    Where a guest cannot prove anything, `may_prove` is False: the limits hold as they are, in attack mode too.
    ProofNeeded comes at the end of the block, so that no browser works for a try that another limit refuses.
    """
    if may_prove and not proven and attack.is_on(merchant):
        tallies.count(merchant.slug, Event.PROOF_ASKED)
        raise ProofNeeded
    taking = _Taking(merchant, proven, may_prove)
    try:
        with counters.together():
            yield taking
            taking.finish()
    except ProofNeeded:
        tallies.count(merchant.slug, Event.PROOF_ASKED)
        raise
    except Throttled:
        tallies.count(merchant.slug, Event.THROTTLED)
        raise


def _plain(username: str) -> str:
    """The name without what Paytronix may overlook: case, width, accents, blanks and invisible signs."""
    letters = unicodedata.normalize("NFKD", username).casefold()
    overlooked = {"Cf", "Mn", "Zl", "Zp", "Zs"}
    return "".join(letter for letter in letters if unicodedata.category(letter) not in overlooked)


def _log(event: str, merchant: Merchant, *, bucket: Bucket) -> None:
    fields = {"event": event, "merchant": merchant.slug, "bucket": bucket.value}
    log.warning(event, extra={"fields": fields})
