"""The repository's own texts: every file that may cite a document, and the documents with their sections."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.support.sandbox import REPOSITORY

_FOLDERS = ("accounts", "docs", "gifting", "guestportal", "static", "templates", "tests", ".ci", ".github")
_SUFFIXES = {".py", ".md", ".html", ".css", ".js", ".mjs", ".toml", ".txt", ".in", ".yaml", ".yml", ""}
_LINE_BREAK = re.compile(r"\s*\n\s*(?:#|//|\*)?\s*")


@dataclass(frozen=True, slots=True)
class Document:
    """A page in Markdown. `sections` are the numbers of its headings, and `7.6` is the sixth item under heading 7."""

    headings: tuple[str, ...]
    sections: frozenset[str]
    checks: frozenset[str]
    threats: frozenset[str]

    @property
    def anchors(self) -> frozenset[str]:
        """What may stand behind `#` in a link to the page."""
        plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in self.headings)
        return frozenset(words.replace(" ", "-") for words in plain)


def cited_from() -> list[Path]:
    """Every text file of the repository that may cite a document; those that machines write are left out."""
    found = [path for folder in _FOLDERS for path in (REPOSITORY / folder).rglob("*")]
    found += REPOSITORY.iterdir()
    return sorted(
        path
        for path in found
        if path.is_file()
        and path.suffix in _SUFFIXES
        and "requirements" not in path.name
        and not _is_hidden(path)
    )


def markdown() -> list[Path]:
    """The pages that people read, README and its neighbours included."""
    return [path for path in cited_from() if path.suffix == ".md"]


def flowing(text: str) -> str:
    """The text with its lines, and the marks of comment lines, joined by single blanks."""
    return _LINE_BREAK.sub(" ", text)


def read_document(path: Path) -> Document:
    """What can be cited of a page."""
    text = path.read_text(encoding="utf-8")
    sections: set[str] = set()
    current = ""
    for line in text.splitlines():
        if heading := re.match(r"## (\d+[a-z]?)\.? ", line):
            current = heading[1]
            sections.add(current)
        elif current and (item := re.match(r"(\d+)\. ", line)):
            sections.add(f"{current}.{item[1]}")
    return Document(
        headings=tuple(re.findall(r"^#+ (.+)$", text, re.MULTILINE)),
        sections=frozenset(sections),
        checks=frozenset(re.findall(r"(?:^|[.:] )(\d+) (?=\S)", flowing(text))),
        threats=frozenset(re.findall(r"^\| (T\d+) \|", text, re.MULTILINE)),
    )


def pictures_in_readme() -> list[Path]:
    """The files of the pictures that README shows."""
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    return [REPOSITORY / name for name in re.findall(r"!\[[^\]]*\]\(([^)]+\.png)\)", text)]


def _is_hidden(path: Path) -> bool:
    """Whether the file is a local setting rather than part of the repository, such as `.env`."""
    return path.name in {".env", ".git", ".coverage"} or "__pycache__" in path.parts
