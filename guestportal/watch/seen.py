"""What was seen, as it is written and read. A new name is one WARNING line; how many there may be is bounded."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from guestportal.watch.models import Seen

log = logging.getLogger("guestportal.watch")

MOST_NAMES = 200  # of one operation and release of a merchant
ALL_THE_REST = "(and more)"


@dataclass(frozen=True, slots=True)
class Name:
    """A thing that is not documented, and where it stood."""

    merchant: str
    operation: str
    release: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something was seen, and when first and last."""

    count: int
    first_at: datetime
    last_at: datetime

    def again(self, at: datetime) -> "Tally":
        """The tally with one more."""
        return Tally(self.count + 1, self.first_at, at)


def write(tallies: Mapping[Name, Tally]) -> None:
    """Add to what is counted already."""
    for name, tally in tallies.items():
        if not (_add(name, tally) or _begin(name, tally)):
            rest = Name(name.merchant, name.operation, name.release, "", ALL_THE_REST)
            if not _add(rest, tally):
                _begin(rest, tally)


def read(*, merchant: str | None = None) -> list[tuple[Name, Tally]]:
    """What has been seen, of one merchant or of all; the newest names first."""
    rows = Seen.objects.order_by("-first_at", "merchant", "operation", "kind", "name")
    if merchant is not None:
        rows = rows.filter(merchant=merchant)
    return [
        (
            Name(row.merchant, row.operation, row.release, row.kind, row.name),
            Tally(row.count, row.first_at, row.last_at),
        )
        for row in rows
    ]


def _add(name: Name, tally: Tally) -> bool:
    """Whether the name was there."""
    return bool(
        Seen.objects.filter(**_columns(name)).update(count=F("count") + tally.count, last_at=tally.last_at)
    )


def _begin(name: Name, tally: Tally) -> bool:
    """Write a name for the first time and tell the log; False when there are too many beside it."""
    beside = Seen.objects.filter(merchant=name.merchant, operation=name.operation, release=name.release)
    if name.name != ALL_THE_REST and beside.count() >= MOST_NAMES:
        return False
    moments = {"first_at": tally.first_at, "last_at": tally.last_at}
    try:
        with transaction.atomic():
            Seen.objects.create(**_columns(name), count=tally.count, **moments)
    except IntegrityError:  # another process wrote it meanwhile, and told
        return _add(name, tally)
    fields = {"event": "contract_new", **_columns(name)}
    log.warning("contract_new", extra={"fields": fields})
    return True


def _columns(name: Name) -> dict[str, str]:
    return {
        "merchant": name.merchant,
        "operation": name.operation,
        "release": name.release,
        "kind": name.kind,
        "name": name.name,
    }
