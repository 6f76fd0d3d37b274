"""The credential row: what is needed to ask Paytronix for a guest again, sealed. It decides nothing."""

import uuid

from django.db import models

from guestportal.storage.sealing import SealedTextField


class Credential(models.Model):
    """One signed-in guest. The session knows it by the id; `identity`, `card` and `account` are sealed for this row.

    `card` is the number that was chosen of several, empty where the identity has one alone; `card_key` is the keyed
    hash of the number that every call for this guest is about, the same at every sign-in that shows this card, in all
    merchant files of one program.
    `version` counts the identities written, so that a request that began earlier cannot write old tokens back.
    `lease_until` is set while one request renews the tokens; the others wait without holding a database lock.
    `confirmed_at` is when the guest last gave password or code; `doubtful_tries` counts tries since then that were
    wrong or are still being checked. `withdrawn_at` is when what this card holds was last known to have changed:
    nothing that was read before may be shown.
    """

    class Kind(models.TextChoices):
        CARD = "card"
        OAUTH = "oauth"
        GUEST_PASSWORD = "guest_password"  # noqa: S105 - the name of a kind

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    merchant = models.CharField(max_length=64)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    identity = SealedTextField()
    version = models.PositiveIntegerField(default=1)
    card = SealedTextField(blank=True)
    card_key = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)
    account = SealedTextField(blank=True)
    read_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField()
    doubtful_tries = models.PositiveSmallIntegerField(default=0)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["card", "oauth", "guest_password"]),
                name="credential_kind_is_known",
            )
        ]
        indexes = [
            models.Index(fields=["kind", "seen_at"], name="credential_seen"),
            models.Index(fields=["kind", "created_at"], name="credential_created"),
            models.Index(fields=["card_key"], name="credential_of_card"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} credential {self.id}"


class Withdrawal(models.Model):
    """A card whose balance was lately read at a sign-in, or withdrawn: `withdrawn_at`, None when it was not.

    `card_key` is that of the sign-ins; "" stands for every card. Storing a reading and withdrawing it both touch the
    row first, so that one waits for the other.
    """

    card_key = models.CharField(max_length=64, primary_key=True)
    touched_at = models.DateTimeField(db_index=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"withdrawal at {self.withdrawn_at}"
