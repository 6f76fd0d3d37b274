"""How a page that waits for an end looks again by itself: ever less often, and not for ever."""

from dataclasses import dataclass

from django.http import QueryDict

# Seconds until the page looks again; the last one holds from there on.
PAUSES = (3, 6, 12, 24, 48, 60)
# In some sixteen minutes. What is settled later the guest reads on the next page.
MOST_LOOKS = 20


@dataclass(frozen=True, slots=True)
class Look:
    """The look that comes next: `pause` seconds from now, as the `number`th of its page."""

    number: int
    pause: int


FIRST = Look(1, PAUSES[0])


def next_look(query: QueryDict) -> Look | None:
    """The look after the one that asks, which says its number as `again`; None after the last one."""
    text = query.get("again", "")
    looks = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return Look(looks + 1, PAUSES[min(looks, len(PAUSES) - 1)]) if looks < MOST_LOOKS else None
