"""The API's endpoints, one module each; importing this package fills the table in `registry`."""

from guestportal.sandbox.endpoints import account_information
from guestportal.sandbox.endpoints.registry import ENDPOINTS, Endpoint

__all__ = ["ENDPOINTS", "Endpoint", "account_information"]
