"""The ledger of answers: who answers which gift, written down before Paytronix hears of it. It decides nothing."""

import uuid

from django.db import models


class Answer(models.Model):
    """One gift and one guest, unique together. `gift_key` and `guest_key` are keyed hashes.

    `claim` is new with each claim, so that a settled or older one can never write over a later one. `transaction`,
    `code` and `card` are sealed; `code` and `card` are emptied once settling no longer needs them.
    """

    class Action(models.TextChoices):
        ACCEPT = "accept"
        DECLINE = "decline"

    class State(models.TextChoices):
        CLAIMED = "claimed"  # the call is under way, or its process died
        UNKNOWN = "unknown"  # it may or may not have happened
        ACCEPTED = "accepted"
        DECLINED = "declined"
        RELEASED = "released"  # surely not answered: the guest may answer again
        ENDED = "ended"  # it waits no longer, for another reason than this guest's answer

    merchant = models.CharField(max_length=64)
    gift_key = models.CharField(max_length=64)
    guest_key = models.CharField(max_length=64)
    action = models.CharField(max_length=8, choices=Action.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.CLAIMED)
    claim = models.UUIDField(default=uuid.uuid4)
    transaction = models.TextField()
    code = models.TextField(blank=True)
    card = models.TextField(blank=True)
    claimed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "guest_key", "gift_key"], name="answer_once_per_gift"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["claimed", "unknown", "accepted", "declined", "released", "ended"]
                ),
                name="answer_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(action__in=["accept", "decline"]), name="answer_action_is_known"
            ),
        ]
        indexes = [models.Index(fields=["state", "claimed_at"], name="answer_state")]

    def __str__(self) -> str:
        return f"{self.action} {self.state}"
