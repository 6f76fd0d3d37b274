"""Keyed hashes by which rows are found without holding what they are about (`LOOKUP_KEY`, never `SECRET_KEY`)."""

import hashlib
import hmac
import json

from django.conf import settings


def lookup_hash(kind: str, *parts: str) -> str:
    """64 hexadecimal digits: the same for the same kind and parts, and worth nothing without the key."""
    key: str = settings.LOOKUP_KEYS[0]
    return hmac.new(key.encode(), json.dumps([kind, *parts]).encode(), hashlib.sha256).hexdigest()
