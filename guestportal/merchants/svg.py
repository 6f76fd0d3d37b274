"""Decides whether an SVG file is a mere picture: nothing in it runs, nothing is fetched."""

import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

_FORBIDDEN_ELEMENTS: Final = {"script", "foreignobject", "iframe", "embed", "object", "handler", "listener"}
_ANIMATIONS: Final = {"set", "animate", "animatetransform", "animatemotion"}
_INLINE_IMAGE: Final = re.compile(r"data:image/(?:png|jpeg|webp);base64,", re.IGNORECASE)
_CSS_REFERENCE: Final = re.compile(r"url\(\s*[\"']?\s*([^\"')\s]*)", re.IGNORECASE)


def svg_faults(content: bytes) -> list[str]:
    """What bars this file from being shown, one sentence each; empty when it is a safe SVG picture."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ["expected an SVG file in UTF-8"]
    if re.search(r"<!(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
        return ["expected an SVG file without a document type declaration"]
    if re.search(r"<\?xml-stylesheet", text, re.IGNORECASE):
        return ["expected an SVG file without an external style sheet"]
    try:  # without a document type there are no entities to expand
        root = ET.fromstring(text)  # noqa: S314 # nosec B314
    except (ET.ParseError, ValueError):
        return ["expected an SVG file that is well-formed XML"]
    if root.tag != "{http://www.w3.org/2000/svg}svg":
        return ["expected an SVG file whose root is <svg> in the SVG namespace"]
    return list(dict.fromkeys(fault for element in root.iter() for fault in _element_faults(element)))


def _element_faults(element: ET.Element) -> Iterator[str]:
    name = _local(element.tag)
    if name in _FORBIDDEN_ELEMENTS:
        yield f"expected an SVG file without <{name}>"
    for attribute, value in element.attrib.items():
        key = _local(attribute)
        if key.startswith("on"):
            yield f"expected an SVG file without event handlers, got {key}"
        elif key in {"href", "src"}:
            if not (value.strip().startswith("#") or _INLINE_IMAGE.match(value.strip())):
                yield f"expected an SVG file without external references, got one in {key} of <{name}>"
        elif (
            name in _ANIMATIONS
            and key == "attributename"
            and _local(value).rpartition(":")[2] in {"href", "src"}
        ):
            yield f"expected an SVG file that does not change addresses, got <{name}> of {value}"
        elif _refers_outside(value):
            yield f"expected an SVG file without external references, got one in {key} of <{name}>"
    if name == "style" and element.text and _refers_outside(element.text):
        yield "expected an SVG file without external references, got one in <style>"


def _refers_outside(style: str) -> bool:
    # A backslash can spell `url` or `@import` in another way, and no picture needs one in a style.
    if "@import" in style.lower() or ("\\" in style and "(" in style):
        return True
    return any(
        not (target.startswith("#") or _INLINE_IMAGE.match(target))
        for target in _CSS_REFERENCE.findall(style)
    )


def _local(name: str) -> str:
    """A name without its namespace, in lower case."""
    return str(name).rpartition("}")[2].lower()
