"""The API's endpoints; importing this package fills the table in `registry`."""

from guestportal.sandbox.endpoints import (
    account_information,
    gift_reading,
    gift_writing,
    request_guest_token,
    user_information,
)
from guestportal.sandbox.endpoints.registry import ENDPOINTS, Endpoint

__all__ = [
    "ENDPOINTS",
    "Endpoint",
    "account_information",
    "gift_reading",
    "gift_writing",
    "request_guest_token",
    "user_information",
]
