"""The database's clock, so that processes whose own clocks differ agree on what came first and on what is over."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Func
from django.utils import timezone


def now() -> datetime:
    """The moment by the database's clock. SQLite lives in this process, so its clock is this process's."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
        return moment


def in_statement() -> Any:
    """`now` for a comparison that the statement itself makes: nothing can stand still between look and answer."""
    if connection.vendor != "postgresql":
        return timezone.now()
    return Func(function="clock_timestamp", output_field=DateTimeField())
