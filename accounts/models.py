"""The credential row: what is needed to ask Paytronix for a guest again, sealed. It decides nothing."""

import uuid

from django.db import models


class Credential(models.Model):
    """One signed-in guest. The session holds the id alone; `secret` and `account` are sealed text."""

    class Kind(models.TextChoices):
        CARD = "card"
        OAUTH = "oauth"
        GUEST = "guest"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    merchant = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    secret = models.TextField()
    account = models.TextField()
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["card", "oauth", "guest"]), name="credential_kind_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} credential {self.id}"
