"""Every citation leads somewhere: documents with their sections, links between pages, and files that pages name."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.documents import cited_from, flowing, markdown, read_document
from tests.support.sandbox import REPOSITORY

NUMBER = r"\d+[a-z]?(?:\.\d+)?"
NUMBERS = rf"({NUMBER}(?:(?:, | and | to ){NUMBER})*)"
PAGE = re.compile(r"(?<![\w/.:-])((?:[\w.-]+/|\.\./)*[\w-]+\.md)(?:#[\w-]+)?\)?")
TESTS = re.compile(r"(?<![\w/.*-])(tests/[\w/.-]*\w)(?![*{<])")
END = re.compile(r"[.;:]\s|[)|\"`]|[\w/-]+\.md|\bRFC\b|$")
SECTION = re.compile(rf"\bsections? {NUMBERS}")
CHECK = re.compile(rf"\bchecks? {NUMBERS}")
THREAT = re.compile(r"\bT\d+\b")
LINK = re.compile(r"\]\(([^)\s]+)\)")
FILE = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|toml|md|html|css|js|json|mjs|yaml|png|svg))`")


def located(name: str, *, citing: Path) -> Path:
    """The file that a name in `citing` means: pages name their neighbours, every other file names from the root."""
    beside = citing.parent / name
    return beside if citing.suffix == ".md" and beside.exists() else REPOSITORY / name


def broken(text: str, *, citing: Path) -> Iterator[str]:
    """What is wrong with the citations in a text that stands in the file `citing`."""
    text = flowing(text)
    followed: set[int] = set()
    for page in PAGE.finditer(text):
        path = located(page[1], citing=citing)
        if not path.is_file():
            yield f"{page[1]} does not exist"
            continue
        document = read_document(path)
        end = END.search(text, page.end())
        rest = text[page.end() : end.start() if end else None]
        for found in SECTION.finditer(rest):
            followed.add(page.end() + found.start())
            yield from (
                f"{page[1]} has no section {n}" for n in _each(found[1]) if n not in document.sections
            )
        for found in CHECK.finditer(rest):
            yield from (f"{page[1]} has no check {n}" for n in _each(found[1]) if n not in document.checks)
        yield from (f"{page[1]} has no {n}" for n in THREAT.findall(rest) if n not in document.threats)
        heading = re.match(r", ([A-Z][a-z].*)", rest)
        if heading and not any(heading[1].startswith(each) for each in document.headings):
            yield f"{page[1]} has no heading {heading[1]}"
    for found in SECTION.finditer(text):
        if found.start() in followed or re.search(r"RFC \d+, $", text[: found.start()]):
            continue
        if citing.suffix != ".md":
            yield f"{found[0]} of which document?"
        elif missing := [n for n in _each(found[1]) if n not in read_document(citing).sections]:
            yield f"its own section {missing} does not exist"


def _each(numbers: str) -> list[str]:
    return re.findall(NUMBER, numbers)


def named(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def test_cites_documents_and_sections_that_exist() -> None:
    assert {
        named(path): problems
        for path in cited_from()
        if path != Path(__file__)
        if (problems := list(broken(path.read_text(encoding="utf-8"), citing=path)))
    } == {}


def test_links_to_pages_and_headings_that_exist() -> None:
    wrong = []
    for page in markdown():
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            if "://" in target:
                continue
            name, _, anchor = target.partition("#")
            path = page.parent / name if name else page
            if not path.exists() or (anchor and anchor not in read_document(path).anchors):
                wrong.append(f"{named(page)}: {target}")

    assert wrong == []


def test_names_files_that_exist_in_pages() -> None:
    wrong = [
        f"{named(page)}: {name}"
        for page in markdown()
        for name in FILE.findall(page.read_text(encoding="utf-8"))
        if not (REPOSITORY / name).exists()
    ]

    assert wrong == []


def test_names_tests_that_exist_everywhere() -> None:
    wrong = [
        f"{named(path)}: {name}"
        for path in cited_from()
        for name in TESTS.findall(path.read_text(encoding="utf-8"))
        if not (REPOSITORY / name).exists()
    ]

    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        "see docs/nowhere.md",
        "see docs/threats.md, section 99",
        "see docs/paytronix-api.md, sections 4 to 99",
        "see docs/paytronix-api.md,\n# section 7.99",
        "see docs/threats.md, check 999",
        "see docs/threats.md, T99",
        "see docs/experience.md, Lunch",
        "see the notes, section 5",
        "see design.md",
    ],
)
def test_notices_a_citation_that_leads_nowhere(text: str) -> None:
    assert list(broken(text, citing=REPOSITORY / "manage.py"))


@pytest.mark.parametrize(
    "text",
    [
        "docs/paytronix-api.md, sections 4 to 6, and RFC 9110, section 15.2",
        "docs/paytronix-api.md, section 7.6",
        "docs/threats.md, checks 23 and 24",
        "docs/threats.md, T14",
        "docs/experience.md, What is shown",
    ],
)
def test_follows_a_citation_to_its_place(text: str) -> None:
    assert list(broken(text, citing=REPOSITORY / "manage.py")) == []
