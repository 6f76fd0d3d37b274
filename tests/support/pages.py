"""Reads our own pages with BeautifulSoup, so that tests speak of words and fields, and checks what holds for all.

The reader refuses what BeautifulSoup alone would mend in silence: tags that do not match, attributes given twice.
"""

from collections.abc import Iterator
from typing import Any, Final, NoReturn

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

_UNREAD: Final = frozenset({"head", "script", "style", "template"})  # never read as text
_BLOCKS: Final = frozenset(
    {"article", "button", "dd", "details", "div", "dl", "dt", "footer", "form", "h1", "h2", "h3", "header"}
    | {"img", "input", "label", "li", "main", "nav", "ol", "p", "section", "summary", "table", "td", "th"}
    | {"title", "tr", "ul"}
)

_REFERENCES: Final = frozenset({"for", "aria-describedby", "aria-labelledby", "aria-controls"})


class WrongMarkup(ValueError):
    """A page is not written as it must be; browsers and BeautifulSoup would guess what was meant."""


class Element(Tag):
    """An element of BeautifulSoup, with its words as a guest reads them; attributes without a value are empty."""

    parent: "Element | None"

    def __getattr__(self, name: str) -> NoReturn:
        """Raise AttributeError; a Tag would look for an element of that name, and a misspelt name would be None."""
        raise AttributeError(name)

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes by name."""
        return self.attrs  # type: ignore[return-value]  # no attribute is read as a list: see _Document

    def all(self, name: str = "", /, **attributes: str) -> "list[Element]":
        """Every element below, in document order, with that name and those attributes ("_" stands for "-")."""
        wanted = {key.strip("_").replace("_", "-"): value for key, value in attributes.items()}
        return [
            element
            for element in self.descendants
            if isinstance(element, Element)
            and (not name or element.name == name)
            and (not wanted or all(element.attrs.get(key) == value for key, value in wanted.items()))
        ]

    def one(self, name: str = "", /, **attributes: str) -> "Element":
        """The only such element."""
        found = self.all(name, **attributes)
        assert len(found) == 1, f"{len(found)} elements {name} {attributes}"
        return found[0]

    @property
    def text(self) -> str:  # a Tag's own keeps the white space of the source
        """The words in document order, white space folded; head, scripts and templates have none."""
        return self.text_without()

    def text_without(self, *names: str) -> str:
        """The words, leaving out elements with one of these names."""
        return " ".join("".join(self._words(_UNREAD.union(names))).split())

    def _words(self, left_out: frozenset[str]) -> Iterator[str]:
        for child in self.children:
            if type(child) is NavigableString:  # comments and doctypes are of other classes
                yield child
            elif isinstance(child, Element) and child.name not in left_out:
                around = " " if child.name in _BLOCKS else ""
                yield around
                yield from child._words(left_out)
                yield around


class _Document(Element, BeautifulSoup):
    """The root of what is read."""

    def __init__(self, html: str) -> None:
        self._left_open = 0
        super().__init__(
            html,
            "html.parser",
            element_classes={Tag: Element},
            multi_valued_attributes=None,
            on_duplicate_attribute=_refuse_attribute,
        )
        if self._left_open:
            raise WrongMarkup(f"{self._left_open} elements are never closed")

    def handle_starttag(self, *args: Any, **more: Any) -> Tag | None:
        self._left_open += 1
        return super().handle_starttag(*args, **more)

    def handle_endtag(self, name: str, nsprefix: str | None = None) -> None:
        opened = self.currentTag.name if self.currentTag else ""
        if opened != name:
            raise WrongMarkup(f"</{name}> where <{opened}> is open")
        self._left_open -= 1
        super().handle_endtag(name, nsprefix)


def _refuse_attribute(attributes: dict[str, str], name: str, value: str) -> None:
    raise WrongMarkup(f"{name} is given twice: {attributes[name]!r} and {value!r}")


def parse(html: bytes | str) -> Element:
    """The root of a page or a fragment."""
    return _Document(html.decode("utf-8") if isinstance(html, bytes) else html)


def parse_page(html: bytes | str) -> Element:
    """The root of a whole page, after the checks that every page passes (docs/experience.md, Accessibility)."""
    root = parse(html)
    page, head, body = root.one("html"), root.one("head"), root.one("body")
    assert page.attributes["lang"]
    assert page.attributes["dir"] in {"ltr", "rtl"}
    assert title_of(head)
    assert body.one("h1").text
    assert body.one(role="status")
    skip = body.all("a")[0].attributes["href"]
    assert skip == f"#{body.one('main').attributes['id']}"
    viewport = head.one("meta", name="viewport").attributes["content"]
    assert "maximum-scale" not in viewport
    assert "user-scalable" not in viewport
    check_parts(root)
    return root


def check_parts(root: Element) -> None:
    """What holds for every page and every fragment: ids, references, alternatives, tokens, nothing inline."""
    elements = root.all()
    ids = [element.attributes["id"] for element in elements if "id" in element.attributes]
    assert len(ids) == len(set(ids)), sorted(ids)
    labelled = {element.attributes.get("for", "") for element in elements if element.name == "label"}
    for element in elements:
        _check_attributes(element, ids)
        match element.name:
            case "img":
                assert "alt" in element.attributes, element
            case "script" | "style":
                assert element.attributes.get("src"), f"inline {element}"
            case "input" | "textarea" | "select" if element.attributes.get("type") != "hidden":
                named = element.attributes.get("id", "no id") in labelled
                assert named or element.find_parent("label"), f"no label: {element}"
            case "form" if element.attributes.get("method", "get").lower() == "post":
                action = element.attributes["action"]
                if action != "/language/":  # needs no token: it changes nothing but words
                    assert element.one("input", name="csrfmiddlewaretoken").attributes["value"], action


def _check_attributes(element: Element, ids: list[str]) -> None:
    for name, value in element.attributes.items():
        if name in _REFERENCES:
            for reference in value.split():
                assert reference in ids, f"{name}={reference} leads nowhere"
        assert name != "style", element
        assert not name.startswith("on"), element
        assert not (name == "href" and value.lower().startswith("javascript:")), element


def title_of(root: Element) -> str:
    """The words of the title element."""
    return root.one("title").text
