"""The ledger's clock: the database's, under the name by which the ledger and its tests set it."""

from guestportal.storage.clock import in_statement, now

__all__ = ["in_statement", "now"]
