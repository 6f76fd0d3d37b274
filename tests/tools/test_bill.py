"""The bill of materials names what the portal runs on, as it is pinned."""

import json
import re

from tests.support.sandbox import REPOSITORY


def test_names_every_pinned_package_with_its_hashes() -> None:
    text = (REPOSITORY / "docs" / "sbom.json").read_text(encoding="utf-8")
    bill = json.loads(text)
    listed = {
        each["name"]: (each["version"], {hash_["content"] for hash_ in each["hashes"]})
        for each in bill["components"]
    }
    pinned: dict[str, tuple[str, set[str]]] = {}
    for entry in re.split(r"\n(?=\S)", (REPOSITORY / "requirements.txt").read_text(encoding="utf-8")):
        found = re.match(r"([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", entry)
        if found:
            pinned[found[1]] = (found[2], set(re.findall(r"sha256:([0-9a-f]{64})", entry)))
    assert listed == pinned
    assert len(pinned) > 10
    assert set(re.findall(r"https?://([^/\"]+)", text)) <= {"cyclonedx.org"}
