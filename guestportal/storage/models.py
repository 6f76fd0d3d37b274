"""Which key the hashes in this database were made with. It holds no key."""

from django.db import models


class LookupKey(models.Model):
    """The one row that names the key in force, so that all processes change it at the same moment.

    `fingerprint` tells which of the keys in `LOOKUP_KEY` it is; `paused_at` is set while `rekey` changes it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    fingerprint = models.CharField(max_length=64)
    paused_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="lookup_key_is_one_row")]

    def __str__(self) -> str:
        return f"lookup key {self.fingerprint[:8]}"
