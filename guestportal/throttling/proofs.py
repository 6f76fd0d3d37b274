"""Proofs that a try cost something: work done in the browser, or a pause for guests without script.

Both are signed, bound to a merchant and a form, good for a while, and good once.
"""

import json
import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta

import altcha
from django.conf import settings
from django.core import signing
from django.utils import timezone
from django.utils.crypto import salted_hmac

from guestportal.merchants.definition import Merchant
from guestportal.throttling import counters, tallies
from guestportal.throttling.errors import CountersUnreachable
from guestportal.throttling.limits import MINUTE, Window
from guestportal.throttling.tallies import Event
from guestportal.throttling.tries import Purpose

log = logging.getLogger("guestportal.throttling")

LIFETIME_SECONDS = 15 * MINUTE
# About two milliseconds on a desk; browser and attacker pay the same.
ITERATIONS = 5000
_LONGEST_PROOF = 4096
_ONCE = (Window(1, 2 * LIFETIME_SECONDS),)


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a page asks: `work` is JSON for the browser, `pause` a token that is good after `pause_seconds`."""

    work: str
    most_rounds: int
    pause: str
    pause_seconds: int


@dataclass(frozen=True, slots=True)
class Given:
    """What a form brought: the answer to the work, and the token of the pause; both may be empty."""

    work: str = ""
    pause: str = ""


def challenge(*, merchant: Merchant, purpose: Purpose, given: Given | None = None) -> Challenge:
    """A new challenge. A pause that was given and is not used up goes on instead of beginning anew."""
    rounds = settings.PROOF_ROUNDS
    work = altcha.create_challenge(
        algorithm="PBKDF2/SHA-256",
        cost=ITERATIONS,
        counter=secrets.randbelow(2 * rounds),  # from 0, for whoever knows a start begins there
        data={"for": _bound_to(merchant, purpose)},
        expires_at=timezone.now() + timedelta(seconds=LIFETIME_SECONDS),
        hmac_secret=_secret("challenge"),
        hmac_key_secret=_secret("answer"),
    )
    running = given is not None and _is_good(given.pause, merchant, purpose)
    return Challenge(
        work=json.dumps(work.to_dict()),
        most_rounds=2 * rounds,
        pause=given.pause if given and running else _new_pause(merchant, purpose),
        pause_seconds=settings.PROOF_PAUSE_SECONDS,
    )


def accept(*, merchant: Merchant, purpose: Purpose, given: Given, address: str) -> bool:
    """Whether a good proof was given. It is used up by this. Raises CountersUnreachable."""
    if given.work:
        taken = _accept_work(merchant, purpose, given.work)
        tallies.count(merchant.slug, Event.PROOF_TAKEN if taken else Event.PROOF_REFUSED)
        _log(merchant, purpose, kind="work", taken=taken)
        if taken:
            return True
    if given.pause and _is_over(given.pause, merchant, purpose):
        taken = _accept_pause(merchant, given.pause, address)
        tallies.count(merchant.slug, Event.PAUSE_TAKEN if taken else Event.PROOF_REFUSED)
        _log(merchant, purpose, kind="pause", taken=taken)
        return taken
    return False


def _accept_work(merchant: Merchant, purpose: Purpose, work: str) -> bool:
    if len(work) > _LONGEST_PROOF:
        return False
    checked = altcha.verify_solution(work, _secret("challenge"), hmac_key_secret=_secret("answer"))
    if not checked.verified:
        return False
    parameters = altcha.Payload.from_base64(work).challenge.parameters
    if (parameters.data or {}).get("for") != _bound_to(merchant, purpose):
        return False
    return counters.take(counters.key_of("work", parameters.nonce), _ONCE).place is not None


def _accept_pause(merchant: Merchant, pause: str, address: str) -> bool:
    """Use up a pause that is over. False when it was used before, or its address got through one a moment ago.

    One address gets through one pause at a time, for many at once would cost nothing. A guest whose neighbour at
    the address was quicker keeps the pause, and presses again. A used one takes no guest's turn.
    """
    if _is_used(pause):
        return False
    turn = Window(1, settings.PROOF_PAUSE_SECONDS)
    if counters.take(counters.key_of(merchant.slug, "pause", address), [turn]).place is None:
        return False
    return counters.take(_key_of(pause), _ONCE).place is not None


def _new_pause(merchant: Merchant, purpose: Purpose) -> str:
    begun = {"begun": timezone.now().timestamp(), "mark": secrets.token_urlsafe(12)}
    return signing.dumps(begun, salt=_salt(merchant, purpose))


def _is_good(pause: str, merchant: Merchant, purpose: Purpose) -> bool:
    """Whether the pause may still be used, now or when it is over; not while the counters cannot say."""
    try:
        return _age_of(pause, merchant, purpose) is not None and not _is_used(pause)
    except CountersUnreachable:
        return False


def _is_used(pause: str) -> bool:
    return counters.is_taken(_key_of(pause), seconds=_ONCE[0].seconds)


def _key_of(pause: str) -> str:
    return counters.key_of("pause", pause)


def _is_over(pause: str, merchant: Merchant, purpose: Purpose) -> bool:
    age_seconds = _age_of(pause, merchant, purpose)
    return age_seconds is not None and age_seconds >= settings.PROOF_PAUSE_SECONDS


def _age_of(pause: str, merchant: Merchant, purpose: Purpose) -> float | None:
    """Seconds since the pause began; None for a token that is not ours, not for this form, or too old."""
    try:
        begun: float = signing.loads(pause, salt=_salt(merchant, purpose), max_age=LIFETIME_SECONDS)["begun"]
    except signing.BadSignature:
        return None
    return timezone.now().timestamp() - begun


def _salt(merchant: Merchant, purpose: Purpose) -> str:
    return f"guestportal.throttling.pause:{_bound_to(merchant, purpose)}"


def _bound_to(merchant: Merchant, purpose: Purpose) -> str:
    return f"{merchant.slug}/{purpose}"


def _secret(name: str) -> bytes:
    return salted_hmac("guestportal.throttling.proofs", name, algorithm="sha256").digest()


def _log(merchant: Merchant, purpose: Purpose, *, kind: str, taken: bool) -> None:
    fields = {"event": "proof", "merchant": merchant.slug, "form": purpose.value, "kind": kind}
    log.info("proof", extra={"fields": {**fields, "outcome": "taken" if taken else "refused"}})
