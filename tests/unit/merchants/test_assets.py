"""Which pictures a merchant may have, and which are refused."""

import hashlib
from pathlib import Path

import pytest

from guestportal.merchants.svg import svg_faults
from tests.support.merchant_files import merchant, problems

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">%b</svg>'
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
        ("absent.png", "expected a file that can be read, absent.png cannot"),
        ("directory.png", "expected a file that can be read"),
        ("../outside.png", "expected a file in the merchant file's own directory"),
        ("sub/../../outside.png", "expected a file in the merchant file's own directory"),
        ("/etc/logo.png", "expected a file in the merchant file's own directory"),
        ("link.png", "expected a file in the merchant file's own directory"),
        ("loop.png", "expected a file in the merchant file's own directory"),
        ("lo go.png", "expected a file in the merchant file's own directory"),
        ("large.png", "expected a file of at most 64 KiB"),
        ("lying.png", "expected the content of a .png picture"),
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

    (line,) = problems(directory, {"card.picture": f'"{name}"'})

    assert line.startswith(f"corner-bakery.toml: card.picture: {expectation}")


def test_takes_a_link_that_stays_inside(tmp_path: Path) -> None:
    (tmp_path / "real.png").write_bytes(PNG)
    (tmp_path / "logo.png").symlink_to(tmp_path / "real.png")

    assert merchant(tmp_path, {"theme.logo": '"logo.png"'}).theme.logo


@pytest.mark.parametrize(
    "content",
    [
        SVG % b"<script>alert(1)</script>",
        SVG % b"<SCRIPT/>",
        SVG % b'<x:script xmlns:x="http://www.w3.org/1999/xhtml"/>',
        SVG % b'<path onload="alert(1)"/>',
        SVG % b'<path OnClick="alert(1)"/>',
        SVG % b"<foreignObject><p/></foreignObject>",
        SVG % b'<image href="https://elsewhere.example/a.png"/>',
        SVG % b'<image xmlns:l="http://www.w3.org/1999/xlink" l:href="//elsewhere.example/a.png"/>',
        SVG % b'<a href="javascript:alert(1)"><path/></a>',
        SVG % b'<use href="other.svg#a"/>',
        SVG % b'<image href="data:image/svg+xml;base64,PHN2Zz4="/>',
        SVG % b"<style>@import 'https://elsewhere.example/a.css';</style>",
        SVG % b"<style>path{fill:url(https://elsewhere.example/a#b)}</style>",
        SVG % b"<style>path{fill:\\75rl(https://elsewhere.example/a#b)}</style>",
        SVG % b"<path style=\"fill:url('//elsewhere.example')\"/>",
        SVG % b'<path fill="url(https://elsewhere.example/a#b)"/>',
        SVG % b'<a><set attributeName="href" to="javascript:alert(1)"/></a>',
        SVG % b'<a><animate attributeName="xlink:href" values="javascript:alert(1)"/></a>',
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG % b"",
        b'<?xml-stylesheet href="https://elsewhere.example/a.css"?>' + SVG % b"",
        b"<html/>",
        b"<svg/>",
        SVG % b"<path>",
        b"",
        (SVG % b"").decode().encode("utf-16"),
    ],
)
def test_refuses_drawings_that_are_more_than_a_picture(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "logo.svg").write_bytes(content)

    lines = problems(tmp_path, {"theme.logo": '"logo.svg"'})

    assert lines
    assert all(line.startswith("corner-bakery.toml: theme.logo: expected an SVG file") for line in lines)


@pytest.mark.parametrize(
    "content",
    [
        SVG % b'<linearGradient id="a"/><path fill="url(#a)"/><use href="#a"/>',
        SVG % b'<style>path { fill: url("#a") }</style>',
        SVG % b'<image href="data:image/png;base64,iVBORw0KGgo="/>',
        b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?>\n<!-- drawn by hand -->\n"
        + SVG % b"<title>One</title>",
    ],
)
def test_takes_drawings_that_refer_to_themselves_only(content: bytes) -> None:
    assert svg_faults(content) == []


@pytest.mark.parametrize(("name", "limit"), [("logo.svg", 3 * 1024), ("card-back.svg", 4 * 1024)])
def test_the_demos_own_drawings_are_small_and_safe(name: str, limit: int) -> None:
    content = (DRAWINGS / name).read_bytes()

    assert len(content) < limit
    assert svg_faults(content) == []
