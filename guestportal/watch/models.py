"""One row for each thing that was seen and is not documented. It holds names and no values."""

from django.db import models


class Seen(models.Model):
    """A name at one operation and release of a merchant's integration, how often it came, and when."""

    merchant = models.CharField(max_length=64)
    operation = models.CharField(max_length=64)
    release = models.CharField(max_length=32)
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=200)
    count = models.PositiveBigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "operation", "release", "kind", "name"], name="seen_once_per_name"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
