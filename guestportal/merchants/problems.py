"""What is wrong with merchant files, and where. It finds nothing itself: the readers report here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: the file, the key (empty for the file itself) and what was expected."""

    file: str
    key: str
    text: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.key, self.text) if part)


class MerchantFilesWrong(ImproperlyConfigured):
    """Merchant files cannot be used; the text has one line for each problem, of all files together."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Place:
    """A key of a file, to which problems are pinned; all places of one reading share the list `found`."""

    file: str
    found: list[Problem]
    key: str = ""

    def at(self, key: str) -> "Place":
        """The place of `key` inside this table."""
        written = key if _BARE_KEY.fullmatch(key) else f'"{key}"'
        return Place(self.file, self.found, f"{self.key}.{written}" if self.key else written)

    def item(self, index: int) -> "Place":
        """The place of one element of this list, counted from 0."""
        return Place(self.file, self.found, f"{self.key}[{index}]")

    def wrong(self, text: str) -> None:
        """Note a problem here; reading goes on."""
        self.found.append(Problem(self.file, self.key, text))
