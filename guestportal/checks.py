"""What has to hold before guests are served: keys of one's own, and a database that keeps what it has committed.

`manage.py check --deploy --database default` tells all of it; `migrate` what is about the database.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, connections

from guestportal.storage.lookup import lookup_key_is_missing
from guestportal.storage.models import LookupKey

_SHORTEST_KEY = 32
_MISSING_KEY = Error(
    "LOOKUP_KEY holds no key that the hashes in the database were made with.",
    hint="Put that key behind the new one, comma separated, and run `manage.py rekey`. It belongs to the backup.",
    id="guestportal.E004",
)


@register(Tags.security, deploy=True)
def check_keys(**_kwargs: Any) -> list[CheckMessage]:
    """Every key is kept from the others and from those that this repository publishes for development."""
    keys = {
        "SECRET_KEY": (settings.SECRET_KEY,),
        "LOOKUP_KEY": tuple(settings.LOOKUP_KEYS),
        "ENCRYPTION_KEYS": tuple(settings.ENCRYPTION_KEYS),
    }
    published = set(settings.DEVELOPMENT_KEYS.values())
    found: list[CheckMessage] = [
        Error(f"{name} is a key that is published for development.", id="guestportal.E001")
        for name, values in keys.items()
        if published & set(values)
    ]
    found += [
        Error(f"{one} and {other} have a key in common.", id="guestportal.E002")
        for one, other in combinations(keys, 2)
        if set(keys[one]) & set(keys[other])
    ]
    if any(len(key) < _SHORTEST_KEY for key in settings.LOOKUP_KEYS):
        hint = "A comma ends a key: make it of letters and digits."
        text = f"LOOKUP_KEY: expected at least {_SHORTEST_KEY} characters in each key."
        found.append(Error(text, hint=hint, id="guestportal.E003"))
    return found


@register(Tags.database)
def check_lookup_key(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """The rows of this database can be found."""
    return [_MISSING_KEY for alias in databases or () if _is_migrated(alias) and lookup_key_is_missing()]


@register(Tags.database)
def check_commits(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """What PostgreSQL has called committed outlasts a power cut: the ledger's promise rests on it."""
    return [
        Error(
            "PostgreSQL's synchronous_commit is off: a gift that was sent could be forgotten, and sent again.",
            hint="Leave it on for this database and for the role that the portal connects as.",
            id="guestportal.E005",
        )
        for alias in databases or ()
        if connections[alias].vendor == "postgresql" and _setting(alias, "synchronous_commit") == "off"
    ]


def refuse_missing_lookup_key() -> None:
    """Stop a server whose LOOKUP_KEY lacks the key in force. Raises ImproperlyConfigured.

    A database that is away, or not migrated yet, stops nothing: `/readyz` says so.
    """
    try:
        missing = _is_migrated(connection.alias) and lookup_key_is_missing()
    except DatabaseError:
        return
    finally:
        connection.close()  # a server may fork from here, and two processes must not share it
    if missing:
        raise ImproperlyConfigured(_MISSING_KEY.msg)


def _is_migrated(alias: str) -> bool:
    return LookupKey._meta.db_table in connections[alias].introspection.table_names()


def _setting(alias: str, name: str) -> str:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        (value,) = cursor.fetchone()
    return str(value)
