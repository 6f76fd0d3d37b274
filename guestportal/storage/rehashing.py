"""What an app that keeps hashes offers to `rekey`, as a method of its AppConfig. It imports no model."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Rehashed:
    """What became of one model's rows: hashed anew, or found no more because their contents are gone."""

    model: str
    rows: int
    begin_anew: int = 0


@runtime_checkable
class KeepsHashes(Protocol):
    """An AppConfig whose models hold hashes made by `lookup_hash`."""

    def rehash(self) -> tuple[Rehashed, ...]:
        """Hash every row anew whose contents are known. Called in a transaction in which the new key is in force."""
