"""The history as a CSV file that no spreadsheet takes for formulas (docs/threats.md, T18)."""

import csv
import io
import re
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from gifting.gift.domain import Deadline, Direction, Gift, Moment
from gifting.gift.words import person, status_word

# What starts a formula, or hides one, in some spreadsheet; full-width forms count as plain ones there.
_DANGEROUS = frozenset("=+-@\t\r\n\0＝＋－＠")  # noqa: RUF001 - look-alikes are the subject

# Where the comma is the decimal mark, spreadsheets split at semicolons: then a line or a quote may begin a cell too.
_AFTER_SEPARATOR = re.compile(r"([;\t\r\n][\"\s]*)([=+\-@＝＋－＠])")  # noqa: RUF001
# Spreadsheets keep fifteen digits of a number.
_LONG_NUMBER = re.compile(r"[0-9][0-9.]{15,}")


def history_file(gifts: Iterable[Gift]) -> str:
    """The gifts as CSV with a header: every cell quoted, moments in the active zone, no card number anywhere."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(harmless(cell) for cell in _header())
    for gift in gifts:
        writer.writerow(harmless(cell) for cell in _row(gift))
    return text.getvalue()


def harmless(cell: str) -> str:
    """The cell, with a leading apostrophe where a spreadsheet might see a formula or lose digits; NUL is left out."""
    dangerous = cell[:1] in _DANGEROUS or cell.lstrip()[:1] in _DANGEROUS if cell else False
    cell = _AFTER_SEPARATOR.sub(r"\1'\2", cell.replace("\0", ""))
    return f"'{cell}" if dangerous or _LONG_NUMBER.fullmatch(cell) else cell


def _header() -> tuple[str, ...]:
    return (
        _("Sent"),
        _("Direction"),
        _("Status"),
        _("Reward"),
        _("Quantity"),
        _("From"),
        _("To"),
        _("Message"),
        _("Answered"),
        _("Reply"),
        _("Waits until"),
        _("Taken from wallet"),
        _("Quantity taken"),
        _("Transfer out"),
        _("Transfer in"),
        _("Transfer out, taken back"),
    )


def _row(gift: Gift) -> tuple[str, ...]:
    sent = gift.direction is Direction.OUT
    return (
        _moment(gift.sent),
        _("Given") if sent else _("Received"),
        status_word(gift.status),
        gift.item.name,
        gift.item.amount.received or "",
        _("You") if sent else person(gift.sender),
        gift.other_party_words if sent else _("You"),
        gift.message,
        _moment(gift.answered),
        gift.reply,
        _deadline(gift.deadline),
        gift.cost.name if gift.cost else "",
        (gift.cost.amount.received or "") if gift.cost else "",
        gift.transaction_id,
        gift.transfer_in_id,
        gift.void_id,
    )


def _deadline(deadline: Deadline | None) -> str:
    """The last day, as spreadsheets sort it, with "about" before one that may be another; else as received."""
    if deadline is None or deadline.date is None:
        return deadline.received if deadline else ""
    day = deadline.date.isoformat()
    return _("about %(date)s") % {"date": day} if deadline.is_about else day


def _moment(moment: Moment) -> str:
    """Date, time and offset, which spreadsheets sort rightly; the text as received if it is no moment."""
    if moment.at is None:
        return moment.received
    return timezone.localtime(moment.at).strftime("%Y-%m-%d %H:%M:%S %z")
