"""A tiny reader of our own pages, so that tests speak of words, links and fields instead of markup.

It reads what our templates write and complains about tags that do not match; it is no browser.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self

_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
_SELF_CLOSING = frozenset({"circle", "path", "rect", "line"})  # inside our icons
_UNREAD = frozenset({"head", "script", "style", "template"})  # never read as text
_BLOCKS = frozenset(
    {"article", "button", "dd", "details", "div", "dl", "dt", "footer", "form", "h1", "h2", "h3", "header"}
    | {"img", "input", "label", "li", "main", "nav", "ol", "p", "section", "summary", "table", "td", "th"}
    | {"title", "tr", "ul"}
)


@dataclass(slots=True, eq=False)
class Element:
    """An element with its attributes; those without a value have an empty one."""

    tag: str
    attributes: dict[str, str]
    parent: Self | None = field(default=None, repr=False)
    children: "list[Element | str]" = field(default_factory=list, repr=False)

    def all(self, tag: str = "", **attributes: str) -> "list[Element]":
        """Every element below, in document order, with that tag and those attributes ("_" stands for "-")."""
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.descendants()
            if tag in {"", element.tag}
            and all(element.attributes.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str = "", **attributes: str) -> "Element":
        """The only such element."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} elements {tag} {attributes}"
        return found[0]

    def descendants(self) -> "Iterator[Element]":
        left = self.children[::-1]
        while left:
            child = left.pop()
            if isinstance(child, Element):
                yield child
                left += child.children[::-1]

    def is_inside(self, tag: str) -> bool:
        """Whether an element with that tag stands around this one."""
        return self.parent is not None and (self.parent.tag == tag or self.parent.is_inside(tag))

    @property
    def text(self) -> str:
        """The words in document order, whitespace folded; head, scripts and templates have none."""
        return " ".join("".join(self._words()).split())

    def text_without(self, *tags: str) -> str:
        """The same, leaving out elements with one of these tags."""
        return " ".join("".join(self._words(frozenset(tags))).split())

    def _words(self, left_out: frozenset[str] = frozenset()) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in _UNREAD | left_out:
                around = " " if child.tag in _BLOCKS else ""
                yield around
                yield from child._words(left_out)
                yield around


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.children.append(element)
        if tag not in _VOID:
            self._open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            assert tag in _SELF_CLOSING, f"<{tag}/> does not close itself"
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.tag == tag, f"</{tag}> where <{self._open.tag}> is open"
        assert self._open.parent is not None
        self._open = self._open.parent

    def handle_data(self, data: str) -> None:
        self._open.children.append(data)

    def close(self) -> None:
        super().close()
        assert self._open is self.root, f"<{self._open.tag}> is never closed"


def parse(html: bytes | str) -> Element:
    """The root of a page or a fragment."""
    reader = _Reader()
    reader.feed(html.decode("utf-8") if isinstance(html, bytes) else html)
    reader.close()
    return reader.root


def parse_page(html: bytes | str) -> Element:
    """The root of a whole page, after the checks that every page passes (docs/experience.md, Accessibility)."""
    root = parse(html)
    page = root.one("html")
    assert page.attributes["lang"]
    assert page.attributes["dir"] in {"ltr", "rtl"}
    assert title_of(root)
    assert root.one("h1").text
    for landmark in ("main", "body", "head"):
        assert len(root.all(landmark)) == 1, landmark
    assert root.one(role="status").is_inside("main") or root.one(role="status").is_inside("body")
    skip = root.one("body").all("a")[0].attributes["href"]
    assert skip == f"#{root.one('main').attributes['id']}"
    viewport = root.one("meta", name="viewport").attributes["content"]
    assert "maximum-scale" not in viewport
    assert "user-scalable" not in viewport
    check_parts(root)
    return root


def check_parts(root: Element) -> None:
    """What holds for every page and every fragment: ids, references, alternatives, tokens, nothing inline."""
    elements = list(root.descendants())
    ids = [element.attributes["id"] for element in elements if "id" in element.attributes]
    assert len(ids) == len(set(ids)), sorted(ids)
    labels = root.all("label")
    labelled = {label.attributes.get("for", "") for label in labels}
    inside_labels = {id(each) for label in labels for each in label.descendants()}
    for element in elements:
        for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            for reference in element.attributes.get(name, "").split():
                assert reference in ids, f"{name}={reference} leads nowhere"
        assert "style" not in element.attributes, element
        assert not [name for name in element.attributes if name.startswith("on")], element
        assert not element.attributes.get("href", "").lower().startswith("javascript:"), element
        if element.tag == "img":
            assert "alt" in element.attributes, element
        if element.tag in {"script", "style"}:
            assert element.attributes.get("src"), f"inline {element}"
        if element.tag in {"input", "textarea", "select"} and element.attributes.get("type") != "hidden":
            named = element.attributes.get("id", "no id") in labelled
            assert named or id(element) in inside_labels, f"no label: {element}"
        if element.tag == "form" and element.attributes.get("method", "get").lower() == "post":
            action = element.attributes["action"]
            if action != "/language/":  # needs none: it changes nothing but words
                assert element.one("input", name="csrfmiddlewaretoken").attributes["value"], action


def title_of(root: Element) -> str:
    """The words of the title element."""
    (title,) = [child for child in root.one("title").children if isinstance(child, str)]
    return " ".join(title.split())
