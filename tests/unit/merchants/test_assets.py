"""Which pictures a merchant may have, and which are refused."""

import hashlib
from pathlib import Path

import pytest

from tests.support.merchant_files import merchant, problems

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">%b</svg>'
# What Adobe Illustrator writes: a document type with entities of its own, and a style sheet.
ILLUSTRATOR = b"""<?xml version="1.0" encoding="utf-8"?>
<!-- Generator: Adobe Illustrator 27.0.0, SVG Export Plug-In . SVG Version: 6.00 Build 0)  -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
  <!ENTITY ns_extend "http://ns.adobe.com/Extensibility/1.0/">
]>
<svg version="1.1" xmlns:x="&ns_extend;" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10">
<style type="text/css">.st0{fill:#0B6E4F;}</style>
<rect class="st0" width="40" height="10"/>
</svg>
"""
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
DRAWINGS = Path(__file__).resolve().parents[3] / "guestportal" / "merchants"


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("logo.svg", SVG % b'<path d="M0 0h1"/>', "image/svg+xml"),
        ("logo.png", PNG, "image/png"),
        ("logo.webp", b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        ("logo.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 20, "image/jpeg"),
    ],
)
def test_takes_pictures_of_four_kinds(tmp_path: Path, name: str, content: bytes, content_type: str) -> None:
    (tmp_path / name).write_bytes(content)

    logo = merchant(tmp_path, {"theme.logo": f'"{name}"'}).theme.logo

    assert logo
    assert (logo.name, logo.content_type, logo.content) == (name, content_type, content)
    assert logo.digest == hashlib.sha256(content).hexdigest()[:16]
    assert "content=" not in repr(logo)


def test_takes_a_picture_from_a_directory_below(tmp_path: Path) -> None:
    (tmp_path / "bakery").mkdir()
    (tmp_path / "bakery" / "back.png").write_bytes(PNG)

    picture = merchant(tmp_path, {"card.picture": '"bakery/back.png"'}).card.picture

    assert picture
    assert picture.name == "back.png"


@pytest.mark.parametrize(
    ("name", "expectation"),
    [
        ("logo.gif", "expected a file that ends in .svg, .png, .webp, .jpg"),
        ("logo", "expected a file that ends in"),
        (".env", "expected a file that ends in"),
        ("absent.png", "expected a file beside this one, there is no absent.png"),
        ("directory.png", "expected a file that can be read"),
        ("../outside.png", "expected a file in the merchant file's own directory"),
        ("sub/../../outside.png", "expected a file in the merchant file's own directory"),
        ("/etc/logo.png", "expected a file in the merchant file's own directory"),
        ("link.png", "expected a file in the merchant file's own directory"),
        ("loop.png", "expected a file in the merchant file's own directory"),
        ("lo go.png", "expected a file in the merchant file's own directory"),
        ("large.png", "expected a file of at most 64 KiB"),
        ("lying.png", "expected the content of a .png picture"),
        ("lying.svg", "expected the content of a .svg picture"),
    ],
)
def test_refuses_other_files(tmp_path: Path, name: str, expectation: str) -> None:
    directory = tmp_path / "merchants"
    (directory / "directory.png").mkdir(parents=True)
    (directory / "sub").mkdir()
    (tmp_path / "outside.png").write_bytes(PNG)
    (directory / "link.png").symlink_to(tmp_path / "outside.png")
    (directory / "loop.png").symlink_to(directory / "loop.png")
    (directory / "large.png").write_bytes(PNG + b"\0" * 65536)
    (directory / "lying.png").write_bytes(b"<html>")
    (directory / "lying.svg").write_bytes(b"<html>")

    (line,) = problems(directory, {"card.picture": f'"{name}"'})

    assert line.startswith(f"corner-bakery.toml: card.picture: {expectation}")


def test_takes_a_link_that_stays_inside(tmp_path: Path) -> None:
    (tmp_path / "real.png").write_bytes(PNG)
    (tmp_path / "logo.png").symlink_to(tmp_path / "real.png")

    assert merchant(tmp_path, {"theme.logo": '"logo.png"'}).theme.logo


@pytest.mark.parametrize(
    "content",
    [
        ILLUSTRATOR,
        b"\xef\xbb\xbf<!-- drawn by hand -->\n" + SVG % b"<title>One</title>",
        # Pages show drawings as pictures, and headers keep an opened one from running anything (tests/portal/web).
        SVG % b"<script>alert(1)</script>",
    ],
)
def test_takes_drawings_as_programs_write_them(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "logo.svg").write_bytes(content)

    logo = merchant(tmp_path, {"theme.logo": '"logo.svg"'}).theme.logo

    assert logo
    assert logo.content == content


@pytest.mark.parametrize(("name", "limit"), [("logo.svg", 3 * 1024), ("card-back.svg", 4 * 1024)])
def test_the_demos_own_drawings_are_small(name: str, limit: int) -> None:
    assert (DRAWINGS / name).stat().st_size < limit
