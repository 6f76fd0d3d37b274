"""How a person ends what reading could not decide: a recorded step with a name, of a gift that needs review alone."""

from uuid import UUID

from gifting.ledger import rows, wishes
from gifting.ledger.rows import Step
from gifting.ledger.wish import WishState
from gifting.ledger.wishes import WishRow
from gifting.models import Wish
from guestportal.merchants.registry import current_registry

_LONGEST_NAME = 60
_LONGEST_NUMBER = 20


class NotResolved(Exception):
    """The gift was left as it is; the text says why."""


def resolve(*, ref: str, transaction_id: str | None, by: str) -> WishRow:
    """End a gift that needs review: as sent by `transaction_id`, or as not sent when that is None.

    `ref` is the wish's id or the reference of the gift; `by` is who says so, and stands in the step's cause. Asks
    Paytronix nothing. Raises NotResolved.
    """
    name = " ".join(by.split())[:_LONGEST_NAME]
    if not name:
        raise NotResolved("Say who decided that, with --by NAME.")
    number = "" if transaction_id is None else _number(transaction_id)
    row = _find(ref)
    merchant = current_registry().by_slug(row.merchant)
    if merchant is None:
        raise NotResolved(f"The merchant file {row.merchant}.toml is gone; put it back first.")
    state = WishState.SENT if number else WishState.NOT_SENT
    step = Step(state=state, cause=f"resolved by {name}", transaction_id=number)
    moved = rows.write(row, step, merchant=merchant)
    if moved is None:
        raise NotResolved(
            "That transfer proves another gift already, or the gift has just been settled: look again."
        )
    return moved


def _number(text: str) -> str:
    """A transaction number as the history writes it: a gift that it proves already is found by that alone."""
    number = text.strip().lstrip("0")
    if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER):
        raise NotResolved("--sent takes the number of the transfer: Paytronix's transferOutTransactionId.")
    return number


def _find(ref: str) -> WishRow:
    """The wish that needs review by its id, or by the reference in its message."""
    try:
        stored = Wish.objects.filter(id=UUID(ref)).first()
    except ValueError:
        return _find_by_reference(ref.strip().upper())
    if stored is None:
        raise NotResolved("No gift has this id.")
    if stored.state != WishState.NEEDS_REVIEW:
        raise NotResolved(f"This gift needs no review: it is {stored.state}.")
    return WishRow.read(stored)


def _find_by_reference(reference: str) -> WishRow:
    waiting = [row for merchant in current_registry() for row in wishes.in_review(merchant=merchant)]
    found = [row for row in waiting if row.contents and row.contents.reference == reference]
    if not reference or not found:
        raise NotResolved(
            "No gift that needs review has this reference; `gift_report` lists them with their ids."
        )
    if len(found) > 1:
        raise NotResolved("Several gifts have this reference: name one by its id.")
    return found[0]
