"""Database sessions whose content is sealed: a copied database tells nothing about where a guest was."""

import json
from contextlib import suppress
from typing import Any, Final

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from guestportal.web.sealing import SealBroken, seal, unseal

# The code of the gift link that led here: it belongs to the browser and not to the guest, and stays when one leaves.
GIFT_LINK: Final = "gift_link"
_SWEPT_AT_ONCE = 10


class SessionStore(DatabaseSessionStore):
    """The session holds the credential's id (see accounts.models), and what has to outlast a page.

    That is a sentence for the next page, the code of the gift link that led here and the draft of a gift.
    """

    def encode(self, session_dict: dict[str, Any]) -> str:
        return seal(json.dumps(session_dict, separators=(",", ":")).encode())

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        try:
            content: dict[str, Any] = json.loads(unseal(str(session_data)))
        except (SealBroken, ValueError):
            return {}
        return content


def sweep() -> None:
    """Delete some expired sessions: the price of each session that is made for a stranger."""
    ended = Session.objects.filter(expire_date__lt=timezone.now()).order_by("expire_date")
    Session.objects.filter(pk__in=ended.values("pk")[:_SWEPT_AT_ONCE]).delete()


def reseal() -> int:
    """Seal every session anew with the first of the keys and return how many were."""
    resealed = 0
    for session in Session.objects.iterator():
        with suppress(SealBroken):  # such a session is anonymous already
            text = seal(unseal(session.session_data))
            unchanged = Session.objects.filter(pk=session.pk, session_data=session.session_data)
            resealed += unchanged.update(session_data=text)
    return resealed
