"""The session row. It knows no request: `sessions` reads and writes it."""

from django.db import models

from guestportal.storage.sealing import SealedTextField


class Session(models.Model):
    """One browser's session: found by the hash of the key in its cookie, and sealed for this row alone.

    The cookie's key itself is not here, so what the row shows opens no session.
    """

    key_hash = models.CharField(primary_key=True, max_length=64)
    session_data = SealedTextField()
    expire_date = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"session {self.key_hash[:8]}"
