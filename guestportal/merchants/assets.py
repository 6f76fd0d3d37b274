"""Reads the pictures a merchant file names, from its own directory only. It does not serve them.

What is inside a drawing is not judged: pages show it as a picture, where nothing in it runs, and the policy under
which it is served (web/assets.py) keeps it so for a guest who opens its address.
"""

import hashlib
import re
from pathlib import Path
from typing import Final

from guestportal.merchants.definition import Asset
from guestportal.merchants.problems import Place

MAX_ASSET_BYTES: Final = 64 * 1024

_CONTENT_TYPES: Final = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
}
_STARTS: Final = {
    ".svg": re.compile(rb".*<svg\b", re.DOTALL),  # after comments and a document type
    ".png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    ".webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    ".jpg": re.compile(rb"\xff\xd8\xff"),
}
_NAME: Final = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*")


def read_asset(written: str | None, directory: Path, place: Place) -> Asset | None:
    """The picture in `directory`; None when none is named or, with problems noted, when it is unfit."""
    if written is None:
        return None
    inside = _is_inside(directory, written)
    content = _content(directory / written) if inside else None
    faults = _faults(written, content, inside=inside)
    for fault in faults:
        place.wrong(fault)
    if faults or content is None:
        return None
    return Asset(
        name=Path(written).name,
        content_type=_CONTENT_TYPES[Path(written).suffix],
        content=content,
        digest=hashlib.sha256(content).hexdigest()[:16],
    )


def _faults(written: str, content: bytes | None, *, inside: bool) -> list[str]:
    suffix = Path(written).suffix
    if suffix not in _CONTENT_TYPES:
        return [f"expected a file that ends in {', '.join(_CONTENT_TYPES)}"]
    if not inside:
        return ["expected a file in the merchant file's own directory, named with A-Z a-z 0-9 . _ - and /"]
    if content is None:
        return [f"expected a file that can be read, {written} cannot"]
    if len(content) > MAX_ASSET_BYTES:
        return [f"expected a file of at most {MAX_ASSET_BYTES // 1024} KiB"]
    return [] if _STARTS[suffix].match(content) else [f"expected the content of a {suffix} picture"]


def _is_inside(directory: Path, written: str) -> bool:
    """Whether the name is plain, and the file lies below the directory once links are followed."""
    if not _NAME.fullmatch(written):
        return False
    try:
        return (directory / written).resolve().is_relative_to(directory.resolve())
    except (OSError, RuntimeError):  # a circle of links
        return False


def _content(path: Path) -> bytes | None:
    """The file's bytes, one more than allowed at most; None when it is no readable file."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            return file.read(MAX_ASSET_BYTES + 1)
    except OSError:
        return None
