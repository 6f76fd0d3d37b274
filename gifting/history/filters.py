"""What of the history a guest wants to see, as its address says it."""

from dataclasses import dataclass

from django.http import QueryDict

from gifting.gift.domain import Direction, is_documented
from guestportal.paytronix.text import clean_line


@dataclass(frozen=True, slots=True)
class Filters:
    """What the guest wants to see; empty means everything."""

    direction: str = ""
    status: str = ""
    q: str = ""

    @property
    def active(self) -> bool:
        return bool(self.direction or self.status or self.q)


def read_filters(query: QueryDict) -> Filters:
    """The filters of an address; what is no filter is left out instead of being an error."""
    direction = query.get("direction", "")
    status = clean_line(query.get("status"))[:40]
    return Filters(
        direction=direction if direction in {known.value for known in Direction} else "",
        status=status.upper() if is_documented(status.upper()) else status,
        q=clean_line(query.get("q"))[:200],
    )


def read_page_number(query: QueryDict) -> int:
    """The page of an address, from 1."""
    text = query.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
