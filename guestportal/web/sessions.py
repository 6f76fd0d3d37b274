"""Database sessions whose content is sealed: a copied database tells nothing about where a guest was."""

import json
from contextlib import suppress
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from guestportal.web.sealing import SealBroken, seal, unseal

_SWEPT_AT_ONCE = 10


class SessionStore(DatabaseSessionStore):
    """The session holds an id and transient sentences; see accounts.models for the credential itself."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        return seal(json.dumps(session_dict, separators=(",", ":")).encode())

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        try:
            content: dict[str, Any] = json.loads(unseal(str(session_data)))
        except (SealBroken, ValueError):
            return {}
        return content


def sweep() -> None:
    """Delete some expired sessions; whoever makes one for a stranger pays for it so."""
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
