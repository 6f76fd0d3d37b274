"""Tables without anything readable: failures by hashed key, those in doubt, integrations, and events by hour."""

from django.db import models


class Counter(models.Model):
    """The latest failures of one key, newest first, each a moment and a mark; `counters` is its only reader.

    They stand in one text, so that one statement can look at the windows, add a failure and return all of them.
    """

    key = models.CharField(primary_key=True, max_length=64)
    hits = models.TextField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"counter {self.key[:8]}"


class Doubt(models.Model):
    """A place of a counter that may be given back; `program` and `counter` are hashes.

    `doubts` is its only reader.
    """

    program = models.CharField(max_length=64, db_index=True)
    counter = models.CharField(max_length=64, db_index=True)
    hit = models.CharField(max_length=32)
    noted_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"doubt about counter {self.counter[:8]}"


class KnownIntegration(models.Model):
    """A merchant's integration with which something has once succeeded; `own_credentials` is its only reader."""

    merchant = models.CharField(max_length=64)
    host = models.CharField(max_length=255)
    card_template_code = models.BigIntegerField(null=True)
    has_answered = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merchant", "host"], name="integration_known_once")]

    def __str__(self) -> str:
        return f"{self.merchant} at {self.host}"


class Tally(models.Model):
    """How often something happened at a merchant in the hour that began at `hour`."""

    merchant = models.CharField(max_length=64)
    event = models.CharField(max_length=32)
    hour = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant", "event", "hour"], name="tally_once_an_hour")
        ]

    def __str__(self) -> str:
        return f"{self.event} at {self.merchant}: {self.count}"
