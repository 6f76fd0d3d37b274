"""Merchant files that cannot be read at all, file names that make no slug, and directories without a file."""

from pathlib import Path

import pytest

from guestportal.merchants.loading import load_merchants
from guestportal.merchants.problems import MerchantFilesWrong
from tests.support.merchant_files import LANGUAGES, only_merchant, write_merchant


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"name = ", "expected TOML: Invalid value (at end of document)"),
        (b'name = "\xff"', "expected UTF-8 text"),
        (
            b"merchant_id = " + b"1" * 5_000,
            "expected TOML without numbers of thousands of digits and without endless nesting",
        ),
        (
            b"a = " + b"[" * 5_000,
            "expected TOML without numbers of thousands of digits and without endless nesting",
        ),
        (b"# " + b"x" * 300_000, "expected a file of at most 256 KiB"),
    ],
)
def test_refuses_what_is_no_readable_toml(tmp_path: Path, content: bytes, line: str) -> None:
    path = tmp_path / "corner-bakery.toml"
    path.write_bytes(content)

    with pytest.raises(MerchantFilesWrong) as raised:
        only_merchant(tmp_path)

    assert str(raised.value) == f"corner-bakery.toml: {line}"


def test_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "gone.toml").symlink_to(tmp_path / "nowhere")

    with pytest.raises(MerchantFilesWrong, match=r"gone.toml: cannot be read: No such file"):
        only_merchant(tmp_path)


def test_reads_a_file_that_starts_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = write_merchant(tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert only_merchant(tmp_path).name == "Corner Bakery"


@pytest.mark.parametrize("stem", ["Corner", "corner_bakery", "-corner", "corner--bakery", "c" * 41])
def test_refuses_file_names_that_make_no_short_name(tmp_path: Path, stem: str) -> None:
    write_merchant(tmp_path, stem=stem)

    with pytest.raises(MerchantFilesWrong, match="lower-case letters, digits and single hyphens"):
        only_merchant(tmp_path, {})


@pytest.mark.parametrize("name", ["empty", "absent"])
def test_refuses_a_directory_without_merchants(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(MerchantFilesWrong, match=r"MERCHANTS_DIR: expected a directory with a \.toml file"):
        load_merchants(tmp_path / name, {}, languages=LANGUAGES)
