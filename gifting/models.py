"""The ledgers: who answers which gift and who wishes to send one, written down before Paytronix hears of it.

They decide nothing.
"""

import uuid

from django.db import models


class Answer(models.Model):
    """One gift and one guest, unique together. `gift_key` and `guest_key` are keyed hashes.

    `claim` is new with each claim, so that a settled or older one can never write over a later one. `transaction`,
    `code` and `card` are sealed; `code` and `card` are emptied once settling no longer needs them. So is
    `credential`, the sign-in that answers: the balance it has read is not true any more once the gift is accepted.
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
        ENDED = "ended"  # it waits no longer for another reason, or nobody could tell within a day

    merchant = models.CharField(max_length=64)
    gift_key = models.CharField(max_length=64)
    guest_key = models.CharField(max_length=64)
    action = models.CharField(max_length=8, choices=Action.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.CLAIMED)
    claim = models.UUIDField(default=uuid.uuid4)
    transaction = models.TextField()
    code = models.TextField(blank=True)
    card = models.TextField(blank=True)
    credential = models.UUIDField(null=True)
    claimed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    next_look_at = models.DateTimeField(null=True)  # as in Wish
    is_news = models.BooleanField(default=False)  # how it ended was read later, and no page has shown it yet

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
        indexes = [
            models.Index(fields=["merchant", "next_look_at"], name="answer_next_look"),
            models.Index(fields=["merchant", "settled_at"], name="answer_settled"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.state}"


class Wish(models.Model):
    """One gift that a guest wants to send. For each row transferOut is called at most once.

    Why and how: docs/architecture.md, section 6.
    The id is the check page's one-time key and the receipt's address. `guest_key`, `card_key`, `recipient_key` and
    `transaction_key` are keyed hashes, the same in all merchant files of one program; `contents`, `transfer` and
    `refusal` are sealed and emptied when the row is thinned. `revision` counts what was written, so that of two who
    settle at once only one does.
    """

    class State(models.TextChoices):
        PREPARED = "prepared"  # shown on the check page
        SENDING = "sending"  # the call is under way, or its process died
        SENT = "sent"
        NOT_SENT = "not_sent"
        FAILED = "failed"  # refused, and the history has nothing of it
        UNKNOWN = "unknown"  # it may or may not have happened
        NEEDS_REVIEW = "needs_review"  # reading cannot tell; a person has to look

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    merchant = models.CharField(max_length=64)
    guest_key = models.CharField(max_length=64)
    card_key = models.CharField(max_length=64)
    recipient_key = models.CharField(max_length=64)
    wallet_code = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.PREPARED)
    revision = models.PositiveIntegerField(default=0)
    contents = models.TextField(blank=True)
    transfer = models.TextField(blank=True)  # as Paytronix last showed it
    transfer_read_at = models.DateTimeField(null=True)
    transaction_key = models.CharField(max_length=64, blank=True)
    refusal = models.TextField(blank=True)
    clean_reads = models.PositiveSmallIntegerField(default=0)
    clean_read_at = models.DateTimeField(null=True)
    next_look_at = models.DateTimeField(
        null=True
    )  # when to read for a guest who has left; null when nothing is open
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # when it was last learnt how it stands

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["card_key"],
                condition=models.Q(state__in=["sending", "unknown"]),
                name="wish_one_open_per_card",
            ),
            models.UniqueConstraint(
                fields=["transaction_key"],
                condition=~models.Q(transaction_key=""),
                name="wish_claims_transaction_once",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "prepared",
                        "sending",
                        "sent",
                        "not_sent",
                        "failed",
                        "unknown",
                        "needs_review",
                    ]
                ),
                name="wish_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="prepared") | models.Q(claimed_at__isnull=False),
                name="wish_is_claimed_before_anything",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant", "next_look_at"], name="wish_next_look"),
            # Wishes are never deleted once they are claimed: what is swept stands apart from all that was thinned.
            models.Index(
                fields=["merchant", "created_at"], condition=models.Q(state="prepared"), name="wish_prepared"
            ),
            models.Index(
                fields=["merchant", "settled_at"], condition=~models.Q(contents=""), name="wish_not_thinned"
            ),
            models.Index(fields=["card_key", "claimed_at"], name="wish_of_card"),
            models.Index(fields=["guest_key", "claimed_at"], name="wish_of_guest"),
        ]

    def __str__(self) -> str:
        return f"wish {self.state}"


class WishTransition(models.Model):
    """One step of a wish, with what caused it. Rows are added and never changed.

    `reference` is the one that the call's log line carries; empty where no call caused the step.
    """

    # Not CASCADE: a delete would then look first and delete later, and take a wish that was claimed in between.
    wish = models.ForeignKey(Wish, on_delete=models.DO_NOTHING, related_name="transitions")
    state = models.CharField(max_length=12, choices=Wish.State.choices)
    cause = models.CharField(max_length=40)
    reference = models.CharField(max_length=16, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.state} by {self.cause}"
