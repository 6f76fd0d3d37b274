"""Database sessions whose content is sealed and whose key is hashed: a copied database opens none of them."""

import hashlib
import json
from typing import Any, Final

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from guestportal.storage.sealing import SealBroken, open_sealed, seal_for
from guestportal.web.models import Session

# The code of the gift link that led here: it belongs to the browser and not to the guest, and stays when one leaves.
GIFT_LINK: Final = "gift_link"
_SWEPT_AT_ONCE = 10


def key_hash(session_key: str) -> str:
    """What stands in the database for a cookie's key. The key is random and long, so plain SHA-256 hides it."""
    return hashlib.sha256(session_key.encode()).hexdigest()


class SessionStore(SessionBase):
    """The session holds the credential's id (see accounts.models), and what has to outlast a page.

    That is a sentence for the next page, the code of the gift link that led here and the draft of a gift.
    """

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(key_hash=key_hash(session_key)).exists()

    def load(self) -> dict[str, Any]:
        """The content; {} and a new key when there is no such session, it has expired or does not open."""
        alive = Session.objects.filter(
            key_hash=key_hash(self.session_key or ""), expire_date__gt=timezone.now()
        )
        row = alive.first()
        if row is None:
            self._session_key = None
            return {}
        try:
            content: dict[str, Any] = json.loads(open_sealed(row, "session_data"))
        except (SealBroken, ValueError):
            return {}
        return content

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # not in its stubs
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Write the content. Raises CreateError when a new key is taken, UpdateError when the row is gone."""
        if self.session_key is None:
            self.create()
            return
        content = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # not in its stubs
        row = Session(key_hash=key_hash(self.session_key), expire_date=self.get_expiry_date())
        text = json.dumps(content, separators=(",", ":")).encode()
        row.session_data = seal_for(Session, "session_data", text, row=row.key_hash, merchant="")
        if not must_create:
            found = Session.objects.filter(key_hash=row.key_hash)
            if not found.update(session_data=row.session_data, expire_date=row.expire_date):
                raise UpdateError
            return
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise CreateError from None

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(key_hash=key_hash(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(expire_date__lt=timezone.now()).delete()


def sweep() -> None:
    """Delete some expired sessions: the price of each session that is made for a stranger."""
    ended = Session.objects.filter(expire_date__lt=timezone.now()).order_by("expire_date")
    Session.objects.filter(pk__in=ended.values("pk")[:_SWEPT_AT_ONCE]).delete()
