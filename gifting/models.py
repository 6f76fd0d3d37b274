"""The ledgers: who answers which gift and who wishes to send one, written down before Paytronix hears of it.

Beside them stands what a sign-in's history was when it was last read. None of it decides anything.
"""

import uuid

from django.db import models

from guestportal.storage.sealing import SealedTextField


class LedgerRow(models.Model):
    """What answers and wishes have in common. The id is chosen before the row is inserted.

    `card_key` and `transaction_key` are keyed hashes, equal in all merchant files of one Paytronix program;
    `merchant` is the file by whose times the row is settled. `revision` counts what was written, so that of two who
    settle at once only one does. `cause` is what brought the row into its state.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    merchant = models.CharField(max_length=64)
    card_key = models.CharField(max_length=64)
    transaction_key = models.CharField(max_length=64, blank=True)
    cause = models.CharField(max_length=80, blank=True)
    revision = models.PositiveIntegerField(default=0)
    contents = SealedTextField(blank=True)
    refusal = SealedTextField(blank=True)  # kept until readings confirm it
    clean_reads = models.PositiveSmallIntegerField(default=0)
    clean_read_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # when it was last learnt how it stands
    next_look_at = models.DateTimeField(
        null=True
    )  # when to read without the guest; null when nothing is open

    class Meta:
        abstract = True


class Answer(LedgerRow):
    """One gift and one card, unique together. `code` is sealed, and emptied once settling no longer needs it."""

    class Action(models.TextChoices):
        ACCEPT = "accept"
        DECLINE = "decline"

    class State(models.TextChoices):
        CLAIMED = "claimed"  # the call is under way, or its process died
        UNKNOWN = "unknown"  # it may or may not have happened
        ACCEPTED = "accepted"
        DECLINED = "declined"
        RELEASED = "released"  # surely not answered: the guest may answer again
        ENDED = "ended"  # it waits no longer for another reason, or no reading could tell within a day

    action = models.CharField(max_length=8, choices=Action.choices)
    state = models.CharField(max_length=8, choices=State.choices)
    code = SealedTextField(blank=True)
    is_news = models.BooleanField(default=False)  # how it ended was read later, and no page has shown it yet

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["card_key", "transaction_key"], name="answer_once_per_gift"),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["claimed", "unknown", "accepted", "declined", "released", "ended"]
                ),
                name="answer_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(action__in=["accept", "decline"]), name="answer_action_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(claimed_at__isnull=False), name="answer_is_claimed_before_anything"
            ),
        ]
        indexes = [
            models.Index(fields=["merchant", "next_look_at"], name="answer_next_look"),
            models.Index(fields=["merchant", "settled_at"], name="answer_settled"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.state}"


class Wish(LedgerRow):
    """One gift that a guest wants to send. For each row transferOut is called at most once (docs/sending.md).

    The id is the check page's one-time key and the receipt's address. `guest_key` and `recipient_key` are keyed
    hashes as well. `proof` is the number of the transaction that proves the gift was sent. What is sealed is emptied
    when the row is thinned.
    """

    class State(models.TextChoices):
        PREPARED = "prepared"  # shown on the check page
        SENDING = "sending"  # the call is under way, or its process died
        SENT = "sent"
        NOT_SENT = "not_sent"
        FAILED = "failed"  # refused, and the history has nothing of it
        UNKNOWN = "unknown"  # it may or may not have happened
        NEEDS_REVIEW = "needs_review"  # reading cannot tell; a person has to look

    guest_key = models.CharField(max_length=64)
    recipient_key = models.CharField(max_length=64)
    wallet_code = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=State.choices)
    proof = SealedTextField(blank=True)
    transfer = SealedTextField(blank=True)  # as Paytronix last showed it
    transfer_read_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

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


class Transition(models.Model):
    """One step of an answer or a wish, with what caused it. Rows are added and never changed.

    `row` is the id of the answer or wish; `reference` is the one that the call's log line carries, empty where no
    call caused the step.
    """

    row = models.UUIDField(db_index=True)
    state = models.CharField(max_length=12)
    cause = models.CharField(max_length=80)
    reference = models.CharField(max_length=16, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.state} by {self.cause}"


class KeptHistory(models.Model):
    """Both lists of the card of a sign-in, as they were read at `asked_at`; with the sign-in it goes.

    `index` says of every gift what choosing and counting need; the gifts themselves stand in the pieces.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    credential = models.OneToOneField("accounts.Credential", on_delete=models.CASCADE, related_name="+")
    merchant = models.CharField(max_length=64)
    index = SealedTextField()
    asked_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"history of {self.asked_at:%Y-%m-%d %H:%M:%S}"


class KeptPiece(models.Model):
    """A part of the gifts of a kept history, in its order: piece 0 has the newest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    history = models.ForeignKey(KeptHistory, on_delete=models.CASCADE, related_name="pieces")
    merchant = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    gifts = SealedTextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["history", "number"], name="kept_piece_once")]

    def __str__(self) -> str:
        return f"piece {self.number}"
