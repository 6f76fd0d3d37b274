"""Reads the pictures a merchant file names, from its own directory only. It does not serve them.

What is inside a drawing is not judged: pages show it as a picture, where nothing in it runs, and the policy under
which it is served (web/assets.py) keeps it so for a guest who opens its address.
"""

import hashlib
import re
from pathlib import Path
from typing import Annotated, Final

from pydantic import PlainValidator, ValidationInfo

from guestportal.merchants.definition import Asset
from guestportal.merchants.values import Surroundings, kind_of

MAX_ASSET_BYTES: Final = 64 * 1024
_MAX_NAME: Final = 200

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


def read_asset(written: object, directory: Path) -> Asset:
    """The picture of that name in `directory`. Raises ValueError with the sentence that says what was expected."""
    if not isinstance(written, str) or len(written) > _MAX_NAME:
        raise ValueError(f"expected the name of a file beside this one, got {kind_of(written)}")
    suffix = Path(written).suffix
    if suffix not in _CONTENT_TYPES:
        raise ValueError(f"expected a file that ends in {', '.join(_CONTENT_TYPES)}")
    if not _is_inside(directory, written):
        raise ValueError(
            "expected a file in the merchant file's own directory, named with A-Z a-z 0-9 . _ - and /"
        )
    content = _content(directory / written)
    if len(content) > MAX_ASSET_BYTES:
        raise ValueError(f"expected a file of at most {MAX_ASSET_BYTES // 1024} KiB")
    if not _STARTS[suffix].match(content):
        raise ValueError(f"expected the content of a {suffix} picture")
    return Asset(
        name=Path(written).name,
        content_type=_CONTENT_TYPES[suffix],
        content=content,
        digest=hashlib.sha256(content).hexdigest()[:16],
    )


def _picture(written: object, info: ValidationInfo[Surroundings]) -> Asset:
    return read_asset(written, info.context.directory)


Picture = Annotated[Asset, PlainValidator(_picture)]


def _is_inside(directory: Path, written: str) -> bool:
    """Whether the name is plain, and the file lies below the directory once links are followed."""
    if not _NAME.fullmatch(written):
        return False
    try:
        return (directory / written).resolve().is_relative_to(directory.resolve())
    except (OSError, RuntimeError):  # a circle of links
        return False


def _content(path: Path) -> bytes:
    """The file's bytes, one more than allowed at most."""
    if not path.exists():
        raise ValueError(f"expected a file beside this one, there is no {path.name}")
    try:
        with path.open("rb") as file:
            return file.read(MAX_ASSET_BYTES + 1)
    except OSError:
        raise ValueError(f"expected a file that can be read, {path.name} cannot") from None
