"""Tests read pages with a reader that refuses what a browser would have to guess; so do these."""

import re
from pathlib import Path

import pytest

from tests.support.pages import WrongMarkup, check_parts, parse
from tests.support.sandbox import REPOSITORY

TEMPLATES = sorted((REPOSITORY / "templates").rglob("*.html"))
# Elements that have no end tag; and those of drawings, which may end themselves.
VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
DRAWN = {"circle", "path", "rect", "line"}


@pytest.mark.parametrize(
    "markup",
    [
        "<div><p></div>",
        "<p><b></p></b>",
        "<div>",
        "</p>",
        "<a href=x href=y></a>",
    ],
)
def test_refuses_tags_that_do_not_match_and_attributes_given_twice(markup: str) -> None:
    with pytest.raises(WrongMarkup):
        parse(markup)


@pytest.mark.parametrize(
    "markup",
    [
        '<p id="a"></p><p id="a"></p>',
        '<p aria-describedby="nowhere"></p>',
        '<p style="color: red"></p>',
        '<p onclick="x()"></p>',
        '<a href="JavaScript:x()"></a>',
        '<img src="x">',
        "<script>x()</script>",
        '<input name="x">',
        '<form method="post" action="/"></form>',
    ],
)
def test_refuses_parts_that_no_page_may_have(markup: str) -> None:
    with pytest.raises(AssertionError):
        check_parts(parse(markup))


def test_reads_words_as_a_guest_does() -> None:
    page = parse(
        "<!doctype html><!-- no --><p>Free\n<b>coffee</b>s</p><p hidden>three</p><script>no</script>"
    )

    assert page.text == "Free coffees three"
    assert page.text_without("b") == "Free s three"
    assert page.all("p")[1].attributes == {"hidden": ""}
    with pytest.raises(AttributeError):
        _ = page.tag


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_ends_elements_that_have_an_end_and_no_others(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    ends = set(re.findall(r"</(\w+)", text))
    ended_at_once = set(re.findall(r"<(\w+)\b[^<>]*/>", text))

    assert not ends & VOID
    assert ended_at_once <= VOID | DRAWN
