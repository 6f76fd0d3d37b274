"""A change that breaks a promise on purpose, and the test that is there to notice it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: `text`, which stands in `file` exactly once, becomes `replacement`.

    `test` is the path or the node id of what must fail then.
    """

    name: str
    file: str
    text: str
    replacement: str
    test: str

    def changed(self, folder: Path) -> str:
        """The whole of `file` with the change made. Raises LookupError unless the text stands there once."""
        source = (folder / self.file).read_text(encoding="utf-8")
        times = source.count(self.text)
        if times != 1:
            raise LookupError(f"{self.name}: its text stands {times} times in {self.file}")
        return source.replace(self.text, self.replacement)

    def apply(self, folder: Path) -> None:
        """Make the change in a copy of the tree. Raises LookupError as `changed`."""
        (folder / self.file).write_text(self.changed(folder), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Suite:
    """Mutants that are tried in one way.

    `environment` is added for their tests. Where `reason` is given, a test that fails without printing it has not
    noticed the mutant: something else was wrong.
    """

    mutants: tuple[Mutant, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    reason: re.Pattern[str] | None = None
